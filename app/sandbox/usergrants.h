#pragma once

#include "sandbox/clientauthentication.h"
#include "sandbox/usertokens.h"

namespace Sandbox {

/// The grants by which a person gets tokens: device code, authorization code, refresh token and
/// password; and the device code endpoint, where the first begins.
class UserGrants final
{
public:
    UserGrants(const Scenario &scenario, const Directory &directory, const TokenIssuer &issuer,
               GrantStore &grants, Endpoints endpoints);

    /// Nothing where the request's grant is none of these.
    std::optional<Answer> answer(const TokenRequest &request, const QDateTime &now);
    Answer deviceCode(const TokenRequest &request, const QDateTime &now);

private:
    using Outcome = std::variant<EntraError, const User *>;

    Outcome byDeviceCode(const TokenRequest &request, SignInRequest &wanted, const QDateTime &now);
    Outcome byAuthorizationCode(const TokenRequest &request, SignInRequest &wanted,
                                const QDateTime &now);
    Outcome byRefreshToken(const TokenRequest &request, const QDateTime &now) const;
    Outcome byPassword(const TokenRequest &request) const;
    std::optional<EntraError> wrongClient(const TokenRequest &request, const User &user,
                                          const QDateTime &now) const;

    const Scenario &m_scenario;
    const Directory &m_directory;
    GrantStore &m_grants;
    Endpoints m_endpoints;
    ClientAuthentication m_clients;
    UserTokens m_tokens;
};

/// The client ID with which az and Azure PowerShell sign people in; it is in every tenant.
bool isFirstPartyClient(const QString &clientId);
/// The user of this name and password in the tenant that \a tenant names; "common" and
/// "organizations" take the user's own. Errors: 50034, 50126.
std::variant<EntraError, const User *> signIn(const Scenario &scenario, const QString &tenant,
                                              const QString &name, const QString &password);

} // namespace Sandbox
