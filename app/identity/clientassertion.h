#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QDateTime>
#include <QUrl>

namespace Identity {

/// How long an assertion lasts. Microsoft recommends five to ten minutes.
constexpr int assertionLifetime = 600; ///< seconds

/// A signed JWT by which the holder of \a pem (as Certificate::pem) proves to \a audience, the
/// token endpoint's URL, that it is \a clientId: PS256, x5t#S256, ten minutes from \a now, an ID of
/// its own. Errors: as readCertificate(). Source: Microsoft identity platform, application
/// authentication certificate credentials; RFC 7523; RFC 7518, section 3.5.
Core::Result<Core::Secret> clientAssertion(const Core::Secret &pem, const QString &clientId,
                                           const QUrl &audience, const QDateTime &now);

/// What \a path holds: the token that another identity provider gave, e.g. Kubernetes. It is read
/// at each use, as it is renewed in place. Errors: NotFound, File, InvalidInput with the code
/// "NoFederatedToken" (empty, too long or no JWT); never quotes it.
Core::Result<Core::Secret> readFederatedToken(const QString &path);

} // namespace Identity
