#include "sandbox/graphendpoint.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

Answer graphAnswer(int status, const QJsonObject &body, const QDateTime &now)
{
    const QByteArray id = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    return {.status = status,
            .headers = {{"Content-Type",
                         status == 200 ? "application/json;odata.metadata=minimal;charset=utf-8"
                                       : "application/json"},
                        {"Cache-Control", "no-cache"},
                        {"request-id", id},
                        {"client-request-id", id},
                        {"Date", httpDate(now)}},
            .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

Answer failure(int status, const QString &code, const QString &message, const QDateTime &now)
{
    return graphAnswer(
        status, {{u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, message}}}}, now);
}

QJsonObject document(const Principal &principal)
{
    return {{u"id"_s, principal.objectId},
            {u"appId"_s, principal.clientId},
            {u"displayName"_s, principal.name},
            {u"appDisplayName"_s, principal.name},
            {u"appOwnerOrganizationId"_s, principal.tenant},
            {u"accountEnabled"_s, true},
            {u"servicePrincipalType"_s, u"Application"_s},
            {u"servicePrincipalNames"_s, QJsonArray{principal.clientId}}};
}

} // namespace

GraphEndpoint::GraphEndpoint(const Scenario &scenario, const TokenIssuer &issuer,
                             Endpoints endpoints)
    : m_scenario(scenario)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
{
}

bool GraphEndpoint::isAuthentic(const Incoming &request, const QDateTime &now,
                                QString &tenant) const
{
    const QByteArray authorization = request.header("Authorization").trimmed();
    const TokenCheck check =
        m_issuer.check(authorization.mid(authorization.indexOf(' ') + 1).trimmed(), now);
    QString audience = check.claims.value(u"aud"_s).toString();
    while (audience.endsWith(u'/'))
        audience.chop(1);
    tenant = check.claims.value(u"tid"_s).toString();
    return check.fault == TokenFault::None &&
           (audience == u"https://graph.microsoft.com" ||
            audience == u"00000003-0000-0000-c000-000000000000" || audience == m_endpoints.graph);
}

Answer GraphEndpoint::answer(const Incoming &request, const QDateTime &now) const
{
    QString tenant;
    if (!isAuthentic(request, now, tenant))
        return failure(401, u"InvalidAuthenticationToken"_s,
                       u"Access token validation failure. Invalid audience."_s, now);
    const QString path = request.segments().mid(1).join(u'/');
    static const QRegularExpression one(u"^servicePrincipals(?:\\(appId='([^']*)'\\)|/([^/]+))$"_s,
                                        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression filter(u"^appId eq '([^']*)'$"_s);
    const auto match = one.match(path);
    const auto filtered = filter.match(request.query(u"$filter"_s));
    if (request.verb != "GET" || (!match.hasMatch() && path != u"servicePrincipals"))
        return failure(400, u"BadRequest"_s,
                       u"Resource not found for the segment '%1'."_s.arg(path.section(u'/', 0, 0)),
                       now);
    QJsonArray values;
    for (const Principal &principal : m_scenario.principals) {
        const QString asked = match.captured(1) + filtered.captured(1);
        const bool byApplication =
            asked.isEmpty() || asked.compare(principal.clientId, Qt::CaseInsensitive) == 0;
        const bool byObject =
            match.captured(2).isEmpty() ||
            match.captured(2).compare(principal.objectId, Qt::CaseInsensitive) == 0;
        if (principal.tenant == tenant && byApplication && byObject)
            values.append(document(principal));
    }
    if (!match.hasMatch())
        return graphAnswer(200, {{u"value"_s, values}}, now);
    if (values.isEmpty())
        return failure(404, u"Request_ResourceNotFound"_s,
                       u"Resource '%1' does not exist or one of its queried reference-property "
                       "objects are not present."_s.arg(match.captured(1) + match.captured(2)),
                       now);
    return graphAnswer(200, values.first().toObject(), now);
}

} // namespace Sandbox
