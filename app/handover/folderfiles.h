#pragma once

#include "envfile/format.h"

#include <QString>

namespace Handover {

/// The visible plain files of \a folder by name, as envdir looks at them. Errors: NotFound, File;
/// InvalidInput above 1000 files or \a limit bytes.
Core::Result<EnvFile::Variables> filesIn(const QString &folder, qint64 limit = 64 << 20);

} // namespace Handover
