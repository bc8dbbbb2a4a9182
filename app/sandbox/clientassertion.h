#pragma once

#include "sandbox/directory.h"
#include "sandbox/endpoints.h"
#include "sandbox/entraerror.h"
#include "sandbox/tokenissuer.h"
#include "sandbox/tokenrequest.h"

namespace Sandbox {

/// Whether a client_assertion stands for the client: signed by one of its certificates (RS256 or
/// PS256, named by x5t or x5t#S256), or by an issuer that one of its federated credentials trusts.
class ClientAssertion final
{
public:
    ClientAssertion(const Scenario &scenario, const Directory &directory, const TokenIssuer &issuer,
                    const Endpoints &endpoints);

    /// Nothing where it is good. \a holders: the service principal and its application.
    std::optional<EntraError> check(const TokenRequest &request, const Tenant &tenant,
                                    const QList<const DirectoryObject *> &holders,
                                    const QDateTime &now) const;

private:
    std::optional<EntraError> certificate(const Jwt &assertion, const TokenRequest &request,
                                          const Tenant &tenant,
                                          const QList<const DirectoryObject *> &holders,
                                          const QDateTime &now) const;
    std::optional<EntraError> federated(const Jwt &assertion,
                                        const QList<const DirectoryObject *> &holders,
                                        const QDateTime &now) const;
    bool isForThisEndpoint(const QString &audience, const Tenant &tenant) const;
    bool isSignedByIssuer(const Jwt &assertion) const;

    const Scenario &m_scenario;
    const Directory &m_directory;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
};

/// The issuer of the tokens that the sandbox hands out for federated credentials.
QString sandboxIssuer();

} // namespace Sandbox
