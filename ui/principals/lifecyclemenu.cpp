#include "ui/principals/lifecyclemenu.h"

#include "core/atomicfile.h"
#include "core/commandtext.h"
#include "identity/certificate.h"
#include "services/expiryreader.h"
#include "services/services.h"

#include <QFileDialog>
#include <QMenu>

namespace Ui {

using namespace Qt::StringLiterals;
using Core::Result;
using Identity::ServicePrincipal;

LifecycleMenu::LifecycleMenu(Services::Services &services, QWidget *parent)
    : QToolButton(parent)
    , m_services(services)
{
    setObjectName(u"lifecycleButton"_s);
    setText(tr("Life cycle ▾"));
    setAccessibleName(tr("Life cycle"));
    setStyleSheet(u"QToolButton::menu-indicator { image: none; }"_s);
    setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(this);
    m_rotate = menu->addAction(tr("&Rotate the secret …"), this, &LifecycleMenu::rotateRequested);
    m_save = menu->addAction(tr("&Save the certificate …"), this, &LifecycleMenu::askWhereTo);
    m_readEnd = menu->addAction(tr("Read its &end from Entra ID"), this, &LifecycleMenu::readEnd);
    menu->addAction(tr("Re&tire …"), this, &LifecycleMenu::retireRequested);
    setMenu(menu);
}

LifecycleMenu::~LifecycleMenu() = default;

void LifecycleMenu::setPrincipal(const ServicePrincipal &principal)
{
    if (principal.id != m_principal.id)
        m_work.reset();
    m_principal = principal;
    m_rotate->setVisible(principal.credential != ServicePrincipal::Credential::FederatedToken);
    m_rotate->setText(principal.credential == ServicePrincipal::Credential::Certificate
                          ? tr("&Rotate the certificate …")
                          : tr("&Rotate the secret …"));
    m_save->setVisible(principal.credential == ServicePrincipal::Credential::Certificate);
    m_readEnd->setVisible(principal.credential != ServicePrincipal::Credential::FederatedToken);
}

void LifecycleMenu::askWhereTo()
{
    auto *dialog = new QFileDialog(window(), tr("Save the certificate, without its key"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("PEM files (*.pem)"));
    dialog->setDefaultSuffix(u"pem"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &LifecycleMenu::saveCertificate);
    dialog->open();
}

void LifecycleMenu::saveCertificate(const QString &path)
{
    emit begun();
    m_work = std::make_unique<QObject>();
    m_services.vault.secret(
        m_principal, m_work.get(), [this, path](const Result<Core::Secret> &pem) {
            const auto certificate = pem ? Identity::readCertificate(pem->reveal())
                                         : Result<Identity::Certificate>(pem.error());
            if (!certificate)
                return emit failed(certificate.error());
            const auto written = Core::writeFileAtomically(path, Identity::publicPem(*certificate));
            if (!written)
                return emit failed(written.error());
            const QString command = Core::Command{u"az", u"ad", u"app", u"credential", u"reset", u"--append"}
                                        .option(u"--id", m_principal.clientId)
                                        .fileOption(u"--cert", path)
                                        .text();
            emit told(tr("Saved to %1, without its key. To register it: %2").arg(path, command));
        });
}

void LifecycleMenu::readEnd()
{
    emit begun();
    m_work = std::make_unique<QObject>();
    Services::readExpiry(
        m_services, m_principal, m_work.get(), [this](const Result<ServicePrincipal> &known) {
            if (!known)
                return emit failed(known.error());
            emit told(tr("Entra ID says that it ends on %1.")
                          .arg(known->credentialExpiresAt.toUTC().toString(u"yyyy-MM-dd"_s)));
        });
}

} // namespace Ui
