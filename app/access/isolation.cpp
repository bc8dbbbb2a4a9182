#include "access/isolation.h"

#include <QJsonArray>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using State = Isolation::State;

namespace {

// There is no such operation or place (any more), so nobody reaches anything through it.
bool reachesNothing(const Cell &cell)
{
    return cell.observed == Observation::Undecided && cell.finding
        && (cell.finding->id == u"not-supported-here" || cell.finding->id == u"unknown-container"
            || cell.finding->id == u"container-being-deleted");
}

QStringList placesWhere(const AccessReport &report, Observation observation)
{
    QStringList places;
    for (const Cell &cell : report.cells) {
        if (cell.observed == observation && !reachesNothing(cell))
            places.append((cell.container.isEmpty() ? u"account"_s : cell.container) + u' ' + cell.operation);
    }
    return places;
}

QString some(const QStringList &all)
{
    const QString first = all.mid(0, 4).join(u", "_s);
    return all.size() > 4 ? u"%1 and %2 more"_s.arg(first).arg(all.size() - 4) : first;
}

// Why a report leaves it open; empty where it does not.
QString openReason(const AccessReport &report, bool containersKnown)
{
    if (report.finding)
        return report.finding->cause;
    if (const QStringList undecided = placesWhere(report, Observation::Undecided); !undecided.isEmpty())
        return u"Undecided: %1."_s.arg(some(undecided));
    if (report.count(Observation::Skipped) > 0 || !report.complete)
        return u"%1 operations were not asked."_s.arg(report.count(Observation::Skipped));
    if (!containersKnown)
        return u"What is not allowed at the account may be at a container, and nobody here could list its containers."_s;
    return {};
}

void set(Isolation::Pair &pair, State state, const QString &why)
{
    pair.state = state;
    pair.why = why;
}

QJsonArray findingsJson(const QList<Finding> &findings)
{
    QJsonArray array;
    for (const Finding &one : findings)
        array.append(toJson(one));
    return array;
}

QJsonObject pairJson(const Isolation &isolation, const Isolation::Pair &pair)
{
    return {{u"principal"_s, isolation.subjects[pair.subject].name},
            {u"account"_s, isolation.places[pair.place].account.toString()},
            {u"wanted"_s, pair.own ? u"allowed"_s : u"denied"_s},
            {u"result"_s, stateName(pair.state)},
            {u"why"_s, pair.why},
            {u"report"_s, pair.report ? QJsonValue(toJson(*pair.report)) : QJsonValue()}};
}

} // namespace

const Isolation::Pair *Isolation::pair(qsizetype subject, qsizetype place) const
{
    const auto found = std::find_if(pairs.cbegin(), pairs.cend(),
                                    [&](const Pair &one) { return one.subject == subject && one.place == place; });
    return found == pairs.cend() ? nullptr : &*found;
}

int Isolation::count(State state) const
{
    return static_cast<int>(std::count_if(pairs.cbegin(), pairs.cend(), [&](const Pair &one) { return one.state == state; }));
}

State Isolation::state() const
{
    if (count(State::Broken) > 0)
        return State::Broken;
    return count(State::Open) > 0 || !complete || pairs.isEmpty() ? State::Open : State::Kept;
}

void judge(Isolation::Pair &pair, bool containersKnown)
{
    if (!pair.report)
        return;
    const AccessReport &report = *pair.report;
    const QStringList allowed = placesWhere(report, Observation::Allowed);
    if (!allowed.isEmpty() && pair.own)
        return set(pair, State::Kept, u"%1 operations are allowed."_s.arg(allowed.size()));
    if (!allowed.isEmpty())
        return set(pair, State::Broken, u"It reaches another environment: %1."_s.arg(some(allowed)));
    // Another tenant's token is refused whatever roles there are.
    if (!pair.own && report.finding && report.finding->id == u"wrong-tenant")
        return set(pair, State::Kept, u"Its tenant is another one: its token is refused."_s);
    if (const QString open = openReason(report, containersKnown); !open.isEmpty())
        return set(pair, State::Open, open);
    if (pair.own)
        return set(pair, State::Broken, u"Its own environment refuses it everything that was asked."_s);
    set(pair, State::Kept, u"All of %1 operations are denied."_s.arg(report.count(Observation::Denied)));
}

QList<Finding> separationWarnings(const Isolation &isolation)
{
    QList<Finding> warnings;
    for (qsizetype i = 0; i < isolation.subjects.size(); ++i) {
        for (qsizetype j = i + 1; j < isolation.subjects.size(); ++j) {
            const Isolation::Subject &one = isolation.subjects[i];
            const Isolation::Subject &other = isolation.subjects[j];
            if (!one.clientId.isEmpty() && one.clientId.compare(other.clientId, Qt::CaseInsensitive) == 0) {
                warnings.append({u"shared-client-id"_s,
                                 u"“%1” and “%2” have one client ID, %3: whoever holds the secret of one environment is the other's principal too."_s.arg(
                                     one.name, other.name, one.clientId),
                                 u"Register an application of its own for each environment."_s, {}, u"certain"_s});
            }
        }
    }
    for (qsizetype place = 0; place < isolation.places.size(); ++place) {
        QStringList owners;
        for (const Isolation::Pair &pair : isolation.pairs) {
            if (pair.place == place && pair.own)
                owners.append(isolation.subjects[pair.subject].name);
        }
        if (owners.size() > 1) {
            warnings.append({u"shared-account"_s,
                             u"%1 belongs to several of the principals (%2), so it is not shown to be kept apart between them."_s.arg(
                                 isolation.places[place].account.toString(), owners.join(u", "_s)),
                             u"Give each environment an account of its own."_s, {}, u"certain"_s});
        }
    }
    return warnings;
}

QString stateName(State state)
{
    return state == State::Kept ? u"kept"_s : state == State::Broken ? u"broken"_s : u"open"_s;
}

QJsonObject toJson(const Isolation &isolation)
{
    QJsonArray subjects;
    for (const Isolation::Subject &one : isolation.subjects)
        subjects.append(QJsonObject{{u"name"_s, one.name}, {u"environment"_s, one.environment}, {u"tenant"_s, one.tenant}, {u"clientId"_s, one.clientId}});
    QJsonArray places;
    for (const Isolation::Place &one : isolation.places)
        places.append(QJsonObject{{u"account"_s, one.account.toString()},
                                  {u"containers"_s, QJsonArray::fromStringList(one.containers)},
                                  {u"containersKnown"_s, one.containersKnown}});
    QJsonArray pairs;
    for (const Isolation::Pair &one : isolation.pairs)
        pairs.append(pairJson(isolation, one));
    const State state = isolation.state();
    return {{u"startedAt"_s, isolation.startedAt.toString(Qt::ISODateWithMs)},
            {u"finishedAt"_s, isolation.finishedAt.toString(Qt::ISODateWithMs)},
            {u"complete"_s, isolation.complete},
            {u"isolated"_s, state == State::Open ? QJsonValue() : QJsonValue(state == State::Kept)},
            {u"principals"_s, subjects},
            {u"accounts"_s, places},
            {u"pairs"_s, pairs},
            {u"warnings"_s, findingsJson(isolation.warnings)}};
}

} // namespace Access
