#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/certificate.h"
#include "identity/serviceprincipal.h"

#include <optional>

namespace Ui {

/// What a form gives: the principal with its credential's members, and what the keychain is to
/// keep; nothing where what it keeps already stays.
struct GivenCredential
{
    Identity::ServicePrincipal principal;
    std::optional<Core::Secret> secret;
};

/// The certificate and key in the file \a path. Errors: NotFound (no such file; a folder or a pipe
/// is none), File, those of Identity::importCertificate().
Core::Result<Identity::Certificate>
certificateIn(const QString &path, const Core::Secret &passphrase, const QDateTime &now);
/// \a principal without what belonged to the credential that it had.
Identity::ServicePrincipal withNewCredential(Identity::ServicePrincipal::Credential kind,
                                             Identity::ServicePrincipal principal);
/// \a principal with \a certificate, or its error.
Core::Result<GivenCredential>
withCertificate(const Identity::ServicePrincipal &principal,
                const Core::Result<Identity::Certificate> &certificate);
/// \a principal with the token in \a path. Errors: those of Identity::readFederatedToken().
Core::Result<GivenCredential> withTokenFile(const Identity::ServicePrincipal &principal,
                                            const QString &path);

} // namespace Ui
