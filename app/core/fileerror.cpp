#include "core/fileerror.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace Core {

using namespace Qt::StringLiterals;

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
            .message =
                u"%1 “%2”: %3."_s.arg(what, path, QString::fromLocal8Bit(std::strerror(number))),
            .nextStep = nextStep};
}

Error refusal(const QString &path, const QString &why)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"“%1” %2, so it is not written."_s.arg(path, why),
            .nextStep = u"Name the regular file itself."_s};
}

bool Descriptor::close()
{
    const int fd = std::exchange(m_fd, -1);
    return fd < 0 || ::close(fd) == 0;
}

bool writeBytes(int fd, QByteArrayView bytes)
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

void syncFolder(int folder)
{
    (void)::fsync(folder);
}

} // namespace Core
