#pragma once

#include "core/secret.h"
#include "identity/serviceprincipal.h"

#include <optional>

namespace Vault {

/// What a keychain entry holds: the secret, and enough beside it to restore a principal whose index
/// entry is lost.
struct KeychainEntry
{
    Identity::ServicePrincipal principal;
    Core::Secret secret;

    Core::Secret packed() const;
    /// Nothing where \a entry was not written by this program.
    static std::optional<KeychainEntry> unpacked(const Core::Secret &entry);
};

} // namespace Vault
