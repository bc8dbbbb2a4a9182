#pragma once

#include "envfile/format.h"

#include <QString>
#include <QStringList>

namespace Handover {

/// What a user should know before secrets are written to \a path: that a git work tree does not
/// ignore it, that others may write in its folder, that its file system keeps no owners. Asks git,
/// for three seconds at most: not for the GUI thread.
QStringList placeWarnings(const QString &path);

/// The same, and that a file would be replaced.
QStringList fileWarnings(const QString &path);

/// What placeWarnings() says, and what an existing file would lose or change, by names only.
QStringList saveWarnings(const QString &path, const EnvFile::Format &format,
                         const EnvFile::Variables &variables);

/// Writes \a variables to the file or folder \a path, for its owner only. Errors: those of the
/// writer; InvalidInput where a foreign symbolic link leads somewhere else; File; Conflict.
Core::Result<void> save(const QString &path, const EnvFile::Format &format,
                        const EnvFile::Variables &variables);

} // namespace Handover
