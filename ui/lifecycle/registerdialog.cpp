#include "ui/lifecycle/registerdialog.h"

#include "identity/certificate.h"
#include "services/services.h"
#include "ui/principals/clouds.h"
#include "ui/widgets/background.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/steplist.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::Certificate;
using Lifecycle::RegisterApplication;

namespace {
enum Kind { Secret, MadeCertificate };
}

RegisterDialog::RegisterDialog(Services::Services &services, const QString &cloud,
                               const QString &tenant, QWidget *parent, PartsFor parts)
    : QDialog(parent)
    , m_services(services)
    , m_partsFor(orOperators(std::move(parts), services))
{
    setObjectName(u"registerDialog"_s);
    setWindowTitle(tr("Register an application"));
    m_steps = new StepList(this);
    m_error = new ErrorPanel(this);
    auto *buttons = new QDialogButtonBox(this);
    m_register = buttons->addButton(tr("&Register"), QDialogButtonBox::ActionRole);
    m_register->setObjectName(u"registerButton"_s);
    m_register->setDefault(true);
    m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_close->setAutoDefault(false);
    m_close->setObjectName(u"closeButton"_s);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(plainLabel(tr("Makes an application and its service principal in Entra ID, "
                                    "with its first credential, which goes straight into the "
                                    "keychain. What exists already is not touched."),
                                 this));
    layout->addWidget(makeFields());
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_error);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 92);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_register, &QPushButton::clicked, this, &RegisterDialog::begin);
    connect(&m_services.operators, &Services::OperatorSession::changed, this,
            &RegisterDialog::update);
    offer(cloud, tenant);
    update();
}

RegisterDialog::~RegisterDialog() = default;

QWidget *RegisterDialog::makeFields()
{
    m_fields = new QWidget(this);
    makeName();
    makeCredential();
    m_tenant = new QLineEdit(m_fields);
    m_tenant->setObjectName(u"registerTenant"_s);
    m_tenant->setPlaceholderText(tr("ID or domain"));
    m_cloud = new QComboBox(m_fields);
    m_cloud->setObjectName(u"registerCloud"_s);
    addKnownClouds(*m_cloud, m_services);
    auto *form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Environment"), m_environment);
    form->addRow(tr("&Credential"), m_kind);
    form->addRow(tr("&Lasts"), m_days);
    form->addRow(tr("&Tenant"), m_tenant);
    form->addRow(tr("Cl&oud"), m_cloud);
    addOperator(form);
    addCommand(form);
    for (QLineEdit *one : {m_name, m_tenant, m_environment->lineEdit()})
        connect(one, &QLineEdit::textChanged, this, &RegisterDialog::update);
    for (QComboBox *one : {m_kind, m_cloud})
        connect(one, &QComboBox::currentIndexChanged, this, &RegisterDialog::update);
    connect(m_days, &QSpinBox::valueChanged, this, &RegisterDialog::update);
    return m_fields;
}

void RegisterDialog::makeName()
{
    m_name = new QLineEdit(m_fields);
    m_name->setObjectName(u"registerName"_s);
    m_name->setMaxLength(256);
    m_name->setPlaceholderText(tr("what it is for, and where: orders-api-production"));
    m_environment = new QComboBox(m_fields);
    m_environment->setEditable(true);
    m_environment->addItems({u"production"_s, u"test"_s, u"development"_s});
    m_environment->setCurrentIndex(-1);
    m_environment->lineEdit()->setPlaceholderText(tr("production, test, development, or any word"));
    m_environment->lineEdit()->setAccessibleName(tr("Environment"));
}

void RegisterDialog::makeCredential()
{
    m_kind = new QComboBox(m_fields);
    m_kind->setObjectName(u"registerKind"_s);
    m_kind->addItems({tr("a client secret"), tr("a certificate, made here")});
    m_days = new DaysBox(tr("Lasts"), RegisterApplication::longestDays, RegisterApplication::defaultDays, m_fields);
    m_days->setObjectName(u"registerDays"_s);
    m_days->setToolTip(tr("24 months at most"));
}

void RegisterDialog::addCommand(QFormLayout *form)
{
    m_remark = plainLabel({}, m_fields);
    m_remark->setObjectName(u"registerRemark"_s);
    m_command = new QPlainTextEdit(m_fields);
    m_command->setReadOnly(true);
    m_command->setTabChangesFocus(true);
    m_command->setWordWrapMode(QTextOption::WrapAnywhere);
    m_command->setFixedHeight(fontMetrics().lineSpacing() * 5);
    m_command->setAccessibleName(tr("Commands that do the same with az"));
    m_command->setObjectName(u"registerCommand"_s);
    form->addRow(QString(), m_remark);
    auto *command = new QHBoxLayout;
    command->addWidget(m_command, 1);
    command->addWidget(copyButton(
        tr("commands"), [this] { return m_command->toPlainText(); }, m_fields));
    form->addRow(tr("With az"), command);
}

void RegisterDialog::addOperator(QFormLayout *form)
{
    m_operator = plainLabel({}, m_fields);
    m_operator->setObjectName(u"registerOperator"_s);
    auto *change = new QPushButton(tr("Operator …"), m_fields);
    change->setObjectName(u"registerOperatorButton"_s);
    change->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_operator, 1);
    row->addWidget(change);
    form->addRow(tr("Signed in"), row);
    connect(change, &QPushButton::clicked, this, [this] {
        emit operatorRequested(m_cloud->currentData().toString(), m_tenant->text().trimmed());
    });
}

