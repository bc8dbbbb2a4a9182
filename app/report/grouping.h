#pragma once

#include "access/accessreport.h"
#include "access/isolation.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <utility>

namespace Report {

/// One thing that was found, with the places where it shows.
struct FindingGroup {
    Access::Finding finding;
    QStringList places;        ///< "blob.write on invoices"
    QString permission;        ///< of the first place
    Access::Evidence evidence; ///< of the first place
    bool operator==(const FindingGroup &) const = default;
};

/// The cells' findings, each once: those that differ from the prediction first, then by ID. Cells that were not asked add nothing.
QList<FindingGroup> groupedFindings(const Access::AccessReport &report);

/// "GET 403 AuthorizationPermissionMismatch, request 6f2a…, 2026-01-31 09:05:00.000 UTC"; empty where nothing was asked.
QString evidenceLine(const Access::Evidence &evidence);

/// Who, when, by what: name and value, for the head of a document.
QList<std::pair<QString, QString>> factsOf(const Access::AccessReport &report);
QList<std::pair<QString, QString>> factsOf(const Access::Isolation &isolation);

/// "✔ kept apart", "✖ REACHES IT", …
QString isolationWords(const Access::Isolation::Pair *pair);

} // namespace Report
