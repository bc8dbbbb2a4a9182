#include "core/secret.h"

#include "core/secretarena.h"

#include <cstring>
#include <openssl/crypto.h>

namespace Core {

class Secret::Buffer
{
public:
    explicit Buffer(QByteArrayView bytes)
        : m_size(bytes.size()), m_block(SecretArena::allocate(static_cast<size_t>(bytes.size())))
    {
        std::memcpy(m_block.bytes, bytes.data(), static_cast<size_t>(m_size));
    }
    ~Buffer() { SecretArena::release(m_block); }
    Q_DISABLE_COPY_MOVE(Buffer)

    QByteArrayView view() const { return {m_block.bytes, m_size}; }

private:
    qsizetype m_size;
    SecretArena::Block m_block;
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
