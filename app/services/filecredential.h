#pragma once

#include "identity/accesstoken.h"
#include "identity/cloud.h"
#include "identity/credentiallint.h"
#include "identity/environmentvariables.h"
#include "identity/serviceprincipal.h"

#include "core/result.h"

class QObject;

namespace Services {

struct Services;

/// What can be seen of a file's credential without asking anybody.
struct CredentialFindings
{
    bool any = false;    ///< one of the SDKs' variables is there
    QStringList missing; ///< names
    QList<Identity::LintFinding> findings;

    bool isComplete() const { return any && missing.isEmpty(); }
    /// Something cannot work, whoever is asked.
    bool hasError() const;
};
CredentialFindings credentialIn(const Identity::Variables &variables);

/// Where a file's own words say that it signs in.
struct SignInPlace
{
    Identity::Cloud cloud;
    bool isWellKnown = true; ///< else somebody must agree before a secret is sent there
};
/// The well-known cloud of \a variables' AZURE_AUTHORITY_HOST; else the one among \a others with
/// this authority, and what that trusts; else the host itself, trusted as the system trusts.
/// Errors: InvalidInput, code "BadAuthority" (not https, or more than a host).
Core::Result<SignInPlace> signInPlace(const Identity::Variables &variables,
                                      const QList<Identity::Cloud> &others);

/// What an environment file's variables sign in with, as EnvironmentCredential and
/// WorkloadIdentityCredential choose among them.
struct FileCredential
{
    Identity::Cloud cloud;
    Identity::ServicePrincipal principal; ///< of no index: tenant, client and kind only
    Core::Secret secret;                  ///< as TokenClient::acquire() wants it
};

/// Reads \a variables, and the certificate's file where they name one. \a cloud: a name or cloud
/// file; empty: the well-known one of AZURE_AUTHORITY_HOST, for a file alone must not decide where
/// a secret is sent. Errors: InvalidInput, code "IncompleteCredential"; NotFound for another
/// authority or file; those of Identity::importCertificate().
Core::Result<FileCredential> fileCredential(const Identity::Variables &variables,
                                            const QString &cloud, const QDateTime &now);

/// The same at a \a cloud that is settled already.
Core::Result<FileCredential> fileCredential(const Identity::Variables &variables,
                                            const Identity::Cloud &cloud, const QDateTime &now);

/// Whether Entra ID takes a credential.
enum class SignInOutcome {
    Works,
    Refused, ///< Entra ID said no: the error says why
    Unknown  ///< it could not be asked, or the answer says nothing about the credential
};
SignInOutcome outcomeOf(const Core::Result<Identity::AccessToken> &token);

/// Signs in for storage, with no keychain involved. Errors: as TokenClient::acquire(), with their
/// remedies.
void trySignIn(Services &services, const FileCredential &credential, QObject *context,
               Core::Done<Identity::AccessToken> done);

} // namespace Services
