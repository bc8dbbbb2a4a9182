#include "services/filecredential.h"

#include "access/remedies.h"
#include "core/atomicfile.h"
#include "identity/certificate.h"
#include "services/services.h"

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

Secret valueOf(const Identity::Variables &variables, QByteArrayView name)
{
    for (const auto &[key, value] : variables) {
        if (QByteArrayView(key) == name)
            return value;
    }
    return {};
}

QString textOf(const Identity::Variables &variables, QByteArrayView name)
{
    return QString::fromUtf8(valueOf(variables, name).reveal());
}

Result<Secret> certificateIn(const QString &path, const Secret &passphrase, const QDateTime &now)
{
    Result<QByteArray> bytes = Core::readFile(path, Identity::longestCertificate + 1);
    if (!bytes)
        return bytes.error();
    const auto certificate = Identity::importCertificate(*bytes, passphrase, now);
    Core::wipe(*bytes);
    return certificate ? Result<Secret>(certificate->pem) : certificate.error();
}

Result<Identity::Cloud> cloudOf(const Identity::Variables &variables, const QString &cloud)
{
    if (!cloud.isEmpty())
        return Identity::Cloud::load(cloud);
    const QString authority = textOf(variables, "AZURE_AUTHORITY_HOST");
    return Identity::Cloud::forAuthority(authority.isEmpty() ? QUrl() : QUrl(authority));
}

} // namespace

Result<FileCredential> fileCredential(const Identity::Variables &variables, const QString &cloud,
                                      const QDateTime &now)
{
    const Result<Identity::Cloud> where = cloudOf(variables, cloud);
    if (!where)
        return where.error();
    FileCredential found{.cloud = *where};
    ServicePrincipal &principal = found.principal;
    principal.tenant = textOf(variables, "AZURE_TENANT_ID");
    principal.clientId = textOf(variables, "AZURE_CLIENT_ID");
    found.secret = valueOf(variables, "AZURE_CLIENT_SECRET");
    const QString certificate = textOf(variables, "AZURE_CLIENT_CERTIFICATE_PATH");
    principal.credentialFile = textOf(variables, "AZURE_FEDERATED_TOKEN_FILE");
    if (principal.tenant.isEmpty() || principal.clientId.isEmpty() ||
        (found.secret.isEmpty() && certificate.isEmpty() && principal.credentialFile.isEmpty()))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The variables are not a whole credential."_s,
                     .code = u"IncompleteCredential"_s};
    if (!found.secret.isEmpty()) // before a certificate, in every SDK
        return found;
    if (certificate.isEmpty()) {
        principal.credential = ServicePrincipal::Credential::FederatedToken;
        return found;
    }
    principal.credential = ServicePrincipal::Credential::Certificate;
    const Result<Secret> pem =
        certificateIn(certificate, valueOf(variables, "AZURE_CLIENT_CERTIFICATE_PASSWORD"), now);
    if (!pem)
        return pem.error();
    found.secret = *pem;
    return found;
}

SignInOutcome outcomeOf(const Result<Identity::AccessToken> &token)
{
    if (token)
        return SignInOutcome::Works;
    return token.error().kind == Error::Kind::Unauthenticated ? SignInOutcome::Refused
                                                              : SignInOutcome::Unknown;
}

void trySignIn(Services &services, const FileCredential &credential, QObject *context,
               Core::Done<Identity::AccessToken> done)
{
    services.tokens.acquire(credential.cloud, credential.principal, credential.secret,
                            credential.cloud.storageScope(), context,
                            [done = std::move(done)](const Result<Identity::AccessToken> &token) {
                                token ? done(token) : done(Access::withRemedy(token.error()));
                            });
}

} // namespace Services
