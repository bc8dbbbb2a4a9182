#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace Azure {

/// A client secret as Microsoft Graph lists it: without the secret.
struct PasswordCredential
{
    QString keyId; ///< the secret's ID, a GUID
    QString displayName;
    QString hint; ///< the secret's first three characters; empty where the service does not say
    QDateTime startsAt, endsAt; ///< UTC
    bool operator==(const PasswordCredential &) const = default;
};

/// A certificate as Microsoft Graph lists it: its public half, or only its name.
struct KeyCredential
{
    QString keyId;
    QString displayName;
    QByteArray certificate; ///< DER; empty where the service leaves it out, as lists do
    QString thumbprint;     ///< customKeyIdentifier: SHA-1, upper-case hex; may be empty
    QDateTime startsAt, endsAt;
    QJsonObject asListed; ///< whole, since a PATCH of the list must repeat the members that stay
    bool operator==(const KeyCredential &) const = default;
};

struct Application
{
    QString id;    ///< object ID
    QString appId; ///< client ID
    QString displayName;
    QList<PasswordCredential> passwords;
    QList<KeyCredential> keys;
    bool operator==(const Application &) const = default;
};

/// An application's presence in a tenant; role assignments name its id.
struct DirectoryPrincipal
{
    QString id; ///< object ID
    QString appId;
    QString displayName;
    bool enabled = true;
    bool operator==(const DirectoryPrincipal &) const = default;
};

/// The one answer that ever holds the secret.
struct NewPassword
{
    PasswordCredential credential;
    Core::Secret text;
};

struct FederatedCredential
{
    QString id;
    QString name;
    QString issuer;
    QString subject;
    QString description;
    QStringList audiences;
    bool operator==(const FederatedCredential &) const = default;
};

/// Errors: BadResponse, naming what is missing.
Core::Result<Application> applicationFromJson(const QJsonObject &object);
Core::Result<DirectoryPrincipal> directoryPrincipalFromJson(const QJsonObject &object);
Core::Result<FederatedCredential> federatedCredentialFromJson(const QJsonObject &object);
Core::Result<PasswordCredential> passwordCredentialFromJson(const QJsonObject &object);

} // namespace Azure
