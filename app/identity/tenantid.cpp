#include "identity/tenantid.h"

#include "identity/credentiallint.h"
#include "identity/tokenprotocol.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

Http::Request tenantRequest(const Cloud &cloud, const QString &domain)
{
    Http::Request request;
    request.url = cloud.authorityHost;
    request.url.setPath(u'/' + domain + u"/v2.0/.well-known/openid-configuration"_s);
    request.headers = {{"Accept", "application/json"}};
    request.trust = cloud.trust;
    request.maxBody = 1 << 20;
    return request;
}

Result<QString> parseTenantId(const Http::Response &response)
{
    const QJsonObject answer = QJsonDocument::fromJson(response.body).object();
    if (answer.isEmpty() || answer.contains(u"error") || !response.isSuccess()) {
        // It refuses in the words of the token endpoint.
        Error error = parseTokenResponse(response, {}, {}).error();
        if (error.code == u"AADSTS90002" || error.code == u"AADSTS900023")
            error.kind = Error::Kind::NotFound;
        return error;
    }
    // Each of them is https://HOST/TENANT/…; in the answer for a domain the tenant is its GUID.
    for (const QLatin1StringView name : {"issuer"_L1, "token_endpoint"_L1, "jwks_uri"_L1}) {
        const QString tenant = QUrl(answer[name].toString()).path().section(u'/', 1, 1).toLower();
        if (isGuid(tenant))
            return tenant;
    }
    return Error{.kind = Error::Kind::BadResponse,
                 .message = u"%1 describes the tenant without its ID."_s.arg(response.url.host()),
                 .nextStep = u"Name the tenant by its ID (a GUID)."_s,
                 .status = response.status};
}

} // namespace Identity
