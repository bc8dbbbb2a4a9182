#pragma once

#include "core/result.h"

#include <QByteArray>
#include <string>

namespace Cli {

/// All of standard input, however slowly it comes; a signal ends the program meanwhile. Errors: File, InvalidInput above \a limit.
Core::Result<QByteArray> readStandardInput(qint64 limit);
/// A file's content, or standard input's for "-"; empty for an empty path. Errors: File, InvalidInput above 64 MiB.
Core::Result<QByteArray> readInput(const std::string &path);

/// The same, for what shall be an environment file: what is larger than any is not read as one.
/// Errors: InvalidInput beside those of readInput().
Core::Result<QByteArray> readEnvironmentFile(const std::string &path);

/// The error for an environment file that is refused as a whole, for its size or for what it would become.
Core::Error tooMuch(const QString &fault);

/// Whether \a path names a folder.
bool isFolder(const std::string &path);

} // namespace Cli
