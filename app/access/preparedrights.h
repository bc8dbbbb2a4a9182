#pragma once

#include "access/givencondition.h"
#include "access/roleevaluator.h"

#include <QMultiHash>
#include <memory>

namespace Access {

struct PreparedPermission
{
    Azure::Permission permission;
    GivenCondition condition;
};

struct PreparedRole
{
    Azure::RoleDefinition definition;
    QList<PreparedPermission> permissions;
};

struct PreparedAssignment
{
    Azure::RoleAssignment assignment;
    std::shared_ptr<const PreparedRole> role; ///< null: not known
    GivenCondition condition;

    QString roleName() const { return role ? role->definition.name : assignment.roleDefinitionId; }
};

/// Assignments and deny assignments as RoleEvaluator asks them: definitions found, conditions read,
/// principals indexed.
struct PreparedRights
{
    QList<PreparedAssignment> assignments;
    QMultiHash<QString, qsizetype> byPrincipal; ///< lower-case object ID to index
    struct Deny
    {
        Azure::DenyAssignment assignment;
        GivenCondition condition;
    };
    QList<Deny> denies;

    Verdict denied(const EvaluationInput &input, const RequiredPermission &required) const;
    Verdict assess(const PreparedAssignment &one, const EvaluationInput &input,
                   const RequiredPermission &required) const;
    Verdict conditional(const PreparedAssignment &one, const EvaluationInput &input,
                        const RequiredPermission &required) const;
    QList<qsizetype> concerning(const EvaluationInput &input) const;
};

} // namespace Access
