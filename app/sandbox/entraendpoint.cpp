#include "sandbox/entraendpoint.h"

#include "core/secret.h"
#include "sandbox/entraerror.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_instance = u"login.microsoftonline.com"_s;

EntraError tenantNotFound(const QString &tenant)
{
    return {
        90002, "invalid_tenant",
        u"Tenant '%1' not found. Check to make sure you have the correct tenant ID and are signing "
        u"into the correct cloud. "
        "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."_s
            .arg(tenant)};
}

/// Neither a GUID nor a name with a dot in it, so that no directory can be meant.
bool isNoTenantAtAll(const QString &tenant)
{
    static const QRegularExpression form(
        u"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)+)$"_s);
    return !form.match(tenant).hasMatch();
}

EntraError badTenant(const QString &tenant)
{
    if (!isNoTenantAtAll(tenant))
        return tenantNotFound(tenant);
    return {
        900023, "invalid_request",
        u"Specified tenant identifier '%1' is neither a valid DNS name, nor a valid external domain."_s
            .arg(tenant)};
}

EntraError missingParameter(const QString &name)
{
    return {900144, "invalid_request",
            u"The request body must contain the following parameter: '%1'."_s.arg(name)};
}

QString withoutSlash(const QString &resource)
{
    return resource.endsWith(u'/') ? resource.chopped(1) : resource;
}

bool equalInConstantTime(const QString &a, const QString &b)
{
    return Core::Secret(a.toUtf8()) == Core::Secret(b.toUtf8());
}

QJsonObject alias(const QString &network, const QString &cache, const QStringList &aliases)
{
    return {{u"preferred_network"_s, network},
            {u"preferred_cache"_s, cache},
            {u"aliases"_s, QJsonArray::fromStringList(aliases)}};
}

} // namespace

struct EntraEndpoint::TokenRequest
{
    bool v2 = true;
    QByteArray correlationId;
    QString grantType;
    QString clientId;
    QString clientSecret;
    bool hasSecret = false;
    bool hasAssertion = false;
    QString scope;
    QString resource;
    static TokenRequest read(const Incoming &request, bool v2);
};

EntraEndpoint::TokenRequest EntraEndpoint::TokenRequest::read(const Incoming &request, bool v2)
{
    const QUrlQuery fields = formFields(request.body);
    TokenRequest read{.v2 = v2,
                      .correlationId = request.header("client-request-id"),
                      .grantType = field(fields, u"grant_type"_s),
                      .clientId = field(fields, u"client_id"_s),
                      .clientSecret = field(fields, u"client_secret"_s),
                      .hasSecret = fields.hasQueryItem(u"client_secret"_s),
                      .hasAssertion = fields.hasQueryItem(u"client_assertion"_s),
                      .scope = field(fields, u"scope"_s),
                      .resource = field(fields, u"resource"_s)};
    const QByteArray authorization = request.header("Authorization");
    if (authorization.startsWith("Basic ")) {
        const QByteArray pair = QByteArray::fromBase64(authorization.mid(6));
        const qsizetype colon = pair.indexOf(':');
        read.clientId = QString::fromUtf8(
            QByteArray::fromPercentEncoding(pair.first(std::max<qsizetype>(colon, 0))));
        read.clientSecret = QString::fromUtf8(QByteArray::fromPercentEncoding(pair.mid(colon + 1)));
        read.hasSecret = colon > 0;
    }
    return read;
}

EntraEndpoint::EntraEndpoint(const Scenario &scenario, const TokenIssuer &issuer,
                             Endpoints endpoints)
    : m_scenario(scenario)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
{
}

