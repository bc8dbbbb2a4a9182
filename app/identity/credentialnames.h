#pragma once

#include <QString>
#include <QStringView>
#include <optional>

namespace Identity {

/// What one value of a pasted credential is.
enum class CredentialField {
    Tenant,
    ClientId,
    Secret,
    CertificateFile,
    CertificatePassword,
    FederatedTokenFile,
    AuthorityHost,
    ResourceManager,
    DisplayName,
    ExpiresAt
};

/// A name under which tools keep a value of a credential.
struct CredentialName
{
    CredentialField field;
    /// Also the name of things that have nothing to do with Azure, such as "password". It counts only beside a tenant or client ID
    /// and where no other name is given for the field.
    bool generic = false;
};

/// What a value called \a name is, in any case and with any punctuation: "AZURE_TENANT_ID", "tenantId",
/// "Directory (tenant) ID", "spring.cloud.azure.credential.client-id". Nothing for any other name.
/// Sources: the environment variables of Azure Identity, Terraform's azurerm provider, AzCopy, rclone, kubelogin, Ansible and Spring
/// Cloud Azure; the output of az ad sp create-for-rbac; the labels of the Azure portal.
std::optional<CredentialName> credentialName(QStringView name);

/// What \a value is when it only stands for a value that is kept elsewhere, such as "a reference to a key vault" or "a placeholder".
/// Empty for a value that can be used as it is. The text never quotes \a value.
QString referenceKind(QStringView value);

/// Whether \a value has the form of a client secret that Entra ID generates: 40 characters with "Q~" after the fourth.
bool isEntraSecret(QStringView value);

} // namespace Identity
