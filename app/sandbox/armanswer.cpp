#include "sandbox/armanswer.h"

#include <QJsonDocument>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

Answer armAnswer(int status, const QJsonObject &body, const QDateTime &now)
{
    const QByteArray id = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    Answer answer{.status = status,
                  .headers = {{"Cache-Control", "no-cache"},
                              {"Pragma", "no-cache"},
                              {"Expires", "-1"},
                              {"x-ms-request-id", id},
                              {"x-ms-correlation-request-id", id},
                              {"x-ms-routing-request-id",
                               "SANDBOX:" + now.toUTC().toString(u"yyyyMMddThhmmssZ"_s).toLatin1() +
                                   ':' + id},
                              {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
                              {"X-Content-Type-Options", "nosniff"},
                              {"Date", httpDate(now)}}};
    if (status == 202 || status == 204)
        return answer;
    answer.set("Content-Type", "application/json; charset=utf-8");
    answer.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return answer;
}

Answer armFailureAnswer(const ArmFailure &failure, const QDateTime &now)
{
    Answer answer = armAnswer(
        failure.status,
        {{u"error"_s, QJsonObject{{u"code"_s, failure.code}, {u"message"_s, failure.message}}}},
        now);
    answer.set("x-ms-failure-cause", "gateway");
    return answer;
}

Answer armUnauthorized(const QString &code, const QString &message, const QByteArray &description,
                       const QDateTime &now)
{
    Answer answer = armFailureAnswer({401, code, message}, now);
    answer.set("WWW-Authenticate", "Bearer authorization_uri=\"https://login.windows.net/\", "
                                   "error=\"invalid_token\", error_description=\"" +
                                       description + '"');
    return answer;
}

ArmFailure armInvalidScope(const QString &scope)
{
    return {400, u"InvalidScope"_s, u"The scope '%1' is not valid."_s.arg(scope.left(1000))};
}

ArmFailure armForbidden(const ArmCaller &caller, const QString &action, const Azure::Scope &scope)
{
    const QString client = caller.userName.isEmpty() ? caller.clientId : caller.userName;
    return {403, u"AuthorizationFailed"_s,
            u"The client '%1' with object id '%2' does not have authorization to perform action "
            u"'%3' over scope '%4' or the scope is "
            "invalid. If access was recently granted, please refresh your credentials."_s.arg(
                client, caller.objectId, action, scope.id())};
}

ArmDocument armList(const QJsonArray &values)
{
    return QJsonObject{{u"value"_s, values}};
}

} // namespace Sandbox
