#include "access/smallestfix.h"

#include "access/accessdecision.h"
#include "access/probeplan.h"

#include <QHash>
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
        qsizetype weight;
    };
    QList<Candidate> candidates;
    for (const RoleDefinition &role : facts.definitions) {
        if (!mayGrant(role, inputs))
            continue;
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
        candidates.append({{role.id, role.name, scope, inWords(extra), beyondStorage(role), createCommand(role.name, facts, scope)}, weight(role)});
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::make_tuple(a.fix.alsoAllows.size(), a.fix.beyondStorage, a.weight, a.fix.role)
            < std::make_tuple(b.fix.alsoAllows.size(), b.fix.beyondStorage, b.weight, b.fix.role);
    });
    QList<Fix> fixes;
    for (const Candidate &candidate : candidates.mid(0, limit))
        fixes.append(candidate.fix);
    return fixes;
}

QList<OverGrant> overGrants(const AuthorizationFacts &facts, const WantedCell &unwanted, const QDateTime &now)
{
    const RoleEvaluator whole(facts.assignments, facts.definitions, facts.denies);
    if (!allows(facts, whole, unwanted, now))
        return {};
    QList<OverGrant> found;
    for (qsizetype i = 0; i < facts.assignments.size(); ++i) {
        const RoleAssignment &assignment = facts.assignments[i];
        const RoleEvaluator alone({assignment}, facts.definitions, facts.denies);
        if (!allows(facts, alone, unwanted, now))
            continue;
        QList<RoleAssignment> others = facts.assignments;
        others.removeAt(i);
        const RoleEvaluator without(others, facts.definitions, facts.denies);
        const bool atContainer = assignment.scope.level() == Scope::Level::SubResource;
        const QString container = unwanted.container.isEmpty() ? u"any-container"_s : unwanted.container;
        QList<WantedCell> lost;
        for (const WantedCell &cell : cellsAt(!atContainer, container)) {
            if (cell.operation != unwanted.operation && allows(facts, whole, cell, now) && !allows(facts, without, cell, now))
                lost.append(cell);
        }
        const auto role = std::find_if(facts.definitions.cbegin(), facts.definitions.cend(), [&](const RoleDefinition &one) {
            return one.id.compare(assignment.roleDefinitionId, Qt::CaseInsensitive) == 0;
        });
        OverGrant grant{assignment.id, role == facts.definitions.cend() ? assignment.roleDefinitionId : role->name, assignment.scope,
                        inWords(lost), u"az role assignment delete --ids \"%1\""_s.arg(assignment.id), {}};
        AuthorizationFacts rest = facts;
        rest.assignments = others;
        for (const Fix &fix : lost.isEmpty() ? QList<Fix>() : smallestFixes(rest, lost, now, 20)) {
            if (fix.roleId != assignment.roleDefinitionId && !fix.alsoAllows.contains(operationInWords(unwanted.operation))) {
                grant.narrower = fix;
                break;
            }
        }
        found.append(grant);
    }
    return found;
}

} // namespace Access