Answer EntraEndpoint::answer(const Incoming &request, const QDateTime &now) const
{
    const QStringList path = request.segments();
    const QString rest = path.mid(1).join(u'/');
    const bool reading = request.verb == "GET" || request.verb == "HEAD";
    if (reading && rest == u"discovery/instance")
        return instanceDiscovery(request, now);
    if (reading && (rest == u"v2.0/.well-known/openid-configuration" ||
                    rest == u".well-known/openid-configuration" || rest == u"discovery/v2.0/keys" ||
                    rest == u"discovery/keys"))
        return metadata(path, now);
    if (rest == u"oauth2/v2.0/token" || rest == u"oauth2/token") {
        if (request.verb != "POST")
            return entraRefusal(
                {900561, "invalid_request",
                 u"The endpoint only accepts POST requests. Received a %1 request."_s.arg(
                     QString::fromLatin1(request.verb))},
                request.header("client-request-id"), now);
        return token(request, path.value(0), rest == u"oauth2/v2.0/token", now);
    }
    return {.status = 404, .headers = {{"Date", httpDate(now)}}};
}

Answer EntraEndpoint::metadata(const QStringList &path, const QDateTime &now) const
{
    const QString asked = path.value(0);
    const bool shared = asked == u"common" || asked == u"organizations";
    const Tenant *tenant = m_scenario.tenant(asked);
    if (!tenant && !shared)
        return entraRefusal(badTenant(asked), {}, now);
    const bool v2 = path.value(1) == u"v2.0";
    const QString id = tenant ? tenant->id : u"{tenantid}"_s;
    const QString issuer =
        v2 ? u"https://%1/%2/v2.0"_s.arg(s_instance, id) : u"https://sts.windows.net/%1/"_s.arg(id);
    if (path.value(1) == u"discovery")
        return entraAnswer(
            200, {{u"keys"_s, m_issuer.keys(u"https://%1/%2/v2.0"_s.arg(s_instance, id))}}, true,
            now);
    const QString base = m_endpoints.authority + u'/' + (tenant ? tenant->id : asked);
    const QString oauth = base + (v2 ? u"/oauth2/v2.0"_s : u"/oauth2"_s);
    return entraAnswer(
        200,
        {{u"token_endpoint"_s, oauth + u"/token"_s},
         {u"token_endpoint_auth_methods_supported"_s,
          QJsonArray{u"client_secret_post"_s, u"client_secret_basic"_s}},
         {u"jwks_uri"_s, base + (v2 ? u"/discovery/v2.0/keys"_s : u"/discovery/keys"_s)},
         {u"response_modes_supported"_s, QJsonArray{u"query"_s, u"fragment"_s, u"form_post"_s}},
         {u"subject_types_supported"_s, QJsonArray{u"pairwise"_s}},
         {u"id_token_signing_alg_values_supported"_s, QJsonArray{u"RS256"_s}},
         {u"response_types_supported"_s,
          QJsonArray{u"code"_s, u"id_token"_s, u"code id_token"_s, u"id_token token"_s}},
         {u"scopes_supported"_s,
          QJsonArray{u"openid"_s, u"profile"_s, u"email"_s, u"offline_access"_s}},
         {u"issuer"_s, issuer},
         {u"request_uri_parameter_supported"_s, false},
         {u"userinfo_endpoint"_s, m_endpoints.graph + u"/oidc/userinfo"_s},
         {u"authorization_endpoint"_s, oauth + u"/authorize"_s},
         {u"device_authorization_endpoint"_s, oauth + u"/devicecode"_s},
         {u"http_logout_supported"_s, true},
         {u"frontchannel_logout_supported"_s, true},
         {u"end_session_endpoint"_s, oauth + u"/logout"_s},
         {u"claims_supported"_s, QJsonArray{u"sub"_s, u"iss"_s, u"aud"_s, u"exp"_s, u"iat"_s,
                                            u"name"_s, u"tid"_s, u"ver"_s}},
         {u"tenant_region_scope"_s, u"EU"_s},
         {u"cloud_instance_name"_s, u"microsoftonline.com"_s},
         {u"cloud_graph_host_name"_s, u"graph.windows.net"_s},
         {u"msgraph_host"_s, u"graph.microsoft.com"_s},
         {u"rbac_url"_s, u"https://pas.windows.net"_s}},
        true, now);
}

