#include "identity/usertoken.h"

#include "identity/credentiallint.h"
#include "identity/tokenprotocol.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

Error invalid(const QString &message, const QString &nextStep)
{
    return {.kind = Error::Kind::InvalidInput, .message = message, .nextStep = nextStep};
}

} // namespace

QString wellKnownPublicClient()
{
    return u"04b07795-8ddb-461a-bbee-02f9e1bf7b46"_s;
}

Result<void> check(const PublicClient &client)
{
    // "common" and "consumers" would admit personal accounts, which no directory's resources know.
    if (client.tenant != u"organizations" && !isGuid(client.tenant) && !isDomainName(client.tenant))
        return invalid(u"The tenant is neither a GUID nor a domain name."_s,
                       u"Name the tenant to sign in to, or leave it out."_s);
    if (!isGuid(client.clientId))
        return invalid(u"The public client's ID is no GUID."_s,
                       u"Use the well-known one, or a public client application of the tenant."_s);
    return {};
}

QString interactiveScope(const QString &scope)
{
    return scope + u" offline_access openid profile"_s;
}

Http::Request formRequest(const PublicClient &client, const QString &endpoint,
                          const QList<std::pair<QByteArray, Secret>> &fields)
{
    Http::Request request;
    request.verb = "POST";
    request.url = client.cloud.authorityHost;
    request.url.setPath(u'/' + client.tenant + u"/oauth2/v2.0/"_s + endpoint);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    QByteArray body = "client_id=" + client.clientId.toLatin1();
    for (const auto &[name, value] : fields) {
        QByteArray encoded = value.reveal().toByteArray().toPercentEncoding();
        // Reserved at once: growing would leave copies behind that nobody wipes.
        QByteArray longer;
        longer.reserve(body.size() + name.size() + encoded.size() + 2);
        longer += body;
        longer += '&' + name + '=';
        longer += encoded;
        Core::wipe(encoded);
        Core::wipe(body);
        body = std::move(longer);
    }
    request.secretBody = Secret::take(std::move(body));
    request.trust = client.cloud.trust;
    request.maxBody = 1 << 20;
    return request;
}

Http::Request refreshRequest(const PublicClient &client, const Secret &refreshToken,
                             const QString &scope)
{
    return formRequest(client, u"token"_s,
                       {{"grant_type", Secret("refresh_token")},
                        {"scope", Secret(interactiveScope(scope).toUtf8())},
                        {"refresh_token", refreshToken}});
}

Result<UserTokens> parseUserTokens(const Http::Response &response, const QString &scope,
                                   const QDateTime &now)
{
    const Result<AccessToken> access = parseTokenResponse(response, scope, now);
    if (!access)
        return access.error();
    const QJsonObject answer = QJsonDocument::fromJson(response.body).object();
    UserTokens tokens{.access = *access,
                      .refresh = Secret(answer[u"refresh_token"].toString().toUtf8())};
    auto claims = TokenClaims::decode(Secret(answer[u"id_token"].toString().toUtf8()));
    if (!claims)
        claims = TokenClaims::decode(access->value);
    if (!claims)
        return tokens;
    tokens.tenantId = claims->tenantId;
    tokens.objectId = claims->objectId;
    for (const QLatin1StringView name : {"preferred_username"_L1, "upn"_L1, "unique_name"_L1}) {
        if (tokens.username.isEmpty())
            tokens.username = claims->all[name].toString().left(320);
    }
    return tokens;
}

} // namespace Identity
