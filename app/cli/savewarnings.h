#pragma once

#include "envfile/format.h"

#include <QStringList>

namespace Cli {

/// What a user should know before secrets are written to \a path: that a git work tree does not
/// ignore it, that others may write in its folder, that its file system keeps no owners, and what
/// an existing file would lose or change, by names only.
QStringList saveWarnings(const QString &path, const EnvFile::Format &format,
                         const EnvFile::Variables &variables);

} // namespace Cli
