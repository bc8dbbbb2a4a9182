#include "core/partialfile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

QByteArray folderOf(const QString &path)
{
    return QFile::encodeName(QFileInfo(path).absolutePath());
}

QByteArray nameBeside(const QString &path)
{
    return folderOf(path) + "/." + QFile::encodeName(QFileInfo(path).fileName()).left(100) + '.' +
           QByteArray::number(QRandomGenerator::system()->generate64(), 36) + ".part";
}

Result<void> mayBeReplaced(const QString &path)
{
    struct stat status = {};
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return errno == ENOENT ? Result<void>() : fileError(u"Cannot write"_s, path, errno);
    if (S_ISLNK(status.st_mode))
        return refusal(path, u"is a symbolic link"_s);
    if (S_ISDIR(status.st_mode))
        return refusal(path, u"is a folder"_s);
    return S_ISREG(status.st_mode) ? Result<void>() : refusal(path, u"is no regular file"_s);
}

} // namespace

PartialFile::PartialFile(QString path, int fd, QByteArray name)
    : m_path(std::move(path))
    , m_fd(fd)
    , m_name(std::move(name))
{
}

PartialFile::~PartialFile()
{
    if (!m_name.isEmpty())
        ::unlink(m_name.constData());
}

Result<std::shared_ptr<PartialFile>> PartialFile::create(const QString &path)
{
    if (const auto allowed = mayBeReplaced(path); !allowed)
        return allowed.error();
    QByteArray name;
    int fd = ::open(folderOf(path).constData(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    // A file system that has no nameless files says one of these.
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        name = nameBeside(path);
        fd = ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    }
    if (fd < 0)
        return fileError(u"Cannot write"_s, path, errno);
    std::shared_ptr<PartialFile> file(new PartialFile(path, fd, name));
    // An umask can only take bits away from 0600; fchmod makes the mode exact.
    if (::fchmod(fd, 0600) != 0)
        return file->failure(errno);
    return file;
}

Error PartialFile::failure(int number) const
{
    return fileError(u"Cannot write"_s, m_path, number);
}

Result<void> PartialFile::reserve(qint64 bytes)
{
    if (bytes > 0 && ::fallocate(m_fd.get(), 0, 0, bytes) != 0 &&
        (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
        return failure(errno);
    return {};
}

Result<void> PartialFile::writeAt(qint64 offset, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written =
            ::pwrite(m_fd.get(), bytes.data(), static_cast<size_t>(bytes.size()), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failure(errno);
        offset += written;
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<void> PartialFile::sync()
{
    return ::fsync(m_fd.get()) == 0 ? Result<void>() : failure(errno);
}

Result<void> PartialFile::commit()
{
    if (const auto allowed = mayBeReplaced(m_path); !allowed)
        return allowed;
    if (m_name.isEmpty()) {
        const QByteArray name = nameBeside(m_path);
        const QByteArray self = "/proc/self/fd/" + QByteArray::number(m_fd.get());
        if (::linkat(AT_FDCWD, self.constData(), AT_FDCWD, name.constData(), AT_SYMLINK_FOLLOW) !=
            0)
            return failure(errno);
        m_name = name;
    }
    if (!m_fd.close() || ::rename(m_name.constData(), QFile::encodeName(m_path).constData()) != 0)
        return failure(errno);
    m_name.clear();
    syncFolder(folderOf(m_path));
    return {};
}

} // namespace Core
