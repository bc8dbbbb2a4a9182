#include "ui/principals/credentialdialog.h"

#include "core/atomicfile.h"
#include "identity/cloud.h"
#include "identity/credentialimport.h"
#include "lifecycle/registerapplication.h"
#include "services/services.h"
#include "ui/principals/clouds.h"
#include "ui/principals/credentialrows.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filedrops.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Field = Identity::LintFinding::Field;
using Severity = Identity::LintFinding::Severity;

CredentialDialog::CredentialDialog(Services::Services &services, QWidget *parent) : QDialog(parent), m_services(services)
{
    setObjectName(u"credentialDialog"_s);
    setWindowTitle(tr("Add a service principal"));
    m_paste = new QPlainTextEdit(this);
    m_paste->setObjectName(u"pasteField"_s);
    m_paste->setAccessibleName(tr("Paste a credential"));
    m_paste->setPlaceholderText(tr("Paste here what az ad sp create-for-rbac printed (also --json-auth), or an environment file"));
    m_paste->setTabChangesFocus(true);
    m_paste->setMaximumHeight(fontMetrics().height() * 5);
    m_notes = quietLabel({}, this);
    m_notes->hide();
    m_error = new ErrorPanel(this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(u"saveCredentialButton"_s);
    m_save->setDefault(true);
    for (QAbstractButton *button : buttons->buttons())
        button->setIcon({});

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_paste);
    layout->addWidget(m_notes);
    layout->addWidget(makeFields());
    layout->addWidget(quietLabel(tr("Secret or private key are kept in this system's keychain, the rest in a file without secrets."), this));
    layout->addWidget(m_error);
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 92);

    connect(m_paste, &QPlainTextEdit::textChanged, this, [this] {
        const QString text = m_paste->toPlainText();
        if (!text.trimmed().isEmpty())
            paste(text);
    });
    connect(new FileDrops(*this), &FileDrops::dropped, this, &CredentialDialog::useFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &CredentialDialog::save);
    lint();
}

CredentialDialog::~CredentialDialog() = default;

QLineEdit *CredentialDialog::addField(QFormLayout *form, Field field, const QString &label, const QString &name)
{
    auto *edit = new QLineEdit(this);
    edit->setObjectName(name);
    edit->setAccessibleName(QString(label).remove(u'&'));
    edit->setMaxLength(64 * 1024);
    form->addRow(label, edit);
    QLabel *finding = plainLabel({}, this);
    finding->setObjectName(name + u"Finding"_s);
    finding->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    finding->hide();
    form->addRow(QString(), finding);
    m_findings.insert(static_cast<int>(field), finding);
    connect(edit, &QLineEdit::textChanged, this, &CredentialDialog::lint);
    return edit;
}

QWidget *CredentialDialog::makeFields()
{
    auto *fields = new QWidget(this);
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_name = addField(form, Field::Name, tr("&Name"), u"nameField"_s);
    m_name->setPlaceholderText(tr("how it is called here, e.g. orders-api"));
    m_environment = new QComboBox(fields);
    m_environment->setObjectName(u"environmentField"_s);
    m_environment->setAccessibleName(tr("Environment"));
    m_environment->setEditable(true);
    m_environment->addItems({u"production"_s, u"test"_s, u"development"_s});
    m_environment->setCurrentIndex(-1);
    m_environment->lineEdit()->setAccessibleName(m_environment->accessibleName());
    m_environment->lineEdit()->setPlaceholderText(tr("production, test, development, or any word"));
    m_environment->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    form->addRow(tr("&Environment"), m_environment);
    m_tenant = addField(form, Field::Tenant, tr("&Tenant"), u"tenantField"_s);
    m_clientId = addField(form, Field::ClientId, tr("&Client ID"), u"clientIdField"_s);
    m_shared = plainLabel({}, this);
    m_shared->setObjectName(u"sharedRemark"_s);
    m_shared->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_shared->hide();
    form->addRow(QString(), m_shared);
    m_credential = new CredentialRows(*form, this);
    m_findings.insert(static_cast<int>(Field::Secret), m_credential->secretFinding());
    connect(m_credential, &CredentialRows::changed, this, &CredentialDialog::lint);
    connect(m_environment->lineEdit(), &QLineEdit::textChanged, this, &CredentialDialog::lint);
    m_cloud = new QComboBox(fields);
    m_cloud->setObjectName(u"cloudField"_s);
    m_cloud->setAccessibleName(tr("Cloud"));
    m_cloud->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    addKnownClouds(*m_cloud, m_services);
    m_cloud->addItem(tr("From a cloud file …"));
    m_cloudNote = plainLabel({}, fields);
    m_cloudNote->hide();
    form->addRow(tr("C&loud"), m_cloud);
    form->addRow(QString(), m_cloudNote);
    connect(m_cloud, &QComboBox::currentIndexChanged, this, &CredentialDialog::useCloud);
    connect(m_cloud, &QComboBox::activated, this, &CredentialDialog::chooseCloud);
    return fields;
}

