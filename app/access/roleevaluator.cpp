#include "access/roleevaluator.h"

#include <QHash>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::DenyAssignment;
using Azure::Permission;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

namespace {

const QString zeroGuid = u"00000000-0000-0000-0000-000000000000"_s;

bool anyMatches(const QStringList &patterns, const QString &action)
{
    return std::any_of(patterns.cbegin(), patterns.cend(),
                       [&](const QString &pattern) { return matchesAction(pattern, action); });
}

// Whether one permissions[] object grants; its Not lists count only here.
bool grants(const Permission &permission, const RequiredPermission &required)
{
    return required.isDataAction
        ? anyMatches(permission.dataActions, required.action) && !anyMatches(permission.notDataActions, required.action)
        : anyMatches(permission.actions, required.action) && !anyMatches(permission.notActions, required.action);
}

bool grants(const RoleDefinition &role, const RequiredPermission &required)
{
    return std::any_of(role.permissions.cbegin(), role.permissions.cend(),
                       [&](const Permission &permission) { return grants(permission, required); });
}

// A condition inside the definition itself decides too, and is not read here.
bool grantsUnconditionally(const RoleDefinition &role, const RequiredPermission &required)
{
    return std::any_of(role.permissions.cbegin(), role.permissions.cend(), [&](const Permission &permission) {
        return permission.condition.isEmpty() && grants(permission, required);
    });
}

bool reaches(const Scope &scope, const EvaluationInput &input)
{
    if (scope.contains(input.scope))
        return true;
    return scope.level() == Scope::Level::ManagementGroup
        && std::any_of(input.managementGroups.cbegin(), input.managementGroups.cend(), [&](const QString &group) {
               return scope.id().compare(group, Qt::CaseInsensitive) == 0;
           });
}

bool isFor(const QString &principalId, const EvaluationInput &input)
{
    return input.principalIds.contains(principalId, Qt::CaseInsensitive);
}

QString shortAction(const QString &action)
{
    return action.section(u"/blobServices/"_s, 1, 1).isEmpty() ? action : action.section(u"/blobServices/"_s, 1, 1);
}

class Evaluation
{
public:
    Evaluation(const EvaluationInput &input, const QList<RoleAssignment> &assignments, const QList<RoleDefinition> &definitions,
               const QList<DenyAssignment> &denies)
        : m_input(input), m_assignments(assignments), m_denies(denies)
    {
        for (const RoleDefinition &role : definitions)
            m_roles.insert(role.id.toLower(), &role);
    }

    // The verdict on one permission.
    Verdict permission(const RequiredPermission &required) const
    {
        if (const DenyAssignment *deny = denied(required))
            return {Decision::Denied,
                    {{deny->id, deny->name, deny->scope.id(),
                      u"A deny assignment blocks %1, whatever roles grant."_s.arg(shortAction(required.action))}}};
        Verdict open{Decision::Denied, {}};
        for (const RoleAssignment &assignment : m_assignments) {
            if (!isFor(assignment.principalId, m_input))
                continue;
            const RoleDefinition *role = m_roles.value(assignment.roleDefinitionId.toLower());
            const Verdict one = assess(assignment, role, required);
            if (one.decision == Decision::Allowed)
                return one;
            if (one.decision == Decision::Undecided)
                open.decision = Decision::Undecided;
            open.because += one.because;
        }
        if (open.because.isEmpty())
            open.because.append({{}, {}, {}, u"No role assignment of this principal grants %1 here."_s.arg(
                                                 shortAction(required.action))});
        return open;
    }

private:
    const DenyAssignment *denied(const RequiredPermission &required) const
    {
        for (const DenyAssignment &deny : m_denies) {
            const bool here = deny.doNotApplyToChildScopes ? deny.scope == m_input.scope : reaches(deny.scope, m_input);
            const bool everybody = deny.principalIds.contains(zeroGuid);
            const bool listed = std::any_of(deny.principalIds.cbegin(), deny.principalIds.cend(),
                                            [&](const QString &id) { return isFor(id, m_input); });
            const bool excluded = std::any_of(deny.excludedPrincipalIds.cbegin(), deny.excludedPrincipalIds.cend(),
                                              [&](const QString &id) { return isFor(id, m_input); });
            const bool matches = std::any_of(deny.permissions.cbegin(), deny.permissions.cend(),
                                             [&](const Permission &permission) { return grants(permission, required); });
            if (here && (everybody || listed) && !excluded && matches)
                return &deny;
        }
        return nullptr;
    }

