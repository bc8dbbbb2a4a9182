#include "core/atomicfile.h"
#include "core/symlinkguard.h"
#include "handover/savewarnings.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "services/services.h"
#include "ui/handover/filepanel.h"
#include "ui/handover/savepanel.h"
#include "ui/widgets/background.h"
#include "ui/widgets/errorpanel.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

// What the variables come from: the keychain, and the file of a certificate.
namespace Ui {

using namespace Qt::StringLiterals;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

bool isLocked(const QString &path)
{
    Core::Result<QByteArray> bytes = Core::readFile(path, Identity::longestCertificate);
    const bool locked = bytes && Identity::isKeyLocked(*bytes);
    if (bytes)
        Core::wipe(*bytes);
    return locked;
}

} // namespace

void FilePanel::withSecret(UseSecret use)
{
    m_error->clear();
    m_work = std::make_unique<QObject>();
    m_services.vault.secret(m_principal, m_work.get(),
                            [this, use = std::move(use)](const Core::Result<Secret> &secret) {
                                if (secret)
                                    return use(*secret);
                                m_text->clear();
                                m_error->setError(secret.error());
                            });
}

void FilePanel::withVariables(Use use)
{
    withSecret([this, use = std::move(use)](const Secret &secret) {
        const bool certificate =
            m_principal.credential == ServicePrincipal::Credential::Certificate;
        if (!certificate || !m_passphrase.isEmpty())
            return give(use, secret);
        inBackground<bool>(
            m_work.get(), [path = m_principal.credentialFile] { return isLocked(path); },
            [this, use, secret](bool locked) { locked ? refuseLocked() : give(use, secret); });
    });
}

void FilePanel::give(const Use &use, const Secret &secret)
{
    const auto cloud = Identity::Cloud::load(m_principal.cloud);
    const auto variables =
        cloud ? Identity::credentialVariables(*cloud, m_principal, secret, {{}, m_passphrase})
              : Core::Result<Identity::Variables>(cloud.error());
    if (variables)
        return use(format(), Identity::withTokenCredentials(*variables, pinned()));
    m_text->clear();
    Core::Error error = variables.error();
    if (error.code == u"NoCertificateFile")
        error.nextStep = tr("Press “%1” first.").arg(m_certificate->text());
    m_error->setError(error);
}

// Without its passphrase the variables would let nobody in.
void FilePanel::refuseLocked()
{
    m_text->clear();
    m_error->setError(
        {.kind = Core::Error::Kind::InvalidInput,
         .message = tr("The key in %1 is locked with a passphrase, which is not kept here.")
                        .arg(m_principal.credentialFile),
         .code = u"PassphraseNotKept"_s,
         .nextStep = tr("Press “%1” to write it anew, with another passphrase or "
                        "without one.")
                         .arg(m_certificate->text())});
}

void FilePanel::saveCertificate()
{
    m_saving->choose(tr("Write the certificate and its private key"), u"rolescope.pem"_s, false,
                     [this](const QString &path) { saveCertificateTo(path); });
}

void FilePanel::saveCertificateTo(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    withSecret([this, absolute](const Secret &secret) {
        const Secret passphrase = m_protect->isChecked() ? Identity::newPassphrase() : Secret();
        const auto pem = Identity::certificateForFile(secret, passphrase);
        if (!pem)
            return m_error->setError(pem.error());
        const SavePanel::Work work{
            [](const QString &place) { return Handover::fileWarnings(place); },
            [pem = *pem](const QString &place) {
                const auto allowed = Core::refuseForeignLinks(place);
                return allowed ? Core::writeFileAtomically(place, pem.reveal()) : allowed;
            }};
        m_saving->save(
            absolute, work, [this, absolute, passphrase](const Core::Result<void> &written) {
                if (!written)
                    return m_error->setError(written.error());
                m_principal.credentialFile = absolute;
                m_passphrase = passphrase;
                if (const auto kept = m_services.vault.update(m_principal); !kept)
                    m_error->setError(kept.error());
                m_status->setText(
                    (passphrase.isEmpty()
                         ? tr("The certificate and its key are in %1, for its owner only.")
                         : tr("The certificate is in %1, its key locked with a new passphrase. "
                              "That "
                              "stands in the variables and is kept nowhere else: save them now."))
                        .arg(absolute));
                preview();
            });
    });
}

} // namespace Ui
