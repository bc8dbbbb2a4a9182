#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"

#include <QList>
#include <QString>

namespace Ui {

/// What one of the three witnesses says of a cell, in words.
struct Witness
{
    QString name; ///< "Observed", "Computed", "Asked"
    Access::Observation verdict =
        Access::Observation::NotAsked; ///< the mark that stands for what it says
    QString says;                      ///< "denied"
    QString eyes;                      ///< by whose eyes
    QString detail; ///< the evidence, the assignment that grants, or the nearest miss; may be empty
    bool operator==(const Witness &) const = default;
};

/// Observed, computed and asked, in this order. \a predictedBy: AccessReport::predictedBy, empty
/// where nothing was predicted.
QList<Witness> witnesses(const Access::Probe &probe, const Access::Cell &cell,
                         const QString &predictedBy);

/// "audit-log, write blob: DENIED, though the roles allow it"
QString headline(const Access::Probe &probe, const Access::Cell &cell);

/// "Likely: …", by the finding's confidence.
QString causeInWords(const Access::Finding &finding);

} // namespace Ui
