#include "core/partialfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

Result<void> mayBeReplaced(const Place &place, const QString &path)
{
    struct stat status = {};
    if (::fstatat(place.folder.get(), place.name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? Result<void>() : fileError(u"Cannot write"_s, path, errno);
    if (S_ISLNK(status.st_mode))
        return refusal(path, u"is a symbolic link"_s);
    if (S_ISDIR(status.st_mode))
        return refusal(path, u"is a folder"_s);
    return S_ISREG(status.st_mode) ? Result<void>() : refusal(path, u"is no regular file"_s);
}

} // namespace

PartialFile::PartialFile(QString path, std::shared_ptr<Place> place, int fd, QByteArray name)
    : m_path(std::move(path))
    , m_place(std::move(place))
    , m_fd(fd)
    , m_name(std::move(name))
{
}

PartialFile::~PartialFile()
{
    if (!m_name.isEmpty())
        ::unlinkat(m_place->folder.get(), m_name.constData(), 0);
}

Result<std::shared_ptr<PartialFile>> PartialFile::create(const QString &path)
{
    const auto opened = openPlace(path, Links::Followed);
    if (!opened)
        return opened.error();
    const std::shared_ptr<Place> &place = *opened;
    if (const auto allowed = mayBeReplaced(*place, path); !allowed)
        return allowed.error();
    QByteArray name;
    int fd = ::openat(place->folder.get(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    // A file system that has no nameless files says one of these.
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        name = partName(place->name);
        fd = ::openat(place->folder.get(), name.constData(),
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    }
    if (fd < 0)
        return fileError(u"Cannot write"_s, path, errno);
    std::shared_ptr<PartialFile> file(new PartialFile(path, place, fd, name));
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
    const int folder = m_place->folder.get();
    if (const auto allowed = mayBeReplaced(*m_place, m_path); !allowed)
        return allowed;
    if (m_name.isEmpty()) {
        const QByteArray name = partName(m_place->name);
        const QByteArray self = "/proc/self/fd/" + QByteArray::number(m_fd.get());
        if (::linkat(AT_FDCWD, self.constData(), folder, name.constData(), AT_SYMLINK_FOLLOW) != 0)
            return failure(errno);
        m_name = name;
    }
    if (!m_fd.close() ||
        ::renameat(folder, m_name.constData(), folder, m_place->name.constData()) != 0)
        return failure(errno);
    m_name.clear();
    syncFolder(folder);
    return {};
}

} // namespace Core
