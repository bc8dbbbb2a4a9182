#pragma once

#include "access/accessreport.h"
#include "core/result.h"

#include <QJsonObject>

namespace Access {

/// A report as toJson() wrote it. What JSON does not tell stays away: a cell that was never asked comes back as Skipped, and a
/// reason without its kind. Members that are not known are passed over.
/// Errors: InvalidInput that names the member, e.g. "cells[3].observed".
Core::Result<AccessReport> reportFromJson(const QJsonObject &json);

} // namespace Access
