#include "http/oncebody.h"

#include <algorithm>
#include <cstring>

namespace Http {

OnceBody::OnceBody(QByteArray bytes, QObject *parent)
    : QIODevice(parent)
    , m_bytes(std::move(bytes))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OnceBody::bytesAvailable() const
{
    return m_bytes.size() - m_at + QIODevice::bytesAvailable();
}

qint64 OnceBody::readData(char *to, qint64 most)
{
    const qsizetype count = std::min<qsizetype>(most, m_bytes.size() - m_at);
    if (count <= 0)
        return -1;
    std::memcpy(to, m_bytes.constData() + m_at, static_cast<size_t>(count));
    m_at += count;
    return count;
}

} // namespace Http
