#include "sandbox/signinpages.h"

#include "sandbox/authorizepage.h"

#include <QUrl>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qint64 s_codeLifetime = 600; ///< seconds

bool isLoopback(const QUrl &url)
{
    return url.host() == u"localhost" || url.host() == u"127.0.0.1" || url.host() == u"::1";
}

Answer redirected(const QString &redirectUri, const QString &mode, const QUrlQuery &result,
                  const QDateTime &now)
{
    QUrl url(redirectUri);
    if (mode == u"fragment") {
        url.setFragment(result.toString(QUrl::FullyEncoded));
    } else {
        QUrlQuery query(url);
        for (const auto &[key, value] : result.queryItems(QUrl::FullyDecoded))
            query.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
        url.setQuery(query);
    }
    return {.status = 302,
            .headers = {{"Location", url.toEncoded()},
                        {"Cache-Control", "no-store, no-cache"},
                        {"Referrer-Policy", "no-referrer"},
                        {"Date", httpDate(now)}}};
}

QUrlQuery withState(QUrlQuery result, const QString &state)
{
    if (!state.isEmpty())
        result.addQueryItem(u"state"_s, state);
    return result;
}

QUrlQuery declined()
{
    QUrlQuery result;
    result.addQueryItem(u"error"_s, u"access_denied"_s);
    result.addQueryItem(u"error_description"_s,
                        u"AADSTS65004: User declined to consent to access the app."_s);
    return result;
}

} // namespace

bool isSameRedirect(const QString &registered, const QString &given)
{
    QUrl one(registered), other(given);
    if (isLoopback(one) && isLoopback(other)) {
        one.setPort(-1);
        other.setPort(-1);
    }
    const auto plain = [](QUrl url) {
        if (url.path().isEmpty())
            url.setPath(u"/"_s);
        return url.adjusted(QUrl::RemoveFragment | QUrl::NormalizePathSegments);
    };
    return plain(one) == plain(other);
}

SignInPages::SignInPages(const Scenario &scenario, const Directory &directory, GrantStore &grants,
                         Endpoints endpoints)
    : m_scenario(scenario)
    , m_directory(directory)
    , m_grants(grants)
    , m_endpoints(std::move(endpoints))
{
}

std::optional<Answer> SignInPages::answer(const Incoming &request, const QDateTime &now)
{
    const QStringList path = request.segments();
    const QString rest = path.mid(1).join(u'/');
    if (request.verb != "GET" && request.verb != "POST")
        return std::nullopt;
    if (path.size() == 1 && (path[0] == u"device" || path[0] == u"devicelogin"))
        return device(request, now);
    if (rest == u"oauth2/v2.0/authorize" || rest == u"oauth2/authorize")
        return authorize(request, path[0], rest == u"oauth2/v2.0/authorize", now);
    return std::nullopt;
}

std::optional<EntraError> SignInPages::wrongRedirect(const SignInRequest &wanted,
                                                     const QDateTime &now) const
{
    QStringList registered;
    if (isFirstPartyClient(wanted.clientId)) {
        if (QUrl url(wanted.redirectUri); isLoopback(url) && url.scheme() == u"http")
            return std::nullopt;
        registered = {u"https://login.microsoftonline.com/common/oauth2/nativeclient"_s};
    } else {
        const DirectoryObject *application = nullptr;
        for (const Tenant &tenant : m_scenario.tenants) {
            if (!application)
                application = m_directory.ofClient(Directory::Replica::SignIn,
                                                   DirectoryObject::Kind::Application, tenant.id,
                                                   wanted.clientId, now);
        }
        if (!application)
            return EntraError{
                700016, "unauthorized_client",
                u"Application with identifier '%1' was not found in the directory '%2'."_s.arg(
                    wanted.clientId, wanted.tenant)};
        for (const QString &kind : {u"publicClient"_s, u"web"_s, u"spa"_s}) {
            const QJsonValue uris =
                application->properties.value(kind).toObject().value(u"redirectUris"_s);
            for (const QJsonValue &uri : uris.toArray())
                registered.append(uri.toString());
        }
    }
    for (const QString &one : registered) {
        if (isSameRedirect(one, wanted.redirectUri))
            return std::nullopt;
    }
    return EntraError{
        50011, "invalid_request",
        u"The redirect URI '%1' specified in the request does not match the redirect "
        "URIs configured for the application '%2'."_s.arg(wanted.redirectUri, wanted.clientId)};
}

