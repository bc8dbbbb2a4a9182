#pragma once

#include "azure/roles.h"
#include "identity/cloud.h"
#include "lifecycle/parts.h"

#include <QHash>

namespace Services {

/// The names of the roles that \a assignments give, by the GUIDs of their definitions: of built-in
/// ones without asking, of custom ones as Resource Manager names them at the assignments' scopes.
/// Where the operator may not read them, a role is missing; that is no error.
void roleNames(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
               const QList<Azure::RoleAssignment> &assignments, QObject *context,
               Core::Done<QHash<QString, QString>> done);

} // namespace Services
