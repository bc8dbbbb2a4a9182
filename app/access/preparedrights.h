#pragma once

#include "access/givencondition.h"
#include "access/roleevaluator.h"

#include <QBitArray>
#include <QMultiHash>
#include <QMutex>
#include <QSet>
#include <memory>

namespace Access {

/// The provider's service that an action belongs to, in lower case:
/// "microsoft.storage/storageaccounts/blobservices".
QString serviceOf(const QString &action);

struct PreparedPermission
{
    Azure::Permission permission;
    GivenCondition condition;
};

struct PreparedRole
{
    Azure::RoleDefinition definition;
    QList<PreparedPermission> permissions;
    QSet<QString> dataServices; ///< serviceOf() each of its dataActions
};

struct PreparedAssignment
{
    Azure::RoleAssignment assignment;
    std::shared_ptr<const PreparedRole> role; ///< null: not known
    GivenCondition condition;
    qsizetype roleIndex = -1; ///< in PreparedRights::roles; -1: not known
    QString scope;            ///< in lower case
    bool atManagementGroup = false;

    QString roleName() const { return role ? role->definition.name : assignment.roleDefinitionId; }
};

/// An assignment to the principal, or to what may be a group of it.
struct Concerned
{
    qsizetype index = 0; ///< in PreparedRights::assignments
    bool its = true;     ///< certainly the principal's or a group's of it
};

struct PreparedRights;

/// What the same questions come back to, worked out once: thousands of cells ask for a few
/// permissions of a few principals. From several threads at a time.
class RightsMemory final
{
public:
    /// By role index: whether the role includes \a required, its Not lists counted.
    QBitArray granting(const PreparedRights &rights, const RequiredPermission &required);
    /// In the order given.
    std::shared_ptr<const QList<Concerned>> concerning(const PreparedRights &rights,
                                                       const EvaluationInput &input);

private:
    QMutex m_mutex;
    QHash<QString, QBitArray> m_granting;
    QHash<QString, std::shared_ptr<const QList<Concerned>>> m_concerning;
};

/// Assignments and deny assignments as RoleEvaluator asks them: definitions found, conditions read,
/// principals indexed.
struct PreparedRights
{
    QList<std::shared_ptr<const PreparedRole>> roles;
    QList<PreparedAssignment> assignments;
    QMultiHash<QString, qsizetype> byPrincipal; ///< lower-case object ID to index
    struct Deny
    {
        Azure::DenyAssignment assignment;
        GivenCondition condition;
    };
    QList<Deny> denies;

    Verdict denied(const EvaluationInput &input, const RequiredPermission &required) const;
    /// The best that the assignments to the principal come to: the first that allows, or why none
    /// does; of many misses of one kind only the first few.
    Verdict granted(const EvaluationInput &input, const RequiredPermission &required) const;

private:
    /// The kind of a miss that is plain without a closer look, Kind::Other where it is no news at
    /// all, nothing where assess() has to look. \a scope is the input's, in lower case.
    std::optional<Verdict::Kind> plainMiss(const PreparedAssignment &one, bool its, bool includes,
                                           const QString &scope, const EvaluationInput &input,
                                           const RequiredPermission &required) const;
    Verdict assess(const PreparedAssignment &one, bool its, bool includes,
                   const EvaluationInput &input, const RequiredPermission &required) const;
    Verdict conditional(const PreparedAssignment &one, const EvaluationInput &input,
                        const RequiredPermission &required) const;

    mutable RightsMemory m_memory;
};

} // namespace Access
