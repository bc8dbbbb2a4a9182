#include "sandbox/tokenendpoint.h"

#include "sandbox/resources.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_default = u"/.default"_s;

/// What is wrong with the fields of a client credentials request, before anybody is looked up.
std::optional<EntraError> incomplete(const TokenRequest &request)
{
    if (request.clientId.isEmpty())
        return missingParameter(u"client_id"_s);
    if (request.v2 && request.scope.isEmpty())
        return EntraError{90014, "invalid_request",
                          u"The required field 'scope' is missing from the credential. Ensure that "
                          u"you have all the necessary "
                          "parameters for the login request."_s};
    if (!request.v2 && request.resource.isEmpty())
        return missingParameter(u"resource"_s);
    if (request.tenant == u"common" || request.tenant == u"organizations")
        return EntraError{
            50059, "invalid_request",
            u"No tenant-identifying information found in either the request or implied by any "
            "provided credentials."_s};
    return std::nullopt;
}

std::optional<EntraError> wrongScope(const QString &scope)
{
    if (scope.contains(u' '))
        return EntraError{
            70011, "invalid_scope",
            u"The provided request must include a 'scope' input parameter. The provided value for "
            "the input parameter 'scope' is not valid. The scope %1 is not valid."_s.arg(scope)};
    if (!scope.endsWith(s_default))
        return EntraError{
            1002012, "invalid_scope",
            u"The provided value for scope %1 is not valid. Client credential flows "
            u"must have a scope value with "
            "/.default suffixed to the resource identifier (application ID URI)."_s.arg(scope)};
    return std::nullopt;
}

EntraError unknownResource(const QString &resource, const QString &tenant)
{
    return {
        500011, "invalid_resource",
        u"The resource principal named %1 was not found in the tenant named %2. "
        u"This can happen if the application "
        "has not been installed by the administrator of the tenant or consented to "
        "by any user in the tenant. You "
        "might have sent your authentication request to the wrong tenant."_s.arg(resource, tenant)};
}

} // namespace

TokenEndpoint::TokenEndpoint(const Scenario &scenario, const Directory &directory,
                             const TokenIssuer &issuer, GrantStore &grants, Endpoints endpoints)
    : m_scenario(scenario)
    , m_issuer(issuer)
    , m_endpoints(endpoints)
    , m_clients(directory, ClientAssertion(scenario, directory, issuer, endpoints))
    , m_users(scenario, directory, issuer, grants, endpoints)
{
}

Answer TokenEndpoint::deviceCode(const TokenRequest &request, const QDateTime &now)
{
    return m_users.deviceCode(request, now);
}

Answer TokenEndpoint::answer(const TokenRequest &request, const QDateTime &now)
{
    if (request.grantType.isEmpty())
        return entraRefusal(missingParameter(u"grant_type"_s), request.correlationId, now);
    if (request.grantType == u"client_credentials")
        return clientCredentials(request, now);
    if (const auto answered = m_users.answer(request, now))
        return *answered;
    return entraRefusal(
        {70003, "unsupported_grant_type",
         u"The app requested an unsupported grant type '%1'."_s.arg(request.grantType)},
        request.correlationId, now);
}

Answer TokenEndpoint::clientCredentials(const TokenRequest &request, const QDateTime &now) const
{
    const auto refuse = [&](const EntraError &error) {
        return entraRefusal(error, request.correlationId, now);
    };
    if (const auto error = incomplete(request))
        return refuse(*error);
    const Tenant *tenant = m_scenario.tenant(request.tenant);
    if (!tenant)
        return refuse(badTenant(request.tenant));
    const auto known = m_clients.authenticate(request, *tenant, now);
    if (const auto *error = std::get_if<EntraError>(&known))
        return refuse(*error);
    if (request.v2) {
        if (const auto error = wrongScope(request.scope))
            return refuse(*error);
    }
    const QString resource =
        request.v2 ? request.scope.chopped(s_default.size()) : request.resource;
    if (!isKnownResource(resource, m_scenario, m_endpoints))
        return refuse(unknownResource(resource, tenant->name));
    return issue(request, *std::get<const DirectoryObject *>(known), resource, now);
}

Answer TokenEndpoint::issue(const TokenRequest &request, const DirectoryObject &principal,
                            const QString &resource, const QDateTime &now) const
{
    const qint64 second = now.toSecsSinceEpoch();
    const qint64 lifetime = m_scenario.tokenLifetime;
    const qint64 notBefore = second - 300; // Entra dates its tokens back by five minutes
    const qint64 expires = second + lifetime + 1;
    const QString issuer = u"https://sts.windows.net/%1/"_s.arg(principal.tenant);
    const QJsonObject claims{{u"aud"_s, resource},
                             {u"iss"_s, issuer},
                             {u"iat"_s, notBefore},
                             {u"nbf"_s, notBefore},
                             {u"exp"_s, expires},
                             {u"aio"_s, TokenIssuer::opaque(24)},
                             {u"appid"_s, principal.appId},
                             {u"appidacr"_s, request.hasAssertion ? u"2"_s : u"1"_s},
                             {u"idp"_s, issuer},
                             {u"oid"_s, principal.id},
                             {u"sub"_s, principal.id},
                             {u"tid"_s, principal.tenant},
                             {u"uti"_s, TokenIssuer::opaque(16)},
                             {u"ver"_s, u"1.0"_s}};
    const QString token = QString::fromLatin1(m_issuer.sign(claims));
    if (request.v2)
        return entraAnswer(200,
                           {{u"token_type"_s, u"Bearer"_s},
                            {u"expires_in"_s, lifetime},
                            {u"ext_expires_in"_s, lifetime},
                            {u"access_token"_s, token}},
                           false, now);
    return entraAnswer(200,
                       {{u"token_type"_s, u"Bearer"_s},
                        {u"expires_in"_s, QString::number(lifetime)},
                        {u"ext_expires_in"_s, QString::number(lifetime)},
                        {u"expires_on"_s, QString::number(expires)},
                        {u"not_before"_s, QString::number(notBefore)},
                        {u"resource"_s, resource},
                        {u"access_token"_s, token}},
                       false, now);
}

} // namespace Sandbox
