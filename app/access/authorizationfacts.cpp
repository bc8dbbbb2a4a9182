#include "access/authorizationfacts.h"

#include "access/accessdecision.h"
#include "access/bloboperation.h"
#include "access/disagreement.h"
#include "access/probeplan.h"
#include "access/fixsearch.h"

#include <QHash>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

constexpr auto listKeys = "Microsoft.Storage/storageAccounts/listKeys/action"_L1;

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

namespace {

// Who may read the account's keys needs no data role: with a key everything is allowed.
std::optional<Finding> keyNote(const AuthorizationFacts &facts, const RoleEvaluator &roles, const QDateTime &now)
{
    if (facts.sharedKeyAllowed == false)
        return std::nullopt;
    EvaluationInput input = inputFor(facts, u"container.list"_s, {}, now);
    const Verdict verdict = roles.evaluate(input, RequiredPermission{listKeys, false});
    if (verdict.decision != Decision::Allowed)
        return std::nullopt;
    return Finding{u"key-access"_s,
                   u"%1 That includes listing the account's keys%2, and with a key everything is allowed, whatever the matrix says."_s.arg(
                       verdict.because.isEmpty() ? QString() : verdict.because.first().why,
                       facts.sharedKeyAllowed ? u", which the account accepts"_s : u"; that the account refuses keys was not said"_s),
                   u"Take a role without listKeys, or switch keys off: az storage account update --allow-shared-key-access false."_s, {}, u"certain"_s};
}

// Nothing is known about the data behind a network rule; what the roles would allow is.
void explainNetwork(AccessReport &report, const AuthorizationFacts &facts)
{
    if (!report.finding || report.finding->id != u"firewall")
        return;
    const auto promised = std::count_if(report.cells.cbegin(), report.cells.cend(), [](const Cell &cell) { return cell.predicted == Decision::Allowed; });
    report.finding->confidence = facts.networkRestricted ? u"certain"_s : u"likely"_s;
    report.finding->cause += facts.networkRestricted ? u" Resource Manager says that it lets in listed networks and private endpoints only."_s : QString();
    report.finding->cause += u" The roles would allow %1 of %2 operations."_s.arg(promised).arg(report.cells.size());
    for (Cell &cell : report.cells) {
        if (cell.finding && cell.finding->id == u"firewall")
            cell.finding->confidence = report.finding->confidence;
    }
}

/// Works a fix out once for all containers at which the roles say the same: with thousands of containers, each role would else be
/// tried thousands of times. Conditions that name a container make a difference only where they change what is predicted.
class FixMemory
{
public:
    FixMemory(const AccessReport &report, const AuthorizationFacts &facts, const QDateTime &now) : m_facts(facts), m_search(facts, now)
    {
        for (const Cell &cell : report.cells)
            m_rows[cell.container] += QString::number(static_cast<int>(cell.predicted));
    }

    std::optional<Fix> fixFor(const Cell &cell)
    {
        const QString key = cell.operation + u' ' + (cell.container.isEmpty() ? u"account "_s : QString()) + m_rows.value(cell.container);
        if (!m_known.contains(key)) {
            const QList<Fix> fixes = m_search.find({{cell.container, cell.operation}}, 1);
            m_known.insert(key, fixes.isEmpty() ? std::nullopt : std::optional(fixes.first()));
        }
        const std::optional<Fix> fix = m_known.value(key);
        if (!fix || cell.container.isEmpty())
            return fix;
        return fix->movedTo(m_facts.account.container(cell.container), m_facts);
    }

private:
    const AuthorizationFacts &m_facts;
    FixSearch m_search;
    QHash<QString, QString> m_rows;
    QHash<QString, std::optional<Fix>> m_known;
};

} // namespace

void addPrediction(AccessReport &report, const AuthorizationFacts &facts)
{
    const RoleEvaluator roles(facts.assignments, facts.definitions, facts.denies);
    const QDateTime now = report.startedAt.isValid() ? report.startedAt : QDateTime::currentDateTimeUtc();
    report.predictedBy = facts.by;
    report.notes += facts.notes;
    if (const std::optional<Finding> note = keyNote(facts, roles, now))
        report.notes.append(*note);
    for (Cell &cell : report.cells) {
        const Verdict verdict = predict(facts, roles, cell.operation, cell.container, now);
        cell.predicted = verdict.decision;
        cell.predictionKnown = true;
        cell.because = verdict.because;
        // The list is asked for at the account; what is granted at one container alone does not stand there.
        const std::optional<Decision> asked = askedFor(facts, inputFor(facts, cell.operation, cell.container, now));
        if (asked == Decision::Allowed || cell.container.isEmpty())
            cell.asked = asked;
    }
    FixMemory memory(report, facts, now);
    for (Cell &cell : report.cells) {
        if (const std::optional<Finding> finding = findingFor(cell, facts, now, [&](const Cell &one) { return memory.fixFor(one); }))
            cell.finding = finding;
    }
    explainNetwork(report, facts);
}

} // namespace Access
