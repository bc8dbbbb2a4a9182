#pragma once

#include "access/remedies.h"

namespace Access {

// What remedies and explanations share.

/// The table's remedy for \a code of \a service; where that service has none of its own, another one's.
std::optional<Remedy> lookUp(const QString &code, const QString &service);

/// What can be said of a code that the table does not have, by the status alone.
Remedy unknownCode(const QString &code, const QString &service, int status);

/// An InvalidAuthenticationInfo, AuthenticationFailed or InvalidAuthenticationToken says in \a detail which check the token failed.
void refineToken(Remedy &remedy, const QString &detail);

} // namespace Access
