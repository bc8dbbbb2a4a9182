#pragma once

#include "access/circumstances.h"
#include "access/verdict.h"
#include "azure/roles.h"
#include "azure/scope.h"

#include <QStringList>
#include <memory>

namespace Access {

struct EvaluationInput
{
    QStringList principalIds; ///< the principal's object ID and its groups'
    Requirement requirement;
    Azure::Scope scope;           ///< where the operation happens: account or container
    QStringList managementGroups; ///< resource IDs of the groups that contain the subscription
    Circumstances circumstances;
    bool groupsKnown = true; ///< false: there may be groups that principalIds does not name
    bool managementGroupsKnown = true; ///< false: there may be management groups that are not named
};

/// What role and deny assignments say, conditions included (azure-docs, role-based-access-control
/// overview and deny-assignments.md). Pure; prepared once for many questions, from several threads
/// at a time.
class RoleEvaluator final
{
public:
    RoleEvaluator(const QList<Azure::RoleAssignment> &assignments,
                  const QList<Azure::RoleDefinition> &definitions,
                  const QList<Azure::DenyAssignment> &denies = {});
    /// \a base's assignments and denies, and \a more beside them; \a base has to outlive this.
    RoleEvaluator(const RoleEvaluator &base, const QList<Azure::RoleAssignment> &more,
                  const QList<Azure::RoleDefinition> &definitions);
    ~RoleEvaluator();

    /// Undecided where a role's definition, a group, a management group or what a condition asks
    /// for is not known.
    Verdict evaluate(const EvaluationInput &input) const;
    /// The verdict on a single permission; \a input's requirement is not looked at.
    Verdict evaluate(const EvaluationInput &input, const RequiredPermission &required) const;
    /// What the deny assignments alone make of it: Allowed where none stands in the way, Undecided
    /// where one may.
    Verdict denied(const EvaluationInput &input, const RequiredPermission &required) const;

private:
    Q_DISABLE_COPY_MOVE(RoleEvaluator)
    struct Prepared;
    Verdict granted(const EvaluationInput &input, const RequiredPermission &required) const;

    std::unique_ptr<const Prepared> m_prepared;
    const RoleEvaluator *m_base = nullptr;
};

/// RoleEvaluator for a single question.
Verdict evaluate(const EvaluationInput &input, const QList<Azure::RoleAssignment> &assignments,
                 const QList<Azure::RoleDefinition> &definitions,
                 const QList<Azure::DenyAssignment> &denies = {});

} // namespace Access
