#pragma once

#include "access/accessreport.h"

#include <QList>
#include <QString>

namespace Access {

/// One operation whose outcome is another than before.
struct Change {
    QString container; ///< empty: the account's row
    QString operation;
    Observation before = Observation::NotAsked; ///< NotAsked: the container was not in the report
    Observation after = Observation::NotAsked;  ///< NotAsked: the container is no longer in the report
    bool operator==(const Change &) const = default;
};

/// What changed between two reports, in the order of \a after and then, for containers that went, of \a before. Only what was
/// observed counts (Allowed, Denied, Undecided): a cell that was skipped on either side has not changed.
QList<Change> drift(const AccessReport &before, const AccessReport &after);

} // namespace Access
