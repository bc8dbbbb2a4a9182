#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/serviceprincipal.h"
#include "vault/binding.h"

namespace Vault {

/// What a keychain entry holds: the secret, what it was stored for, and enough beside it to restore a principal whose index
/// entry is lost.
struct KeychainEntry
{
    Identity::ServicePrincipal principal;
    Core::Secret secret;
    QString authority{}; ///< see Binding
    QString key{};       ///< see Binding

    /// An entry for \a principal's secret under \a key. Errors: those of loading its cloud, whose authority the entry names.
    static Core::Result<KeychainEntry> bound(const Identity::ServicePrincipal &principal, Core::Secret secret, const QString &key);

    Binding binding() const { return {principal.name, principal.cloud, authority, principal.tenant, principal.clientId, kindOf(principal), key}; }
    Core::Secret packed() const;
    /// Errors: InvalidInput with the code EntryUnreadable, where \a entry was not written by this program or by a newer version;
    /// the message does not quote it.
    static Core::Result<KeychainEntry> unpacked(const Core::Secret &entry);
    /// The secret in \a entry, if it was stored for \a wanted. Errors: those of unpacked() and checkBinding().
    static Core::Result<Core::Secret> secretFor(const Binding &wanted, const Core::Secret &entry);
};

} // namespace Vault
