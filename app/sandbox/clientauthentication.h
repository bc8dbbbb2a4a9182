#pragma once

#include "sandbox/clientassertion.h"

#include <variant>

namespace Sandbox {

/// Whether a client is who it says: by one of its secrets, a certificate, or another issuer's word.
class ClientAuthentication final
{
public:
    ClientAuthentication(const Directory &directory, const ClientAssertion &assertions);

    /// The client's service principal in \a tenant.
    std::variant<EntraError, const DirectoryObject *>
    authenticate(const TokenRequest &request, const Tenant &tenant, const QDateTime &now) const;

private:
    std::optional<EntraError> checkSecret(const TokenRequest &request,
                                          const QList<const DirectoryObject *> &holders,
                                          const QDateTime &now) const;

    const Directory &m_directory;
    ClientAssertion m_assertions;
};

} // namespace Sandbox
