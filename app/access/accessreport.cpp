#include "access/accessreport.h"

#include <QJsonArray>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

QJsonValue nullable(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue findingJson(const std::optional<Finding> &finding)
{
    return finding ? QJsonValue(toJson(*finding)) : QJsonValue();
}

QJsonObject evidenceJson(const Evidence &evidence)
{
    return {{u"method"_s, QString::fromLatin1(evidence.method)},
            {u"url"_s, evidence.url},
            {u"status"_s, evidence.status > 0 ? QJsonValue(evidence.status) : QJsonValue()},
            {u"code"_s, nullable(evidence.code)},
            {u"requestId"_s, nullable(evidence.requestId)},
            {u"at"_s, nullable(evidence.at.toString(Qt::ISODateWithMs))},
            {u"how"_s, nullable(evidence.how)}};
}

QJsonValue askedJson(const Cell &cell)
{
    return cell.asked ? QJsonValue(decisionName(*cell.asked)) : QJsonValue();
}

QJsonObject cellJson(const Cell &cell)
{
    QJsonArray because;
    for (const Verdict::Because &one : cell.because) {
        because.append(QJsonObject{{u"assignment"_s, nullable(one.assignment)},
                                   {u"role"_s, nullable(one.role)},
                                   {u"scope"_s, nullable(one.scope)},
                                   {u"why"_s, one.why}});
    }
    // A cell that was never asked (cancelled, out of budget) counts as skipped.
    const bool asked = cell.observed != Observation::NotAsked && cell.observed != Observation::Running;
    return {{u"container"_s, nullable(cell.container)},
            {u"operation"_s, cell.operation},
            {u"permission"_s, cell.permission},
            {u"observed"_s, observationName(asked ? cell.observed : Observation::Skipped)},
            {u"evidence"_s, cell.evidence.method.isEmpty() ? QJsonValue() : QJsonValue(evidenceJson(cell.evidence))},
            {u"predicted"_s, cell.predictionKnown ? decisionName(cell.predicted) : u"unknown"_s},
            {u"asked"_s, askedJson(cell)},
            {u"because"_s, because},
            {u"finding"_s, findingJson(cell.finding)}};
}

} // namespace

QJsonObject toJson(const Finding &finding)
{
    return {{u"id"_s, finding.id},
            {u"cause"_s, finding.cause},
            {u"nextStep"_s, finding.nextStep},
            {u"command"_s, nullable(finding.command)},
            {u"confidence"_s, nullable(finding.confidence)}};
}

QString observationName(Observation observation)
{
    switch (observation) {
    case Observation::NotAsked: return u"notAsked"_s;
    case Observation::Running: return u"running"_s;
    case Observation::Allowed: return u"allowed"_s;
    case Observation::Denied: return u"denied"_s;
    case Observation::Undecided: return u"undecided"_s;
    case Observation::Skipped: return u"skipped"_s;
    }
    return u"undecided"_s;
}

QString decisionName(Decision decision)
{
    return decision == Decision::Allowed ? u"allowed"_s : decision == Decision::Denied ? u"denied"_s : u"undecided"_s;
}

const Cell *AccessReport::cell(const QString &container, const QString &operation) const
{
    for (const Cell &one : cells) {
        if (one.container == container && one.operation == operation)
            return &one;
    }
    return nullptr;
}

QStringList AccessReport::containers() const
{
    QStringList names;
    for (const Cell &one : cells) {
        if (!one.container.isEmpty() && (names.isEmpty() || names.last() != one.container))
            names.append(one.container);
    }
    return names;
}

int AccessReport::count(Observation observation) const
{
    return static_cast<int>(std::count_if(cells.cbegin(), cells.cend(), [&](const Cell &one) {
        const bool open = one.observed == Observation::NotAsked || one.observed == Observation::Running;
        return (open ? Observation::Skipped : one.observed) == observation;
    }));
}

QJsonObject toJson(const AccessReport &report)
{
    QJsonArray cells;
    for (const Cell &cell : report.cells)
        cells.append(cellJson(cell));
    QJsonArray notes;
    for (const Finding &note : report.notes)
        notes.append(toJson(note));
    return {{u"principal"_s, report.principal},
            {u"account"_s, report.account.toString()},
            {u"startedAt"_s, report.startedAt.toString(Qt::ISODateWithMs)},
            {u"cells"_s, cells},
            {u"predictedBy"_s, nullable(report.predictedBy)},
            {u"notes"_s, notes},
            {u"summary"_s,
             QJsonObject{{u"allowed"_s, report.count(Observation::Allowed)},
                         {u"denied"_s, report.count(Observation::Denied)},
                         {u"undecided"_s, report.count(Observation::Undecided)},
                         {u"skipped"_s, report.count(Observation::Skipped)},
                         {u"containers"_s, report.containers().size()},
                         {u"complete"_s, report.complete},
                         {u"allContainers"_s, report.allContainers},
                         {u"finishedAt"_s, report.finishedAt.toString(Qt::ISODateWithMs)},
                         {u"finding"_s, findingJson(report.finding)}}}};
}

} // namespace Access
