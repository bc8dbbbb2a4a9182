#pragma once

#include "sandbox/usergrants.h"

namespace Sandbox {

/// The token endpoint, v1.0 and v2.0: client credentials, and what people
/// sign in by.
class TokenEndpoint final
{
public:
    TokenEndpoint(const Scenario &scenario, const Directory &directory, const TokenIssuer &issuer,
                  GrantStore &grants, Endpoints endpoints);

    Answer deviceCode(const TokenRequest &request, const QDateTime &now);
    Answer answer(const TokenRequest &request, const QDateTime &now);

private:
    Answer clientCredentials(const TokenRequest &request, const QDateTime &now) const;
    Answer issue(const TokenRequest &request, const DirectoryObject &principal,
                 const QString &resource, const QDateTime &now) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
    ClientAuthentication m_clients;
    UserGrants m_users;
};

} // namespace Sandbox
