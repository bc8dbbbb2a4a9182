#include "access/smallestfix.h"

#include "access/accessdecision.h"
#include "access/probeplan.h"

#include <QHash>
#include <QSet>
#include <algorithm>
#include <tuple>

namespace Access {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

namespace {

bool allows(const AuthorizationFacts &facts, const RoleEvaluator &roles, const WantedCell &cell, const QDateTime &now)
{
    return predict(facts, roles, cell.operation, cell.container, now).decision == Decision::Allowed;
}

// All that the matrix knows at \a scope: for the account the account's row and any container's, which \a anyContainer stands for.
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

int beyondStorage(const RoleDefinition &role)
{
    int count = 0;
    for (const Azure::Permission &permission : role.permissions) {
        for (const QStringList &patterns : {permission.actions, permission.dataActions}) {
            for (const QString &pattern : patterns) {
                if (pattern == u"*")
                    count += 1000;
                else if (pattern.startsWith(u"*/"))
                    count += 100;
                else if (!pattern.startsWith(u"Microsoft.Storage/", Qt::CaseInsensitive))
                    count += 1;
            }
        }
    }
    return count;
}

qsizetype weight(const RoleDefinition &role)
{
    qsizetype sum = 0;
    for (const Azure::Permission &permission : role.permissions) {
        for (const QStringList &patterns : {permission.actions, permission.dataActions}) {
            for (const QString &pattern : patterns)
                sum += pattern.contains(u'*') ? 10 : 1;
        }
    }
    return sum;
}

// Cheap, before anything is evaluated: whether the role names what every wanted cell asks for.
bool mayGrant(const RoleDefinition &role, const QList<EvaluationInput> &wanted)
{
    const auto names = [&](const RequiredPermission &required) {
        return std::any_of(role.permissions.cbegin(), role.permissions.cend(), [&](const Azure::Permission &permission) {
            const QStringList &patterns = required.isDataAction ? permission.dataActions : permission.actions;
            return std::any_of(patterns.cbegin(), patterns.cend(),
                               [&](const QString &pattern) { return matchesAction(pattern, required.action); });
        });
    };
    return std::all_of(wanted.cbegin(), wanted.cend(), [&](const EvaluationInput &input) {
        return std::any_of(input.requirement.cbegin(), input.requirement.cend(), [&](const QList<RequiredPermission> &needed) {
            return std::any_of(needed.cbegin(), needed.cend(), names);
        });
    });
}

RoleAssignment assignmentOf(const RoleDefinition &role, const AuthorizationFacts &facts, const Scope &scope)
{
    RoleAssignment assignment;
    assignment.roleDefinitionId = role.id;
    assignment.principalId = facts.principalIds.value(0);
    assignment.principalType = u"ServicePrincipal"_s;
    assignment.scope = scope;
    return assignment;
}

QString createCommand(const QString &role, const AuthorizationFacts &facts, const Scope &scope)
{
    return u"az role assignment create --assignee-object-id %1 --assignee-principal-type ServicePrincipal --role \"%2\" --scope \"%3\""_s.arg(
        facts.principalIds.value(0), role, scope.id());
}

} // namespace

QString operationInWords(const QString &operation)
{
    static const QHash<QString, QString> words{
        {u"container.list"_s, u"list containers"_s},
        {u"account.info"_s, u"read the account's kind"_s},
        {u"service.properties"_s, u"read the service's settings"_s},
        {u"account.userDelegationKey"_s, u"get a user delegation key"_s},
        {u"container.create"_s, u"create containers"_s},
        {u"container.deleteAny"_s, u"delete any container"_s},
        {u"container.read"_s, u"read the container's properties"_s},
        {u"container.write"_s, u"change the container"_s},
        {u"container.acl"_s, u"read the container's access policy"_s},
        {u"blob.list"_s, u"list blobs"_s},
        {u"blob.read"_s, u"read blobs"_s},
        {u"blob.add"_s, u"add blobs"_s},
        {u"blob.write"_s, u"write blobs"_s},
        {u"blob.tier"_s, u"set blobs' tier"_s},
        {u"blob.delete"_s, u"delete blobs"_s},
        {u"blob.deleteVersion"_s, u"delete blob versions"_s},
        {u"blob.tags.read"_s, u"read blob tags"_s},
        {u"blob.tags.write"_s, u"write blob tags"_s},
        {u"blob.find"_s, u"find blobs by tags"_s},
    };
    return words.value(operation, operation);
}

QString Fix::words() const
{
    QString text = alsoAllows.isEmpty() ? u"allows nothing else in the matrix"_s : u"would also allow: "_s + alsoAllows.join(u", "_s);
    if (beyondStorage >= 1000)
        text += u"; and everything else in Azure that is not data"_s;
    else if (beyondStorage >= 100)
        text += u"; and reading everything else in Azure"_s;
    else if (beyondStorage > 0)
        text += u"; and %1 permissions outside of storage"_s.arg(beyondStorage);
    return text;
}

QString OverGrant::words() const
{
    if (alsoLost.isEmpty())
        return u"Drop that assignment: nothing else is lost."_s;
    if (narrower)
        return u"Assign “%1” in its place, which keeps: %2. Then drop that assignment."_s.arg(narrower->role, alsoLost.join(u", "_s));
    return u"Dropping that assignment would also take: %1. No single role keeps just that."_s.arg(alsoLost.join(u", "_s));
}

Fix Fix::movedTo(const Scope &place, const AuthorizationFacts &facts) const
{
    Fix moved = *this;
    moved.scope = place;
    moved.command = createCommand(role, facts, place);
    return moved;
}

namespace {

// What a role gives beyond the matrix, and is worth more than all of it.
QStringList powers(const RoleDefinition &role, const AuthorizationFacts &facts, const Scope &scope, const QDateTime &now)
{
    const RoleEvaluator alone({assignmentOf(role, facts, scope)}, {role}, facts.denies);
    EvaluationInput input = inputFor(facts, u"container.list"_s, {}, now);
    input.scope = scope;
    const auto has = [&](const QString &action) { return alone.evaluate(input, RequiredPermission{action, false}).decision == Decision::Allowed; };
    QStringList found;
    if (facts.sharedKeyAllowed != false && scope == facts.account
        && (has(u"Microsoft.Storage/storageAccounts/listKeys/action"_s) || has(u"Microsoft.Storage/storageAccounts/regenerateKey/action"_s)))
        found.append(u"read the account's keys, and with a key do everything"_s);
    if (has(u"Microsoft.Authorization/roleAssignments/write"_s))
        found.append(u"assign roles, its own too"_s);
    return found;
}

} // namespace

QList<Fix> smallestFixes(const AuthorizationFacts &facts, const QList<WantedCell> &wanted, const QDateTime &now, qsizetype limit)
{
    if (wanted.isEmpty() || facts.principalIds.isEmpty())
        return {};
    const QString container = wanted.first().container;
    const bool oneContainer = !container.isEmpty() && std::all_of(wanted.cbegin(), wanted.cend(), [&](const WantedCell &cell) {
        return cell.container == container;
    });
    const Scope scope = oneContainer ? facts.account.container(container) : facts.account;
    QList<EvaluationInput> inputs;
    for (const WantedCell &cell : wanted)
        inputs.append(inputFor(facts, cell.operation, cell.container, now));

    const RoleEvaluator before(facts.assignments, facts.definitions, facts.denies);
    const QList<WantedCell> all = cellsAt(!oneContainer, oneContainer ? container : u"any-container"_s);
    QList<WantedCell> open; // not allowed now
    for (const WantedCell &cell : all) {
        if (!allows(facts, before, cell, now))
            open.append(cell);
    }
    struct Candidate {
        Fix fix;
        qsizetype powers;
        qsizetype weight;
    };
    QList<Candidate> candidates;
    QSet<QString> tried; // what was read may repeat what is built in
    for (const RoleDefinition &role : facts.definitions) {
        if (!mayGrant(role, inputs) || tried.contains(role.id.toLower()))
            continue;
        tried.insert(role.id.toLower());
        QList<RoleAssignment> assignments = facts.assignments;
        assignments.append(assignmentOf(role, facts, scope));
        const RoleEvaluator after(assignments, facts.definitions, facts.denies);
        if (!std::all_of(wanted.cbegin(), wanted.cend(), [&](const WantedCell &cell) { return allows(facts, after, cell, now); }))
            continue;
        QList<WantedCell> extra;
        for (const WantedCell &cell : open) {
            const bool isWanted = std::any_of(wanted.cbegin(), wanted.cend(), [&](const WantedCell &one) { return one.operation == cell.operation; });
            if (!isWanted && allows(facts, after, cell, now))
                extra.append(cell);
        }
        const QStringList more = powers(role, facts, scope, now);
        candidates.append({{role.id, role.name, scope, more + inWords(extra), beyondStorage(role), createCommand(role.name, facts, scope)},
                           more.size(), weight(role)});
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::make_tuple(a.powers, a.fix.alsoAllows.size(), a.fix.beyondStorage, a.weight, a.fix.role)
            < std::make_tuple(b.powers, b.fix.alsoAllows.size(), b.fix.beyondStorage, b.weight, b.fix.role);
    });
    QList<Fix> fixes;
    for (const Candidate &candidate : candidates.mid(0, limit))
        fixes.append(candidate.fix);
    return fixes;
}

