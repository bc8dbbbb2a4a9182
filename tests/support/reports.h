#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"

namespace Test {

/// A cell as a check would have left it.
inline Access::Cell cell(const QString &container, const QString &operation, Access::Observation observed,
                         const QString &requestId = QStringLiteral("7f1c9a52-0000-4000-8000-000000000001"))
{
    Access::Cell cell;
    cell.container = container;
    cell.operation = operation;
    for (const Access::Probe &probe : Access::defaultProbes()) {
        if (probe.operation == operation) {
            cell.permission = probe.permission.action;
            cell.evidence.method = probe.verb;
            cell.evidence.how = probe.method;
        }
    }
    cell.observed = observed;
    if (observed == Access::Observation::Skipped || observed == Access::Observation::NotAsked)
        return cell;
    cell.evidence.status = observed == Access::Observation::Allowed ? 200 : observed == Access::Observation::Denied ? 403 : 500;
    cell.evidence.code = observed == Access::Observation::Denied ? QStringLiteral("AuthorizationPermissionMismatch") : QString();
    cell.evidence.requestId = requestId;
    cell.evidence.at = QDateTime(QDate(2026, 1, 31), QTime(9, 5), Qt::UTC);
    return cell;
}

inline Access::AccessReport report(const QList<Access::Cell> &cells)
{
    Access::AccessReport report;
    report.principal = QStringLiteral("orders");
    report.account = QUrl(QStringLiteral("https://contosoprod.blob.core.windows.net"));
    report.startedAt = QDateTime(QDate(2026, 1, 31), QTime(9, 4, 59), Qt::UTC);
    report.finishedAt = QDateTime(QDate(2026, 1, 31), QTime(9, 5, 2, 250), Qt::UTC);
    report.allContainers = true;
    report.cells = cells;
    return report;
}

} // namespace Test
