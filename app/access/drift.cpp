#include "access/drift.h"

#include <QHash>
#include <QJsonArray>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

using Places = QHash<QString, QHash<QString, Observation>>;

bool wasObserved(Observation observation)
{
    return observation == Observation::Allowed || observation == Observation::Denied || observation == Observation::Undecided;
}

Places placesOf(const AccessReport &report)
{
    Places places;
    for (const Cell &cell : report.cells) {
        auto &operations = places[cell.container];
        if (!operations.contains(cell.operation))
            operations.insert(cell.operation, cell.observed);
    }
    return places;
}

QJsonValue observationJson(Observation observation)
{
    return observation == Observation::NotAsked ? QJsonValue() : QJsonValue(observationName(observation));
}

} // namespace

QList<Change> drift(const AccessReport &before, const AccessReport &after)
{
    QList<Change> changes;
    const Places earlier = placesOf(before);
    const Places later = placesOf(after);
    for (const Cell &cell : after.cells) {
        const bool came = before.allContainers && !cell.container.isEmpty() && !earlier.contains(cell.container);
        const Observation was = earlier.value(cell.container).value(cell.operation, Observation::NotAsked);
        if (wasObserved(cell.observed) && cell.observed != was && (came || wasObserved(was)))
            changes.append({cell.container, cell.operation, was, cell.observed});
    }
    for (const Cell &cell : before.cells) {
        const bool went = after.allContainers && !cell.container.isEmpty() && !later.contains(cell.container);
        if (wasObserved(cell.observed) && went)
            changes.append({cell.container, cell.operation, cell.observed, Observation::NotAsked});
    }
    return changes;
}

AccessReport merged(const AccessReport &before, const AccessReport &after)
{
    if (after.complete && after.allContainers)
        return after;
    AccessReport both = after;
    both.cells.clear();
    both.allContainers = before.allContainers || after.allContainers;
    QHash<QString, QHash<QString, Cell>> fresh;
    for (const Cell &cell : after.cells)
        fresh[cell.container].insert(cell.operation, cell);
    for (const Cell &cell : before.cells) {
        auto &operations = fresh[cell.container];
        const Cell newer = operations.take(cell.operation);
        both.cells.append(wasObserved(newer.observed) ? newer : cell);
    }
    // What is left is new: operations that were not known then follow at the end, whole containers in their order.
    for (const Cell &cell : after.cells) {
        if (fresh[cell.container].contains(cell.operation))
            both.cells.append(cell);
    }
    return both;
}

QString inWords(const Change &change)
{
    const QString place = (change.container.isEmpty() ? u"(account)"_s : change.container) + u' ' + change.operation;
    if (change.before == Observation::NotAsked)
        return u"%1: %2, a new container"_s.arg(place, observationName(change.after));
    if (change.after == Observation::NotAsked)
        return u"%1: was %2, the container is gone"_s.arg(place, observationName(change.before));
    return u"%1: %2, was %3"_s.arg(place, observationName(change.after), observationName(change.before));
}

QJsonObject toJson(const Drift &drift)
{
    QJsonArray changes;
    for (const Change &change : drift.changes) {
        changes.append(QJsonObject{{u"container"_s, change.container.isEmpty() ? QJsonValue() : QJsonValue(change.container)},
                                   {u"operation"_s, change.operation},
                                   {u"before"_s, observationJson(change.before)},
                                   {u"after"_s, observationJson(change.after)}});
    }
    return {{u"since"_s, drift.since.toString(Qt::ISODateWithMs)}, {u"changes"_s, changes}};
}

} // namespace Access
