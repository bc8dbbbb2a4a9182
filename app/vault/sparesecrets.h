#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"
#include "vault/principalindex.h"
#include "vault/secretstore.h"

#include <optional>

namespace Vault {

/// The second secret that a principal has while it is rotated: first the new one, until it is
/// proven, then the old one, until it is removed. The index names its keychain entry before it is
/// written, so that a crash leaves nothing unnamed.
class SpareSecrets final
{
public:
    /// \a folder as the PrincipalVault's.
    SpareSecrets(QString folder, SecretStore &secrets);

    /// Keeps \a secret beside the current one; yields its keychain key. Errors: Conflict (there is
    /// one already), keychain kinds, File, and those of loading the principal's cloud.
    void put(const Identity::ServicePrincipal &principal, Core::Secret secret, QObject *context,
             Core::Done<QString> done);
    /// The spare of \a principal, to be sent to \a cloud's authority. Nothing where there is none, or its entry was never written. Errors:
    /// those of PrincipalVault::secret() but NotFound.
    void read(const Identity::ServicePrincipal &principal, const Identity::Cloud &cloud, QObject *context,
              Core::Done<std::optional<Core::Secret>> done);
    /// The key of the spare's entry, or of the current secret's; empty where there is none.
    Core::Result<QString> spareKey(const QString &principalId) const;
    Core::Result<QString> currentKey(const QString &principalId) const;
    /// Makes the secret under \a key the current one and the other the spare, at once; \a keyId and
    /// \a expiresAt are what Entra ID says of it, \a thumbprint is that of a certificate. Nothing
    /// changes where it is current already. Errors: NotFound (\a key is neither), File.
    Core::Result<void> makeCurrent(const QString &principalId, const QString &key,
                                   const QString &keyId, const QDateTime &expiresAt,
                                   const QString &thumbprint = {});
    /// Forgets the spare, wherever there is one.
    void drop(const QString &principalId, QObject *context, Core::Done<void> done);

private:
    IndexFile m_file;
    SecretStore &m_secrets;
};

} // namespace Vault
