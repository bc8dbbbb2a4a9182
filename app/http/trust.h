#pragma once

#include <QList>
#include <QSslCertificate>

namespace Http {

/// What a request's far end may be, beyond the system's own certificate authorities. There is no switch that
/// ignores a TLS error.
struct Trust {
    QList<QSslCertificate> caCertificates; ///< a cloud's own authorities, in addition to the system's
    bool plainLoopback = false;            ///< whether http:// is allowed, and then to loopback addresses only

    bool operator==(const Trust &) const = default;
};

} // namespace Http
