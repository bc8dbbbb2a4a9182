#include "sandbox/clientauthentication.h"

#include "core/secret.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr auto s_signIn = Directory::Replica::SignIn;

bool equalInConstantTime(const QString &a, const QString &b)
{
    return Core::Secret(a.toUtf8()) == Core::Secret(b.toUtf8());
}

EntraError unknownClient(const QString &clientId, const QString &tenant)
{
    return {
        700016, "unauthorized_client",
        u"Application with identifier '%1' was not found in the directory '%2'. "
        u"This can happen if the application "
        "has not been installed by the administrator of the tenant or consented to "
        "by any user in the tenant. You "
        "may have sent your authentication request to the wrong tenant."_s.arg(clientId, tenant)};
}

EntraError expiredSecret(const QString &clientId)
{
    return {7000222, "invalid_client",
            u"The provided client secret keys for app '%1' are expired. Visit the Azure "
            u"portal to create new keys for "
            "your app: https://aka.ms/NewClientSecret, or consider using certificate "
            "credentials for added security: "
            "https://aka.ms/certCreds."_s.arg(clientId),
            401};
}

EntraError wrongSecret(const QString &clientId)
{
    return {7000215, "invalid_client",
            u"Invalid client secret provided. Ensure the secret being sent in the request is the "
            u"client secret value, not "
            "the client secret ID, for a secret added to app '%1'."_s.arg(clientId),
            401};
}

} // namespace

ClientAuthentication::ClientAuthentication(const Directory &directory,
                                           const ClientAssertion &assertions)
    : m_directory(directory)
    , m_assertions(assertions)
{
}

std::variant<EntraError, const DirectoryObject *>
ClientAuthentication::authenticate(const TokenRequest &request, const Tenant &tenant,
                                   const QDateTime &now) const
{
    using Kind = DirectoryObject::Kind;
    const auto find = [&](Kind kind) {
        return m_directory.ofClient(s_signIn, kind, tenant.id, request.clientId, now);
    };
    const DirectoryObject *application = find(Kind::Application);
    const DirectoryObject *principal = find(Kind::ServicePrincipal);
    if (!application && !principal)
        return unknownClient(request.clientId, tenant.name);
    if (!principal)
        return EntraError{
            7000229, "invalid_client",
            u"The client application %1 is missing service principal in the tenant "
            "%2. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119"_s.arg(
                request.clientId, tenant.id),
            401};
    if (!principal->properties.value(u"accountEnabled"_s).toBool(true))
        return EntraError{
            7000112, "unauthorized_client",
            u"Application '%1'(%2) is disabled."_s.arg(request.clientId, principal->displayName)};
    QList<const DirectoryObject *> holders{principal};
    if (application)
        holders.append(application);
    if (request.hasAssertion) {
        if (const auto refused = m_assertions.check(request, tenant, holders, now))
            return *refused;
        return principal;
    }
    if (!request.hasSecret)
        return EntraError{
            7000218, "invalid_client",
            u"The request body must contain the following parameter: 'client_assertion' or 'client_secret'."_s,
            401};
    if (const auto refused = checkSecret(request, holders, now))
        return *refused;
    return principal;
}

std::optional<EntraError>
ClientAuthentication::checkSecret(const TokenRequest &request,
                                  const QList<const DirectoryObject *> &holders,
                                  const QDateTime &now) const
{
    bool expired = false;
    for (const DirectoryObject *holder : holders) {
        for (const PasswordCredential &one : holder->passwords) {
            if (!equalInConstantTime(one.value, request.clientSecret) ||
                !m_directory.hasReached(s_signIn, one.added, now) || one.start > now)
                continue;
            if (one.end > now)
                return std::nullopt;
            expired = true;
        }
    }
    const QString clientId = holders.first()->appId;
    return expired ? expiredSecret(clientId) : wrongSecret(clientId);
}

} // namespace Sandbox
