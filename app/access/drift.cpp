#include "access/drift.h"

#include <QHash>

namespace Access {

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

} // namespace

QList<Change> drift(const AccessReport &before, const AccessReport &after)
{
    QList<Change> changes;
    const Places earlier = placesOf(before);
    const Places later = placesOf(after);
    for (const Cell &cell : after.cells) {
        const bool came = !cell.container.isEmpty() && !earlier.contains(cell.container);
        const Observation was = earlier.value(cell.container).value(cell.operation, Observation::NotAsked);
        if (wasObserved(cell.observed) && cell.observed != was && (came || wasObserved(was)))
            changes.append({cell.container, cell.operation, was, cell.observed});
    }
    for (const Cell &cell : before.cells) {
        const bool went = !cell.container.isEmpty() && !later.contains(cell.container);
        if (wasObserved(cell.observed) && went)
            changes.append({cell.container, cell.operation, cell.observed, Observation::NotAsked});
    }
    return changes;
}

} // namespace Access
