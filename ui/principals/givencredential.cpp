#include "ui/principals/givencredential.h"

#include "core/atomicfile.h"
#include "identity/clientassertion.h"

#include <QFileInfo>
#include <QObject>

namespace Ui {

using Core::Error;
using Core::Result;
using Identity::Certificate;
using Identity::ServicePrincipal;
using Stored = ServicePrincipal::Credential;

Result<Certificate> certificateIn(const QString &path, const Core::Secret &passphrase,
                                  const QDateTime &now)
{
    if (!QFileInfo(path).isFile())
        return Error{.kind = Error::Kind::NotFound,
                     .message = QObject::tr("There is no such file: %1").arg(path)};
    Result<QByteArray> bytes = Core::readFile(path, Identity::longestCertificate);
    if (!bytes)
        return bytes.error();
    auto certificate = Identity::importCertificate(*bytes, passphrase, now);
    Core::wipe(*bytes);
    return certificate;
}

ServicePrincipal withNewCredential(Stored kind, ServicePrincipal principal)
{
    principal.credential = kind;
    principal.credentialFile.clear();
    principal.credentialThumbprint.clear();
    principal.credentialKeyId.clear();
    principal.credentialExpiresAt = {};
    return principal;
}

Result<GivenCredential> withCertificate(const ServicePrincipal &before,
                                        const Result<Certificate> &certificate)
{
    if (!certificate)
        return certificate.error();
    ServicePrincipal principal = withNewCredential(Stored::Certificate, before);
    principal.credentialThumbprint = QString::fromLatin1(certificate->thumbprint);
    principal.credentialExpiresAt = certificate->notAfter;
    return GivenCredential{principal, certificate->pem};
}

Result<GivenCredential> withTokenFile(const ServicePrincipal &before, const QString &path)
{
    // What is wrong with it now is said now; it is read again at each use.
    if (const Result<Core::Secret> token = Identity::readFederatedToken(path); !token)
        return token.error();
    ServicePrincipal principal = withNewCredential(Stored::FederatedToken, before);
    principal.credentialFile = QFileInfo(path).absoluteFilePath();
    return GivenCredential{principal, std::nullopt};
}

} // namespace Ui
