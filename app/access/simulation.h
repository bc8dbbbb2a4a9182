#pragma once

#include "access/roleevaluator.h"
#include "core/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace Access {

/// Whether a described request would be allowed by given assignments, without asking anybody.
struct Simulation
{
    Azure::AuthorizationList<Azure::RoleAssignment> assignments;
    Azure::AuthorizationList<Azure::RoleDefinition>
        definitions; ///< before the built-in ones, which fill up
    Azure::AuthorizationList<Azure::DenyAssignment> denies;
    EvaluationInput request;
    bool permissionKindKnown =
        true; ///< false: whether the permissions are data actions was not said
    bool rolesAreAsked =
        true; ///< false for an account or service SAS, whose own terms are not known here

    /// Reads the request
    /// {"principalId","groupIds","operation","permissions","isDataAction","suboperation","scope",
    /// "managementGroups","attributes","context"} into \c request. Keys that are absent are
    /// unknown, not false. Errors: InvalidInput naming the key.
    Core::Result<void> readRequest(const QByteArray &json);

    Verdict run() const;
};

/// {"decision":"allow|deny|indeterminate","because":[{"assignment","role","scope","why"}]}
QJsonObject toJson(const Verdict &verdict);

} // namespace Access
