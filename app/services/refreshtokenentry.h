#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/cloud.h"
#include "services/operators.h"

namespace Services {

/// A refresh token as it is in the keychain, with what it was stored for; see Vault::Binding.
struct RefreshTokenEntry
{
    Core::Secret token;
    bool isBound = true; ///< else an earlier version stored the token alone

    /// What is stored under \a key for \a who, who signed in to \a cloud.
    static Core::Secret packed(const Operator &who, const Identity::Cloud &cloud,
                               const QString &key, const Core::Secret &token);
    /// The token in \a entry, if it was stored for \a who at \a cloud. An earlier version stored the
    /// token alone, which says nothing of where it belongs: it is used at the three well-known
    /// clouds only. Errors: Conflict with the code SecretBoundElsewhere, InvalidInput with the code
    /// EntryUnreadable.
    static Core::Result<RefreshTokenEntry> unpacked(const Operator &who,
                                                    const Identity::Cloud &cloud,
                                                    const QString &key, const Core::Secret &entry);
};

} // namespace Services
