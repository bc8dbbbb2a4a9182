#pragma once

#include "identity/accesstoken.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

#include "core/result.h"
#include "storage/transfer.h"

class QObject;

namespace Services {

struct Services;

/// A principal that has signed in.
struct SignedIn {
    Identity::Cloud cloud;
    Identity::ServicePrincipal principal;
    Identity::AccessToken token;
};

/// "storage", "arm", "graph", or a resource or scope in full, as the scope that the v2.0 endpoint wants.
QString scopeNamed(const QString &name, const Identity::Cloud &cloud);

/// Loads the principal's cloud, takes its secret out of the keychain and acquires a token. Errors: of each of the three,
/// with their next steps. A credential that was refused, and that another program has rotated meanwhile, is followed by the new one.
/// \a scope: "storage", "arm", "graph", or a scope or resource URL in full.
void signIn(Services &services, const Identity::ServicePrincipal &principal, const QString &scope, QObject *context,
            Core::Done<SignedIn> done);

/// Tokens for what lasts longer than one of them: the last one while TokenClient keeps it, else as signIn().
Storage::TokenSource tokensFor(Services &services, const Identity::ServicePrincipal &principal, const QString &scope);

} // namespace Services
