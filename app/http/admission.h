#pragma once

#include "core/result.h"
#include "http/message.h"

#include <QUrl>

namespace Http {

/// Whether \a url may be asked at all: https, or http to a loopback address where \a trust says so. Errors: InvalidInput.
Core::Result<void> admit(const QUrl &url, const Trust &trust);

/// Whether \a host is this machine: 127.0.0.0/8, ::1 or "localhost".
bool isLoopback(const QString &host);

/// Where a redirect may lead: only GET and HEAD follow, only to the same scheme, host and port, so that neither token nor
/// body ever reaches another origin. Errors: BadResponse, which names the host that was not asked.
Core::Result<QUrl> redirectTarget(const Request &request, const QUrl &asked, const QByteArray &location);

} // namespace Http
