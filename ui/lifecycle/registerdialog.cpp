#include "ui/lifecycle/registerdialog.h"

#include "identity/certificate.h"
#include "services/services.h"
#include "ui/widgets/background.h"
#include "ui/widgets/daysbox.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/steplist.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
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