namespace {

bool allowsAny(const AuthorizationFacts &facts, const RoleEvaluator &roles, const QList<WantedCell> &cells, const QDateTime &now)
{
    return std::any_of(cells.cbegin(), cells.cend(), [&](const WantedCell &cell) { return allows(facts, roles, cell, now); });
}

QString roleName(const AuthorizationFacts &facts, const QString &id)
{
    const auto role = std::find_if(facts.definitions.cbegin(), facts.definitions.cend(),
                                   [&](const RoleDefinition &one) { return one.id.compare(id, Qt::CaseInsensitive) == 0; });
    return role == facts.definitions.cend() ? id : role->name;
}

// What is allowed with all assignments, not without this one, and not unwanted itself.
QList<WantedCell> lostWithout(const AuthorizationFacts &facts, const RoleEvaluator &whole, const RoleEvaluator &without, bool atContainer,
                              const QList<WantedCell> &unwanted, const QDateTime &now)
{
    const auto named = std::find_if(unwanted.cbegin(), unwanted.cend(), [](const WantedCell &one) { return !one.container.isEmpty(); });
    QList<WantedCell> lost;
    for (const WantedCell &cell : cellsAt(!atContainer, named == unwanted.cend() ? u"any-container"_s : named->container)) {
        const bool isUnwanted = std::any_of(unwanted.cbegin(), unwanted.cend(), [&](const WantedCell &one) { return one.operation == cell.operation; });
        if (!isUnwanted && allows(facts, whole, cell, now) && !allows(facts, without, cell, now))
            lost.append(cell);
    }
    return lost;
}

// The smallest role that keeps \a lost and, beside the other assignments, allows nothing unwanted.
std::optional<Fix> narrowerFor(const AuthorizationFacts &rest, const QList<WantedCell> &lost, const QList<WantedCell> &unwanted, const Scope &scope,
                               const QDateTime &now)
{
    for (Fix fix : smallestFixes(rest, lost, now, 50)) {
        const auto role = std::find_if(rest.definitions.cbegin(), rest.definitions.cend(), [&](const RoleDefinition &one) { return one.id == fix.roleId; });
        if (role == rest.definitions.cend())
            continue;
        QList<RoleAssignment> assignments = rest.assignments;
        assignments.append(assignmentOf(*role, rest, fix.scope));
        if (!allowsAny(rest, RoleEvaluator(assignments, rest.definitions, rest.denies), unwanted, now)) {
            // What reached further than the account still does.
            if (scope.contains(fix.scope)) {
                fix.scope = scope;
                fix.command = createCommand(fix.role, rest, scope);
            }
            return fix;
        }
    }
    return std::nullopt;
}

} // namespace