Answer EntraEndpoint::instanceDiscovery(const Incoming &request, const QDateTime &now) const
{
    const QUrl authorization(request.query(u"authorization_endpoint"_s));
    const QUrl own(m_endpoints.authority);
    const bool known =
        authorization.host() == s_instance ||
        (authorization.host() == own.host() && authorization.port(443) == own.port(443));
    if (!known)
        return entraRefusal({50049, "invalid_instance", u"Unknown or invalid instance."_s},
                            request.header("client-request-id"), now);
    const QString tenant = authorization.path().section(u'/', 1, 1);
    QJsonArray aliases{
        alias(s_instance, u"login.windows.net"_s,
              {s_instance, u"login.windows.net"_s, u"login.microsoft.com"_s, u"sts.windows.net"_s}),
        alias(u"login.partner.microsoftonline.cn"_s, u"login.partner.microsoftonline.cn"_s,
              {u"login.partner.microsoftonline.cn"_s, u"login.chinacloudapi.cn"_s}),
        alias(u"login.microsoftonline.us"_s, u"login.microsoftonline.us"_s,
              {u"login.microsoftonline.us"_s, u"login.usgovcloudapi.net"_s})};
    if (own.host() != s_instance)
        aliases.append(alias(own.authority(), own.authority(), {own.authority()}));
    return entraAnswer(
        200,
        {{u"tenant_discovery_endpoint"_s,
          u"%1/%2/v2.0/.well-known/openid-configuration"_s.arg(m_endpoints.authority, tenant)},
         {u"api-version"_s, u"1.1"_s},
         {u"metadata"_s, aliases}},
        true, now);
}

bool EntraEndpoint::isKnownResource(const QString &resource) const
{
    static const QStringList microsoft{u"https://storage.azure.com"_s,
                                       u"e406a681-f3d4-42a8-90b6-c2b029497af1"_s,
                                       u"https://management.azure.com"_s,
                                       u"https://management.core.windows.net"_s,
                                       u"797f4846-ba00-4fd7-ba43-dac1f8f63013"_s,
                                       u"https://graph.microsoft.com"_s,
                                       u"00000003-0000-0000-c000-000000000000"_s};
    const QString plain = withoutSlash(resource);
    if (microsoft.contains(plain) || plain == m_endpoints.resourceManager ||
        plain == m_endpoints.graph)
        return true;
    const QStringList blobEndpoints = m_endpoints.accounts.values();
    const QUrl url(plain);
    return blobEndpoints.contains(plain) || (url.host().endsWith(u".blob.core.windows.net") &&
                                             m_scenario.account(url.host().section(u'.', 0, 0)));
}

const Principal *EntraEndpoint::authenticated(const TokenRequest &request, const Tenant &tenant,
                                              const QDateTime &now, Answer &refusal) const
{
    const auto refuse = [&](const EntraError &error) {
        refusal = entraRefusal(error, request.correlationId, now);
        return nullptr;
    };
    const Principal *principal = m_scenario.principalOfClient(tenant.id, request.clientId);
    if (!principal)
        return refuse({700016, "unauthorized_client",
                       u"Application with identifier '%1' was not found in the directory '%2'. "
                       u"This can happen if the application "
                       "has not been installed by the administrator of the tenant or consented to "
                       "by any user in the tenant. You "
                       "may have sent your authentication request to the wrong tenant."_s.arg(
                           request.clientId, tenant.name)});
    if (request.hasAssertion)
        return refuse(
            {700027, "invalid_client",
             u"The certificate with identifier used to sign the client assertion is not registered on application."_s,
             401});
    if (!request.hasSecret)
        return refuse(
            {7000218, "invalid_client",
             u"The request body must contain the following parameter: 'client_assertion' or 'client_secret'."_s,
             401});
    for (const ClientSecret &secret : principal->secrets) {
        if (!equalInConstantTime(secret.value, request.clientSecret))
            continue;
        if (!secret.expired)
            return principal;
        return refuse({7000222, "invalid_client",
                       u"The provided client secret keys for app '%1' are expired. Visit the Azure "
                       u"portal to create new keys for "
                       "your app: https://aka.ms/NewClientSecret, or consider using certificate "
                       "credentials for added security: "
                       "https://aka.ms/certCreds."_s.arg(principal->clientId),
                       401});
    }
    return refuse(
        {7000215, "invalid_client",
         u"Invalid client secret provided. Ensure the secret being sent in the request is the "
         u"client secret value, not "
         "the client secret ID, for a secret added to app '%1'."_s.arg(principal->clientId),
         401});
}

