#include "sandbox/graphanswer.h"

#include <QJsonDocument>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QByteArray s_json = "application/json;odata.metadata=minimal;odata.streaming=true;"
                          "IEEE754Compatible=false;charset=utf-8";

QByteArray freshId()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
}

Http::Headers commonHeaders(const Incoming &request, const QByteArray &id, const QDateTime &now)
{
    const QByteArray given = request.header("client-request-id");
    return {
        {"Cache-Control", "no-cache"},
        {"Strict-Transport-Security", "max-age=31536000"},
        {"request-id", id},
        {"client-request-id", given.isEmpty() ? id : given},
        {"x-ms-ags-diagnostic",
         R"({"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"SANDBOX"}})"},
        {"x-ms-resource-unit", "1"},
        {"Date", httpDate(now)}};
}

} // namespace

Answer graphAnswer(const GraphCall &call, int status, QJsonObject body, const QString &context)
{
    if (!context.isEmpty())
        body.insert(u"@odata.context"_s, call.service + u"/$metadata#"_s + context);
    Answer answer{.status = status,
                  .headers = commonHeaders(call.request, freshId(), call.now),
                  .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
    answer.headers += Http::Headers{
        {"Content-Type", s_json}, {"OData-Version", "4.0"}, {"Vary", "Accept-Encoding"}};
    return answer;
}

Answer graphCreated(const GraphCall &call, const QJsonObject &body, const QString &context,
                    const QString &location)
{
    Answer answer = graphAnswer(call, 201, body, context);
    answer.set("Location", call.service.section(u'/', 0, 2).toLatin1() + "/v2/" +
                               call.caller.tenant.toLatin1() + '/' + location.toLatin1());
    return answer;
}

Answer graphDone(const GraphCall &call)
{
    return {.status = 204, .headers = commonHeaders(call.request, freshId(), call.now)};
}

Answer graphFailure(int status, const QString &code, const QString &message,
                    const Incoming &request, const QDateTime &now)
{
    const QByteArray id = freshId();
    const Http::Headers headers = commonHeaders(request, id, now);
    const QJsonObject inner{
        {u"date"_s, now.toUTC().toString(u"yyyy-MM-dd'T'hh:mm:ss"_s)},
        {u"request-id"_s, QString::fromLatin1(id)},
        {u"client-request-id"_s, QString::fromLatin1(Http::header(headers, "client-request-id"))}};
    Answer answer{
        .status = status,
        .headers = headers,
        .body = QJsonDocument(QJsonObject{{u"error"_s, QJsonObject{{u"code"_s, code},
                                                                   {u"message"_s, message},
                                                                   {u"innerError"_s, inner}}}})
                    .toJson(QJsonDocument::Compact)};
    answer.set("Content-Type", "application/json");
    answer.set("Vary", "Accept-Encoding");
    return answer;
}

Answer graphNotFound(const GraphCall &call, const QString &id)
{
    return graphFailure(404, u"Request_ResourceNotFound"_s,
                        u"Resource '%1' does not exist or one of its queried reference-property "
                        "objects are not present."_s.arg(id),
                        call.request, call.now);
}

Answer graphDenied(const GraphCall &call)
{
    return graphFailure(403, u"Authorization_RequestDenied"_s,
                        u"Insufficient privileges to complete the operation."_s, call.request,
                        call.now);
}

Answer graphBadRequest(const GraphCall &call, const QString &message)
{
    return graphFailure(400, u"Request_BadRequest"_s, message, call.request, call.now);
}

Answer graphUnknown(const GraphCall &call)
{
    return graphFailure(400, u"BadRequest"_s,
                        u"Resource not found for the segment '%1'."_s.arg(call.path.value(0)),
                        call.request, call.now);
}

} // namespace Sandbox
