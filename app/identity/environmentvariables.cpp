#include "identity/environmentvariables.h"

namespace Identity {

using namespace Qt::StringLiterals;

// Names and their meaning: Azure Identity library, EnvironmentCredential, in Python, JavaScript, .NET, Java, Go and C++.
Variables environmentVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                               const CertificateFile &file)
{
    Variables variables{{"AZURE_TENANT_ID", Core::Secret(principal.tenant.toUtf8())},
                        {"AZURE_CLIENT_ID", Core::Secret(principal.clientId.toUtf8())}};
    switch (principal.credential) {
    case ServicePrincipal::Credential::Secret:
        variables.append({"AZURE_CLIENT_SECRET", secret});
        break;
    case ServicePrincipal::Credential::Certificate:
        variables.append({"AZURE_CLIENT_CERTIFICATE_PATH", Core::Secret((file.path.isEmpty() ? principal.credentialFile : file.path).toUtf8())});
        if (!file.passphrase.isEmpty())
            variables.append({"AZURE_CLIENT_CERTIFICATE_PASSWORD", file.passphrase});
        break;
    case ServicePrincipal::Credential::FederatedToken:
        variables.append({"AZURE_FEDERATED_TOKEN_FILE", Core::Secret(principal.credentialFile.toUtf8())});
        break;
    }
    // Older SDKs (Python 1.13.0b2 as Debian 12 has it) take a federated token only where all of its variables are set, this one included.
    if (cloud.authorityHost != Cloud::azurePublic().authorityHost || principal.credential == ServicePrincipal::Credential::FederatedToken)
        variables.append({"AZURE_AUTHORITY_HOST", Core::Secret(cloud.authorityHost.toString().toUtf8())});
    return variables;
}

Core::Result<Variables> credentialVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                                            const CertificateFile &file)
{
    if (principal.credential == ServicePrincipal::Credential::Certificate && file.path.isEmpty() && principal.credentialFile.isEmpty())
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"An application reads a certificate from a file, and there is none yet."_s,
                           .code = u"NoCertificateFile"_s,
                           .nextStep = u"Name one to write: rolescope-cli export NAME --certificate-file FILE.pem …"_s};
    return environmentVariables(cloud, principal, secret, file);
}

QString tokenCredentials(TokenCredentials how, const ServicePrincipal &principal)
{
    if (how == TokenCredentials::Any)
        return {};
    if (how == TokenCredentials::Prod)
        return u"prod"_s;
    return principal.credential == ServicePrincipal::Credential::FederatedToken ? u"WorkloadIdentityCredential"_s : u"EnvironmentCredential"_s;
}

QString tokenCredentialsKnownTo(TokenCredentials how)
{
    return how == TokenCredentials::Exact ? u"Python 1.24, JavaScript 4.11, .NET 1.15, Java 1.17, C++ 1.13, Go later than 1.10"_s
                                          : u"Python 1.23, JavaScript 4.10, .NET 1.14, Java 1.16.1, C++ 1.12, Go 1.10"_s;
}

Variables withTokenCredentials(Variables variables, const QString &value)
{
    if (!value.isEmpty())
        variables.append({"AZURE_TOKEN_CREDENTIALS", Core::Secret(value.toUtf8())});
    return variables;
}

QList<QByteArray> secretVariableNames()
{
    return {"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"};
}

} // namespace Identity