void RegisterDialog::offer(const QString &cloud, const QString &tenant)
{
    QString where = cloud, whose = tenant;
    if (const auto all = m_services.operators.list(); where.isEmpty() && all && !all->isEmpty()) {
        const Services::Operator &newest = all->constFirst();
        where = newest.cloud;
        whose = newest.tenantId.isEmpty() ? newest.tenant : newest.tenantId;
        if (m_cloud->findData(where) < 0)
            m_cloud->addItem(where, where);
    }
    m_cloud->setCurrentIndex(std::max(0, m_cloud->findData(where)));
    m_tenant->setText(whose);
}

RegisterApplication::Request RegisterDialog::wanted() const
{
    RegisterApplication::Request request;
    request.name = m_name->text().trimmed();
    request.environment.name = m_environment->currentText().trimmed();
    request.cloud = m_cloud->currentData().toString();
    request.tenant = m_tenant->text().trimmed();
    request.lifetimeDays = m_days->value();
    if (m_kind->currentIndex() == MadeCertificate)
        request.certificate.emplace();
    return request;
}

// What stands in the way, said while one types; nothing where nothing does.
QString RegisterDialog::hindrance(const RegisterApplication::Request &request) const
{
    if (request.name.isEmpty())
        return tr("Give it a name.");
    if (const auto refused = RegisterApplication::refusal(request))
        return refused->message;
    const auto all = m_services.vault.list();
    if (!all)
        return all.error().message;
    for (const Identity::ServicePrincipal &one : *all) {
        if (one.name.compare(request.name, Qt::CaseInsensitive) == 0)
            return one.environment.name.isEmpty()
                       ? tr("“%1” is here already. Choose another name.").arg(one.name)
                       : tr("“%1” is here already, in “%2”. A name that says its environment is "
                            "hard to mistake.")
                             .arg(one.name, one.environment.name);
    }
    if (request.tenant.isEmpty())
        return tr("Say in which tenant.");
    const auto who = m_services.operators.find(request.cloud, request.tenant);
    return who ? QString() : who.error().message;
}

void RegisterDialog::update()
{
    const RegisterApplication::Request request = wanted();
    const auto who = m_services.operators.find(request.cloud, request.tenant);
    m_operator->setText(!who                      ? tr("nobody, in this tenant")
                        : who->username.isEmpty() ? tr("somebody")
                                                  : who->username);
    const QString why = hindrance(request);
    m_remark->setText(why);
    m_remark->setVisible(!why.isEmpty());
    m_command->setPlainText(
        request.name.isEmpty() ? QString() : RegisterApplication::azCommands(request).join(u'\n'));
    m_register->setEnabled(why.isEmpty() && !m_busy);
}

void RegisterDialog::begin()
{
    RegisterApplication::Request request = wanted();
    m_error->clear();
    m_steps->restart();
    setBusy(true);
    m_steps->show();
    growToFit(*this);
    if (!request.certificate)
        return start(request);
    m_steps->begin(tr("Making a key and a certificate."));
    m_making = std::make_unique<QObject>();
    const QDateTime now = m_services.clock.now();
    inBackground<Result<Certificate>>(
        m_making.get(),
        [name = request.name, days = request.lifetimeDays, now] {
            return Identity::makeCertificate(name.left(64), days, now);
        },
        [this, request](const Result<Certificate> &made) mutable {
            if (!made)
                return failed(made.error(), {});
            request.certificate = {made->der, made->pem, made->notBefore, made->notAfter};
            start(request);
        });
}

void RegisterDialog::start(const RegisterApplication::Request &request)
{
    m_flow =
        std::make_unique<RegisterApplication>(m_partsFor(request.cloud, request.tenant), request);
    connect(m_flow.get(), &RegisterApplication::announced, m_steps,
            [this](const auto &one) { m_steps->begin(one.text); });
    connect(m_flow.get(), &RegisterApplication::finished, this, &RegisterDialog::finished);
    connect(m_flow.get(), &RegisterApplication::failed, this, &RegisterDialog::failed);
    m_flow->start();
}

void RegisterDialog::finished(const RegisterApplication::Outcome &outcome)
{
    m_flow.release()->deleteLater();
    outcome.works ? m_steps->succeed() : m_steps->fail();
    setBusy(false);
    emit registered(outcome.principal.id);
    if (outcome.works)
        return accept();
    // It is kept: the form must not register a second one.
    m_fields->setEnabled(false);
    m_register->setEnabled(false);
    m_remark->setText(tr("Registered and kept. Entra ID does not accept the new credential yet; "
                         "that can take some minutes more."));
    m_remark->show();
}

void RegisterDialog::failed(const Error &error, const QStringList &left)
{
    if (m_flow)
        m_flow.release()->deleteLater();
    m_steps->fail();
    setBusy(false);
    Error shown = error;
    if (!left.isEmpty())
        shown.nextStep = tr("Still there, remove it by hand: %1. %2")
                             .arg(left.join(u"; "_s), error.nextStep)
                             .trimmed();
    m_error->setError(shown);
    growToFit(*this);
}

void RegisterDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_making.reset();
    m_fields->setEnabled(!busy);
    m_close->setEnabled(true);
    m_close->setText(busy ? tr("Cancel") : tr("Close"));
    update();
}

void RegisterDialog::reject()
{
    if (!m_busy)
        return QDialog::reject();
    if (!m_flow)
        return failed({.kind = Error::Kind::Cancelled, .message = tr("Nothing was registered.")},
                      {});
    m_close->setEnabled(false);
    m_close->setText(tr("Undoing …"));
    m_flow->cancel();
}

} // namespace Ui
