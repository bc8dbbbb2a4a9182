#pragma once

#include "sandbox/directory.h"
#include "sandbox/entraerror.h"
#include "sandbox/tokenrequest.h"

#include <variant>

namespace Sandbox {

/// Whether a client is who it says: by one of its secrets.
class ClientAuthentication final
{
public:
    ClientAuthentication(const Scenario &scenario, const Directory &directory);

    /// The client's service principal in \a tenant.
    std::variant<EntraError, const DirectoryObject *>
    authenticate(const TokenRequest &request, const Tenant &tenant, const QDateTime &now) const;

private:
    std::optional<EntraError> checkSecret(const TokenRequest &request,
                                          const QList<const DirectoryObject *> &holders,
                                          const QDateTime &now) const;

    const Scenario &m_scenario;
    const Directory &m_directory;
};

} // namespace Sandbox
