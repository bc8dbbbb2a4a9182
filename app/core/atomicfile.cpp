#include "core/atomicfile.h"

#include "core/fileerror.h"
#include "core/leftparts.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

Result<void> writeFileAtomically(const QString &path, QByteArrayView bytes)
{
    const QByteArray target = QFile::encodeName(path);
    struct stat status = {};
    if (::lstat(target.constData(), &status) == 0) {
        if (S_ISLNK(status.st_mode))
            return refusal(path, u"is a symbolic link"_s);
        if (!S_ISREG(status.st_mode))
            return refusal(path, S_ISDIR(status.st_mode) ? u"is a folder"_s : u"is no regular file"_s);
    } else if (errno != ENOENT) {
        return fileError(u"Cannot write"_s, path, errno);
    }

    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    const QByteArray prefix = '.' + QFile::encodeName(QFileInfo(path).fileName()).left(100) + '.';
    const QByteArray temporary = folder + '/' + prefix + QByteArray::number(QRandomGenerator::system()->generate64(), 36) + ".part";

    Descriptor fd(::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd.get() < 0)
        return fileError(u"Cannot write"_s, path, errno);
    claimPart(fd.get());
    // An umask can only take bits away from 0600; fchmod makes the mode exact.
    const bool written = ::fchmod(fd.get(), 0600) == 0 && writeBytes(fd.get(), bytes) && ::fsync(fd.get()) == 0;
    const bool renamed = written && fd.close() && ::rename(temporary.constData(), target.constData()) == 0;
    if (!renamed) {
        const int number = errno;
        ::unlink(temporary.constData());
        return fileError(u"Cannot write"_s, path, number);
    }
    syncFolder(folder);
    removeLeftParts(folder, prefix);
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
