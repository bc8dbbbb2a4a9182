#include "azure/roles.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringDecoder>

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

QString lastPart(const QString &id)
{
    return id.section(u'/', -1).toLower();
}

Error malformed(const QString &what, const QString &missing)
{
    return {.kind = Error::Kind::BadResponse, .message = u"A %1 has no usable “%2”."_s.arg(what, missing)};
}

QList<DenyAssignment::Principal> principalsOf(const QJsonValue &value)
{
    QList<DenyAssignment::Principal> principals;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        const QJsonObject object = one.toObject();
        principals.append({object[u"id"].toString().toLower(), object[u"type"].toString()});
    }
    return principals;
}

// The scope as said, or as the assignment's own ID says it.
Result<Scope> scopeOf(const QJsonObject &object, const QJsonObject &properties)
{
    const QString said = properties[u"scope"].toString();
    if (!said.isEmpty())
        return Scope::parse(said);
    const QString id = object[u"id"].toString();
    const qsizetype end = id.lastIndexOf(u"/providers/Microsoft.Authorization/"_s, -1, Qt::CaseInsensitive);
    return Scope::parse(end == 0 ? u"/"_s : id.left(end));
}

// What a shell's redirection made of the text, read back as UTF-8.
QByteArray asUtf8(const QByteArray &bytes)
{
    const auto encoding = QStringConverter::encodingForData(bytes);
    if (!encoding || *encoding == QStringConverter::Utf8)
        return bytes.startsWith("\xEF\xBB\xBF") ? bytes.mid(3) : bytes;
    QStringDecoder decoder(*encoding);
    const QString text = decoder(bytes);
    return text.toUtf8();
}

template<typename T>
Result<AuthorizationList<T>> listFromJson(const QByteArray &json, Result<T> (*one)(const QJsonObject &), const QString &what)
{
    const auto invalid = [&](const QString &why) {
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"This is no list of %1s: %2"_s.arg(what, why),
                     .nextStep = u"Give what “az … -o json” or Resource Manager printed."_s};
    };
    QJsonParseError trouble;
    const QJsonDocument document = QJsonDocument::fromJson(asUtf8(json), &trouble);
    if (document.isNull())
        return invalid(u"%1 at byte %2."_s.arg(trouble.errorString()).arg(trouble.offset));
    AuthorizationList<T> list;
    QJsonArray entries = document.array();
    if (document.isObject()) {
        const QJsonObject object = document.object();
        entries = object[u"value"].isArray() ? object[u"value"].toArray() : QJsonArray{object};
        list.complete = object[u"nextLink"].toString().isEmpty();
    }
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const Result<T> entry = one(entries[i].toObject());
        if (!entry)
            return invalid(u"entry %1: %2"_s.arg(i + 1).arg(entry.error().message));
        list.entries.append(*entry);
    }
    return list;
}

} // namespace

QList<Permission> permissionsFromJson(const QJsonArray &array)
{
    QList<Permission> permissions;
    for (const QJsonValue &one : array) {
        const QJsonObject object = one.toObject();
        permissions.append({strings(object[u"actions"]), strings(object[u"notActions"]), strings(object[u"dataActions"]),
                            strings(object[u"notDataActions"]), object[u"condition"].toString(),
                            object[u"conditionVersion"].toString()});
    }
    return permissions;
}

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
    role.permissions = permissionsFromJson(properties[u"permissions"].toArray());
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
    assignment.updatedOn = QDateTime::fromString(properties[u"updatedOn"].toString(properties[u"createdOn"].toString()), Qt::ISODateWithMs);
    const Result<Scope> scope = scopeOf(object, properties);
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
    deny.permissions = permissionsFromJson(properties[u"permissions"].toArray());
    deny.doNotApplyToChildScopes = properties[u"doNotApplyToChildScopes"].toBool();
    deny.principals = principalsOf(properties[u"principals"]);
    deny.excludedPrincipals = principalsOf(properties[u"excludePrincipals"]);
    deny.condition = properties[u"condition"].toString();
    deny.conditionVersion = properties[u"conditionVersion"].toString();
    deny.isSystemProtected = properties[u"isSystemProtected"].toBool();
    const Result<Scope> scope = scopeOf(object, properties);
    if (!scope)
        return malformed(u"deny assignment"_s, u"scope"_s);
    deny.scope = *scope;
    return deny;
}

Result<AuthorizationList<RoleAssignment>> roleAssignmentsFromJson(const QByteArray &json)
{
    return listFromJson<RoleAssignment>(json, roleAssignmentFromJson, u"role assignment"_s);
}

Result<AuthorizationList<RoleDefinition>> roleDefinitionsFromJson(const QByteArray &json)
{
    return listFromJson<RoleDefinition>(json, roleDefinitionFromJson, u"role definition"_s);
}

Result<AuthorizationList<DenyAssignment>> denyAssignmentsFromJson(const QByteArray &json)
{
    return listFromJson<DenyAssignment>(json, denyAssignmentFromJson, u"deny assignment"_s);
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
                         u"BuiltInRole"_s, permissionsFromJson(object[u"permissions"].toArray()), {u"/"_s}});
        }
        return list;
    }();
    return roles;
}

} // namespace Azure
