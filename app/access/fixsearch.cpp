#include "access/fixsearch.h"

#include "access/probeplan.h"

#include <algorithm>
#include <tuple>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

namespace {

int beyondStorage(const RoleDefinition &role)
{
    int count = 0;
    for (const Azure::Permission &permission : role.permissions) {
        for (const QString &pattern : permission.actions + permission.dataActions) {
            if (pattern == u"*")
                count += 1000;
            else if (pattern.startsWith(u"*/"))
                count += 100;
            else if (!pattern.startsWith(u"Microsoft.Storage/", Qt::CaseInsensitive))
                count += 1;
        }
    }
    return count;
}

qsizetype weight(const RoleDefinition &role)
{
    qsizetype sum = 0;
    for (const Azure::Permission &permission : role.permissions) {
        for (const QString &pattern : permission.actions + permission.dataActions)
            sum += pattern.contains(u'*') ? 10 : 1;
    }
    return sum;
}

// Cheap, before anything is evaluated: whether the role names what is asked for. A part of it is
// enough, the rest may be there already.
bool mayGrant(const RoleDefinition &role, const Requirement &requirement)
{
    const auto names = [&](const RequiredPermission &required) {
        return std::any_of(
            role.permissions.cbegin(), role.permissions.cend(),
            [&](const Azure::Permission &permission) {
                const QStringList &patterns =
                    required.isDataAction ? permission.dataActions : permission.actions;
                return std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &pattern) {
                    return matchesAction(pattern, required.action);
                });
            });
    };
    return std::any_of(requirement.cbegin(), requirement.cend(),
                       [&](const QList<RequiredPermission> &needed) {
                           return std::any_of(needed.cbegin(), needed.cend(), names);
                       });
}

RoleAssignment assignmentOf(const QString &roleId, const AuthorizationFacts &facts,
                            const Scope &scope)
{
    RoleAssignment assignment;
    assignment.roleDefinitionId = roleId;
    assignment.principalId = facts.principalIds.value(0);
    assignment.principalType = u"ServicePrincipal"_s;
    assignment.scope = scope;
    return assignment;
}

bool allowed(const AuthorizationFacts &facts, const RoleEvaluator &roles, const WantedCell &cell,
             const QDateTime &now)
{
    return predict(facts, roles, cell.operation, cell.container, now).decision == Decision::Allowed;
}

bool wants(const QList<WantedCell> &wanted, const QString &operation)
{
    return std::any_of(wanted.cbegin(), wanted.cend(),
                       [&](const WantedCell &one) { return one.operation == operation; });
}

// What a role gives beyond the matrix, and is worth more than all of it.
QStringList powers(const RoleDefinition &role, const AuthorizationFacts &facts, const Scope &scope,
                   const QDateTime &now)
{
    const RoleEvaluator alone({assignmentOf(role.id, facts, scope)}, {role}, facts.denies);
    EvaluationInput input = inputFor(facts, u"container.list"_s, {}, now);
    input.scope = scope;
    const auto has = [&](QStringView action) {
        return alone.evaluate(input, RequiredPermission{action.toString(), false}).decision ==
               Decision::Allowed;
    };
    QStringList found;
    if (facts.sharedKeyAllowed != false && scope == facts.account &&
        (has(u"Microsoft.Storage/storageAccounts/listKeys/action") ||
         has(u"Microsoft.Storage/storageAccounts/regenerateKey/action")))
        found.append(u"read the account's keys, and with a key do everything"_s);
    if (has(u"Microsoft.Authorization/roleAssignments/write"))
        found.append(u"assign roles, its own too"_s);
    return found;
}

} // namespace

QList<WantedCell> cellsAt(bool account, const QString &anyContainer)
{
    QList<WantedCell> cells;
    for (const Probe &probe : defaultProbes()) {
        if (probe.level == Probe::Level::Container)
            cells.append({anyContainer, probe.operation});
        else if (account)
            cells.append({{}, probe.operation});
    }
    return cells;
}

QStringList inWords(const QList<WantedCell> &cells)
{
    QStringList words;
    for (const WantedCell &cell : cells) {
        if (const QString one = operationInWords(cell.operation); !words.contains(one))
            words.append(one);
    }
    return words;
}

FixSearch::FixSearch(const AuthorizationFacts &facts, const QDateTime &now)
    : m_facts(facts)
    , m_now(now)
    , m_before(facts.assignments, facts.definitions, facts.denies)
{
}

