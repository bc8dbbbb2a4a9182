#include "services/filecredential.h"

#include "access/remedies.h"
#include "core/atomicfile.h"
#include "identity/certificate.h"
#include "services/services.h"

#include <algorithm>

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

bool CredentialFindings::hasError() const
{
    return std::any_of(findings.cbegin(), findings.cend(), [](const Identity::LintFinding &one) {
        return one.severity == Identity::LintFinding::Severity::Error;
    });
}

CredentialFindings credentialIn(const Identity::Variables &variables)
{
    CredentialFindings found;
    const Secret tenant = valueOf(variables, "AZURE_TENANT_ID"),
                 client = valueOf(variables, "AZURE_CLIENT_ID"),
                 secret = valueOf(variables, "AZURE_CLIENT_SECRET");
    const bool other = !valueOf(variables, "AZURE_CLIENT_CERTIFICATE_PATH").isEmpty() ||
                       !valueOf(variables, "AZURE_FEDERATED_TOKEN_FILE").isEmpty();
    found.any = !tenant.isEmpty() || !client.isEmpty() || !secret.isEmpty() || other;
    if (tenant.isEmpty())
        found.missing.append(u"AZURE_TENANT_ID"_s);
    if (client.isEmpty())
        found.missing.append(u"AZURE_CLIENT_ID"_s);
    if (secret.isEmpty() && !other)
        found.missing.append(u"AZURE_CLIENT_SECRET"_s);
    found.findings = Identity::lint(
        {QString::fromUtf8(tenant.reveal()), QString::fromUtf8(client.reveal()), secret});
    return found;
}

Result<SignInPlace> signInPlace(const Identity::Variables &variables,
                                const QList<Identity::Cloud> &others)
{
    const QString text = textOf(variables, "AZURE_AUTHORITY_HOST");
    QUrl authority(text, QUrl::StrictMode);
    if (authority.path() == u"/")
        authority.setPath({});
    if (const auto known = Identity::Cloud::forAuthority(authority);
        known && (text.isEmpty() || authority.isValid()))
        return SignInPlace{*known};
    for (const Identity::Cloud &one : others) {
        if (!authority.isEmpty() && one.authorityHost == authority)
            return SignInPlace{one, false};
    }
    const bool plain = authority.isValid() && authority.scheme() == u"https" &&
                       !authority.host().isEmpty() && authority.path().isEmpty() &&
                       authority.userInfo().isEmpty() && !authority.hasQuery() &&
                       !authority.hasFragment();
    if (!plain)
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"AZURE_AUTHORITY_HOST “%1” is not https:// and a host."_s.arg(
                         text.left(253)),
                     .code = u"BadAuthority"_s,
                     .nextStep = u"Nothing was sent. Correct it in the file, and open it again."_s};
    return SignInPlace{{.name = authority.host(), .authorityHost = authority}, false};
}

Result<FileCredential> fileCredential(const Identity::Variables &variables, const QString &cloud,
                                      const QDateTime &now)
{
    const Result<Identity::Cloud> where = cloudOf(variables, cloud);
    return where ? fileCredential(variables, *where, now) : Result<FileCredential>(where.error());
}

Result<FileCredential> fileCredential(const Identity::Variables &variables,
                                      const Identity::Cloud &cloud, const QDateTime &now)
{
    FileCredential found{.cloud = cloud};
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
