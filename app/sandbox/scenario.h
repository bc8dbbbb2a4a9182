#pragma once

#include "azure/roles.h"
#include "azure/scope.h"
#include "core/result.h"

#include <QByteArray>
#include <QHash>
#include <QJsonArray>
#include <QList>
#include <QMap>
#include <QString>
#include <optional>

namespace Sandbox {

struct Tenant
{
    QString id; ///< GUID, lower case
    QString name;
    QStringList domains;
};

struct Subscription
{
    QString id; ///< GUID, lower case
    QString name;
    QString tenant; ///< tenant ID
    bool databricks = false; ///< contains an Azure Databricks workspace
};

struct ResourceGroup
{
    QString name;
    QString subscription; ///< subscription ID
    QString location;
    Azure::Scope scope() const;
};

struct Blob
{
    QString name;
    QByteArray content;
    QString contentType;
    bool append = false; ///< an append blob in place of a block blob
    QMap<QString, QString> metadata;
    QMap<QString, QString> tags;
};

struct Container
{
    QString name;
    QMap<QString, QString> metadata;
    QList<Blob> blobs;
};

struct Account
{
    QString name;
    QString subscription; ///< subscription ID
    QString resourceGroup;
    QString location;
    QString environment;
    bool firewall =
        false; ///< refuses every request of the data plane, as from an address that is not listed
    bool hierarchicalNamespace = false;
    /// What the POSIX ACLs give whom: object ID → container → path → "r-x".
    QMap<QString, QMap<QString, QMap<QString, QString>>> acl;
    qint64 throttleEvery = 0; ///< each so many-th request is told that the server is busy; 0: none
    QList<Container> containers;
    Azure::Scope scope() const;
};

struct ClientSecret
{
    QString id; ///< GUID, what the portal calls "Secret ID"
    QString value;
    bool expired = false;
};

struct Principal
{
    QString name; ///< how the sandbox's files and its ready line call it
    QString environment;
    QString note; ///< what it shows, one sentence
    QString tenant;
    QString clientId; ///< GUID, lower case
    QString objectId; ///< of the service principal; GUID, lower case
    QList<ClientSecret> secrets;
    bool handOutSecretId = false; ///< its files carry the secret's ID in place of the value
    QStringList blockedAccounts; ///< accounts whose firewall does not list this principal's address
    QStringList directoryRoles;   ///< by name, e.g. "Application Administrator"
    QStringList graphPermissions; ///< application permissions, e.g. "Application.ReadWrite.All"
    std::optional<ClientSecret> handedOut() const;
};

/// A person who signs in with a password.
struct User
{
    QString name; ///< display name
    QString userPrincipalName;
    QString tenant;
    QString objectId; ///< GUID, lower case
    QString password;
    QStringList directoryRoles; ///< by name
};

/// How people sign in; seconds.
struct SignInSettings
{
    qint64 deviceCodeLifetime = 900;
    qint64 deviceCodeInterval = 5;
    qint64 refreshTokenLifetime = 90 * 86400;
};

/// Whose tokens federated credentials can stand on.
struct TrustedIssuer
{
    QString issuer;
    QJsonArray keys; ///< of its key set (RFC 7517)
};

struct ManagementGroup
{
    QString name; ///< the last part of its ID
    QString displayName;
    QString tenant;
    QString parent; ///< another one's name; empty for none
    QStringList subscriptions;
    Azure::Scope scope() const;
};

/// After how many seconds a change of the directory is seen by whom.
struct Replication
{
    qint64 graph = 0;
    qint64 resourceManager = 0;
    qint64 signIn = 0;
};

struct Group
{
    QString id; ///< object ID, lower case
    QString name;
    QStringList members; ///< object IDs
};

/// A small company in Azure, as the sandbox begins with it. Nothing in it changes while the sandbox
/// runs: what is registered and assigned since is in Directory and RoleRegister.
struct Scenario
{
    QList<Tenant> tenants;
    QList<Subscription> subscriptions;
    QList<ResourceGroup> resourceGroups;
    QList<Account> accounts;
    QList<Principal> principals;
    QList<User> users;
    QList<ManagementGroup> managementGroups;
    QList<TrustedIssuer> issuers;
    Replication replication;
    SignInSettings signIn;
    qint64 assignmentDelay = 0; ///< seconds until what is assigned or removed later reaches the data
    QList<Azure::RoleAssignment> assignments;
    QList<Group> groups;
    QList<Azure::DenyAssignment> denies;
    QHash<QString, qint64> delays; ///< seconds until an assignment (by its ID) reaches the data
    qint64 pageSize = 0;           ///< of Resource Manager's lists; 0: no pages
    QList<Azure::RoleDefinition> definitions; ///< the built-in ones and the scenario's own
    qint64 clockAhead = 0; ///< seconds by which this sandbox's clock is ahead of the machine's
    qint64 tokenLifetime = 3599;              ///< seconds

    /// By GUID or domain, without regard to case.
    const Tenant *tenant(const QString &idOrDomain) const;
    const Subscription *subscription(const QString &id) const;
    const Account *account(const QString &name) const;
    const Principal *principalOfClient(const QString &tenant, const QString &clientId) const;
    const Principal *principalOfObject(const QString &objectId) const;
    const User *userOfObject(const QString &objectId) const;
    /// By user principal name, without regard to case.
    const User *userOfName(const QString &userPrincipalName) const;
    const Azure::RoleDefinition *definition(const QString &id) const;
    /// The resource IDs of the management groups in whose tree \a scope lies, itself not among them.
    QStringList managementGroupsAbove(const Azure::Scope &scope) const;
    QString tenantOf(const Account &account) const;

    /// Reads a scenario file; its form is described in app/sandbox/SCENARIO.md. Errors:
    /// InvalidInput, whose message names the place ("accounts[1].name: …").
    static Core::Result<Scenario> parse(const QByteArray &json);
};

/// The scenario that comes with the program.
QByteArray defaultScenario();

constexpr qsizetype mostBlobs = 20'000; ///< in a scenario

/// What \a pattern stands for: each {FROM-TO} runs through its numbers, padded to FROM's width, the
/// last one fastest. Beside each name stand the values of its runs, in order. Stops one beyond
/// mostBlobs.
QList<std::pair<QString, QStringList>> expandNames(const QString &pattern);

} // namespace Sandbox
