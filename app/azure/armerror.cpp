#include "azure/armclient.h"

#include "core/jsontext.h"
#include "core/visibletext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

// ARM and Graph wrap it in "error", Azure AD Graph in "odata.error"; a few providers answer
// {"code","message"} bare.
QJsonObject errorObject(const QJsonObject &body)
{
    for (const QString &name : {u"error"_s, u"odata.error"_s, u"Error"_s}) {
        if (body[name].isObject())
            return body[name].toObject();
    }
    return body;
}

// What a support case asks for; where no header has it, the older answers of Graph have it inside.
QString requestIdOf(const Http::Response &response, const QJsonObject &error)
{
    if (const QByteArray id = response.requestId(); !id.isEmpty())
        return QString::fromLatin1(id);
    for (const QJsonObject &place :
         {error[u"innerError"].toObject(), error[u"innererror"].toObject(), error}) {
        for (const QString &name : {u"request-id"_s, u"requestId"_s}) {
            if (const QString id = place[name].toString(); !id.isEmpty())
                return id.simplified().left(100);
        }
    }
    return {};
}

// A code is text, in some providers' answers a number; with a small or a capital letter.
QString codeOf(const QJsonObject &error)
{
    const QJsonValue value = error.contains(u"code") ? error[u"code"] : error[u"Code"];
    const QString code = value.isDouble() ? QString::number(value.toInteger()) : value.toString();
    return code.simplified().left(100);
}

// OData's message is an object with the text as its value.
QString messageOf(const QJsonObject &error)
{
    const QJsonValue value = error.contains(u"message") ? error[u"message"] : error[u"Message"];
    const QString message = value.isObject() ? value[u"value"].toString() : value.toString();
    return Core::oneLine(message).left(600);
}

// Codes that only say that something was wrong; what was, stands in the first of the details.
bool saysNothing(const QString &code)
{
    static const QStringList general{
        u"BadRequest"_s,       u"MultipleErrorsOccurred"_s, u"InvalidTemplateDeployment"_s,
        u"DeploymentFailed"_s, u"OperationNotAllowed"_s,    u"Conflict"_s};
    return general.contains(code);
}

Error::Kind kindOf(int status)
{
    switch (status) {
    case 400: return Error::Kind::InvalidInput;
    case 401: return Error::Kind::Unauthenticated;
    case 403: return Error::Kind::Forbidden;
    case 404: return Error::Kind::NotFound;
    case 409: return Error::Kind::Conflict;
    case 429:
    case 503: return Error::Kind::Throttled;
    default: return Error::Kind::BadResponse;
    }
}

} // namespace

bool asksForClaims(const Http::Response &response)
{
    return response.status == 401 &&
           response.header("WWW-Authenticate").contains("insufficient_claims");
}

Error armError(const Http::Response &response)
{
    const QJsonObject body = QJsonDocument::fromJson(Core::jsonText(response.body)).object();
    QJsonObject inner = errorObject(body);
    if (body[u"error"].isString()) // as OAuth has it
        inner = {{u"code"_s, body[u"error"]}, {u"message"_s, body[u"error_description"]}};
    Error error{.kind = kindOf(response.status),
                .message = messageOf(inner),
                .code = codeOf(inner),
                .requestId = requestIdOf(response, inner),
                .status = response.status};
    const QJsonObject detail = inner[u"details"].toArray().at(0).toObject();
    if (saysNothing(error.code) && !codeOf(detail).isEmpty()) {
        error.code = codeOf(detail);
        if (!messageOf(detail).isEmpty() && !error.message.contains(messageOf(detail)))
            error.message = (error.message + u' ' + messageOf(detail)).trimmed().left(900);
    }
    if (asksForClaims(response)) {
        error.message +=
            u" The service wants a newer sign-in: its answer asks for further claims."_s;
        error.nextStep = u"Get a new token. If that is refused too, a Conditional Access policy "
                         u"stands against this place or principal: "
                         "ask the tenant's administrator."_s;
    }
    if (error.message.isEmpty())
        error.message =
            u"%1 answered with HTTP %2."_s.arg(response.url.host()).arg(response.status);
    if (body.isEmpty() && response.body.trimmed().startsWith('<')) {
        error.message = u"%1 answered with HTTP %2 and a web page, as no service of Azure does."_s
                            .arg(response.url.host())
                            .arg(response.status);
        error.nextStep =
            u"Check the host, and whether a proxy or a sign-in page of your network stands in between."_s;
    }
    return error;
}

} // namespace Azure
