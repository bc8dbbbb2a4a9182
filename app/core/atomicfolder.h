#pragma once

#include "core/place.h"
#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <utility>

namespace Core {

/// Makes \a path a folder with exactly these files, so that at any moment either the old or the new
/// folder is there, whole. The folder is 0700 and its files are 0600 from their creation on. An
/// existing folder is replaced only when it holds nothing but regular files of the same names;
/// anything else in it is somebody's, and it is refused (Conflict). Symbolic links are never
/// followed for the last component (InvalidInput). A full disk or a read-only place leaves the old
/// folder and no leftovers (File). \a links says which links may lead to the folder's parent, which
/// is opened once: whoever swaps it for a link meanwhile gets nothing.
Result<void> writeFolderAtomically(const QString &path,
                                   const QList<std::pair<QByteArray, Secret>> &files,
                                   Links links = Links::SystemOnly);

} // namespace Core
