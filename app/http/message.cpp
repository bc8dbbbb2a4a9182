#include "http/message.h"

namespace Http {

QByteArray header(const Headers &headers, QByteArrayView name)
{
    for (const auto &[key, value] : headers) {
        if (QByteArrayView(key).compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

QByteArray Response::requestId() const
{
    const QByteArray id = header("x-ms-request-id");
    return id.isEmpty() ? header("request-id") : id;
}

} // namespace Http
