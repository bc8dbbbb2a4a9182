#pragma once

#include "sandbox/armanswer.h"
#include "sandbox/authorizer.h"
#include "sandbox/directory.h"
#include "sandbox/roleregister.h"

namespace Sandbox {

/// Microsoft.Authorization: role definitions and assignments, which are read and written, deny
/// assignments and the caller's permissions, which are read.
class ArmAuthorization final
{
public:
    ArmAuthorization(const Scenario &scenario, const Authorizer &authorizer, RoleRegister &roles,
                     const Directory &directory);

    /// \a path: what follows "/providers/Microsoft.Authorization/" at \a scope.
    ArmFound answer(const Azure::Scope &scope, const QStringList &path, const Incoming &request,
                    const ArmCaller &caller);

private:
    ArmFound read(const Azure::Scope &scope, const QStringList &path, const QString &filter,
                  const ArmCaller &caller) const;
    ArmFound roleDefinitions(const Azure::Scope &scope, const QString &id,
                             const QString &filter) const;
    ArmFound roleAssignments(const Azure::Scope &scope, const QString &id,
                             const QString &filter) const;
    ArmFound denyAssignments(const Azure::Scope &scope) const;
    ArmFound permissions(const Azure::Scope &scope, const ArmCaller &caller) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    RoleRegister &m_roles;
    const Directory &m_directory;
};

} // namespace Sandbox
