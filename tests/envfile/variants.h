#pragma once

#include "identity/environmentvariables.h"

#include <QString>

namespace Test {

/// What is exported for another kind of credential, or outside the public cloud.
struct Variant
{
    QString name;
    Identity::Variables variables;
};

inline QList<Variant> variants()
{
    using enum Identity::ServicePrincipal::Credential;
    using Identity::Cloud, Identity::ServicePrincipal, Identity::TokenCredentials;
    const auto of = [](const QString &name, const Cloud &cloud, ServicePrincipal::Credential kind,
                       const QString &file, const Core::Secret &passphrase = {}) {
        ServicePrincipal principal;
        principal.tenant = QStringLiteral("aaaabbbb-0000-cccc-1111-dddd2222eeee");
        principal.clientId = QStringLiteral("00001111-aaaa-2222-bbbb-3333cccc4444");
        principal.credential = kind;
        principal.credentialFile = file;
        return Variant{name,
                       Identity::withTokenCredentials(
                           Identity::environmentVariables(
                               cloud, principal, Core::Secret("Zz08Q~x.y_z-1"), {file, passphrase}),
                           Identity::tokenCredentials(TokenCredentials::Exact, principal))};
    };
    const Cloud azure = Cloud::azurePublic(), china = *Cloud::load(QStringLiteral("AzureChina"));
    return {
        of(QStringLiteral("variant-secret-china"), china, Secret, {}),
        of(QStringLiteral("variant-certificate"), azure, Certificate,
           QStringLiteral("/etc/it's 100%\\$HOME:.pem")),
        of(QStringLiteral("variant-certificate-passphrase"), china, Certificate,
           QStringLiteral("/etc/orders.pem"), Core::Secret("open 'sesame' $1%")),
        of(QStringLiteral("variant-federated"), azure, FederatedToken,
           QStringLiteral("/var/run/secrets/azure/tokens/azure-identity-token")),
    };
}

} // namespace Test
