#include "access/circumstances.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;
using State = AttributeValue::State;

namespace {

// An attribute's name, taken apart: "…/blobs/tags:Project<$key_case_sensitive$>" has the key
// Project.
struct AttributeName
{
    QString base; // lower case
    QString key;
    bool keyCaseSensitive = false;

    bool operator==(const AttributeName &other) const
    {
        const bool sensitive = keyCaseSensitive || other.keyCaseSensitive;
        return base == other.base &&
               key.compare(other.key, sensitive ? Qt::CaseSensitive : Qt::CaseInsensitive) == 0;
    }
};

AttributeName taken(const QString &name)
{
    constexpr auto marker = "/blobs/tags:"_L1;
    const qsizetype at = name.indexOf(marker, 0, Qt::CaseInsensitive);
    if (at < 0)
        return {name.toLower(), {}, false};
    const qsizetype start = at + marker.size();
    QString key = name.mid(start);
    constexpr auto suffix = "<$key_case_sensitive$>"_L1;
    const bool sensitive = key.endsWith(suffix, Qt::CaseInsensitive);
    if (sensitive)
        key.chop(suffix.size());
    return {name.left(start).toLower(), key, sensitive};
}

const QString service = u"microsoft.storage/storageaccounts"_s;
const QString blobs = service + u"/blobservices/containers/blobs"_s;
const QString tagBase = blobs + u"/tags:"_s;
const QString tagKeys = blobs + u"/tags&$keys$&"_s;

QString partAfter(const QString &id, const QString &type)
{
    const QStringList parts = id.split(u'/');
    for (qsizetype i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i].compare(type, Qt::CaseInsensitive) == 0)
            return parts[i + 1];
    }
    return {};
}

AttributeValue present(QList<ConditionValue> values)
{
    return {State::Present, std::move(values), {}};
}

AttributeValue absent(const QString &why = {})
{
    return {State::Absent, {}, why};
}

AttributeValue unknown(const QString &why = {})
{
    return {State::Unknown, {}, why};
}

std::optional<AttributeValue> listed(const AttributeSet &set, const AttributeName &name)
{
    for (auto it = set.values.cbegin(); it != set.values.cend(); ++it) {
        if (taken(it.key()) == name)
            return present(it.value());
    }
    for (const QString &one : set.absent) {
        if (taken(one) == name)
            return absent();
    }
    return std::nullopt;
}

// The keys of the tags that are listed one by one.
QList<ConditionValue> listedTagKeys(const AttributeSet &set)
{
    QList<ConditionValue> keys;
    for (auto it = set.values.cbegin(); it != set.values.cend(); ++it) {
        if (const AttributeName name = taken(it.key()); name.base == tagBase)
            keys.append(name.key);
    }
    return keys;
}

std::optional<AttributeValue> fromOtherTags(const AttributeSet &set, const AttributeName &name)
{
    if (name.base == tagKeys) {
        const QList<ConditionValue> keys = listedTagKeys(set);
        return keys.isEmpty() ? std::nullopt : std::optional(present(keys));
    }
    if (name.base != tagBase)
        return std::nullopt;
    const std::optional<AttributeValue> keys = listed(set, taken(tagKeys));
    if (!keys || keys->state != State::Present)
        return std::nullopt;
    const bool has =
        std::any_of(keys->values.cbegin(), keys->values.cend(), [&](const ConditionValue &key) {
            const QString *text = std::get_if<QString>(&key);
            return text && *text == name.key;
        });
    return has ? unknown(u"The tag %1 is there, but its value was not told."_s.arg(name.key))
               : absent();
}

const QString listing = u"Listing"_s;
const QString finding = u"Finding"_s;

// Whether an attribute of the resource is the account's or the container's; finding blobs by tags
// knows the account only.
bool isOfPlace(const QString &base, bool accountOnly)
{
    return base == service + u":name"_s || base == service + u":ishnsenabled"_s ||
           (!accountOnly && (base == service + u"/blobservices/containers:name"_s ||
                             base.startsWith(service + u"/blobservices/containers/metadata:"_s))) ||
           !base.startsWith(service);
}

// Whether the documents name it: what an attribute of another name comes to, nobody can say who was
// not told it.
bool isDocumented(AttributeSource source, const QString &base)
{
    const QString assignments = u"microsoft.authorization/roleassignments:"_s;
    const QString custom = u"microsoft.directory/customsecurityattributes/id:"_s;
    const bool isTags = base == tagBase || base == tagKeys;
    switch (source) {
    case AttributeSource::Principal: return base.startsWith(custom);
    case AttributeSource::Environment:
        return QStringList{u"utcnow"_s, u"isprivatelink"_s, u"microsoft.network/privateendpoints"_s,
                           u"microsoft.network/virtualnetworks/subnets"_s}
            .contains(base);
    case AttributeSource::Request:
        return isTags || base.startsWith(assignments) ||
               QStringList{blobs + u":prefix"_s, blobs + u":snapshot"_s, blobs + u":versionid"_s,
                           blobs + u":include"_s}
                   .contains(base);
    case AttributeSource::Resource: break;
    }
    return isTags || base.startsWith(assignments) ||
           base.startsWith(service + u"/blobservices/containers/metadata:"_s) ||
           QStringList{service + u":name"_s,
                       service + u":ishnsenabled"_s,
                       service + u"/blobservices/containers:name"_s,
                       service + u"/queueservices/queues:name"_s,
                       service + u"/encryptionscopes:name"_s,
                       blobs + u":path"_s,
                       blobs + u":iscurrentversion"_s}
               .contains(base);
}

