#pragma once

#include "access/accessreport.h"
#include "access/contract.h"

#include <QByteArray>

namespace Report {

/// JUnit XML with one test case per clause: kept passes, broken fails, open is skipped (a property of the suite says that this
/// means undecided). Times are UTC without a zone, as the format's schema wants them.
QByteArray junit(const Access::AccessReport &report, const Access::ContractResult &result);

/// The same with one test case per cell: allowed and denied pass, an observation that contradicts a certain prediction fails,
/// what is undecided or was not asked is skipped.
QByteArray junit(const Access::AccessReport &report);

} // namespace Report