void CredentialDialog::useCloud(int index)
{
    const QString cloud = m_cloud->itemData(index).toString();
    if (cloud.isEmpty())
        return;
    m_principal.cloud = cloud;
    const auto loaded = Identity::Cloud::load(cloud);
    const bool file = loaded && !loaded->isWellKnown();
    if (file)
        m_cloudNote->setText(tr("From %1: the secret will be sent to %2").arg(loaded->file, loaded->authorityHost.toString()));
    m_cloudNote->setVisible(file);
}

void CredentialDialog::chooseCloud(int index)
{
    if (index != m_cloud->count() - 1)
        return;
    auto *dialog = new QFileDialog(this, tr("Choose a cloud file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilter(tr("Cloud files (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        const auto cloud = Identity::Cloud::load(file);
        if (!cloud)
            return m_error->setError(cloud.error());
        m_error->clear();
        m_cloud->insertItem(m_cloud->count() - 1, tr("%1 (%2)").arg(cloud->name, cloud->authorityHost.toString()), cloud->file);
        m_cloud->setCurrentIndex(m_cloud->count() - 2);
    });
    dialog->open();
}

void CredentialDialog::paste(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    const auto imported = Identity::importCredential(bytes);
    if (!imported && imported.error().code == Identity::ambiguousOrder)
        askForOrder(bytes);
    else if (!imported)
        m_error->setError(imported.error());
    else
        fill(*imported);
    Core::wipe(bytes);
}

// Two GUIDs without names: only the person knows which is the tenant.
void CredentialDialog::askForOrder(const QByteArray &bytes)
{
    if (findChild<QMessageBox *>(u"orderQuestion"_s))
        return;
    const auto tenantFirst = Identity::importCredential(bytes, Identity::BareOrder::TenantFirst);
    const auto clientFirst = Identity::importCredential(bytes, Identity::BareOrder::ClientFirst);
    if (!tenantFirst || !clientFirst)
        return m_error->setError(tenantFirst ? clientFirst.error() : tenantFirst.error());
    auto *box = new QMessageBox(QMessageBox::Question, tr("Which is the tenant?"),
                                tr("The text has two GUIDs without names. Which of them is the tenant ID?"), QMessageBox::Cancel, this);
    box->setObjectName(u"orderQuestion"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("az prints the client ID first. The other GUID becomes the client ID."));
    const QAbstractButton *first = box->addButton(tenantFirst->tenant, QMessageBox::AcceptRole);
    const QAbstractButton *second = box->addButton(clientFirst->tenant, QMessageBox::AcceptRole);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, first, second, tenantFirst = *tenantFirst, clientFirst = *clientFirst](QAbstractButton *chosen) {
                if (chosen == first)
                    fill(tenantFirst);
                else if (chosen == second)
                    fill(clientFirst);
            });
    box->open();
}

void CredentialDialog::fill(const Identity::ImportedCredential &credential)
{
    m_error->clear();
    if (!credential.displayName.isEmpty() && m_name->text().isEmpty())
        m_name->setText(credential.displayName);
    m_tenant->setText(credential.tenant);
    m_clientId->setText(credential.clientId);
    m_credential->fill(credential);
    if (m_principal.id.isEmpty() && !credential.authorityHost.isEmpty()) {
        const auto cloud = Identity::Cloud::forAuthority(credential.authorityHost);
        if (cloud)
            m_cloud->setCurrentIndex(m_cloud->findData(cloud->name));
        else
            m_error->setError(cloud.error());
    }
    QStringList notes = credential.notes;
    if (!credential.emptySecret.isEmpty())
        notes.append(tr("%1 is empty").arg(credential.emptySecret));
    m_notes->setText(notes.join(u"; "_s));
    m_notes->setVisible(!notes.isEmpty());
    // The secret must not stand in the open any longer than needed.
    const QSignalBlocker quiet(m_paste);
    m_paste->clear();
    m_paste->setPlaceholderText(tr("Filled in below. Paste again to replace it."));
    (m_name->text().isEmpty() ? m_name : m_environment->lineEdit())->setFocus();
}

