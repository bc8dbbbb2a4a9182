#pragma once

#include "sandbox/clientauthentication.h"
#include "sandbox/endpoints.h"
#include "sandbox/tokenissuer.h"

namespace Sandbox {

/// The token endpoint, v1.0 and v2.0: client credentials.
class TokenEndpoint final
{
public:
    TokenEndpoint(const Scenario &scenario, const Directory &directory, const TokenIssuer &issuer,
                  Endpoints endpoints);

    Answer answer(const TokenRequest &request, const QDateTime &now);

private:
    Answer clientCredentials(const TokenRequest &request, const QDateTime &now) const;
    Answer issue(const TokenRequest &request, const DirectoryObject &principal,
                 const QString &resource, const QDateTime &now) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
    ClientAuthentication m_clients;
};

} // namespace Sandbox
