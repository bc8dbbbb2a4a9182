#pragma once

#include "access/accessreport.h"

#include <QJsonObject>
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

/// What is another since an earlier check.
struct Drift {
    QDateTime since; ///< when the earlier check began
    QList<Change> changes;
    bool operator==(const Drift &) const = default;
};

/// What changed between two reports, in the order of \a after and then, for containers that went, of \a before. Only what was
/// observed counts (Allowed, Denied, Undecided): a cell that was skipped on either side has not changed. A container is new or
/// gone only where the report that lacks it lists all that the account has.
QList<Change> drift(const AccessReport &before, const AccessReport &after);

/// \a before with what \a after observed in its place: what is known when only some containers were asked, or a check was
/// cancelled. Where \a after is complete and lists all containers, it is the result.
AccessReport merged(const AccessReport &before, const AccessReport &after);

/// "invoices blob.write: denied, was allowed"; a container that came or went is named so.
QString inWords(const Change &change);

/// {"since", "changes": [{"container", "operation", "before", "after"}]}; before and after are null where the container was not there.
QJsonObject toJson(const Drift &drift);

} // namespace Access
