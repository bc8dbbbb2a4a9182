#include "core/atomicfile.h"

#include "core/fileerror.h"
#include "core/leftparts.h"

#include <QFile>
#include <QFileInfo>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

Result<void> writeFileAtomically(const QString &path, QByteArrayView bytes, Links links)
{
    const auto opened = openPlace(path, links);
    if (!opened)
        return opened.error();
    const QByteArray &target = (*opened)->name;
    const int folder = (*opened)->folder.get();
    struct stat status = {};
    if (::fstatat(folder, target.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISLNK(status.st_mode))
            return refusal(path, u"is a symbolic link"_s);
        if (!S_ISREG(status.st_mode))
            return refusal(path, S_ISDIR(status.st_mode) ? u"is a folder"_s : u"is no regular file"_s);
    } else if (errno != ENOENT) {
        return fileError(u"Cannot write"_s, path, errno);
    }

    const QByteArray temporary = partName(target);
    Descriptor fd(::openat(folder, temporary.constData(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd.get() < 0)
        return fileError(u"Cannot write"_s, path, errno);
    claimPart(fd.get());
    // An umask can only take bits away from 0600; fchmod makes the mode exact.
    const bool written = ::fchmod(fd.get(), 0600) == 0 && writeBytes(fd.get(), bytes) && ::fsync(fd.get()) == 0;
    const bool renamed = written && fd.close() &&
                         ::renameat(folder, temporary.constData(), folder, target.constData()) == 0;
    if (!renamed) {
        const int number = errno;
        ::unlinkat(folder, temporary.constData(), 0);
        return fileError(u"Cannot write"_s, path, number);
    }
    syncFolder(folder);
    removeLeftParts(folder, partPrefix(target));
    return {};
}

Result<QByteArray> readFile(const QString &path, qint64 limit)
{
    QFile file(path);
    if (!file.exists())
        return Error{.kind = Error::Kind::NotFound, .message = u"There is no file “%1”."_s.arg(path)};
    if (!QFileInfo(path).isFile())
        return Error{.kind = Error::Kind::File, .message = u"“%1” is no regular file."_s.arg(path)};
    if (!file.open(QIODevice::ReadOnly))
        return Error{.kind = Error::Kind::File,
                     .message = u"Cannot read “%1”: %2."_s.arg(path, file.errorString())};
    QByteArray bytes = file.read(limit + 1);
    if (file.error() != QFileDevice::NoError)
        return Error{.kind = Error::Kind::File,
                     .message = u"Cannot read “%1”: %2."_s.arg(path, file.errorString())};
    if (bytes.size() > limit)
        return Error{.kind = Error::Kind::File,
                     .message = u"“%1” is larger than %2 bytes."_s.arg(path).arg(limit)};
    return bytes;
}

} // namespace Core
