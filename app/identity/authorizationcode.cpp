#include "identity/authorizationcode.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <array>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

constexpr auto unpadded = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray randomText()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words)
        .toBase64(unpadded);
}

QString value(const QUrlQuery &answer, const QString &name)
{
    QString text = answer.queryItemValue(name, QUrl::FullyDecoded);
    return text.replace(u'+', u' ');
}

Error refusal(const QUrlQuery &answer)
{
    const QString oauth = value(answer, u"error"_s).left(80);
    QString said = value(answer, u"error_description"_s);
    said.remove(QRegularExpression(u"\\s*(Trace ID|Correlation ID|Timestamp):.*$"_s,
                                   QRegularExpression::DotMatchesEverythingOption));
    const QString number = QRegularExpression(u"AADSTS[0-9]+"_s).match(said).captured();
    const bool declined = oauth == u"access_denied" || oauth == u"consent_required";
    return {.kind = declined ? Error::Kind::Forbidden : Error::Kind::Unauthenticated,
            .message = said.isEmpty() ? u"The sign-in was refused (%1)."_s.arg(oauth)
                                      : said.simplified().left(600),
            .code = number.isEmpty() ? oauth : number,
            .nextStep = declined ? u"Start again and agree, or ask the tenant's administrator."_s
                                 : QString()};
}

} // namespace

AuthorizationAttempt AuthorizationAttempt::begin(PublicClient client, QString scope, quint16 port)
{
    AuthorizationAttempt attempt{.client = std::move(client),
                                 .scope = std::move(scope),
                                 .state = randomText(),
                                 .verifier = Secret::take(randomText())};
    // Entra ID compares it without the port, and knows "localhost" for the well-known client, not
    // 127.0.0.1 (Microsoft identity platform: redirect URI restrictions, localhost exceptions).
    attempt.redirect = QUrl(u"http://localhost:%1"_s.arg(port));
    return attempt;
}

QByteArray AuthorizationAttempt::challenge() const
{
    return QCryptographicHash::hash(verifier.reveal(), QCryptographicHash::Sha256)
        .toBase64(unpadded);
}

QUrl AuthorizationAttempt::url() const
{
    QUrlQuery query;
    const auto add = [&](const QString &name, const QByteArray &text) {
        query.addQueryItem(name, QString::fromLatin1(text.toPercentEncoding()));
    };
    add(u"client_id"_s, client.clientId.toUtf8());
    add(u"response_type"_s, "code");
    add(u"redirect_uri"_s, redirect.toEncoded());
    add(u"response_mode"_s, "query");
    add(u"scope"_s, interactiveScope(scope).toUtf8());
    add(u"state"_s, state);
    add(u"code_challenge"_s, challenge());
    add(u"code_challenge_method"_s, "S256");
    // Several people may be signed in to this browser; who is the operator is theirs to say.
    add(u"prompt"_s, "select_account");
    QUrl url = client.cloud.authorityHost;
    url.setPath(u'/' + client.tenant + u"/oauth2/v2.0/authorize"_s);
    url.setQuery(query);
    return url;
}

Result<Secret> AuthorizationAttempt::codeFrom(const QUrlQuery &answer) const
{
    // Before anything else in it is believed; compared in constant time.
    if (!(Secret(value(answer, u"state"_s).toUtf8()) == Secret(state)))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"An answer came that does not belong to this sign-in."_s,
                     .code = u"StateMismatch"_s,
                     .nextStep = u"Start again; nothing was accepted."_s};
    if (answer.hasQueryItem(u"error"_s))
        return refusal(answer);
    const QByteArray code = answer.queryItemValue(u"code"_s, QUrl::FullyDecoded).toUtf8();
    if (code.isEmpty())
        return Error{.message = u"The browser came back without a code."_s,
                     .nextStep = u"Start again, or use --device-code."_s};
    return Secret(code);
}

Http::Request AuthorizationAttempt::tokenRequest(const Secret &code) const
{
    Http::Request request = formRequest(client, u"token"_s,
                                        {{"grant_type", Secret("authorization_code")},
                                         {"scope", Secret(interactiveScope(scope).toUtf8())},
                                         {"redirect_uri", Secret(redirect.toEncoded())},
                                         {"code", code},
                                         {"code_verifier", verifier}});
    request.retryable = false;
    return request;
}

} // namespace Identity
