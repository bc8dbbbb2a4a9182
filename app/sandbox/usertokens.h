#pragma once

#include "sandbox/endpoints.h"
#include "sandbox/entraerror.h"
#include "sandbox/grantstore.h"
#include "sandbox/scenario.h"
#include "sandbox/tokenissuer.h"

#include <variant>

namespace Sandbox {

/// What a person asks a token for.
struct UserScope
{
    QString resource;
    QString answered; ///< the answer's "scope"
    bool openId = false;
    bool offline = false;
};

/// Issues what a person gets: access, refresh and ID tokens, v1.0 and v2.0.
class UserTokens final
{
public:
    UserTokens(const Scenario &scenario, const TokenIssuer &issuer, GrantStore &grants,
               Endpoints endpoints);

    /// Errors: 70011 (more than one resource), 500011 (none that is known).
    std::variant<EntraError, UserScope> scopeOf(const SignInRequest &request,
                                                const QString &tenantName) const;
    /// \a clientInfo: client_info=1 was asked for.
    Answer issue(const SignInRequest &request, const UserScope &scope, const User &user,
                 bool clientInfo, const QDateTime &now);

private:
    QString accessToken(const SignInRequest &request, const UserScope &scope, const User &user,
                        const QDateTime &now) const;
    QString idToken(const SignInRequest &request, const User &user, const QDateTime &now) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    GrantStore &m_grants;
    Endpoints m_endpoints;
};

} // namespace Sandbox
