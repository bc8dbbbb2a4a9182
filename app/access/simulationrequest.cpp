#include "access/simulation.h"

#include "core/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace Access {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

bool isNothing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

Error invalid(const QString &key, const QString &wanted)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The request's “%1” is not usable: %2."_s.arg(key, wanted),
            .nextStep = u"The form of a request stands in the manual of “simulate”."_s};
}

Result<QStringList> strings(const QJsonObject &object, const QString &key)
{
    if (!object[key].isArray())
        return invalid(key, u"a list of texts is wanted"_s);
    QStringList list;
    const QJsonArray array = object[key].toArray();
    for (const QJsonValue &one : array) {
        if (!one.isString())
            return invalid(key, u"a list of texts is wanted"_s);
        list.append(one.toString());
    }
    return list;
}

std::optional<ConditionValue> single(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isBool())
        return value.toBool();
    if (value.isDouble())
        return value.toDouble();
    return std::nullopt;
}

Result<AttributeSet> attributeSet(const QJsonObject &attributes, const QString &source)
{
    AttributeSet set;
    const QJsonValue given = attributes[source];
    if (given.isUndefined() || given.isNull())
        return set;
    if (!given.isObject())
        return invalid(u"attributes."_s + source, u"an object of names and values is wanted"_s);
    set.told = true;
    const QJsonObject object = given.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.value().isNull()) {
            set.absent.append(it.key());
            continue;
        }
        const QJsonArray many =
            it.value().isArray() ? it.value().toArray() : QJsonArray{it.value()};
        QList<ConditionValue> values;
        for (const QJsonValue &one : many) {
            const auto value = single(one);
            if (!value)
                return invalid(u"attributes.%1.%2"_s.arg(source, it.key()),
                               u"a text, a number, true, false or a list of them is wanted"_s);
            values.append(*value);
        }
        set.values.insert(it.key(), values);
    }
    return set;
}

Result<void> readAttributes(const QJsonObject &request, Circumstances *circumstances)
{
    if (!request.contains(u"attributes") || request[u"attributes"].isNull())
        return {};
    if (!request[u"attributes"].isObject())
        return invalid(u"attributes"_s, u"an object is wanted"_s);
    const QJsonObject attributes = request[u"attributes"].toObject();
    for (const auto &[name, place] : {std::pair{u"resource"_s, &circumstances->resource},
                                      std::pair{u"request"_s, &circumstances->request},
                                      std::pair{u"environment"_s, &circumstances->environment},
                                      std::pair{u"principal"_s, &circumstances->principal}}) {
        Result<AttributeSet> set = attributeSet(attributes, name);
        if (!set)
            return set.error();
        *place = *std::move(set);
    }
    // Who describes the request describes all of it: what it and its resource do not list, they do
    // not have.
    circumstances->resource.told = true;
    circumstances->request.told = true;
    return {};
}

Result<std::optional<bool>> maybe(const QJsonObject &object, const QString &key)
{
    if (!object.contains(key) || object[key].isNull())
        return std::optional<bool>();
    if (!object[key].isBool())
        return invalid(key, u"true or false is wanted"_s);
    return std::optional(object[key].toBool());
}

Result<void> readAcl(const QJsonValue &given, Circumstances *circumstances)
{
    if (isNothing(given))
        return {};
    if (!given.isObject())
        return invalid(u"acl"_s, u"an object of paths and rights is wanted"_s);
    static const QRegularExpression form(u"^[rRwWxX-]{0,4}$"_s);
    QHash<QString, QString> acl;
    const QJsonObject entries = given.toObject();
    for (auto it = entries.begin(); it != entries.end(); ++it) {
        if (!it.value().isString() || !form.match(it.value().toString()).hasMatch())
            return invalid(u"acl."_s + it.key().left(100), u"rights such as “r-x” are wanted"_s);
        acl.insert(it.key(), it.value().toString());
    }
    circumstances->acl = acl;
    return {};
}

Result<void> readContext(const QJsonObject &request, Simulation *simulation)
{
    if (!request.contains(u"context") || request[u"context"].isNull())
        return {};
    if (!request[u"context"].isObject())
        return invalid(u"context"_s, u"an object is wanted"_s);
    const QJsonObject context = request[u"context"].toObject();
    Circumstances &circumstances = simulation->request.circumstances;
    for (const auto &[key, place] :
         {std::pair{u"hierarchicalNamespace"_s, &circumstances.hierarchicalNamespace},
          std::pair{u"subscriptionContainsDatabricks"_s,
                    &circumstances.subscriptionContainsDatabricks},
          std::pair{u"blobExists"_s, &circumstances.blobExists}}) {
        const Result<std::optional<bool>> value = maybe(context, key);
        if (!value)
            return value.error();
        *place = *value;
    }
    if (const Result<void> read = readAcl(context[u"acl"], &circumstances); !read)
        return read;
    if (!isNothing(context[u"authorization"]) && !context[u"authorization"].isString())
        return invalid(u"authorization"_s, u"Bearer, SharedKey or UserDelegationSAS is wanted"_s);
    const QString by = context[u"authorization"].toString(u"Bearer"_s).remove(u' ').toLower();
    if (by == u"sharedkey")
        circumstances.authorization = Circumstances::Authorization::SharedKey;
    else if (by == u"userdelegationsas")
        circumstances.authorization = Circumstances::Authorization::UserDelegationSas;
    else if (by == u"accountsas" || by == u"servicesas" || by == u"sas")
        simulation->rolesAreAsked = false;
    else if (by != u"bearer")
        return invalid(u"authorization"_s, u"Bearer, SharedKey or UserDelegationSAS is wanted"_s);
    return {};
}

