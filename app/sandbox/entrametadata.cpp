#include "sandbox/entrametadata.h"

#include "sandbox/entraerror.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_instance = u"login.microsoftonline.com"_s;

QJsonObject alias(const QString &network, const QString &cache, const QStringList &aliases)
{
    return {{u"preferred_network"_s, network},
            {u"preferred_cache"_s, cache},
            {u"aliases"_s, QJsonArray::fromStringList(aliases)}};
}

} // namespace

EntraMetadata::EntraMetadata(const Scenario &scenario, const TokenIssuer &issuer,
                             Endpoints endpoints)
    : m_scenario(scenario)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
{
}

std::optional<Answer> EntraMetadata::answer(const Incoming &request, const QDateTime &now) const
{
    static const QStringList documents{u"v2.0/.well-known/openid-configuration"_s,
                                       u".well-known/openid-configuration"_s,
                                       u"discovery/v2.0/keys"_s, u"discovery/keys"_s};
    if (request.verb != "GET" && request.verb != "HEAD")
        return std::nullopt;
    const QStringList path = request.segments();
    const QString rest = path.mid(1).join(u'/');
    if (rest == u"discovery/instance")
        return instanceDiscovery(request, now);
    if (path.size() == 3 && path[1].compare(u"userrealm", Qt::CaseInsensitive) == 0)
        return userRealm(path[2], now);
    return documents.contains(rest) ? std::optional(configuration(path, now)) : std::nullopt;
}

Answer EntraMetadata::configuration(const QStringList &path, const QDateTime &now) const
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
          QJsonArray{u"client_secret_post"_s, u"private_key_jwt"_s, u"client_secret_basic"_s}},
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

Answer EntraMetadata::instanceDiscovery(const Incoming &request, const QDateTime &now) const
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

Answer EntraMetadata::userRealm(const QString &name, const QDateTime &now) const
{
    const QString domain = name.section(u'@', 1);
    const bool managed = m_scenario.tenant(domain) != nullptr;
    QJsonObject realm{{u"ver"_s, u"1.0"_s},
                      {u"account_type"_s, managed ? u"Managed"_s : u"Unknown"_s},
                      {u"cloud_instance_name"_s, u"microsoftonline.com"_s},
                      {u"cloud_audience_urn"_s, u"urn:federation:MicrosoftOnline"_s}};
    if (managed)
        realm.insert(u"domain_name"_s, domain);
    Answer answer = entraAnswer(200, realm, false, now);
    answer.set("Content-Disposition", "inline; filename=userrealm.json");
    return answer;
}

} // namespace Sandbox
