#include "azure/roles.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

static void initResources()
{
    Q_INIT_RESOURCE(azure);
}

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

QStringList strings(const QJsonValue &value)
{
    QStringList list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        list.append(one.toString());
    return list;
}

// ARM wraps what az prints flat.
QJsonObject propertiesOf(const QJsonObject &object)
{
    return object[u"properties"].isObject() ? object[u"properties"].toObject() : object;
}

QList<Permission> permissionsOf(const QJsonValue &value)
{
    QList<Permission> permissions;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        const QJsonObject object = one.toObject();
        permissions.append({strings(object[u"actions"]), strings(object[u"notActions"]), strings(object[u"dataActions"]),
                            strings(object[u"notDataActions"]), object[u"condition"].toString()});
    }
    return permissions;
}

QString lastPart(const QString &id)
{
    return id.section(u'/', -1).toLower();
}

Error malformed(const QString &what, const QString &missing)
{
    return {.kind = Error::Kind::BadResponse, .message = u"A %1 has no usable “%2”."_s.arg(what, missing)};
}

QStringList principalIds(const QJsonValue &value)
{
    QStringList ids;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        ids.append(one.toObject()[u"id"].toString().toLower());
    return ids;
}

} // namespace

Result<RoleDefinition> roleDefinitionFromJson(const QJsonObject &object)
{
    const QJsonObject properties = propertiesOf(object);
    RoleDefinition role;
    const QString name = object[u"name"].toString();
    role.id = name.isEmpty() ? lastPart(object[u"id"].toString()) : name.toLower();
    role.name = properties[u"roleName"].toString();
    role.description = properties[u"description"].toString();
    role.type = properties[u"type"].toString(properties[u"roleType"].toString());
    if (role.type.contains(u'/')) // az's flat form: "type" is the resource's, "roleType" the role's
        role.type = properties[u"roleType"].toString();
    role.permissions = permissionsOf(properties[u"permissions"]);
    role.assignableScopes = strings(properties[u"assignableScopes"]);
    if (role.id.isEmpty())
        return malformed(u"role definition"_s, u"name"_s);
    if (!properties[u"permissions"].isArray())
        return malformed(u"role definition"_s, u"permissions"_s);
    return role;
}

Result<RoleAssignment> roleAssignmentFromJson(const QJsonObject &object)
{
    const QJsonObject properties = propertiesOf(object);
    RoleAssignment assignment;
    assignment.id = object[u"id"].toString();
    assignment.roleDefinitionId = lastPart(properties[u"roleDefinitionId"].toString());
    assignment.principalId = properties[u"principalId"].toString().toLower();
    assignment.principalType = properties[u"principalType"].toString();
    assignment.condition = properties[u"condition"].toString();
    assignment.conditionVersion = properties[u"conditionVersion"].toString();
    assignment.description = properties[u"description"].toString();
    const Result<Scope> scope = Scope::parse(properties[u"scope"].toString());
    if (!scope)
        return malformed(u"role assignment"_s, u"scope"_s);
    assignment.scope = *scope;
    if (assignment.roleDefinitionId.isEmpty())
        return malformed(u"role assignment"_s, u"roleDefinitionId"_s);
    if (assignment.principalId.isEmpty())
        return malformed(u"role assignment"_s, u"principalId"_s);
    return assignment;
}

Result<DenyAssignment> denyAssignmentFromJson(const QJsonObject &object)
{
    const QJsonObject properties = propertiesOf(object);
    DenyAssignment deny;
    deny.id = object[u"id"].toString();
    deny.name = properties[u"denyAssignmentName"].toString();
    deny.permissions = permissionsOf(properties[u"permissions"]);
    deny.doNotApplyToChildScopes = properties[u"doNotApplyToChildScopes"].toBool();
    deny.principalIds = principalIds(properties[u"principals"]);
    deny.excludedPrincipalIds = principalIds(properties[u"excludePrincipals"]);
    deny.isSystemProtected = properties[u"isSystemProtected"].toBool();
    const Result<Scope> scope = Scope::parse(properties[u"scope"].toString());
    if (!scope)
        return malformed(u"deny assignment"_s, u"scope"_s);
    deny.scope = *scope;
    return deny;
}

const QList<RoleDefinition> &builtInRoles()
{
    static const QList<RoleDefinition> roles = [] {
        initResources();
        QFile file(u":/rolescope/builtin-roles.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("the built-in roles are missing from the program");
        QList<RoleDefinition> list;
        const QJsonArray array = QJsonDocument::fromJson(file.readAll()).object()[u"roles"].toArray();
        list.reserve(array.size());
        for (const QJsonValue &one : array) {
            const QJsonObject object = one.toObject();
            list.append({object[u"id"].toString(), object[u"roleName"].toString(), object[u"description"].toString(),
                         u"BuiltInRole"_s, permissionsOf(object[u"permissions"]), {u"/"_s}});
        }
        return list;
    }();
    return roles;
}

} // namespace Azure