QList<OverGrant> overGrants(const AuthorizationFacts &facts, const QList<WantedCell> &unwanted, const QDateTime &now)
{
    const RoleEvaluator whole(facts.assignments, facts.definitions, facts.denies);
    QList<OverGrant> found;
    for (qsizetype i = 0; i < facts.assignments.size(); ++i) {
        const RoleAssignment &assignment = facts.assignments[i];
        if (!allowsAny(facts, RoleEvaluator({assignment}, facts.definitions, facts.denies), unwanted, now))
            continue;
        AuthorizationFacts rest = facts;
        rest.assignments.removeAt(i);
        const RoleEvaluator without(rest.assignments, facts.definitions, facts.denies);
        const bool atContainer = assignment.scope.level() == Scope::Level::SubResource;
        const QList<WantedCell> lost = lostWithout(facts, whole, without, atContainer, unwanted, now);
        OverGrant grant{assignment.id, roleName(facts, assignment.roleDefinitionId), assignment.scope, inWords(lost),
                        u"az role assignment delete --ids \"%1\""_s.arg(assignment.id), {}};
        if (!lost.isEmpty())
            grant.narrower = narrowerFor(rest, lost, unwanted, assignment.scope, now);
        found.append(grant);
    }
    return found;
}

} // namespace Access
