#include "access/roleevaluator.h"

#include "access/preparedrights.h"

#include <QHash>
#include <QSet>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::DenyAssignment;
using Azure::Permission;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Kind = Verdict::Kind;

struct RoleEvaluator::Prepared : PreparedRights
{
};

RoleEvaluator::RoleEvaluator(const QList<RoleAssignment> &assignments,
                             const QList<RoleDefinition> &definitions,
                             const QList<DenyAssignment> &denies)
{
    auto prepared = std::make_unique<Prepared>();
    QSet<QString> needed;
    for (const RoleAssignment &assignment : assignments)
        needed.insert(assignment.roleDefinitionId.toLower());
    QHash<QString, const RoleDefinition *> known;
    for (const RoleDefinition &definition : definitions) {
        // A list without IDs names roles, whose names are unique in a tenant.
        for (const QString &key : {definition.name.toLower(), definition.id.toLower()}) {
            if (needed.contains(key))
                known.insert(key, &definition); // of several with one ID the last counts
        }
    }
    QHash<QString, qsizetype> roles;
    for (const RoleAssignment &assignment : assignments) {
        const QString id = assignment.roleDefinitionId.toLower();
        if (!roles.contains(id) && known.contains(id)) {
            auto role = std::make_shared<PreparedRole>();
            role->definition = *known[id];
            for (const Permission &permission : role->definition.permissions) {
                role->permissions.append({permission, GivenCondition(permission.condition,
                                                                     permission.conditionVersion)});
                for (const QString &pattern : permission.dataActions)
                    role->dataServices.insert(serviceOf(pattern));
            }
            roles.insert(id, prepared->roles.size());
            prepared->roles.append(role);
        }
        prepared->byPrincipal.insert(assignment.principalId.toLower(),
                                     prepared->assignments.size());
        const qsizetype role = roles.value(id, -1);
        prepared->assignments.append(
            {assignment, role < 0 ? nullptr : prepared->roles[role],
             GivenCondition(assignment.condition, assignment.conditionVersion), role,
             assignment.scope.id().toLower(),
             assignment.scope.level() == Azure::Scope::Level::ManagementGroup});
    }
    for (const DenyAssignment &deny : denies)
        prepared->denies.append({deny, GivenCondition(deny.condition, deny.conditionVersion)});
    m_prepared = std::move(prepared);
}

RoleEvaluator::RoleEvaluator(const RoleEvaluator &base, const QList<RoleAssignment> &more,
                             const QList<RoleDefinition> &definitions)
    : RoleEvaluator(more, definitions)
{
    m_base = &base;
}

RoleEvaluator::~RoleEvaluator() = default;

Verdict RoleEvaluator::denied(const EvaluationInput &input,
                              const RequiredPermission &required) const
{
    return m_base ? m_base->denied(input, required) : m_prepared->denied(input, required);
}

Verdict RoleEvaluator::granted(const EvaluationInput &input,
                               const RequiredPermission &required) const
{
    Verdict own = m_prepared->granted(input, required);
    return m_base && own.decision != Decision::Allowed
               ? anyOf({own, m_base->granted(input, required)})
               : own;
}

Verdict RoleEvaluator::evaluate(const EvaluationInput &input,
                                const RequiredPermission &required) const
{
    const Verdict denied = this->denied(input, required);
    if (denied.decision == Decision::Denied)
        return denied;
    Verdict granted = this->granted(input, required);
    if (granted.decision == Decision::Denied && granted.because.isEmpty())
        granted.because.append({{},
                                {},
                                {},
                                u"No role assignment of this principal grants %1 here."_s.arg(
                                    shortAction(required.action)),
                                Kind::NoAssignment});
    if (granted.decision != Decision::Allowed)
        putNearestFirst(granted);
    return allOf({granted, denied});
}

Verdict RoleEvaluator::evaluate(const EvaluationInput &input) const
{
    if (input.requirement.isEmpty())
        return {Decision::Allowed, {{{}, {}, {}, u"This operation needs no permission."_s}}};
    QList<Verdict> alternatives;
    for (const QList<RequiredPermission> &needed : input.requirement) {
        if (needed.isEmpty())
            return {Decision::Allowed,
                    {{{}, {}, {}, u"One way of this operation needs no permission."_s}}};
        QList<Verdict> each;
        for (const RequiredPermission &required : needed)
            each.append(evaluate(input, required));
        alternatives.append(allOf(each));
    }
    return anyOf(alternatives);
}

Verdict evaluate(const EvaluationInput &input, const QList<RoleAssignment> &assignments,
                 const QList<RoleDefinition> &definitions, const QList<DenyAssignment> &denies)
{
    return RoleEvaluator(assignments, definitions, denies).evaluate(input);
}

} // namespace Access
