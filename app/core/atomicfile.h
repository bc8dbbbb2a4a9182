#pragma once

#include "core/place.h"
#include "core/result.h"

#include <QByteArrayView>
#include <QString>

namespace Core {

/// Writes \a bytes to \a path so that at any moment, power loss included, either the old or the new
/// file is there, whole. The new file is readable and writable by its owner only (0600) from its
/// creation on. An existing target that is a symbolic link, a folder or no regular file is refused
/// (InvalidInput); a full disk or a read-only folder leaves the old file and no leftovers (File).
/// \a links says which links may lead to the folder; what holds a secret takes SystemOnly. The
/// folder is opened once: whoever swaps it for a link meanwhile gets nothing.
Result<void> writeFileAtomically(const QString &path, QByteArrayView bytes,
                                 Links links = Links::Followed);

/// The whole of \a path, at most \a limit bytes. Errors: NotFound, File (also when it is larger).
Result<QByteArray> readFile(const QString &path, qint64 limit = 64 * 1024 * 1024);

} // namespace Core
