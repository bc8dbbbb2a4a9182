#include "sandbox/entraerror.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

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

} // namespace

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

Answer entraAnswer(int status, const QJsonObject &body, bool mayBeCached, const QDateTime &now)
{
    Answer answer{.status = status, .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
    if (mayBeCached) {
        answer.headers = {{"Cache-Control", "max-age=86400, private"},
                          {"Access-Control-Allow-Origin", "*"},
                          {"Access-Control-Allow-Methods", "GET, OPTIONS"}};
    } else {
        answer.headers = {
            {"Cache-Control", "no-store, no-cache"}, {"Pragma", "no-cache"}, {"Expires", "-1"}};
    }
    const QString trace =
        body.value(u"trace_id"_s).toString(QUuid::createUuid().toString(QUuid::WithoutBraces));
    answer.headers +=
        Http::Headers{{"Content-Type", "application/json; charset=utf-8"},
                      {"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"P3P", "CP=\"DSP CUR OTPi IND OTRi ONL FIN\""},
                      {"x-ms-request-id", trace.toLatin1()},
                      {"x-ms-ests-server", "2.1.0.0 - Rolescope sandbox"},
                      {"Date", httpDate(now)}};
    return answer;
}

Answer entraRefusal(const EntraError &error, const QByteArray &correlationId, const QDateTime &now)
{
    const QString trace = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const QUuid given = QUuid::fromString(QString::fromLatin1(correlationId));
    const QString correlation =
        (given.isNull() ? QUuid::createUuid() : given).toString(QUuid::WithoutBraces);
    const QString time = now.toUTC().toString(u"yyyy-MM-dd hh:mm:ss'Z'"_s);
    return entraAnswer(
        error.status,
        {{u"error"_s, QString::fromLatin1(error.error)},
         {u"error_description"_s,
          u"AADSTS%1: %2 Trace ID: %3 Correlation ID: %4 Timestamp: %5"_s.arg(error.number)
              .arg(error.text, trace, correlation, time)},
         {u"error_codes"_s, QJsonArray{error.number}},
         {u"timestamp"_s, time},
         {u"trace_id"_s, trace},
         {u"correlation_id"_s, correlation},
         {u"error_uri"_s, u"https://login.microsoftonline.com/error?code=%1"_s.arg(error.number)}},
        false, now);
}

} // namespace Sandbox
