#pragma once

#include "core/result.h"

#include <QString>

namespace Sandbox {

/// Whether Azurite will find in \a folder what it left there: its two databases, and the files with the blobs' bytes. Nothing is
/// there before the first run, and that is good too unless \a mustBeThere. Errors: InvalidInput (damaged or gone, with what to do),
/// File. Nothing is changed.
Core::Result<void> checkDatabase(const QString &folder, bool mustBeThere);

} // namespace Sandbox
