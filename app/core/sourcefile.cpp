#include "core/sourcefile.h"

#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

SourceFile::SourceFile(QString path, int fd)
    : m_path(std::move(path))
    , m_fd(fd)
{
}

Result<std::shared_ptr<SourceFile>> SourceFile::open(const QString &path)
{
    // O_NONBLOCK: a pipe without a writer would hang.
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return Error{.kind = Error::Kind::NotFound,
                     .message = u"There is no file “%1”."_s.arg(path)};
    if (fd < 0)
        return fileError(u"Cannot read"_s, path, errno);
    std::shared_ptr<SourceFile> file(new SourceFile(path, fd));
    if (::fstat(fd, &file->m_opened) != 0)
        return fileError(u"Cannot read"_s, path, errno);
    if (!S_ISREG(file->m_opened.st_mode))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” is no regular file, so it is not read."_s.arg(path)};
    return file;
}

Error SourceFile::changed() const
{
    return {.kind = Error::Kind::Conflict,
            .message = u"“%1” was changed while it was read."_s.arg(m_path),
            .nextStep = u"Wait until nobody writes to it, then try again."_s};
}

Result<QByteArray> SourceFile::readAt(qint64 offset, qint64 bytes) const
{
    QByteArray read(bytes, Qt::Uninitialized);
    for (qint64 done = 0; done < bytes;) {
        const ssize_t got = ::pread(m_fd.get(), read.data() + done,
                                    static_cast<size_t>(bytes - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fileError(u"Cannot read"_s, m_path, errno);
        if (got == 0)
            return changed();
        done += got;
    }
    return read;
}

Result<void> SourceFile::unchanged() const
{
    struct stat now = {};
    if (::fstat(m_fd.get(), &now) != 0)
        return fileError(u"Cannot read"_s, m_path, errno);
    const bool same = now.st_size == m_opened.st_size &&
                      now.st_mtim.tv_sec == m_opened.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == m_opened.st_mtim.tv_nsec;
    return same ? Result<void>() : changed();
}

} // namespace Core
