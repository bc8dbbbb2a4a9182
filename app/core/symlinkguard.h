#pragma once

#include "core/result.h"

#include <QString>

namespace Core {

/// Whether \a path can be reached without a symbolic link that somebody but the system could have
/// placed: a link is followed only where it and every folder above it belong to root and nobody
/// else may write there (/bin, /var/run). Errors: InvalidInput, which names the link and the path
/// that it leads to. A path whose folders do not exist yet has no links. This is for an early
/// answer only: what is written must be opened by openPlace(), since links come and go.
Result<void> refuseForeignLinks(const QString &path);

} // namespace Core
