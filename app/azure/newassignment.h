#pragma once

#include "azure/roles.h"
#include "azure/scope.h"
#include "http/message.h"
#include "identity/cloud.h"

namespace Azure {

/// A role assignment as it is asked for.
struct NewAssignment
{
    Scope scope;
    QString roleDefinitionId; ///< GUID
    QString principalId;      ///< object ID
    /// Said so that Resource Manager does not look the principal up, which fails for a while after
    /// it was made.
    QString principalType = QStringLiteral("ServicePrincipal");
    QString condition; ///< version 2.0; empty for none
    QString description;
    bool operator==(const NewAssignment &) const = default;

    /// The assignment's name: the same for the same scope, principal and role in any spelling, so
    /// that a repeat meets the first one instead of making a second. A UUID of version 5 (RFC
    /// 4122).
    QString name() const;
    QString id() const; ///< the resource ID that it gets
};

/// PUT …/roleAssignments/{name}, api-version 2022-04-01 (REST API, Role Assignments - Create).
Http::Request createAssignmentRequest(const Identity::Cloud &cloud, const NewAssignment &wanted);
/// DELETE of the assignment with the resource ID \a id. Errors: InvalidInput where \a id is none of
/// a role assignment.
Core::Result<Http::Request> deleteAssignmentRequest(const Identity::Cloud &cloud,
                                                    const QString &id);

/// The `az` command that would do the same, for a POSIX shell; or a comment that says why it cannot be shown (Core::Command).
QString azCommand(const NewAssignment &wanted, const QString &roleName);
QString azDeleteAssignment(const QString &id);

} // namespace Azure
