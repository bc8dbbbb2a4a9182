#pragma once

#include "core/error.h"

#include <QList>
#include <QNetworkReply>
#include <QSslError>

namespace Http {

/// What went wrong below HTTP, in words a person can act on. \a tlsProblem, where not empty, says why TLS failed.
Core::Error networkError(QNetworkReply::NetworkError error, const QString &qtMessage, const QString &host,
                         const QString &tlsProblem, int status);

/// The most telling of \a errors as a sentence about \a host.
QString tlsProblem(const QList<QSslError> &errors, const QString &host);

} // namespace Http
