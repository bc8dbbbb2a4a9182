#include "core/atomicfile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

Error fileError(const QString &what, const QString &path, int number)
{
    QString nextStep;
    if (number == ENOSPC || number == EDQUOT)
        nextStep = u"Free some space on this disk and try again; the old file is unchanged."_s;
    else if (number == EACCES || number == EPERM || number == EROFS)
        nextStep = u"Choose a folder you may write to."_s;
    else if (number == ENOENT || number == ENOTDIR)
        nextStep = u"Create the folder first, or choose another."_s;
    return {.kind = Error::Kind::File,
            .message = u"%1 “%2”: %3."_s.arg(what, path, QString::fromLocal8Bit(std::strerror(number))),
            .nextStep = nextStep};
}

Error refusal(const QString &path, const QString &why)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"“%1” %2, so it is not written."_s.arg(path, why),
            .nextStep = u"Name the regular file itself."_s};
}

class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() { close(); }
    Q_DISABLE_COPY_MOVE(Descriptor)
    int get() const { return m_fd; }
    bool close()
    {
        const int fd = std::exchange(m_fd, -1);
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int m_fd;
};

bool writeAll(int fd, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(fd, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes = bytes.sliced(written);
    }
    return true;
}

// A folder that cannot be synced (some network file systems) is no reason to report failure: the file is there.
void syncFolder(const QByteArray &folder)
{
    const Descriptor fd(::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() >= 0)
        (void)::fsync(fd.get());
}

} // namespace

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
    const QByteArray temporary = folder + "/."
        + QFile::encodeName(QFileInfo(path).fileName()).left(100) + '.'
        + QByteArray::number(QRandomGenerator::system()->generate64(), 36) + ".part";

    Descriptor fd(::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd.get() < 0)
        return fileError(u"Cannot write"_s, path, errno);
    // An umask can only take bits away from 0600; fchmod makes the mode exact.
    const bool written = ::fchmod(fd.get(), 0600) == 0 && writeAll(fd.get(), bytes) && ::fsync(fd.get()) == 0;
    const bool renamed = written && fd.close() && ::rename(temporary.constData(), target.constData()) == 0;
    if (!renamed) {
        const int number = errno;
        ::unlink(temporary.constData());
        return fileError(u"Cannot write"_s, path, number);
    }
    syncFolder(folder);
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
