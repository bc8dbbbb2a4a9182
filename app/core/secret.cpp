#include "core/secret.h"

#include <cstdlib>
#include <cstring>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

namespace Core {

// Whole pages of its own, so that locking and DONTDUMP never touch a neighbour's memory.
class Secret::Buffer
{
public:
    explicit Buffer(QByteArrayView bytes) : m_size(bytes.size())
    {
        const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
        m_mapped = (static_cast<size_t>(m_size) + page - 1) / page * page;
        void *memory = mmap(nullptr, m_mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            qFatal("out of memory");
        m_bytes = static_cast<char *>(memory);
        // Both are best effort: RLIMIT_MEMLOCK may be small, and the wipe below is the promise.
        (void)mlock(m_bytes, m_mapped);
#ifdef MADV_DONTDUMP
        (void)madvise(m_bytes, m_mapped, MADV_DONTDUMP);
#endif
        std::memcpy(m_bytes, bytes.data(), static_cast<size_t>(m_size));
    }
    ~Buffer()
    {
        OPENSSL_cleanse(m_bytes, m_mapped);
        munmap(m_bytes, m_mapped);
    }
    Q_DISABLE_COPY_MOVE(Buffer)

    QByteArrayView view() const { return {m_bytes, m_size}; }

private:
    qsizetype m_size;
    size_t m_mapped = 0;
    char *m_bytes = nullptr;
};

Secret::Secret(QByteArrayView bytes)
    : m_buffer(bytes.isEmpty() ? nullptr : std::make_shared<const Buffer>(bytes))
{
}

Secret Secret::take(QByteArray &&bytes)
{
    Secret secret{QByteArrayView(bytes)};
    wipe(bytes);
    return secret;
}

qsizetype Secret::size() const
{
    return m_buffer ? m_buffer->view().size() : 0;
}

QByteArrayView Secret::reveal() const
{
    return m_buffer ? m_buffer->view() : QByteArrayView();
}

bool Secret::operator==(const Secret &other) const
{
    return size() == other.size()
        && (isEmpty()
            || CRYPTO_memcmp(reveal().data(), other.reveal().data(), static_cast<size_t>(size())) == 0);
}

void wipe(QByteArray &bytes)
{
    if (bytes.isDetached())
        OPENSSL_cleanse(bytes.data(), static_cast<size_t>(bytes.size()));
    bytes.clear();
}

} // namespace Core
