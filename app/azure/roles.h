#pragma once

#include "azure/scope.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

namespace Azure {

/// One permissions[] object: the Not lists subtract only inside it.
struct Permission {
    QStringList actions;
    QStringList notActions;
    QStringList dataActions;
    QStringList notDataActions;
    QString condition;        ///< of this object itself; empty for none
    QString conditionVersion;
    bool operator==(const Permission &) const = default;
};

struct RoleDefinition {
    QString id;   ///< the GUID, lower case
    QString name; ///< roleName, e.g. "Storage Blob Data Reader"
    QString description;
    QString type; ///< "BuiltInRole" or "CustomRole"
    QList<Permission> permissions;
    QStringList assignableScopes;
    bool operator==(const RoleDefinition &) const = default;
};

struct RoleAssignment {
    QString id;               ///< the whole resource ID
    QString roleDefinitionId; ///< the GUID at the end of it, lower case
    QString principalId;      ///< object ID, lower case
    QString principalType;    ///< "ServicePrincipal", "Group", …; may be empty
    Scope scope;
    QString condition;
    QString conditionVersion;
    QString description;
    QDateTime updatedOn;      ///< UTC; invalid where it was not said
    QString roleDefinitionName; ///< as az adds it; counts where roleDefinitionId is no GUID; may be empty
    bool operator==(const RoleAssignment &) const = default;
};

struct DenyAssignment {
    struct Principal {
        QString id;   ///< object ID, lower case; the zero GUID means all principals
        QString type; ///< "ServicePrincipal", "Group", "SystemDefined", …; may be empty
        bool operator==(const Principal &) const = default;
    };
    QString id;
    QString name;
    QList<Permission> permissions;
    Scope scope;
    bool doNotApplyToChildScopes = false;
    QList<Principal> principals;
    QList<Principal> excludedPrincipals;
    QString condition; ///< empty for none
    QString conditionVersion;
    bool isSystemProtected = false;
    bool operator==(const DenyAssignment &) const = default;
};

/// Each accepts ARM's own form (wrapped in "properties") and az's flattened one.
Core::Result<RoleDefinition> roleDefinitionFromJson(const QJsonObject &object);
Core::Result<RoleAssignment> roleAssignmentFromJson(const QJsonObject &object);
Core::Result<DenyAssignment> denyAssignmentFromJson(const QJsonObject &object);

/// The objects of a permissions[] list.
QList<Permission> permissionsFromJson(const QJsonArray &array);

/// A list as az or ARM print it: an array, ARM's page {"value":[…]} or a single object; in UTF-8, or in UTF-16 as a shell on
/// Windows writes it.
template<typename T>
struct AuthorizationList {
    QList<T> entries;
    bool complete = true; ///< false where the page names a next one
};
/// Errors: InvalidInput, naming the entry that cannot be read.
Core::Result<AuthorizationList<RoleAssignment>> roleAssignmentsFromJson(const QByteArray &json);
Core::Result<AuthorizationList<RoleDefinition>> roleDefinitionsFromJson(const QByteArray &json);
Core::Result<AuthorizationList<DenyAssignment>> denyAssignmentsFromJson(const QByteArray &json);

/// Microsoft's built-in roles, from resources/builtin-roles.json (source and date there).
const QList<RoleDefinition> &builtInRoles();

} // namespace Azure
