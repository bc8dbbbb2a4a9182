#pragma once

#include "access/accessreport.h"

#include <QString>

namespace Ui {

/// What a check came to, in one line: the counts, how the roles compare, by whose eyes they were
/// read, and when.
QString checkSummary(const Access::AccessReport &report);

/// Findings one below the other, each with its next step and command; plain text.
QString findingsInWords(const QList<Access::Finding> &findings);

} // namespace Ui