bool writesWithTags(const QString &operation)
{
    return QStringList{u"Put Blob"_s, u"Put Block List"_s, u"Copy Blob"_s, u"Copy Blob from URL"_s}
        .contains(operation, Qt::CaseInsensitive);
}

} // namespace

QString accountNameIn(const Azure::Scope &scope)
{
    return partAfter(scope.id(), u"storageAccounts"_s);
}

QString containerNameIn(const Azure::Scope &scope)
{
    return partAfter(scope.id(), u"containers"_s);
}

std::optional<std::optional<QString>> Circumstances::knownSubOperation() const
{
    if (subOperation)
        return subOperation;
    const auto is = [&](const QString &name) {
        return operation.compare(name, Qt::CaseInsensitive) == 0;
    };
    if (operation.isEmpty())
        return std::nullopt;
    if (is(u"List Blobs"_s) || is(u"Path - List"_s))
        return u"Blob.List"_s;
    if (is(u"Set Blob Tier"_s))
        return u"Blob.Write.Tier"_s;
    if (!writesWithTags(operation))
        return std::optional<QString>();
    if (!listedTagKeys(request).isEmpty() || listed(request, taken(tagKeys)))
        return u"Blob.Write.WithTagHeaders"_s;
    return request.told ? std::optional(std::optional<QString>()) : std::nullopt;
}

QString Circumstances::withoutBlob(const QString &action) const
{
    if (action.compare(blobs + u"/filter/action"_s, Qt::CaseInsensitive) == 0)
        return finding;
    const auto sub = knownSubOperation();
    const bool lists = sub && *sub && (*sub)->compare(u"Blob.List"_s, Qt::CaseInsensitive) == 0;
    return lists ? listing : QString();
}

std::optional<bool> Circumstances::knownHierarchicalNamespace() const
{
    if (hierarchicalNamespace)
        return hierarchicalNamespace;
    if (const auto told = listed(resource, taken(service + u":ishnsenabled"_s));
        told && !told->values.isEmpty()) {
        if (const bool *flag = std::get_if<bool>(&told->values.first()))
            return *flag;
    }
    const bool hasTags = !listedTagKeys(resource).isEmpty() || !listedTagKeys(request).isEmpty() ||
                         resource.values.contains(tagKeys) || request.values.contains(tagKeys);
    const auto encryption = listed(resource, taken(service + u"/encryptionscopes:name"_s));
    if (hasTags || (encryption && encryption->state == State::Present))
        return false;
    return std::nullopt;
}

AttributeValue Circumstances::attribute(AttributeSource source, const QString &name,
                                        const Azure::Scope &scope, const Azure::Scope &assignedAt,
                                        const QString &action) const
{
    const AttributeName wanted = taken(name);
    const bool flatOnly = wanted.base == tagBase || wanted.base == tagKeys ||
                          wanted.base == blobs + u":versionid"_s ||
                          wanted.base == service + u"/encryptionscopes:name"_s;
    if (flatOnly && hierarchicalNamespace.value_or(false))
        return absent(u"Accounts with a hierarchical namespace do not supply %1."_s.arg(name));

    const AttributeSet &set = source == AttributeSource::Resource      ? resource
                              : source == AttributeSource::Request     ? request
                              : source == AttributeSource::Environment ? environment
                                                                       : principal;
    const std::optional<AttributeValue> given = listed(set, wanted);
    if (source == AttributeSource::Resource) {
        if (const QString what = withoutBlob(action);
            !what.isEmpty() && !isOfPlace(wanted.base, what == finding))
            return absent(u"%1 blobs supplies no %2."_s.arg(what, name));
        if (wanted.base == service + u":ishnsenabled"_s) {
            if (assignedAt.level() == Azure::Scope::Level::Resource ||
                assignedAt.level() == Azure::Scope::Level::SubResource)
                return unknown(
                    u"isHnsEnabled is documented from the resource group's scope up only."_s);
            if (!given && hierarchicalNamespace)
                return present({*hierarchicalNamespace});
        }
        if (!given && wanted.base == service + u":name"_s && !accountNameIn(scope).isEmpty())
            return present({accountNameIn(scope)});
        if (!given && wanted.base == service + u"/blobservices/containers:name"_s &&
            !containerNameIn(scope).isEmpty())
            return present({containerNameIn(scope)});
    }
    if (given)
        return *given;
    if (const auto derived = fromOtherTags(set, wanted))
        return *derived;

    // Every blob has a path, every request a time: what is not told of these is unknown.
    const QStringList always{blobs + u":path"_s,
                             blobs + u":iscurrentversion"_s,
                             service + u":ishnsenabled"_s,
                             service + u":name"_s,
                             u"utcnow"_s,
                             u"isprivatelink"_s};
    if (!set.told || always.contains(wanted.base))
        return unknown();
    if (!isDocumented(source, wanted.base))
        return unknown(u"No document of these conditions names %1[%2]."_s.arg(
            attributeSourceName(source), name));
    return absent();
}

} // namespace Access
