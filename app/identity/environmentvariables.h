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
/// AZURE_CLIENT_ID, AZURE_CLIENT_SECRET (or those of its other kind of credential), and AZURE_AUTHORITY_HOST for a federated token and outside
/// the public cloud. A certificate stands in them by its file only; a federated token's file is read by WorkloadIdentityCredential. Errors:
/// InvalidInput, code "NoCertificateFile" (a certificate without a file for it).
Core::Result<Variables> credentialVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                                            const CertificateFile &file = {});
/// The same without the check: a certificate that has no file yet gets an empty path.
Variables environmentVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                               const CertificateFile &file = {});

/// How far DefaultAzureCredential is narrowed by AZURE_TOKEN_CREDENTIALS, so that it tries nothing else where what it was given fails.
enum class TokenCredentials {
    Any,  ///< the variable is not set
    Prod, ///< "prod": no developer's tool is asked
    Exact ///< the one credential that reads these variables
};

/// The value of AZURE_TOKEN_CREDENTIALS for \a principal's variables; empty for Any. SDKs that are too old pass the variable over; those
/// between the two versions of tokenCredentialsKnownTo() refuse a name that they do not know.
QString tokenCredentials(TokenCredentials how, const ServicePrincipal &principal);
/// Which SDKs know it, for people: "Python 1.23, …". Source: the libraries' change logs; Go's version for Exact is not known here.
QString tokenCredentialsKnownTo(TokenCredentials how);
/// \a variables with AZURE_TOKEN_CREDENTIALS, unless \a value is empty.
Variables withTokenCredentials(Variables variables, const QString &value);

/// The names among them whose values are secret.
QList<QByteArray> secretVariableNames();

} // namespace Identity