Answer SignInPages::authorize(const Incoming &request, const QString &tenant, bool v2,
                              const QDateTime &now)
{
    QUrlQuery fields(QString::fromUtf8(request.rawQuery()).replace(u'+', u"%20"_s));
    if (request.verb == "POST") {
        for (const auto &[key, value] : formFields(request.body).queryItems(QUrl::FullyDecoded)) {
            fields.removeAllQueryItems(key);
            fields.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
        }
    }
    const SignInRequest wanted{.clientId = field(fields, u"client_id"_s),
                               .tenant = tenant,
                               .v2 = v2,
                               .scope = field(fields, u"scope"_s),
                               .resource = field(fields, u"resource"_s),
                               .redirectUri = field(fields, u"redirect_uri"_s),
                               .challenge = field(fields, u"code_challenge"_s),
                               .challengeMethod = field(fields, u"code_challenge_method"_s),
                               .nonce = field(fields, u"nonce"_s)};
    const bool shared = tenant == u"common" || tenant == u"organizations";
    if (!shared && !m_scenario.tenant(tenant))
        return errorPage(badTenant(tenant), now);
    if (wanted.clientId.isEmpty())
        return errorPage(missingParameter(u"client_id"_s), now);
    // Nothing is sent to an address that the application did not register.
    if (const auto error = wrongRedirect(wanted, now))
        return errorPage(*error, now);
    if (field(fields, u"response_type"_s) != u"code") {
        QUrlQuery result;
        result.addQueryItem(u"error"_s, u"unsupported_response_type"_s);
        result.addQueryItem(u"error_description"_s,
                            u"AADSTS700054: response_type is not enabled for the application."_s);
        return redirected(wanted.redirectUri, field(fields, u"response_mode"_s),
                          withState(result, field(fields, u"state"_s)), now);
    }
    if (request.verb == "GET")
        return signInPage(fields, field(fields, u"login_hint"_s), {}, now);
    return finish(fields, wanted, now);
}

Answer SignInPages::finish(const QUrlQuery &fields, const SignInRequest &wanted,
                           const QDateTime &now)
{
    const QString mode = field(fields, u"response_mode"_s);
    const QString state = field(fields, u"state"_s);
    if (fields.hasQueryItem(u"decline"_s))
        return redirected(wanted.redirectUri, mode, withState(declined(), state), now);
    const QString name = field(fields, u"username"_s);
    const auto known = signIn(m_scenario, wanted.tenant, name, field(fields, u"password"_s));
    if (const auto *error = std::get_if<EntraError>(&known))
        return signInPage(fields, name, error->text, now);
    const AuthorizationCode &code = m_grants.addAuthorizationCode(
        wanted, std::get<const User *>(known)->objectId, now.addSecs(s_codeLifetime));
    QUrlQuery result;
    result.addQueryItem(u"code"_s, code.code);
    result = withState(result, state);
    result.addQueryItem(u"session_state"_s, QUuid::createUuid().toString(QUuid::WithoutBraces));
    return redirected(wanted.redirectUri, mode, result, now);
}

Answer SignInPages::device(const Incoming &request, const QDateTime &now)
{
    if (request.verb == "GET")
        return devicePage({}, {}, now);
    const QUrlQuery fields = formFields(request.body);
    const QString name = field(fields, u"username"_s);
    DeviceCode *code = m_grants.userCode(field(fields, u"code"_s));
    if (!code || now >= code->expires || code->state != DeviceCode::State::Pending)
        return devicePage(name, u"That code didn't work. Check the code and try again."_s, now);
    if (fields.hasQueryItem(u"decline"_s)) {
        code->state = DeviceCode::State::Declined;
        return closingPage(u"The sign-in was declined. You can close this window."_s, now);
    }
    const auto known = signIn(m_scenario, code->request.tenant, name, field(fields, u"password"_s));
    if (const auto *error = std::get_if<EntraError>(&known))
        return devicePage(name, error->text, now);
    code->user = std::get<const User *>(known)->objectId;
    code->state = DeviceCode::State::Approved;
    return closingPage(u"You have signed in on your device. You can close this window."_s, now);
}

} // namespace Sandbox
