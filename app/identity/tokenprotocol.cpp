#include "identity/tokenprotocol.h"

#include "core/visibletext.h"
#include "identity/clientassertion.h"
#include "identity/credentiallint.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <algorithm>
#include <cstdlib>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

// What people read: the description without the trace lines, on one line, without control characters.
QString readable(QString description)
{
    static const QRegularExpression trace(u"\\s*(Trace ID|Correlation ID|Timestamp):.*$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    description.remove(trace);
    return Core::oneLine(description).left(600);
}

QString aadstsCode(const QJsonObject &answer, const QString &description)
{
    const QJsonArray codes = answer[u"error_codes"].toArray();
    if (!codes.isEmpty() && codes.first().toVariant().toLongLong() > 0)
        return u"AADSTS"_s + codes.first().toVariant().toString();
    static const QRegularExpression number(u"AADSTS[0-9]+"_s);
    return number.match(description).captured();
}

Error invalid(const QString &message, const QString &nextStep)
{
    return {.kind = Error::Kind::InvalidInput, .message = message, .nextStep = nextStep};
}

// What is sent: the secret itself, a token that is passed on, or an assertion made for this endpoint and moment.
Result<Secret> proofOf(const ServicePrincipal &principal, const Secret &credential, const QUrl &endpoint, const QDateTime &now)
{
    if (principal.credential != ServicePrincipal::Credential::Certificate)
        return credential;
    return clientAssertion(credential, principal.clientId, endpoint, now);
}

// When Entra ID answered, by its own clock.
QDateTime timeOf(const QJsonObject &answer, const Http::Response &response)
{
    const QString date = QString::fromLatin1(response.header("Date"));
    QDateTime at = QLocale::c().toDateTime(date, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!at.isValid())
        at = QDateTime::fromString(answer[u"timestamp"].toString(), u"yyyy-MM-dd HH:mm:ss'Z'"_s);
    at.setTimeSpec(Qt::UTC);
    return at;
}

QString inWords(qint64 seconds)
{
    return seconds < 120 ? u"%1 seconds"_s.arg(seconds) : u"%1 minutes"_s.arg((seconds + 30) / 60);
}

// "Not within its valid time range": the number explains, the two clocks say why.
void explainClocks(Error &error, const QDateTime &theirs, const QDateTime &ours)
{
    if (error.code != u"AADSTS700024" || !theirs.isValid())
        return;
    constexpr qint64 noteworthy = 60;
    const qint64 ahead = theirs.secsTo(ours);
    if (std::abs(ahead) < noteworthy) {
        error.message += u" This machine's clock agrees with Entra ID's."_s;
        return;
    }
    error.message += u" This machine's clock is %1 %2 Entra ID's (here %3, there %4)."_s.arg(
        inWords(std::abs(ahead)), ahead > 0 ? u"ahead of"_s : u"behind"_s, ours.toString(Qt::ISODate), theirs.toString(Qt::ISODate));
    error.nextStep = u"Set this machine's clock, e.g. with “timedatectl set-ntp true”; an assertion lasts ten minutes only."_s;
}

Error refusal(const QJsonObject &answer, const Http::Response &response, const QDateTime &now)
{
    const QString oauth = answer[u"error"].toString();
    const QString description = answer[u"error_description"].toString();
    const QString code = aadstsCode(answer, description);
    Error error{.kind = Error::Kind::Unauthenticated,
                .message = readable(description),
                .code = code.isEmpty() ? oauth : code,
                .requestId = answer[u"trace_id"].toString(QString::fromLatin1(response.requestId())),
                .status = response.status};
    // Program flow by the OAuth error; the AADSTS number only explains (Microsoft Entra: reference-error-codes).
    if (oauth == u"temporarily_unavailable" || oauth == u"server_error" || response.status == 429 || response.status >= 500)
        error.kind = Error::Kind::Throttled;
    if (error.message.isEmpty())
        error.message = u"Entra ID refused to sign in (%1)."_s.arg(oauth);
    explainClocks(error, timeOf(answer, response), now);
    return error;
}

} // namespace

