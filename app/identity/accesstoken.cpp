#include "identity/accesstoken.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace Identity {

using namespace Qt::StringLiterals;

namespace {

QDateTime timeOf(const QJsonValue &value)
{
    // v1.0 answers were seen with numbers as strings; a claim may be one too.
    bool ok = value.isDouble();
    const qint64 seconds = value.isString() ? value.toString().toLongLong(&ok) : value.toInteger();
    return ok ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC) : QDateTime();
}

} // namespace

std::optional<TokenClaims> TokenClaims::decode(const Core::Secret &token)
{
    const QByteArrayView text = token.reveal();
    const qsizetype first = text.indexOf('.');
    const qsizetype second = first < 0 ? -1 : text.indexOf('.', first + 1);
    if (second < 0)
        return std::nullopt;
    const auto payload = QByteArray::fromBase64Encoding(text.sliced(first + 1, second - first - 1).toByteArray(),
                                                        QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!payload)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(*payload);
    if (!document.isObject())
        return std::nullopt;

    TokenClaims claims;
    claims.all = document.object();
    const QJsonValue audience = claims.all[u"aud"];
    claims.audience = audience.isArray() ? audience.toArray().first().toString() : audience.toString();
    claims.issuer = claims.all[u"iss"].toString();
    claims.objectId = claims.all[u"oid"].toString();
    claims.appId = claims.all[u"appid"].toString(claims.all[u"azp"].toString());
    claims.tenantId = claims.all[u"tid"].toString();
    claims.version = claims.all[u"ver"].toString();
    claims.issuedAt = timeOf(claims.all[u"iat"]);
    claims.notBefore = timeOf(claims.all[u"nbf"]);
    claims.expiresAt = timeOf(claims.all[u"exp"]);
    const QJsonArray roles = claims.all[u"roles"].toArray();
    for (const QJsonValue &role : roles)
        claims.roles.append(role.toString());
    return claims;
}

} // namespace Identity