Answer EntraEndpoint::token(const Incoming &request, const QString &tenantName, bool v2,
                            const QDateTime &now) const
{
    const TokenRequest asked = TokenRequest::read(request, v2);
    const auto refuse = [&](const EntraError &error) {
        return entraRefusal(error, asked.correlationId, now);
    };
    if (asked.grantType.isEmpty())
        return refuse(missingParameter(u"grant_type"_s));
    if (asked.grantType != u"client_credentials")
        return refuse(
            {70003, "unsupported_grant_type",
             u"The app requested an unsupported grant type '%1'."_s.arg(asked.grantType)});
    if (asked.clientId.isEmpty())
        return refuse(missingParameter(u"client_id"_s));
    if (v2 && asked.scope.isEmpty())
        return refuse({90014, "invalid_request",
                       u"The required field 'scope' is missing from the credential. Ensure that "
                       u"you have all the necessary "
                       "parameters for the login request."_s});
    if (!v2 && asked.resource.isEmpty())
        return refuse(missingParameter(u"resource"_s));
    if (tenantName == u"common" || tenantName == u"organizations")
        return refuse(
            {50059, "invalid_request",
             u"No tenant-identifying information found in either the request or implied by any "
             "provided credentials."_s});
    const Tenant *tenant = m_scenario.tenant(tenantName);
    if (!tenant)
        return refuse(badTenant(tenantName));
    Answer refusal;
    const Principal *principal = authenticated(asked, *tenant, now, refusal);
    if (!principal)
        return refusal;
    static const QString suffix = u"/.default"_s;
    if (v2 && asked.scope.contains(u' '))
        return refuse(
            {70011, "invalid_scope",
             u"The provided request must include a 'scope' input parameter. The provided value for "
             "the input parameter 'scope' is not valid. The scope %1 is not valid."_s.arg(
                 asked.scope)});
    if (v2 && !asked.scope.endsWith(suffix))
        return refuse({1002012, "invalid_scope",
                       u"The provided value for scope %1 is not valid. Client credential flows "
                       u"must have a scope value with "
                       "/.default suffixed to the resource identifier (application ID URI)."_s.arg(
                           asked.scope)});
    const QString resource = v2 ? asked.scope.chopped(suffix.size()) : asked.resource;
    if (!isKnownResource(resource))
        return refuse({500011, "invalid_resource",
                       u"The resource principal named %1 was not found in the tenant named %2. "
                       u"This can happen if the application "
                       "has not been installed by the administrator of the tenant or consented to "
                       "by any user in the tenant. You "
                       "might have sent your authentication request to the wrong tenant."_s.arg(
                           resource, tenant->name)});
    return issue(asked, *principal, resource, now);
}

Answer EntraEndpoint::issue(const TokenRequest &request, const Principal &principal,
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
                             {u"appid"_s, principal.clientId},
                             {u"appidacr"_s, u"1"_s},
                             {u"idp"_s, issuer},
                             {u"oid"_s, principal.objectId},
                             {u"sub"_s, principal.objectId},
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