// "P", or {"action":"P","kind":"dataAction"} as the table of operations has it.
Result<Requirement> permissionsOf(const QJsonObject &request, bool isDataAction)
{
    if (!request[u"permissions"].isArray())
        return invalid(u"permissions"_s,
                       u"a list of alternatives is wanted, each a list of permissions"_s);
    Requirement requirement;
    const QJsonArray alternatives = request[u"permissions"].toArray();
    for (const QJsonValue &alternative : alternatives) {
        if (!alternative.isArray())
            return invalid(u"permissions"_s, u"each alternative is a list of permissions"_s);
        QList<RequiredPermission> needed;
        const QJsonArray all = alternative.toArray();
        for (const QJsonValue &one : all) {
            const QString action =
                one.isObject() ? one.toObject()[u"action"].toString() : one.toString();
            const QString kind = one.toObject()[u"kind"].toString();
            if (action.isEmpty())
                return invalid(u"permissions"_s, u"a permission is a text"_s);
            needed.append({action, kind.isEmpty()
                                       ? isDataAction
                                       : kind.compare(u"dataAction"_s, Qt::CaseInsensitive) == 0});
        }
        requirement.append(needed);
    }
    return requirement;
}

Result<void> readPlace(const QJsonObject &object, EvaluationInput *request)
{
    if (!object[u"scope"].isString())
        return invalid(u"scope"_s, u"a resource ID is wanted"_s);
    const Result<Azure::Scope> scope = Azure::Scope::parse(object[u"scope"].toString());
    if (!scope)
        return invalid(u"scope"_s, scope.error().message);
    request->scope = *scope;
    request->managementGroupsKnown = !isNothing(object[u"managementGroups"]);
    if (!request->managementGroupsKnown)
        return {};
    const Result<QStringList> groups = strings(object, u"managementGroups"_s);
    if (!groups)
        return groups.error();
    for (const QString &group : *groups)
        request->managementGroups.append(
            group.startsWith(u'/')
                ? group
                : u"/providers/Microsoft.Management/managementGroups/"_s + group);
    return {};
}

Result<void> readPrincipal(const QJsonObject &object, EvaluationInput *request)
{
    const QString principal = object[u"principalId"].toString().trimmed();
    if (principal.isEmpty())
        return invalid(u"principalId"_s, u"the principal's object ID is wanted"_s);
    request->principalIds = {principal};
    request->groupsKnown = !isNothing(object[u"groupIds"]);
    if (!request->groupsKnown)
        return {};
    const Result<QStringList> groups = strings(object, u"groupIds"_s);
    if (!groups)
        return groups.error();
    request->principalIds += *groups;
    return {};
}

} // namespace

Result<void> Simulation::readRequest(const QByteArray &json)
{
    QJsonParseError trouble;
    const QJsonDocument document =
        QJsonDocument::fromJson(Core::jsonText(json), &trouble);
    if (!document.isObject())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = document.isNull() ? u"The request is no JSON: %1 at byte %2."_s
                                                        .arg(trouble.errorString())
                                                        .arg(trouble.offset)
                                                  : u"The request is no JSON object."_s,
                     .nextStep = u"The form of a request stands in the manual of “simulate”."_s};
    const QJsonObject object = document.object();
    if (const Result<void> read = readPrincipal(object, &request); !read)
        return read;
    if (const Result<void> read = readPlace(object, &request); !read)
        return read;
    permissionKindKnown = object[u"isDataAction"].isBool();
    if (!permissionKindKnown && !isNothing(object[u"isDataAction"]))
        return invalid(u"isDataAction"_s, u"true or false is wanted"_s);
    for (const QString &key : {u"operation"_s, u"suboperation"_s}) {
        if (!isNothing(object[key]) && !object[key].isString())
            return invalid(key, u"a text is wanted"_s);
    }
    Result<Requirement> requirement = permissionsOf(object, object[u"isDataAction"].toBool());
    if (!requirement)
        return requirement.error();
    request.requirement = *std::move(requirement);

    Circumstances &circumstances = request.circumstances;
    circumstances.operation = object[u"operation"].toString().trimmed();
    if (object[u"suboperation"].isString())
        circumstances.subOperation = std::optional(object[u"suboperation"].toString());
    else if (object.contains(u"suboperation"))
        circumstances.subOperation = std::optional<QString>();
    if (const Result<void> read = readAttributes(object, &circumstances); !read)
        return read;
    return readContext(object, this);
}

} // namespace Access
