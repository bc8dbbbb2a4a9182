#include "access/bloboperation.h"

#include <QHash>
#include <QUrlQuery>

namespace Access {

using namespace Qt::StringLiterals;
using Place = BlobOperation::Place;

namespace {

const QString service = u"Microsoft.Storage/storageAccounts/blobServices/"_s;
const QString blobs = service + u"containers/blobs/"_s;

Requirement action(const QString &suffix)
{
    return {{{service + suffix, false}}};
}

Requirement data(const QString &suffix)
{
    return {{{blobs + suffix, true}}};
}

Requirement writeOrAdd()
{
    return {{{blobs + u"write"_s, true}}, {{blobs + u"add/action"_s, true}}};
}

// Every alternative needs \a suffix on top.
Requirement with(Requirement requirement, const QString &suffix)
{
    for (QList<RequiredPermission> &alternative : requirement)
        alternative.append({blobs + suffix, true});
    return requirement;
}

struct Asked {
    QByteArray verb;
    QString comp;
    QUrlQuery query;
    const Http::Headers &headers;

    bool reads() const { return verb == "GET" || verb == "HEAD"; }
    bool has(const char *name) const { return !Http::header(headers, name).isEmpty(); }
    bool includes(const QString &word) const
    {
        return query.queryItemValue(u"include"_s, QUrl::FullyDecoded).split(u',').contains(word, Qt::CaseInsensitive);
    }
};

BlobOperation at(Place place, const QString &name, Requirement anyOf)
{
    return {name, std::move(anyOf), place};
}

std::optional<BlobOperation> accountOperation(const Asked &asked)
{
    const QString type = asked.query.queryItemValue(u"restype"_s);
    if (asked.comp == u"list" && asked.verb == "GET")
        return at(Place::Account, u"List Containers"_s, action(u"containers/read"_s));
    if (asked.comp == u"blobs" && asked.verb == "GET")
        return at(Place::Account, u"Find Blobs by Tags"_s, data(u"filter/action"_s));
    if (asked.comp == u"batch" && asked.verb == "POST")
        return at(Place::Account, u"Blob Batch"_s, action(u"containers/write"_s));
    if (type == u"account" && asked.comp == u"properties" && asked.reads())
        return at(Place::Account, u"Get Account Information"_s, action(u"getInfo/action"_s));
    if (type == u"service" && asked.comp == u"properties") {
        if (asked.verb == "PUT")
            return at(Place::Account, u"Set Blob Service Properties"_s, action(u"write"_s));
        if (asked.verb == "GET")
            return at(Place::Account, u"Get Blob Service Properties"_s, action(u"read"_s));
        return std::nullopt;
    }
    if (type == u"service" && asked.comp == u"stats" && asked.verb == "GET")
        return at(Place::Account, u"Get Blob Service Stats"_s, action(u"read"_s));
    if (type == u"service" && asked.comp == u"userdelegationkey" && asked.verb == "POST")
        return at(Place::Account, u"Get User Delegation Key"_s, action(u"generateUserDelegationKey/action"_s));
    return std::nullopt;
}

std::optional<BlobOperation> containerOperation(const Asked &asked)
{
    const auto container = [](const QString &name, Requirement anyOf) { return at(Place::Container, name, std::move(anyOf)); };
    const Requirement write = action(u"containers/write"_s);
    if (asked.comp == u"list" && asked.verb == "GET") {
        const Requirement read = data(u"read"_s);
        return container(u"List Blobs"_s, asked.includes(u"tags"_s) ? with(read, u"tags/read"_s) : read);
    }
    if (asked.comp == u"blobs" && asked.verb == "GET")
        return container(u"Find Blobs by Tags in Container"_s, data(u"filter/action"_s));
    if (asked.comp == u"batch" && asked.verb == "POST")
        return container(u"Blob Batch"_s, write);
    if (asked.comp == u"acl") {
        if (asked.verb == "PUT")
            return container(u"Set Container ACL"_s, action(u"containers/setAcl/action"_s));
        return asked.reads() ? std::optional(container(u"Get Container ACL"_s, action(u"containers/getAcl/action"_s)))
                             : std::nullopt;
    }
    if (asked.comp == u"lease" && asked.verb == "PUT")
        return container(u"Lease Container"_s, write);
    if (asked.comp == u"undelete" && asked.verb == "PUT")
        return container(u"Restore Container"_s, write);
    if (asked.comp == u"rename" && asked.verb == "PUT")
        return container(u"Rename Container"_s, write);
    if (asked.comp == u"metadata") {
        if (asked.verb == "PUT")
            return container(u"Set Container Metadata"_s, write);
        return asked.reads() ? std::optional(container(u"Get Container Metadata"_s, action(u"containers/read"_s)))
                             : std::nullopt;
    }
    if (!asked.comp.isEmpty())
        return std::nullopt;
    if (asked.reads())
        return container(u"Get Container Properties"_s, action(u"containers/read"_s));
    if (asked.verb == "PUT")
        return container(u"Create Container"_s, write);
    if (asked.verb == "DELETE")
        return container(u"Delete Container"_s, action(u"containers/delete"_s));
    return std::nullopt;
}

std::optional<BlobOperation> deletion(const Asked &asked)
{
    const auto blob = [](const QString &name, Requirement anyOf) { return at(Place::Blob, name, std::move(anyOf)); };
    if (asked.comp == u"immutabilitypolicies")
        return blob(u"Delete Blob Immutability Policy"_s, data(u"immutableStorage/runAsSuperUser/action"_s));
    if (!asked.comp.isEmpty())
        return std::nullopt;
    if (asked.query.queryItemValue(u"deletetype"_s).compare(u"permanent", Qt::CaseInsensitive) == 0)
        return blob(u"Permanent Delete"_s, data(u"permanentDelete/action"_s));
    if (asked.query.hasQueryItem(u"versionid"_s))
        return blob(u"Delete Blob Version"_s, data(u"deleteBlobVersion/action"_s));
    return blob(u"Delete Blob"_s, data(u"delete"_s));
}

std::optional<BlobOperation> putOperation(const Asked &asked)
{
    const auto blob = [](const QString &name, Requirement anyOf) { return at(Place::Blob, name, std::move(anyOf)); };
    const Requirement write = data(u"write"_s);
    const auto tagged = [&](Requirement requirement) {
        return asked.has("x-ms-tags") ? with(std::move(requirement), u"tags/write"_s) : requirement;
    };
    if (asked.comp.isEmpty()) {
        const bool copies = asked.has("x-ms-copy-source");
        return blob(copies ? u"Copy Blob"_s : u"Put Blob"_s, tagged(writeOrAdd()));
    }
    static const QHash<QString, QString> writes{
        {u"properties"_s, u"Set Blob Properties"_s}, {u"metadata"_s, u"Set Blob Metadata"_s}, {u"lease"_s, u"Lease Blob"_s},
        {u"copy"_s, u"Abort Copy Blob"_s},           {u"tier"_s, u"Set Blob Tier"_s},         {u"block"_s, u"Put Block"_s},
        {u"page"_s, u"Put Page"_s},                  {u"expiry"_s, u"Set Blob Expiry"_s},     {u"seal"_s, u"Append Blob Seal"_s}};
    if (const auto found = writes.constFind(asked.comp); found != writes.cend())
        return blob(*found, write);
    if (asked.comp == u"blocklist")
        return blob(u"Put Block List"_s, tagged(write));
    if (asked.comp == u"tags")
        return blob(u"Set Blob Tags"_s, data(u"tags/write"_s));
    if (asked.comp == u"snapshot")
        return blob(u"Snapshot Blob"_s, writeOrAdd());
    if (asked.comp == u"appendblock")
        return blob(u"Append Block"_s, writeOrAdd());
    if (asked.comp == u"incrementalcopy")
        return blob(u"Incremental Copy Blob"_s, with(writeOrAdd(), u"read"_s));
    if (asked.comp == u"undelete")
        return blob(u"Undelete Blob"_s, action(u"containers/write"_s));
    if (asked.comp == u"legalhold")
        return blob(u"Set Blob Legal Hold"_s, action(u"containers/write"_s));
    if (asked.comp == u"immutabilitypolicies")
        return blob(u"Set Blob Immutability Policy"_s, data(u"immutableStorage/runAsSuperUser/action"_s));
    return std::nullopt;
}

std::optional<BlobOperation> blobOperation(const Asked &asked)
{
    const auto blob = [](const QString &name, Requirement anyOf) { return at(Place::Blob, name, std::move(anyOf)); };
    if (asked.verb == "PUT")
        return putOperation(asked);
    if (asked.verb == "DELETE")
        return deletion(asked);
    if (asked.comp == u"query" && asked.verb == "POST")
        return blob(u"Query Blob Contents"_s, data(u"read"_s));
    if (!asked.reads())
        return std::nullopt;
    if (asked.comp.isEmpty())
        return blob(asked.verb == "HEAD" ? u"Get Blob Properties"_s : u"Get Blob"_s, data(u"read"_s));
    if (asked.comp == u"metadata")
        return blob(u"Get Blob Metadata"_s, data(u"read"_s));
    // A HEAD with these would be answered by some services as Get Blob Properties.
    if (asked.verb != "GET")
        return std::nullopt;
    if (asked.comp == u"tags")
        return blob(u"Get Blob Tags"_s, data(u"tags/read"_s));
    if (asked.comp == u"blocklist")
        return blob(u"Get Block List"_s, data(u"read"_s));
    if (asked.comp == u"pagelist")
        return blob(u"Get Page Ranges"_s, data(u"read"_s));
    return std::nullopt;
}

} // namespace

std::optional<BlobOperation> operationOf(const QByteArray &verb, const QString &path, const QString &query,
                                         const Http::Headers &headers)
{
    const QUrlQuery items(query);
    const Asked asked{verb, items.queryItemValue(u"comp"_s).toLower(), items, headers};
    if (verb == "OPTIONS")
        return at(Place::Account, u"Preflight Blob Request"_s, {});
    const QString inside = path.startsWith(u'/') ? path.mid(1) : path;
    const qsizetype slash = inside.indexOf(u'/');
    // A name without a slash is a container where the query says so, and else a blob in the root container.
    if (inside.isEmpty())
        return accountOperation(asked);
    if (slash < 0 || slash == inside.size() - 1)
        return items.queryItemValue(u"restype"_s).compare(u"container", Qt::CaseInsensitive) == 0 ? containerOperation(asked)
            : slash < 0                                                                           ? blobOperation(asked)
                                                                                                  : std::nullopt;
    return blobOperation(asked);
}

} // namespace Access
