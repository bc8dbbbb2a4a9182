#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/serviceprincipal.h"

#include <QStringList>
#include <QUrl>
#include <string>

namespace Cli {

/// The credential options of `principal add`.
struct CredentialOptions
{
    std::string from, tenant, clientId, certificate, federatedTokenFile;
    bool secretStdin = false, passphraseStdin = false, makeCertificate = false;
    int days = 180;
};

/// What the options give: the principal without name and environment, and what the keychain is to
/// keep.
struct GivenCredential
{
    Identity::ServicePrincipal principal;
    Core::Secret secret;
    bool secretIsExact = false; ///< the text's own quoting was read, so nothing around the secret is dropped
    QUrl authorityHost; ///< where a pasted text names one
    QStringList notes;
};

/// Reads what the options name: standard input, the certificate's file, the token's file. \a name
/// is for a certificate that is made. Errors: those of the readers; InvalidInput.
Core::Result<GivenCredential> readCredential(const CredentialOptions &options, const QString &name,
                                             const QDateTime &now);

} // namespace Cli
