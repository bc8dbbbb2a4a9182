#include "access/authorizationfacts.h"

#include "access/accessdecision.h"
#include "access/bloboperation.h"
#include "access/disagreement.h"
#include "access/probeplan.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs"_s;

const Probe *probeFor(const QString &operation)
{
    const auto &all = defaultProbes();
    const auto found = std::find_if(all.cbegin(), all.cend(), [&](const Probe &probe) { return probe.operation == operation; });
    return found == all.cend() ? nullptr : &*found;
}

// A probe names something that does not exist, so that is what conditions are evaluated against.
Circumstances circumstancesOf(const Probe &probe, const AuthorizationFacts &facts, const QString &operation, const QDateTime &now)
{
    Circumstances circumstances;
    circumstances.operation = operation;
    circumstances.hierarchicalNamespace = facts.hierarchicalNamespace;
    circumstances.subscriptionContainsDatabricks = facts.subscriptionContainsDatabricks;
    circumstances.blobExists = false;
    circumstances.resource.told = true;
    circumstances.request.told = true;
    if (probe.path == u"/{container}/{random}")
        circumstances.resource.values.insert(blobs + u":path"_s, {u"probe-00000000-0000-0000-0000-000000000000"_s});
    if (probe.query.startsWith(u"versionid="))
        circumstances.request.values.insert(blobs + u":versionId"_s, {probe.query.section(u'=', 1)});
    circumstances.environment.values.insert(u"UtcNow"_s, {now.toUTC().toString(Qt::ISODateWithMs)});
    return circumstances;
}

// What Resource Manager's list of the caller's permissions says; it names no conditions and no deny assignments.
std::optional<Decision> askedFor(const AuthorizationFacts &facts, const EvaluationInput &input)
{
    if (!facts.askedAnswered)
        return std::nullopt;
    Azure::RoleDefinition all;
    all.id = u"asked"_s;
    all.permissions = facts.asked;
    Azure::RoleAssignment assignment;
    assignment.roleDefinitionId = all.id;
    assignment.principalId = u"caller"_s;
    assignment.scope = facts.account;
    EvaluationInput question = input;
    question.principalIds = {u"caller"_s};
    question.groupsKnown = true;
    question.circumstances.subscriptionContainsDatabricks = false;
    return evaluate(question, {assignment}, {all}).decision;
}

} // namespace

EvaluationInput inputFor(const AuthorizationFacts &facts, const QString &operation, const QString &container, const QDateTime &now)
{
    EvaluationInput input;
    input.principalIds = facts.principalIds;
    input.groupsKnown = facts.groupsKnown;
    input.managementGroups = facts.managementGroups;
    input.managementGroupsKnown = facts.managementGroupsKnown;
    input.scope = container.isEmpty() ? facts.account : facts.account.container(container);
    const Probe *probe = probeFor(operation);
    if (!probe)
        return input;
    const QString path = QString(probe->path).replace(u"{container}"_s, container).replace(u"{random}"_s, u"probe"_s);
    const std::optional<BlobOperation> known = operationOf(probe->verb, path, probe->query, probe->headers);
    input.requirement = known ? known->anyOf : Requirement{{probe->permission}};
    input.circumstances = circumstancesOf(*probe, facts, known ? known->name : QString(), now);
    return input;
}

Verdict predict(const AuthorizationFacts &facts, const RoleEvaluator &roles, const QString &operation, const QString &container,
                const QDateTime &now)
{
    if (!probeFor(operation))
        return {Decision::Undecided, {{{}, {}, {}, u"The operation “%1” is not known here."_s.arg(operation)}}};
    return decide(roles, inputFor(facts, operation, container, now));
}

void addPrediction(AccessReport &report, const AuthorizationFacts &facts)
{
    const RoleEvaluator roles(facts.assignments, facts.definitions, facts.denies);
    const QDateTime now = report.startedAt.isValid() ? report.startedAt : QDateTime::currentDateTimeUtc();
    report.predictedBy = facts.by;
    report.notes += facts.notes;
    for (Cell &cell : report.cells) {
        const Verdict verdict = predict(facts, roles, cell.operation, cell.container, now);
        cell.predicted = verdict.decision;
        cell.predictionKnown = true;
        cell.because = verdict.because;
        // The list is asked for at the account; what is granted at one container alone does not stand there.
        const std::optional<Decision> asked = askedFor(facts, inputFor(facts, cell.operation, cell.container, now));
        if (asked == Decision::Allowed || cell.container.isEmpty())
            cell.asked = asked;
        if (const std::optional<Finding> finding = findingFor(cell, facts, now))
            cell.finding = finding;
    }
}

} // namespace Access