    Verdict assess(const RoleAssignment &assignment, const RoleDefinition *role, const RequiredPermission &required) const
    {
        const bool here = reaches(assignment.scope, m_input);
        const auto verdict = [&](Decision decision, const QString &why) {
            return Verdict{decision, {{assignment.id, role ? role->name : assignment.roleDefinitionId, assignment.scope.id(), why}}};
        };
        if (!role)
            return here ? verdict(Decision::Undecided, u"The definition of this role is not known here."_s) : Verdict{Decision::Denied, {}};
        if (!grants(*role, required))
            return here ? verdict(Decision::Denied, whyNot(*role, required)) : Verdict{Decision::Denied, {}};
        if (!here)
            return verdict(Decision::Denied, u"%1 allows it, but only at %2."_s.arg(role->name, assignment.scope.lastName()));
        if (!assignment.condition.isEmpty() || !grantsUnconditionally(*role, required))
            return verdict(Decision::Undecided, u"%1 allows it under a condition, which is not evaluated here."_s.arg(role->name));
        return verdict(Decision::Allowed, u"%1 allows it at %2."_s.arg(role->name, assignment.scope.lastName()));
    }

    static QString whyNot(const RoleDefinition &role, const RequiredPermission &required)
    {
        const auto any = [&](auto member) {
            return std::any_of(role.permissions.cbegin(), role.permissions.cend(),
                               [&](const Permission &permission) { return anyMatches(permission.*member, required.action); });
        };
        if (required.isDataAction) {
            const bool none = std::all_of(role.permissions.cbegin(), role.permissions.cend(),
                                          [](const Permission &permission) { return permission.dataActions.isEmpty(); });
            if (none)
                return u"%1 has no dataActions: it manages the account, but does not reach its data."_s.arg(role.name);
            if (any(&Permission::dataActions) && any(&Permission::notDataActions))
                return u"%1's notDataActions take %2 away."_s.arg(role.name, shortAction(required.action));
        } else if (any(&Permission::actions) && any(&Permission::notActions)) {
            return u"%1's notActions take %2 away."_s.arg(role.name, shortAction(required.action));
        }
        return u"%1 does not include %2."_s.arg(role.name, shortAction(required.action));
    }

    const EvaluationInput &m_input;
    const QList<RoleAssignment> &m_assignments;
    const QList<DenyAssignment> &m_denies;
    QHash<QString, const RoleDefinition *> m_roles;
};

// All members of one alternative are needed: the worst of them decides.
Verdict alternative(const Evaluation &evaluation, const QList<RequiredPermission> &needed)
{
    Verdict all{Decision::Allowed, {}};
    for (const RequiredPermission &required : needed) {
        const Verdict one = evaluation.permission(required);
        if (one.decision == Decision::Denied)
            return one;
        if (one.decision == Decision::Undecided && all.decision == Decision::Allowed)
            all = one;
        else if (all.decision == one.decision)
            all.because += one.because;
    }
    return all;
}

} // namespace

bool matchesAction(QStringView pattern, QStringView action)
{
    // Greedy matching with one point to come back to: enough for "*", which is the only wildcard.
    qsizetype p = 0;
    qsizetype a = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (a < action.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            resume = a;
        } else if (p < pattern.size() && pattern[p].toCaseFolded() == action[a].toCaseFolded()) {
            ++p;
            ++a;
        } else if (star >= 0) {
            p = star + 1;
            a = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

Verdict evaluate(const EvaluationInput &input, const QList<RoleAssignment> &assignments, const QList<RoleDefinition> &definitions,
                 const QList<DenyAssignment> &denies)
{
    if (input.requirement.isEmpty())
        return {Decision::Allowed, {{{}, {}, {}, u"This operation needs no permission."_s}}};
    const Evaluation evaluation(input, assignments, definitions, denies);
    Verdict best{Decision::Denied, {}};
    for (const QList<RequiredPermission> &needed : input.requirement) {
        const Verdict one = alternative(evaluation, needed);
        if (one.decision == Decision::Allowed)
            return one;
        if (one.decision == Decision::Undecided)
            best.decision = Decision::Undecided;
        for (const Verdict::Because &because : one.because) {
            if (!best.because.contains(because))
                best.because.append(because);
        }
    }
    return best;
}

} // namespace Access
