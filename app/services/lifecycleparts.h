#pragma once

#include "azure/armclient.h"
#include "lifecycle/parts.h"
#include "lifecycle/rotatecredential.h"

#include <optional>

namespace Services {

struct Services;

/// What the flows of the life cycle work with for a principal of \a cloud and \a tenant: as the
/// operator who is signed in there, or as \a actor, a kept principal with the rights to it.
Lifecycle::Parts
lifecycleParts(Services &services, const QString &cloud, const QString &tenant,
               const std::optional<Identity::ServicePrincipal> &actor = std::nullopt);

/// The access check at the account that was looked at last; yields what it found, and what differs
/// from the check before, which it takes the place of. Nothing to say without an account.
Lifecycle::RotateCredential::Check rotationCheck(Services &services);

/// The object ID of \a principal's service principal: by its own token, or, where it cannot sign
/// in, by what the operator finds in Graph.
void objectIdOf(Services &services, const Lifecycle::Parts &parts,
                const Identity::ServicePrincipal &principal, QObject *context,
                Core::Done<QString> done);

/// A role by name, GUID or resource ID: a built-in one, or one of those that \a scope knows.
/// Errors: NotFound, with near names.
void findRoleAt(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
                const Azure::Scope &scope, const QString &nameOrId, QObject *context,
                Core::Done<Azure::RoleDefinition> done);

struct FoundAssignments
{
    QList<Azure::RoleAssignment> assignments; ///< each once
    /// Names of subscriptions whose assignments the operator may not list; of those only what is
    /// to be seen at their storage accounts is there.
    QStringList unread;
};

/// The assignments that name the service principal \a objectId, in all subscriptions that the
/// operator sees.
void assignmentsEverywhere(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
                           const QString &objectId, QObject *context,
                           Core::Done<FoundAssignments> done);

} // namespace Services
