#include "identity/environmentvariables.h"

namespace Identity {

// Names and their meaning: Azure Identity library, EnvironmentCredential, in Python, JavaScript, .NET, Java, Go and C++.
Variables environmentVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret)
{
    Variables variables{{"AZURE_TENANT_ID", Core::Secret(principal.tenant.toUtf8())},
                        {"AZURE_CLIENT_ID", Core::Secret(principal.clientId.toUtf8())}};
    switch (principal.credential) {
    case ServicePrincipal::Credential::Secret:
        variables.append({"AZURE_CLIENT_SECRET", secret});
        break;
    case ServicePrincipal::Credential::Certificate:
        variables.append({"AZURE_CLIENT_CERTIFICATE_PATH", Core::Secret(principal.credentialFile.toUtf8())});
        break;
    case ServicePrincipal::Credential::FederatedToken:
        variables.append({"AZURE_FEDERATED_TOKEN_FILE", Core::Secret(principal.credentialFile.toUtf8())});
        break;
    }
    if (cloud.authorityHost != Cloud::azurePublic().authorityHost)
        variables.append({"AZURE_AUTHORITY_HOST", Core::Secret(cloud.authorityHost.toString().toUtf8())});
    return variables;
}

} // namespace Identity
