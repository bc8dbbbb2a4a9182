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
    for (const QByteArrayView name :
         {"x-ms-request-id", "request-id", "x-ms-correlation-request-id"}) {
        if (const QByteArray id = header(name); !id.isEmpty())
            return id;
    }
    return {};
}

} // namespace Http
