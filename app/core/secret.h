#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <memory>

namespace Core {

/// Bytes that must not spread: kept in memory that is locked against swapping where the system allows,
/// left out of core dumps, and wiped when the last copy goes. Copies share one buffer. There is no
/// conversion and no debug output; reveal() marks the few places that need the bytes.
class Secret final
{
public:
    Secret() = default;
    /// Keeps a copy of \a bytes; the caller still owns (and should wipe) the original.
    explicit Secret(QByteArrayView bytes);
    /// Keeps a copy of \a bytes and overwrites the original where it is not shared.
    static Secret take(QByteArray &&bytes);

    bool isEmpty() const { return size() == 0; }
    qsizetype size() const;
    /// The bytes themselves; the view lasts as long as this object or a copy of it.
    QByteArrayView reveal() const;

    /// Compares in a time that does not depend on where the two differ.
    bool operator==(const Secret &other) const;

private:
    class Buffer;
    std::shared_ptr<const Buffer> m_buffer;
};

/// Overwrites \a bytes in place where nobody else shares them, and clears it.
void wipe(QByteArray &bytes);

} // namespace Core
