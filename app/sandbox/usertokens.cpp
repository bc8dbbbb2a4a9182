#include "sandbox/usertokens.h"

#include "sandbox/resources.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_graph = u"https://graph.microsoft.com"_s;

bool isGraph(const QString &resource, const Endpoints &endpoints)
{
    return resource.startsWith(s_graph) || resource.startsWith(endpoints.graph) ||
           resource == u"00000003-0000-0000-c000-000000000000";
}

/// The resource that a scope belongs to: all before its last slash; Graph's where there is none.
QString resourceOf(const QString &scope)
{
    const qsizetype slash = scope.lastIndexOf(u'/');
    return slash < 0 ? s_graph : scope.first(slash);
}

QString permissions(const QString &resource, const Endpoints &endpoints)
{
    return isGraph(resource, endpoints)
               ? u"Application.ReadWrite.All Directory.AccessAsUser.All Group.ReadWrite.All User.ReadWrite.All"_s
               : u"user_impersonation"_s;
}

} // namespace

UserTokens::UserTokens(const Scenario &scenario, const TokenIssuer &issuer, GrantStore &grants,
                       Endpoints endpoints)
    : m_scenario(scenario)
    , m_issuer(issuer)
    , m_grants(grants)
    , m_endpoints(std::move(endpoints))
{
}

std::variant<EntraError, UserScope> UserTokens::scopeOf(const SignInRequest &request,
                                                        const QString &tenantName) const
{
    static const QStringList openId{u"openid"_s, u"profile"_s, u"email"_s, u"offline_access"_s};
    UserScope scope;
    scope.resource = request.resource;
    scope.offline = !request.v2; // v1.0 gives a refresh token without being asked
    scope.openId = !request.v2;
    for (const QString &one : request.scope.split(u' ', Qt::SkipEmptyParts)) {
        if (openId.contains(one)) {
            scope.offline = scope.offline || one == u"offline_access";
            scope.openId = scope.openId || one == u"openid";
            continue;
        }
        if (!scope.resource.isEmpty() && request.v2 && scope.resource != resourceOf(one))
            return EntraError{
                70011, "invalid_scope",
                u"The provided request must include a 'scope' input parameter. The provided value "
                u"for "
                "the input parameter 'scope' is not valid. The scope %1 is not valid."_s.arg(
                    request.scope)};
        if (request.v2)
            scope.resource = resourceOf(one);
    }
    if (scope.resource.isEmpty())
        scope.resource = s_graph;
    if (!isKnownResource(scope.resource, m_scenario, m_endpoints))
        return EntraError{
            500011, "invalid_resource",
            u"The resource principal named %1 was not found in the tenant named %2. "
            "This can happen if the application has not been installed by the "
            "administrator of the tenant or consented to by any user in the tenant. "
            "You might have sent your authentication request to the wrong tenant."_s.arg(
                scope.resource, tenantName)};
    QStringList answered;
    for (const QString &one : permissions(scope.resource, m_endpoints).split(u' '))
        answered.append(scope.resource + u'/' + one);
    if (request.v2)
        answered.append(scope.resource + u"/.default"_s);
    scope.answered = answered.join(u' ');
    return scope;
}

QString UserTokens::accessToken(const SignInRequest &request, const UserScope &scope,
                                const User &user, const QDateTime &now) const
{
    const qint64 second = now.toSecsSinceEpoch();
    const QString issuer = u"https://sts.windows.net/%1/"_s.arg(user.tenant);
    return QString::fromLatin1(m_issuer.sign({{u"aud"_s, scope.resource},
                                              {u"iss"_s, issuer},
                                              {u"iat"_s, second - 300},
                                              {u"nbf"_s, second - 300},
                                              {u"exp"_s, second + m_scenario.tokenLifetime + 1},
                                              {u"acr"_s, u"1"_s},
                                              {u"aio"_s, TokenIssuer::opaque(24)},
                                              {u"amr"_s, QJsonArray{u"pwd"_s}},
                                              {u"appid"_s, request.clientId},
                                              {u"appidacr"_s, u"0"_s},
                                              {u"name"_s, user.name},
                                              {u"oid"_s, user.objectId},
                                              {u"scp"_s, permissions(scope.resource, m_endpoints)},
                                              {u"sub"_s, user.objectId},
                                              {u"tid"_s, user.tenant},
                                              {u"unique_name"_s, user.userPrincipalName},
                                              {u"upn"_s, user.userPrincipalName},
                                              {u"uti"_s, TokenIssuer::opaque(16)},
                                              {u"ver"_s, u"1.0"_s}}));
}

QString UserTokens::idToken(const SignInRequest &request, const User &user,
                            const QDateTime &now) const
{
    const qint64 second = now.toSecsSinceEpoch();
    QJsonObject claims{{u"aud"_s, request.clientId},
                       {u"iat"_s, second - 300},
                       {u"nbf"_s, second - 300},
                       {u"exp"_s, second + 3600},
                       {u"name"_s, user.name},
                       {u"oid"_s, user.objectId},
                       {u"sub"_s, user.objectId},
                       {u"tid"_s, user.tenant},
                       {u"uti"_s, TokenIssuer::opaque(16)}};
    if (!request.nonce.isEmpty())
        claims.insert(u"nonce"_s, request.nonce);
    if (request.v2) {
        claims.insert(u"iss"_s, u"https://login.microsoftonline.com/%1/v2.0"_s.arg(user.tenant));
        claims.insert(u"preferred_username"_s, user.userPrincipalName);
        claims.insert(u"ver"_s, u"2.0"_s);
    } else {
        claims.insert(u"iss"_s, u"https://sts.windows.net/%1/"_s.arg(user.tenant));
        claims.insert(u"upn"_s, user.userPrincipalName);
        claims.insert(u"unique_name"_s, user.userPrincipalName);
        claims.insert(u"ver"_s, u"1.0"_s);
    }
    return QString::fromLatin1(m_issuer.sign(claims));
}

Answer UserTokens::issue(const SignInRequest &request, const UserScope &scope, const User &user,
                         bool clientInfo, const QDateTime &now)
{
    const qint64 second = now.toSecsSinceEpoch();
    const qint64 lifetime = m_scenario.tokenLifetime;
    const auto number = [&](qint64 value) { // v1.0 writes them as strings
        return request.v2 ? QJsonValue(value) : QJsonValue(QString::number(value));
    };
    QJsonObject body{{u"token_type"_s, u"Bearer"_s},
                     {u"scope"_s, request.v2 ? scope.answered : u"user_impersonation"_s},
                     {u"expires_in"_s, number(lifetime)},
                     {u"ext_expires_in"_s, number(lifetime)},
                     {u"access_token"_s, accessToken(request, scope, user, now)}};
    if (!request.v2) {
        body.insert(u"expires_on"_s, number(second + lifetime + 1));
        body.insert(u"not_before"_s, number(second - 300));
        body.insert(u"resource"_s, scope.resource);
    }
    if (scope.offline)
        body.insert(u"refresh_token"_s,
                    m_grants.addRefreshToken(request.clientId, user.objectId,
                                             now.addSecs(m_scenario.signIn.refreshTokenLifetime)));
    if (scope.openId)
        body.insert(u"id_token"_s, idToken(request, user, now));
    if (clientInfo) {
        const QJsonObject info{{u"uid"_s, user.objectId}, {u"utid"_s, user.tenant}};
        body.insert(u"client_info"_s, QString::fromLatin1(base64Url(
                                          QJsonDocument(info).toJson(QJsonDocument::Compact))));
    }
    return entraAnswer(200, body, false, now);
}

} // namespace Sandbox
