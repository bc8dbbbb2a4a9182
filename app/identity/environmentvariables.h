#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

#include <QByteArray>
#include <QList>
#include <utility>

namespace Identity {

using Variables = QList<std::pair<QByteArray, Core::Secret>>;

/// Where an application finds a certificate principal's certificate, and what opens it.
struct CertificateFile
{
    QString path; ///< empty: principal.credentialFile, where it was exported to last
    Core::Secret passphrase;
};

/// The variables from which the Azure SDKs' EnvironmentCredential signs \a principal in: AZURE_TENANT_ID,
/// AZURE_CLIENT_ID, AZURE_CLIENT_SECRET (or those of its other kind of credential), and AZURE_AUTHORITY_HOST outside
/// the public cloud. A certificate stands in them by its file only; a federated token's file is read by WorkloadIdentityCredential. Errors:
/// InvalidInput, code "NoCertificateFile" (a certificate without a file for it).
Core::Result<Variables> credentialVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                                            const CertificateFile &file = {});
/// The same without the check: a certificate that has no file yet gets an empty path.
Variables environmentVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                               const CertificateFile &file = {});

/// The names among them whose values are secret.
QList<QByteArray> secretVariableNames();

} // namespace Identity
