#pragma once

#include "access/accessreport.h"

#include <QByteArray>

namespace Report {

/// One row per cell below a header row: RFC 4180 in UTF-8 with a byte order mark, every field quoted. What a spreadsheet would
/// take for a formula gets a leading apostrophe (OWASP, "CSV Injection").
QByteArray csv(const Access::AccessReport &report);

} // namespace Report