bool FixSearch::allows(const WantedCell &cell) const
{
    return allowed(m_facts, m_before, cell, m_now);
}

bool FixSearch::wouldAllowAny(const QString &roleId, const Scope &scope,
                              const QList<WantedCell> &cells) const
{
    const auto role = std::find_if(m_facts.definitions.cbegin(), m_facts.definitions.cend(),
                                   [&](const RoleDefinition &one) { return one.id == roleId; });
    if (role == m_facts.definitions.cend())
        return false;
    const RoleEvaluator after(m_before, {assignmentOf(roleId, m_facts, scope)}, {*role});
    return std::any_of(cells.cbegin(), cells.cend(), [&](const WantedCell &cell) {
        return allowed(m_facts, after, cell, m_now);
    });
}

QList<qsizetype> FixSearch::rolesFor(const WantedCell &cell)
{
    const auto known = m_rolesFor.constFind(cell.operation);
    if (known != m_rolesFor.cend())
        return *known;
    const Requirement requirement =
        inputFor(m_facts, cell.operation, cell.container, m_now).requirement;
    QHash<QString, qsizetype> last; // what was read may repeat what is built in, and counts
    for (qsizetype i = 0; i < m_facts.definitions.size(); ++i) {
        if (mayGrant(m_facts.definitions[i], requirement))
            last.insert(m_facts.definitions[i].id.toLower(), i);
    }
    QList<qsizetype> roles = last.values();
    std::sort(roles.begin(), roles.end());
    return m_rolesFor[cell.operation] = roles;
}

std::optional<FixSearch::Candidate> FixSearch::tryRole(const RoleDefinition &role,
                                                       const Scope &scope,
                                                       const QList<WantedCell> &wanted,
                                                       const QList<WantedCell> &open) const
{
    const RoleEvaluator after(m_before, {assignmentOf(role.id, m_facts, scope)}, {role});
    const auto allows = [&](const WantedCell &cell) {
        return allowed(m_facts, after, cell, m_now);
    };
    if (!std::all_of(wanted.cbegin(), wanted.cend(), allows))
        return std::nullopt;
    QList<WantedCell> extra;
    for (const WantedCell &cell : open) {
        if (!wants(wanted, cell.operation) && allows(cell))
            extra.append(cell);
    }
    const QStringList more = powers(role, m_facts, scope, m_now);
    Fix fix{role.id, role.name, scope, more + inWords(extra), beyondStorage(role), {}};
    return Candidate{fix.movedTo(scope, m_facts), more.size(), weight(role)};
}

QList<Fix> FixSearch::find(const QList<WantedCell> &wanted, qsizetype limit)
{
    if (wanted.isEmpty() || m_facts.principalIds.isEmpty())
        return {};
    const QString container = wanted.first().container;
    const bool oneContainer =
        !container.isEmpty() &&
        std::all_of(wanted.cbegin(), wanted.cend(),
                    [&](const WantedCell &cell) { return cell.container == container; });
    const Scope scope = oneContainer ? m_facts.account.container(container) : m_facts.account;
    QList<WantedCell> open;
    for (const WantedCell &cell :
         cellsAt(!oneContainer, oneContainer ? container : u"any-container"_s)) {
        if (!allows(cell))
            open.append(cell);
    }
    // A role that is to allow all of it names something of each that is not allowed yet.
    const auto denied = std::find_if_not(wanted.cbegin(), wanted.cend(),
                                         [&](const WantedCell &cell) { return allows(cell); });
    QList<Candidate> candidates;
    for (const qsizetype index : rolesFor(denied == wanted.cend() ? wanted.first() : *denied)) {
        if (auto candidate = tryRole(m_facts.definitions[index], scope, wanted, open))
            candidates.append(std::move(*candidate));
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate &a, const Candidate &b) {
                         return std::make_tuple(a.powers, a.fix.alsoAllows.size(),
                                                a.fix.beyondStorage, a.weight, a.fix.role) <
                                std::make_tuple(b.powers, b.fix.alsoAllows.size(),
                                                b.fix.beyondStorage, b.weight, b.fix.role);
                     });
    QList<Fix> fixes;
    for (const Candidate &candidate : candidates.mid(0, limit))
        fixes.append(candidate.fix);
    return fixes;
}

} // namespace Access
