#pragma once

#include "azure/scope.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
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
    QString condition;
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
    bool operator==(const RoleAssignment &) const = default;
};

struct DenyAssignment {
    QString id;
    QString name;
    QList<Permission> permissions;
    Scope scope;
    bool doNotApplyToChildScopes = false;
    QStringList principalIds;        ///< lower case; the zero GUID means all principals
    QStringList excludedPrincipalIds;
    bool isSystemProtected = false;
    bool operator==(const DenyAssignment &) const = default;
};

/// Each accepts ARM's own form (wrapped in "properties") and az's flattened one.
Core::Result<RoleDefinition> roleDefinitionFromJson(const QJsonObject &object);
Core::Result<RoleAssignment> roleAssignmentFromJson(const QJsonObject &object);
Core::Result<DenyAssignment> denyAssignmentFromJson(const QJsonObject &object);

/// Microsoft's built-in roles, from resources/builtin-roles.json (source and date there).
const QList<RoleDefinition> &builtInRoles();

} // namespace Azure
