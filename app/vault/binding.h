#pragma once

#include "core/result.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

#include <QJsonObject>
#include <QString>

namespace Vault {

/// What a keychain entry was stored for: where its secret may be sent, and as whom. Nothing secret.
struct Binding
{
    QString name;      ///< the principal's or operator's, for messages only
    QString cloud;     ///< a well-known name or a cloud file's absolute path
    QString authority; ///< scheme, host and port that the secret goes to; empty in an entry of an earlier version
    QString tenant;
    QString clientId;
    QString kind; ///< "secret", "certificate" or "refreshToken"
    QString key; ///< of the entry itself; empty in an entry of an earlier version
};

/// As Binding::kind names it.
QString kindOf(const Identity::ServicePrincipal &principal);

Binding bindingOf(const Identity::ServicePrincipal &principal, const Identity::Cloud &cloud, const QString &key);

/// The authority's scheme and host, and its port unless it is the usual one, in lower case.
QString authorityOf(const Identity::Cloud &cloud);

/// Whether two principals' secrets are of one kind and go to the same place as the same application: cloud, tenant and client ID.
bool sameTarget(const Identity::ServicePrincipal &a, const Identity::ServicePrincipal &b);

/// Whether an entry stored for \a stored may be used for \a wanted. What an earlier version did not write into the entry (authority
/// and key) is not compared; everything else must agree. Errors: Conflict with the code SecretBoundElsewhere, which names what the
/// entry was stored for.
Core::Result<void> checkBinding(const Binding &stored, const Binding &wanted);

} // namespace Vault
