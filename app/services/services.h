#pragma once

#include "core/clock.h"
#include "http/activitylog.h"
#include "http/qttransport.h"
#include "identity/tokenclient.h"
#include "services/operatorsession.h"
#include "vault/keychainstore.h"
#include "vault/principalvault.h"
#include "vault/sparesecrets.h"

namespace Services {

/// The services both programs are built from, in the order in which they need each other. The window and the command line
/// own one each.
struct Services {
    /// \a configFolder holds the index of principals; see PrincipalVault::defaultFolder().
    explicit Services(const QString &configFolder);
    Q_DISABLE_COPY_MOVE(Services)

    /// Tokens that are at hand; secrets are in the keychain, and read for each use.
    void dropSecrets();

    Core::SystemClock clock;
    Http::ActivityLog activity;
    Http::QtTransport transport;
    Identity::TokenClient tokens;
    Vault::KeychainStore keychain;
    Vault::PrincipalVault vault;
    Vault::SpareSecrets spares;
    OperatorSession operators;
};

} // namespace Services
