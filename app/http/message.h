#pragma once

#include "core/secret.h"
#include "http/trust.h"

#include <QByteArray>
#include <QList>
#include <QUrl>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace Http {

/// Names compare without regard to case; order and repetition are kept.
using Headers = QList<std::pair<QByteArray, QByteArray>>;

/// The first value of \a name, or an empty array.
QByteArray header(const Headers &headers, QByteArrayView name);

struct Request {
    QByteArray verb = "GET";
    QUrl url;
    Headers headers;
    QByteArray body;
    Core::Secret secretBody; ///< sent in place of \c body where it is not empty; never logged
    Core::Secret bearer;     ///< sent as "Authorization: Bearer …", only to this URL's origin; never logged
    Trust trust;

    std::chrono::milliseconds idleTimeout{30'000}; ///< without any byte from the server
    std::chrono::milliseconds deadline{100'000};   ///< for everything: redirects, retries and their waits
    bool retryable = true;                         ///< may be sent again after 429, 5xx or a lost connection
    bool probe = false;           ///< an answer is the result whatever its status: no retry but for 429, 500, 503
    qint64 maxBody = 64 << 20;    ///< a longer body is an error (BadResponse)

    /// Where set, gets the body of a 2xx answer piece by piece as it comes, and Response::body stays empty.
    /// Called on the transport's thread. A retry after the first piece does not happen.
    std::function<void(QByteArrayView)> onBody;
    /// Where set, hears how many bytes of the body this attempt has sent (PUT, POST) or received (GET).
    std::function<void(qint64)> onProgress;
};

/// An answer of any status; a status of 403 is an answer too.
struct Response {
    int status = 0;
    Headers headers;
    QByteArray body;
    QUrl url;                 ///< the URL that answered, after redirects
    QByteArray clientRequestId; ///< the x-ms-client-request-id that was sent
    std::chrono::milliseconds elapsed{0};

    bool isSuccess() const { return status >= 200 && status < 300; }
    QByteArray header(QByteArrayView name) const { return Http::header(headers, name); }
    /// x-ms-request-id, else request-id, else x-ms-correlation-request-id.
    QByteArray requestId() const;
};

} // namespace Http
