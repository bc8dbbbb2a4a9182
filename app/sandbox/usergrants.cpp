#include "sandbox/usergrants.h"

#include "core/secret.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

EntraError invalidGrant(int number, const QString &text)
{
    return {number, "invalid_grant", text};
}

bool isShared(const QString &tenant)
{
    return tenant == u"common" || tenant == u"organizations";
}

SignInRequest requestOf(const TokenRequest &request)
{
    return {.clientId = request.clientId,
            .tenant = request.tenant,
            .v2 = request.v2,
            .scope = request.scope,
            .resource = request.resource};
}

bool matchesChallenge(const SignInRequest &request, const QString &verifier)
{
    if (request.challenge.isEmpty())
        return true;
    if (request.challengeMethod == u"plain")
        return verifier == request.challenge;
    const QByteArray hash =
        QCryptographicHash::hash(verifier.toLatin1(), QCryptographicHash::Sha256);
    return base64Url(hash) == request.challenge.toLatin1();
}

} // namespace

bool isFirstPartyClient(const QString &clientId)
{
    return clientId.compare(u"04b07795-8ddb-461a-bbee-02f9e1bf7b46", Qt::CaseInsensitive) == 0 ||
           clientId.compare(u"1950a258-227b-4e31-a9cf-717495945fc2", Qt::CaseInsensitive) == 0;
}

std::variant<EntraError, const User *> signIn(const Scenario &scenario, const QString &tenant,
                                              const QString &name, const QString &password)
{
    const User *user = scenario.userOfName(name.trimmed());
    const Tenant *asked = scenario.tenant(tenant);
    if (!user || (!isShared(tenant) && (!asked || asked->id != user->tenant)))
        return invalidGrant(
            50034, u"The user account %1 does not exist in the %2 directory. To "
                   "sign into this application, the account must be added to the directory."_s.arg(
                       name, asked ? asked->id : tenant));
    if (!(Core::Secret(user->password.toUtf8()) == Core::Secret(password.toUtf8())))
        return invalidGrant(50126,
                            u"Error validating credentials due to invalid username or password."_s);
    return user;
}

UserGrants::UserGrants(const Scenario &scenario, const Directory &directory,
                       const TokenIssuer &issuer, GrantStore &grants, Endpoints endpoints)
    : m_scenario(scenario)
    , m_directory(directory)
    , m_grants(grants)
    , m_endpoints(endpoints)
    , m_clients(directory, ClientAssertion(scenario, directory, issuer, endpoints))
    , m_tokens(scenario, issuer, grants, endpoints)
{
}

std::optional<Answer> UserGrants::answer(const TokenRequest &request, const QDateTime &now)
{
    const auto refuse = [&](const EntraError &error) {
        return entraRefusal(error, request.correlationId, now);
    };
    static const QStringList grants{u"urn:ietf:params:oauth:grant-type:device_code"_s,
                                    u"device_code"_s, u"authorization_code"_s, u"refresh_token"_s,
                                    u"password"_s};
    const qsizetype grant = grants.indexOf(request.grantType);
    if (grant < 0)
        return std::nullopt;
    if (request.clientId.isEmpty())
        return refuse(missingParameter(u"client_id"_s));
    if (!isShared(request.tenant) && !m_scenario.tenant(request.tenant))
        return refuse(badTenant(request.tenant));
    SignInRequest wanted = requestOf(request);
    const Outcome outcome = grant <= 1   ? byDeviceCode(request, wanted, now)
                            : grant == 2 ? byAuthorizationCode(request, wanted, now)
                            : grant == 3 ? byRefreshToken(request, now)
                                         : byPassword(request);
    if (const auto *error = std::get_if<EntraError>(&outcome))
        return refuse(*error);
    const User &user = *std::get<const User *>(outcome);
    if (const auto error = wrongClient(request, user, now))
        return refuse(*error);
    const auto scope = m_tokens.scopeOf(wanted, request.tenant);
    if (const auto *error = std::get_if<EntraError>(&scope))
        return refuse(*error);
    return m_tokens.issue(wanted, std::get<UserScope>(scope), user,
                          request.value(u"client_info"_s) == u"1", now);
}

