#pragma once

#include "core/fileerror.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <memory>

namespace Core {

/// Which symbolic links a path may go through.
enum class Links {
    Followed,  ///< any, as the system follows them
    SystemOnly ///< those that only root could have placed, e.g. /bin or /var/run
};

/// Where a file or folder is written: its parent folder, held open, and its name in there. What is
/// done relative to the descriptor stays in this folder, even if somebody moves the folder away
/// and puts a symbolic link in its stead.
struct Place
{
    Place(int fd, QByteArray called)
        : folder(fd)
        , name(std::move(called))
    {
    }

    Descriptor folder;
    QByteArray name; ///< never empty, ".", ".." or with a slash
};

/// Opens the folder that \a path stands in. Errors: InvalidInput where the path goes through a link
/// that \a links does not allow, or ends in no name; File where there is no such folder, or it may
/// not be searched.
Result<std::shared_ptr<Place>> openPlace(const QString &path, Links links);

/// A name for a part of what becomes \a name: hidden, and not to be guessed.
QByteArray partName(const QByteArray &name);
/// What partName() begins with, up to the part that cannot be guessed.
QByteArray partPrefix(const QByteArray &name);

} // namespace Core
