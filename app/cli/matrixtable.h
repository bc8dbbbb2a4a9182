#pragma once

#include "report/htmlreport.h"

#include <QString>

namespace Cli {

/// A report as people read it in a terminal: the account's row, the containers' matrix, what the marks mean, and what was found.
/// Ends in a line feed; texts from a server are not made safe yet.
QString matrixTable(const Access::AccessReport &report, const Report::Attachments &attachments = {});

} // namespace Cli
