#include "handover/secretfile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace Handover {

using namespace Qt::StringLiterals;

namespace {

constexpr int s_lowest = 100; // above what shells and their scripts take

Core::Error failed()
{
    return {.kind = Core::Error::Kind::File,
            .message = u"The credential cannot be put into memory for the command: %1."_s.arg(
                QString::fromLocal8Bit(std::strerror(errno)))};
}

bool writeAll(int descriptor, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), size_t(bytes.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.sliced(count);
    }
    return true;
}

} // namespace

SecretFile::~SecretFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

SecretFile::SecretFile(SecretFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

SecretFile &SecretFile::operator=(SecretFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

Core::Result<SecretFile> SecretFile::create(const Core::Secret &content)
{
    SecretFile low, file;
    low.m_descriptor = ::memfd_create("rolescope-credential", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (low.m_descriptor < 0)
        return failed();
    file.m_descriptor = ::fcntl(low.m_descriptor, F_DUPFD_CLOEXEC, s_lowest);
    constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (file.m_descriptor < 0 || ::fchmod(file.m_descriptor, 0400) != 0 ||
        !writeAll(file.m_descriptor, content.reveal()) ||
        ::fcntl(file.m_descriptor, F_ADD_SEALS, seals) != 0)
        return failed();
    return file;
}

QString SecretFile::path() const
{
    return u"/proc/%1/fd/%2"_s.arg(::getpid()).arg(m_descriptor);
}

} // namespace Handover
