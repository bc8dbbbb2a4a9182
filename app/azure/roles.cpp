#include "azure/roles.h"

#include "core/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <optional>

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
    return {.kind = Error::Kind::BadResponse,
            .message = u"A %1 has no usable “%2”."_s.arg(what, missing)};
}

bool isNothing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

// Nothing where an entry is no principal: a list that is read in part would deny too little.
std::optional<QList<DenyAssignment::Principal>> principalsOf(const QJsonValue &value)
{
    QList<DenyAssignment::Principal> principals;
    if (!value.isArray() && !isNothing(value))
        return std::nullopt;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        const QString id = one[u"id"].toString().trimmed().toLower();
        if (id.isEmpty())
            return std::nullopt;
        principals.append({id, one[u"type"].toString()});
    }
    return principals;
}

// The first key that has another type than is documented; a missing key or null is none.
QString otherThan(QJsonValue::Type type, const QJsonObject &object,
                  std::initializer_list<QLatin1String> keys)
{
    for (const QLatin1String key : keys) {
        if (!isNothing(object[key]) && object[key].type() != type)
            return key;
    }
    return {};
}

bool isListOfTexts(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    return isNothing(value) ||
           (value.isArray() && std::all_of(array.begin(), array.end(),
                                           [](const QJsonValue &one) { return one.isString(); }));
}

// What is wrong in a permissions[] list; empty for nothing. A list that is read in part would allow
// or deny another thing.
QString troubleIn(const QJsonValue &permissions)
{
    if (!permissions.isArray())
        return u"permissions"_s;
    const QJsonArray array = permissions.toArray();
    for (const QJsonValue &one : array) {
        if (!one.isObject())
            return u"permissions"_s;
        for (const QLatin1String key :
             {"actions"_L1, "notActions"_L1, "dataActions"_L1, "notDataActions"_L1}) {
            if (!isListOfTexts(one.toObject()[key]))
                return key;
        }
        if (const QString key = otherThan(QJsonValue::String, one.toObject(),
                                          {"condition"_L1, "conditionVersion"_L1});
            !key.isEmpty())
            return key;
    }
    return {};
}

// The scope as said, or as the assignment's own ID says it.
Result<Scope> scopeOf(const QJsonObject &object, const QJsonObject &properties)
{
    const QString said = properties[u"scope"].toString();
    if (!said.isEmpty())
        return Scope::parse(said);
    const QString id = object[u"id"].toString();
    const qsizetype end =
        id.lastIndexOf(u"/providers/Microsoft.Authorization/"_s, -1, Qt::CaseInsensitive);
    return Scope::parse(end == 0 ? u"/"_s : id.left(end));
}

template<typename T>
Result<AuthorizationList<T>>
listFromJson(const QByteArray &json, Result<T> (*one)(const QJsonObject &), const QString &what)
{
    const auto invalid = [&](const QString &why) {
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"This is no list of %1s: %2"_s.arg(what, why),
                     .nextStep = u"Give what “az … -o json” or Resource Manager printed."_s};
    };
    QJsonParseError trouble;
    const QJsonDocument document = QJsonDocument::fromJson(Core::jsonText(json), &trouble);
    if (document.isNull())
        return invalid(u"%1 at byte %2."_s.arg(trouble.errorString()).arg(trouble.offset));
    AuthorizationList<T> list;
    QJsonArray entries = document.array();
    if (document.isObject()) {
        const QJsonObject object = document.object();
        if (const QJsonObject refusal = object[u"error"].toObject(); !refusal.isEmpty())
            return invalid(u"it is an answer that refuses, with the code “%1”."_s.arg(
                refusal[u"code"].toString().left(100)));
        entries = object[u"value"].isArray() ? object[u"value"].toArray() : QJsonArray{object};
        list.complete = object[u"nextLink"].toString().isEmpty();
    }
    for (qsizetype i = 0; i < entries.size(); ++i) {
        if (!entries[i].isObject())
            return invalid(u"entry %1 is no object."_s.arg(i + 1));
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
        permissions.append({strings(object[u"actions"]), strings(object[u"notActions"]),
                            strings(object[u"dataActions"]), strings(object[u"notDataActions"]),
                            object[u"condition"].toString(),
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
    if (const QString key = troubleIn(properties[u"permissions"]); !key.isEmpty())
        return malformed(u"role definition"_s, key);
    return role;
}

Result<RoleAssignment> roleAssignmentFromJson(const QJsonObject &object)
{
    const QJsonObject properties = propertiesOf(object);
    RoleAssignment assignment;
    assignment.id = object[u"id"].toString();
    assignment.roleDefinitionId = lastPart(properties[u"roleDefinitionId"].toString());
    assignment.roleDefinitionName = properties[u"roleDefinitionName"].toString().trimmed();
    if (assignment.roleDefinitionId.isEmpty())
        assignment.roleDefinitionId = assignment.roleDefinitionName.toLower();
    assignment.principalId = properties[u"principalId"].toString().trimmed().toLower();
    assignment.principalType = properties[u"principalType"].toString();
    assignment.condition = properties[u"condition"].toString();
    assignment.conditionVersion = properties[u"conditionVersion"].toString();
    assignment.description = properties[u"description"].toString();
    assignment.updatedOn = QDateTime::fromString(
        properties[u"updatedOn"].toString(properties[u"createdOn"].toString()), Qt::ISODateWithMs);
    const Result<Scope> scope = scopeOf(object, properties);
    if (!scope)
        return malformed(u"role assignment"_s, u"scope"_s);
    assignment.scope = *scope;
    if (assignment.roleDefinitionId.isEmpty())
        return malformed(u"role assignment"_s, u"roleDefinitionId"_s);
    if (assignment.principalId.isEmpty())
        return malformed(u"role assignment"_s, u"principalId"_s);
    if (const QString key = otherThan(QJsonValue::String, properties,
                                      {"scope"_L1, "condition"_L1, "conditionVersion"_L1,
                                       "principalType"_L1});
        !key.isEmpty())
        return malformed(u"role assignment"_s, key);
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
    const auto principals = principalsOf(properties[u"principals"]);
    const auto excluded = principalsOf(properties[u"excludePrincipals"]);
    if (!principals || principals->isEmpty())
        return malformed(u"deny assignment"_s, u"principals"_s);
    if (!excluded)
        return malformed(u"deny assignment"_s, u"excludePrincipals"_s);
    deny.principals = *principals;
    deny.excludedPrincipals = *excluded;
    deny.condition = properties[u"condition"].toString();
    deny.conditionVersion = properties[u"conditionVersion"].toString();
    deny.isSystemProtected = properties[u"isSystemProtected"].toBool();
    const Result<Scope> scope = scopeOf(object, properties);
    if (!scope)
        return malformed(u"deny assignment"_s, u"scope"_s);
    deny.scope = *scope;
    if (const QString key = troubleIn(properties[u"permissions"]); !key.isEmpty())
        return malformed(u"deny assignment"_s, key);
    if (const QString key = otherThan(QJsonValue::Bool, properties,
                                      {"doNotApplyToChildScopes"_L1, "isSystemProtected"_L1});
        !key.isEmpty())
        return malformed(u"deny assignment"_s, key);
    if (const QString key =
            otherThan(QJsonValue::String, properties,
                  {"scope"_L1, "condition"_L1, "conditionVersion"_L1});
        !key.isEmpty())
        return malformed(u"deny assignment"_s, key);
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

} // namespace Azure
