#pragma once

#include "sandbox/armauthorization.h"

namespace Sandbox {

/// PUT and DELETE of role assignments and custom roles. That the caller may do it at the scope is
/// known already.
class ArmRoleWriting final
{
public:
    ArmRoleWriting(const Scenario &scenario, const Authorizer &authorizer, RoleRegister &roles,
                   const Directory &directory, const ArmCaller &caller);

    /// \a body is the request's; \a apiVersion decides how much an error tells.
    ArmFound assign(const Azure::Scope &scope, const QString &name, const QJsonObject &body,
                    const QString &apiVersion);
    ArmFound unassign(const Azure::Scope &scope, const QString &name);
    ArmFound define(const QString &id, const QJsonObject &body);
    ArmFound undefine(const QString &id);

private:
    std::optional<ArmFailure> wrong(const Azure::RoleAssignment &wanted,
                                    const QString &apiVersion) const;
    std::optional<ArmFailure> wrong(const Azure::RoleDefinition &wanted) const;
    /// The failure for the first of \a scopes at which the caller may not do \a action.
    std::optional<ArmFailure> notAllowedEverywhere(const QString &action,
                                                   const QStringList &scopes) const;
    QString principalType(const QString &objectId) const;
    QJsonObject documentOf(const Azure::RoleAssignment &assignment) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    RoleRegister &m_roles;
    const Directory &m_directory;
    ArmCaller m_caller;
};

} // namespace Sandbox