// Dropped: its address would otherwise stand in the field as if it were a credential.
void CredentialDialog::useFile(const QString &path)
{
    Core::Result<QByteArray> bytes = Core::readFile(path, 1024 * 1024);
    if (!bytes)
        return m_error->setError(bytes.error());
    paste(QString::fromUtf8(*bytes));
    Core::wipe(*bytes);
}

void CredentialDialog::edit(const Identity::ServicePrincipal &principal)
{
    m_principal = principal;
    setWindowTitle(tr("Edit %1").arg(principal.name));
    m_name->setText(principal.name);
    m_environment->setCurrentText(principal.environment.name);
    m_tenant->setText(principal.tenant);
    m_clientId->setText(principal.clientId);
    m_credential->setKept(principal);
    const int known = m_cloud->findData(principal.cloud);
    m_cloud->setCurrentIndex(known >= 0 ? known : m_cloud->count() - 1);
    if (known < 0) {
        m_cloudNote->setText(tr("The cloud file %1 cannot be read any more.").arg(principal.cloud));
        m_cloudNote->show();
    }
}

void CredentialDialog::lint()
{
    const Identity::CredentialFields fields{m_tenant->text(), m_clientId->text(), m_credential->typedSecret()};
    for (QLabel *label : std::as_const(m_findings))
        label->hide();
    bool wrong = false;
    const auto findings = Identity::lint(fields);
    for (const Identity::LintFinding &finding : findings) {
        QLabel *label = m_findings.value(static_cast<int>(finding.field));
        const bool error = finding.severity == Severity::Error;
        wrong = wrong || error;
        QPalette colors = palette();
        colors.setColor(QPalette::WindowText,
                        observationColor(error ? Access::Observation::Denied : Access::Observation::Undecided, palette()));
        label->setPalette(colors);
        label->setText(label->isHidden() ? finding.message : label->text() + u' ' + finding.message);
        label->show();
    }
    warnOfOthers();
    m_save->setEnabled(!wrong && !m_name->text().trimmed().isEmpty() && !m_tenant->text().trimmed().isEmpty()
                       && !m_clientId->text().trimmed().isEmpty() && m_credential->isComplete() && !m_work);
}

// The same client in two environments means that test may do what production may.
void CredentialDialog::warnOfOthers()
{
    const auto all = m_services.vault.list();
    const QStringList warnings = all ? Lifecycle::sharedWithOtherEnvironments(typed(), *all) : QStringList();
    m_shared->setText(warnings.join(u' '));
    m_shared->setVisible(!warnings.isEmpty());
}

ServicePrincipal CredentialDialog::typed() const
{
    ServicePrincipal principal = m_principal;
    principal.name = m_name->text().trimmed();
    principal.environment.name = m_environment->currentText().trimmed();
    principal.tenant = Identity::cleaned(m_tenant->text());
    principal.clientId = Identity::cleaned(m_clientId->text()).toLower();
    return principal;
}

void CredentialDialog::save()
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    lint();
    m_credential->read(typed(), m_services.clock.now(), m_work.get(), [this](const Core::Result<GivenCredential> &given) {
        given ? store(*given) : fail(given.error());
    });
}

void CredentialDialog::store(const GivenCredential &given)
{
    m_services.vault.save(given.principal, given.secret, m_work.get(), [this](const Core::Result<ServicePrincipal> &stored) {
        if (!stored)
            return fail(stored.error());
        m_services.tokens.forget(*stored);
        m_credential->wipe();
        emit saved(stored->id);
        accept();
    });
}

void CredentialDialog::fail(const Core::Error &error)
{
    m_work.release()->deleteLater();
    m_error->setError(error);
    growToFit(*this);
    lint();
}

} // namespace Ui