std::optional<EntraError> UserGrants::wrongClient(const TokenRequest &request, const User &user,
                                                  const QDateTime &now) const
{
    if (isFirstPartyClient(request.clientId)) {
        if (request.hasSecret || request.hasAssertion)
            return EntraError{
                700025, "invalid_client",
                u"Client is public so neither 'client_assertion' nor 'client_secret' should be presented."_s,
                401};
        return std::nullopt;
    }
    const DirectoryObject *application =
        m_directory.ofClient(Directory::Replica::SignIn, DirectoryObject::Kind::Application,
                             user.tenant, request.clientId, now);
    if (application && application->properties.value(u"isFallbackPublicClient"_s).toBool())
        return std::nullopt;
    const auto known = m_clients.authenticate(request, *m_scenario.tenant(user.tenant), now);
    const auto *error = std::get_if<EntraError>(&known);
    return error ? std::optional(*error) : std::nullopt;
}

Answer UserGrants::deviceCode(const TokenRequest &request, const QDateTime &now)
{
    const auto refuse = [&](const EntraError &error) {
        return entraRefusal(error, request.correlationId, now);
    };
    if (request.clientId.isEmpty())
        return refuse(missingParameter(u"client_id"_s));
    if (!isShared(request.tenant) && !m_scenario.tenant(request.tenant))
        return refuse(badTenant(request.tenant));
    if (request.v2 && request.scope.isEmpty())
        return refuse(missingParameter(u"scope"_s));
    const SignInRequest wanted = requestOf(request);
    const auto scope = m_tokens.scopeOf(wanted, request.tenant);
    if (const auto *error = std::get_if<EntraError>(&scope))
        return refuse(*error);
    const SignInSettings &settings = m_scenario.signIn;
    const DeviceCode &code =
        m_grants.addDeviceCode(wanted, now.addSecs(settings.deviceCodeLifetime));
    const QString page = m_endpoints.authority == u"https://login.microsoftonline.com"
                             ? u"https://login.microsoft.com/device"_s
                             : m_endpoints.authority + u"/device"_s;
    const auto number = [&](qint64 value) {
        return request.v2 ? QJsonValue(value) : QJsonValue(QString::number(value));
    };
    return entraAnswer(
        200,
        {{u"user_code"_s, code.userCode},
         {u"device_code"_s, code.code},
         {request.v2 ? u"verification_uri"_s : u"verification_url"_s, page},
         {u"expires_in"_s, number(settings.deviceCodeLifetime)},
         {u"interval"_s, number(settings.deviceCodeInterval)},
         {u"message"_s, u"To sign in, use a web browser to open the page %1 and enter the code %2 "
                        "to authenticate."_s.arg(page, code.userCode)}},
        false, now);
}

UserGrants::Outcome UserGrants::byDeviceCode(const TokenRequest &request, SignInRequest &wanted,
                                             const QDateTime &now)
{
    const QString asked = request.value(u"device_code"_s);
    DeviceCode *code = m_grants.deviceCode(asked.isEmpty() ? request.value(u"code"_s) : asked);
    if (!code || code->request.clientId.compare(request.clientId, Qt::CaseInsensitive) != 0)
        return EntraError{
            70018, "bad_verification_code",
            u"Invalid verification code due to User typing in wrong user code for device code flow."_s};
    if (now >= code->expires)
        return EntraError{
            70020, "expired_token",
            u"The provided value for the input parameter 'device_code' is not valid. This code has expired."_s};
    if (code->state == DeviceCode::State::Declined)
        return EntraError{70017, "authorization_declined",
                          u"The end user denied the authorization request."_s};
    if (code->state == DeviceCode::State::Pending) {
        const bool hasty = code->polledAt.isValid() &&
                           code->polledAt.secsTo(now) < m_scenario.signIn.deviceCodeInterval - 1;
        code->polledAt = now;
        return EntraError{
            70016, hasty ? "slow_down" : "authorization_pending",
            u"OAuth 2.0 device flow error. Authorization is pending. Continue polling."_s};
    }
    const QString user = code->user;
    wanted.scope = code->request.scope;
    wanted.resource = code->request.resource;
    code->expires = now; // it is good for one time
    return m_scenario.userOfObject(user);
}

