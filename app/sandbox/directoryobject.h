#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace Sandbox {

struct PasswordCredential
{
    QString keyId; ///< GUID
    QString displayName;
    QString value;
    QDateTime start;
    QDateTime end;
    QDateTime added;
};

/// A certificate that signs client assertions.
struct KeyCredential
{
    QString keyId; ///< GUID
    QString displayName;
    QByteArray certificate; ///< DER
    QDateTime start;
    QDateTime end;
    QDateTime added;
};

/// Whose tokens, issued elsewhere, stand in for a secret.
struct FederatedCredential
{
    QString id; ///< GUID
    QString name;
    QString issuer;
    QString subject;
    QString description;
    QStringList audiences;
    QDateTime added;
};

/// An application, a service principal, a user or a group of a tenant.
struct DirectoryObject
{
    enum class Kind { Application, ServicePrincipal, User, Group };

    Kind kind = Kind::Application;
    QString id; ///< object ID, lower case
    QString tenant;
    QString appId; ///< of an application and its service principal
    QString displayName;
    QJsonObject properties; ///< what was written in place of the defaults, in Graph's form
    QStringList owners;     ///< object IDs
    QDateTime created;
    QDateTime deleted; ///< invalid while it is there
    QList<PasswordCredential> passwords;
    QList<KeyCredential> keys;
    QList<FederatedCredential> federations;
};

} // namespace Sandbox
