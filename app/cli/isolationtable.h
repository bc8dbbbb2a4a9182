#pragma once

#include "access/isolation.h"

#include <QString>

namespace Cli {

/// Each principal at each account, with why, and what weakens the separation.
QString isolationTable(const Access::Isolation &isolation);

} // namespace Cli