UserGrants::Outcome UserGrants::byAuthorizationCode(const TokenRequest &request,
                                                    SignInRequest &wanted, const QDateTime &now)
{
    AuthorizationCode *code = m_grants.authorizationCode(request.value(u"code"_s));
    if (!code || code->request.clientId.compare(request.clientId, Qt::CaseInsensitive) != 0)
        return EntraError{9002313, "invalid_request",
                          u"Invalid request. Request is malformed or invalid."_s};
    if (code->redeemed) {
        m_grants.revoke(code->user, code->request.clientId);
        return invalidGrant(54005, u"OAuth2 Authorization code was already redeemed, please retry "
                                   "with a new valid code or use an existing refresh token."_s);
    }
    if (now >= code->expires)
        return invalidGrant(
            70008,
            u"The provided authorization code or refresh token has expired "
            "due to inactivity. Send a new interactive authorization request for this user and resource."_s);
    if (request.value(u"redirect_uri"_s) != code->request.redirectUri)
        return invalidGrant(500112,
                            u"The reply address '%1' does not match the reply address '%2' "
                            "provided when requesting Authorization code."_s.arg(
                                request.value(u"redirect_uri"_s), code->request.redirectUri));
    if (!matchesChallenge(code->request, request.value(u"code_verifier"_s)))
        return invalidGrant(
            501481,
            u"The Code_Verifier does not match the code_challenge supplied in the authorization request."_s);
    code->redeemed = true;
    const SignInRequest asked = code->request;
    wanted.nonce = asked.nonce;
    wanted.scope = request.scope.isEmpty() ? asked.scope : request.scope;
    wanted.resource = request.resource.isEmpty() ? asked.resource : request.resource;
    return m_scenario.userOfObject(code->user);
}

UserGrants::Outcome UserGrants::byRefreshToken(const TokenRequest &request,
                                               const QDateTime &now) const
{
    const RefreshToken *token = m_grants.refreshToken(request.value(u"refresh_token"_s));
    if (!token || token->clientId.compare(request.clientId, Qt::CaseInsensitive) != 0)
        return invalidGrant(9002313, u"Invalid request. Request is malformed or invalid."_s);
    if (now >= token->expires)
        return invalidGrant(
            700082, u"The refresh token has expired due to inactivity. The token was issued on %1 "
                    "and was inactive for %2."_s.arg(
                        token->expires.addSecs(-m_scenario.signIn.refreshTokenLifetime)
                            .toString(Qt::ISODate),
                        QString::number(m_scenario.signIn.refreshTokenLifetime) + u" seconds"_s));
    const User *user = m_scenario.userOfObject(token->user);
    const Tenant *tenant = m_scenario.tenant(request.tenant);
    if (!user || (tenant && tenant->id != user->tenant))
        return invalidGrant(
            50020, u"User account '%1' from identity provider does not exist in "
                   "tenant '%2' and cannot access the application '%3' in that tenant."_s.arg(
                       user ? user->userPrincipalName : QString(),
                       tenant ? tenant->name : request.tenant, request.clientId));
    return user;
}

UserGrants::Outcome UserGrants::byPassword(const TokenRequest &request) const
{
    return signIn(m_scenario, request.tenant, request.value(u"username"_s),
                  request.value(u"password"_s));
}

} // namespace Sandbox
