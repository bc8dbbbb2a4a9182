#include "access/fixsearch.h"

#include "azure/newassignment.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

namespace {

QString roleName(const AuthorizationFacts &facts, const QString &id)
{
    const auto role = std::find_if(
        facts.definitions.cbegin(), facts.definitions.cend(),
        [&](const RoleDefinition &one) { return one.id.compare(id, Qt::CaseInsensitive) == 0; });
    return role == facts.definitions.cend() ? id : role->name;
}

bool grantsAny(const RoleAssignment &assignment, const AuthorizationFacts &facts,
               const QList<WantedCell> &cells, const QDateTime &now)
{
    const RoleEvaluator alone({assignment}, facts.definitions, facts.denies);
    return std::any_of(cells.cbegin(), cells.cend(), [&](const WantedCell &cell) {
        return predict(facts, alone, cell.operation, cell.container, now).decision ==
               Decision::Allowed;
    });
}

// What is allowed with all assignments, not without this one, and not unwanted itself.
QList<WantedCell> lostWithout(const FixSearch &whole, const FixSearch &without, bool atContainer,
                              const QList<WantedCell> &unwanted)
{
    const auto named = std::find_if(unwanted.cbegin(), unwanted.cend(),
                                    [](const WantedCell &one) { return !one.container.isEmpty(); });
    QList<WantedCell> lost;
    for (const WantedCell &cell :
         cellsAt(!atContainer, named == unwanted.cend() ? u"any-container"_s : named->container)) {
        const bool isUnwanted =
            std::any_of(unwanted.cbegin(), unwanted.cend(),
                        [&](const WantedCell &one) { return one.operation == cell.operation; });
        if (!isUnwanted && whole.allows(cell) && !without.allows(cell))
            lost.append(cell);
    }
    return lost;
}

// The smallest role that keeps \a lost and, beside the \a rest of the assignments, allows nothing
// unwanted.
std::optional<Fix> narrowerFor(const AuthorizationFacts &facts, FixSearch &rest,
                               const QList<WantedCell> &lost, const QList<WantedCell> &unwanted,
                               const Scope &scope)
{
    for (const Fix &fix : rest.find(lost, 50)) {
        if (rest.wouldAllowAny(fix.roleId, fix.scope, unwanted))
            continue;
        // What reached further than the account still does.
        return scope.contains(fix.scope) ? fix.movedTo(scope, facts) : fix;
    }
    return std::nullopt;
}

} // namespace

QString OverGrant::words() const
{
    if (alsoLost.isEmpty())
        return u"Drop that assignment: nothing else is lost."_s;
    if (narrower)
        return u"Assign “%1” in its place, which keeps: %2. Then drop that assignment."_s.arg(
            narrower->role, alsoLost.join(u", "_s));
    return u"Dropping that assignment would also take: %1. No single role keeps just that."_s.arg(
        alsoLost.join(u", "_s));
}

QList<OverGrant> overGrants(const AuthorizationFacts &facts, const QList<WantedCell> &unwanted,
                            const QDateTime &now)
{
    const FixSearch whole(facts, now);
    QList<OverGrant> found;
    for (qsizetype i = 0; i < facts.assignments.size(); ++i) {
        const RoleAssignment &assignment = facts.assignments[i];
        if (!grantsAny(assignment, facts, unwanted, now))
            continue;
        AuthorizationFacts others = facts;
        others.assignments.removeAt(i);
        FixSearch rest(others, now);
        const bool atContainer = assignment.scope.level() == Scope::Level::SubResource;
        const QList<WantedCell> lost = lostWithout(whole, rest, atContainer, unwanted);
        OverGrant grant{assignment.id,
                        roleName(facts, assignment.roleDefinitionId),
                        assignment.scope,
                        inWords(lost),
                        Azure::azDeleteAssignment(assignment.id),
                        {}};
        if (!lost.isEmpty())
            grant.narrower = narrowerFor(others, rest, lost, unwanted, assignment.scope);
        found.append(grant);
    }
    return found;
}

} // namespace Access
