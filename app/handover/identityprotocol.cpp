#include "handover/identityprotocol.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace Handover {

using namespace Qt::StringLiterals;
using Core::Error;
using Serving::Answer;
using Serving::Incoming;

namespace {

constexpr auto s_apiVersion = "2019-08-01"_L1;

qsizetype count(const Http::Headers &headers, QByteArrayView name)
{
    return std::count_if(headers.begin(), headers.end(), [&](const auto &one) {
        return one.first.compare(name, Qt::CaseInsensitive) == 0;
    });
}

Error refused(int status, const QString &code, const QString &message)
{
    return {.kind = Error::Kind::Forbidden, .message = message, .code = code, .status = status};
}

// A browser that was led here by a foreign page names that page's host, or its origin; a server
// that was talked into a request on somebody's behalf says so in one of the others. No SDK sends
// any.
Core::Result<void> comesFromHere(const Incoming &request, const IdentityRules &rules)
{
    if (count(request.headers, "Host") != 1 || request.header("Host") != rules.host)
        return refused(400, u"bad_host"_s, u"This endpoint has another name."_s);
    for (const char *name : {"Origin", "Referer", "Sec-Fetch-Site", "Via", "Forwarded",
                             "X-Forwarded-For", "X-Forwarded-Host"}) {
        if (count(request.headers, name) > 0)
            return refused(400, u"not_direct"_s,
                           u"This endpoint answers neither browsers nor proxies."_s);
    }
    return {};
}

Core::Result<QString> only(const QUrlQuery &query, const QString &name)
{
    const QStringList values = query.allQueryItemValues(name, QUrl::FullyDecoded);
    if (values.size() == 1)
        return values.first();
    return refused(400, u"invalid_request"_s,
                   u"The parameter %1 must stand there once."_s.arg(name));
}

Core::Result<QString> resourceAsked(const Incoming &request, const IdentityRules &rules)
{
    const QUrlQuery query = Serving::formFields(request.rawQuery());
    const auto version = only(query, u"api-version"_s);
    if (!version)
        return version.error();
    if (*version != s_apiVersion)
        return refused(400, u"unsupported_api_version"_s,
                       u"Only the api-version %1 is served here."_s.arg(s_apiVersion));
    for (const QString &name : {u"client_id"_s, u"clientid"_s}) {
        const QString named = query.queryItemValue(name, QUrl::FullyDecoded);
        if (query.hasQueryItem(name) && named.compare(rules.clientId, Qt::CaseInsensitive) != 0)
            return refused(
                400, u"identity_not_found"_s,
                u"Another client ID is asked for than that of the principal served here."_s);
    }
    for (const QString &name : {u"principal_id"_s, u"object_id"_s, u"mi_res_id"_s}) {
        if (query.hasQueryItem(name))
            return refused(400, u"identity_not_found"_s,
                           u"The one identity served here is not chosen by %1."_s.arg(name));
    }
    const auto resource = only(query, u"resource"_s);
    if (!resource)
        return resource.error();
    const QString asked = resourceOf(*resource);
    if (!rules.resources.contains(asked, Qt::CaseInsensitive))
        return refused(403, u"resource_not_allowed"_s,
                       u"Tokens for this resource are not handed out here. "
                       "The command was started for: %1 (exec --resource allows others)."_s.arg(
                           rules.resources.join(u", ")));
    return asked;
}

int statusFor(const Error &error)
{
    if (error.kind == Error::Kind::Throttled)
        return 429;
    if (error.kind == Error::Kind::Timeout)
        return 504;
    if (error.kind == Error::Kind::Network || error.kind == Error::Kind::Tls)
        return 502;
    return error.kind == Error::Kind::BadResponse ? 502 : 400;
}

Answer json(int status, const QJsonObject &object)
{
    Answer answer{.status = status, .body = QJsonDocument(object).toJson(QJsonDocument::Compact)};
    answer.set("Content-Type", "application/json; charset=utf-8");
    answer.set("Cache-Control", "no-store");
    answer.set("X-Content-Type-Options", "nosniff");
    return answer;
}

} // namespace

QString resourceOf(const QString &scopeOrResource)
{
    QString resource = scopeOrResource.trimmed();
    if (resource.endsWith(u"/.default"))
        resource.chop(9);
    while (resource.endsWith(u'/'))
        resource.chop(1);
    return resource;
}

Core::Result<QString> admit(const Incoming &request, const IdentityRules &rules)
{
    if (const auto here = comesFromHere(request, rules); !here)
        return here.error();
    const Core::Secret shown(request.header("X-IDENTITY-HEADER"));
    if (count(request.headers, "X-IDENTITY-HEADER") != 1 || !(shown == rules.header))
        return refused(401, u"unauthorized"_s,
                       u"The header X-IDENTITY-HEADER is missing or wrong."_s);
    if (request.rawPath() != identityPath)
        return refused(404, u"not_found"_s,
                       u"There is nothing here but %1."_s.arg(QLatin1String(identityPath)));
    if (request.verb != "GET")
        return refused(405, u"method_not_allowed"_s, u"Only GET is served here."_s);
    if (!request.body.isEmpty())
        return refused(400, u"invalid_request"_s, u"A request for a token has no body."_s);
    return resourceAsked(request, rules);
}

Answer tokenAnswer(const Identity::AccessToken &token, const QString &resource,
                   const QString &clientId)
{
    return json(200, {{u"access_token"_s, QString::fromUtf8(token.value.reveal())},
                      {u"expires_on"_s, QString::number(token.expiresAt.toSecsSinceEpoch())},
                      {u"resource"_s, resource},
                      {u"token_type"_s, u"Bearer"_s},
                      {u"client_id"_s, clientId}});
}

Answer refusal(const Error &error)
{
    const bool ours = error.kind == Error::Kind::Forbidden && error.status >= 400;
    const int status = ours ? error.status : statusFor(error);
    const QString message =
        error.nextStep.isEmpty() ? error.message : error.message + u' ' + error.nextStep;
    // Some SDKs show "message", others "error" with "error_description".
    Answer answer = json(status, {{u"statusCode"_s, status},
                                  {u"message"_s, message},
                                  {u"error"_s, error.code},
                                  {u"error_description"_s, message}});
    if (status == 405)
        answer.set("Allow", "GET");
    return answer;
}

} // namespace Handover