Result<Http::Request> tokenRequest(const Cloud &cloud, const ServicePrincipal &principal, const Secret &credential,
                                   const QString &scope, const QDateTime &now)
{
    if (!isGuid(principal.tenant) && !isDomainName(principal.tenant))
        return invalid(u"The tenant is neither a GUID nor a domain name."_s, u"Correct the principal's tenant."_s);
    if (credential.isEmpty())
        return invalid(u"The principal has no secret."_s, u"Enter its client secret."_s);

    Http::Request request;
    request.verb = "POST";
    request.url = cloud.authorityHost;
    request.url.setPath(u'/' + principal.tenant + u"/oauth2/v2.0/token"_s);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    const Result<Secret> proof = proofOf(principal, credential, request.url, now);
    if (!proof)
        return proof.error();
    QByteArray body = "client_id=" + QUrl::toPercentEncoding(principal.clientId) + "&scope=" + QUrl::toPercentEncoding(scope)
        + "&grant_type=client_credentials";
    if (principal.credential != ServicePrincipal::Credential::Secret)
        body += "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    else
        body += "&client_secret=";
    // By hand over bytes: a detour through QString would leave copies, and lose bytes that are no UTF-8.
    QByteArray encoded = proof->reveal().toByteArray().toPercentEncoding();
    body += encoded;
    Core::wipe(encoded);
    request.secretBody = Secret::take(std::move(body));
    request.trust = cloud.trust;
    request.maxBody = 1 << 20;
    return request;
}

QString oauthError(const Http::Response &response)
{
    return QJsonDocument::fromJson(response.body).object()[u"error"].toString();
}

Result<AccessToken> parseTokenResponse(const Http::Response &response, const QString &scope, const QDateTime &now)
{
    const auto bad = [&](const QString &message) {
        return Error{.kind = response.status == 429 || response.status >= 500 ? Error::Kind::Throttled : Error::Kind::BadResponse,
                     .message = message,
                     .nextStep = u"Check the authority's host, and whether a proxy or sign-in page answers in its place."_s,
                     .requestId = QString::fromLatin1(response.requestId()),
                     .status = response.status};
    };
    const QString host = response.url.host();
    const QJsonDocument document = QJsonDocument::fromJson(response.body);
    if (!document.isObject()) {
        const bool html = response.body.trimmed().startsWith('<');
        return bad(html ? u"%1 answered with a web page instead of a token (HTTP %2)."_s.arg(host).arg(response.status)
                        : u"%1 gave no readable answer (HTTP %2)."_s.arg(host).arg(response.status));
    }
    const QJsonObject answer = document.object();
    if (answer.contains(u"error") || !response.isSuccess())
        return answer.contains(u"error") ? refusal(answer, response, now)
                                         : bad(u"%1 answered with HTTP %2."_s.arg(host).arg(response.status));

    const QByteArray token = answer[u"access_token"].toString().toUtf8();
    if (token.isEmpty() || token.contains('\r') || token.contains('\n') || token.contains(' '))
        return bad(u"%1 answered without a usable access_token."_s.arg(host));
    const QString type = answer[u"token_type"].toString(u"Bearer"_s);
    if (type.compare(u"Bearer", Qt::CaseInsensitive) != 0)
        return bad(u"%1 gave a token that is no bearer token."_s.arg(host));
    // v1.0 answers carry numbers as strings.
    bool ok = false;
    qint64 lifetime = answer[u"expires_in"].toVariant().toLongLong(&ok);
    if (!answer.contains(u"expires_in")) // RFC 6749 only recommends it; v1.0 has the moment as well
        lifetime = answer[u"expires_on"].toVariant().toLongLong(&ok) - now.toSecsSinceEpoch();
    if (!ok || lifetime <= 0)
        return bad(u"%1 does not say how long its token lasts."_s.arg(host));
    constexpr qint64 longest = 7 * 24 * 3600;
    return AccessToken{Core::Secret(token), now.addSecs(std::min(lifetime, longest)), scope};
}

} // namespace Identity
