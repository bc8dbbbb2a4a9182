#include "access/probeplan.h"

#include "storage/blobclient.h"

namespace Access {

using namespace Qt::StringLiterals;
using Level = Probe::Level;

namespace {

const QString service = u"Microsoft.Storage/storageAccounts/blobServices/"_s;
const QString refused = u"403 AuthorizationPermissionMismatch"_s;
// Means a missing permission only when another answer came from behind the network rules; ProbeRun decides.
const QString refusedOrNetwork = u"403 AuthorizationFailure"_s;
const QString done = u"the operation itself succeeded"_s;
const QString inferred = u"inferred: the request was let through and failed only because there is nothing of that name"_s;
const QString inferredLease = u"inferred: the request was let through and failed only because nobody holds that lease"_s;
const QString nothingThere = u"nothing of that random name exists, and the request cannot create it"_s;
const QString readOnly = u"it only reads"_s;
const QByteArray unmet = "\"0x0000000000000001\"";

RequiredPermission action(const QString &suffix)
{
    return {service + suffix, false};
}

RequiredPermission data(const QString &suffix)
{
    return {service + u"containers/blobs/"_s + suffix, true};
}

QList<Probe> accountProbes()
{
    const QString group = u"Account"_s;
    const QStringList denied{refused, refusedOrNetwork};
    return {
        {u"list-containers"_s, u"container.list"_s, u"list"_s, group, Level::Account, action(u"containers/read"_s), "GET", u"/"_s,
         u"comp=list&maxresults=1"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
        {u"account-info"_s, u"account.info"_s, u"info"_s, group, Level::Account, action(u"getInfo/action"_s), "GET", u"/"_s,
         u"restype=account&comp=properties"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
        {u"service-properties-read"_s, u"service.properties"_s, u"settings"_s, group, Level::Account, action(u"read"_s), "GET", u"/"_s,
         u"restype=service&comp=properties"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
        {u"user-delegation-key"_s, u"account.userDelegationKey"_s, u"key"_s, group, Level::Account,
         action(u"generateUserDelegationKey/action"_s), "POST", u"/"_s, u"restype=service&comp=userdelegationkey"_s,
         {{"Content-Type", "application/xml"}},
         "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>{now}</Start><Expiry>{now+5min}</Expiry></KeyInfo>",
         {u"200"_s}, denied, done, u"the key is not kept, and ends after five minutes"_s},
        {u"container-write-missing"_s, u"container.create"_s, u"create"_s, group, Level::Account, action(u"containers/write"_s), "PUT",
         u"/{random}"_s, u"restype=container&comp=lease"_s, {{"x-ms-lease-action", "release"}, {"x-ms-lease-id", "{uuid}"}}, {},
         {u"404 ContainerNotFound"_s}, denied, inferred, nothingThere, true},
        {u"container-delete-missing"_s, u"container.deleteAny"_s, u"delete"_s, group, Level::Account, action(u"containers/delete"_s),
         "DELETE", u"/{random}"_s, u"restype=container"_s, {}, {}, {u"404 ContainerNotFound"_s}, denied, inferred, nothingThere, true},
    };
}

QList<Probe> containerProbes()
{
    const QString group = u"Container"_s;
    const QStringList denied{refused, refusedOrNetwork};
    return {
        {u"container-properties"_s, u"container.read"_s, u"read"_s, group, Level::Container, action(u"containers/read"_s), "HEAD",
         u"/{container}"_s, u"restype=container"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
        {u"container-write-existing"_s, u"container.write"_s, u"write"_s, group, Level::Container, action(u"containers/write"_s), "PUT",
         u"/{container}"_s, u"comp=lease&restype=container"_s, {{"x-ms-lease-action", "release"}, {"x-ms-lease-id", "{uuid}"}}, {},
         {u"409 LeaseNotPresentWithLeaseOperation"_s, u"409 LeaseIdMismatchWithLeaseOperation"_s}, denied, inferredLease,
         u"a release with a lease ID that nobody holds is refused in every lease state; nothing is acquired or broken"_s},
        {u"container-acl-read"_s, u"container.acl"_s, u"policy"_s, group, Level::Container, action(u"containers/getAcl/action"_s), "GET",
         u"/{container}"_s, u"restype=container&comp=acl"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
    };
}

QList<Probe> blobProbes()
{
    const QString group = u"Blob"_s;
    const QString random = u"/{container}/{random}"_s;
    const QStringList denied{refused};
    return {
        {u"list-blobs"_s, u"blob.list"_s, u"list"_s, group, Level::Container, data(u"read"_s), "GET", u"/{container}"_s,
         u"restype=container&comp=list&maxresults=1"_s, {}, {}, {u"200"_s}, denied, done, readOnly},
        {u"blob-read-missing"_s, u"blob.read"_s, u"read"_s, group, Level::Container, data(u"read"_s), "HEAD", random, {}, {}, {},
         {u"404 BlobNotFound"_s}, denied, inferred, readOnly},
        {u"blob-add-missing"_s, u"blob.add"_s, u"add"_s, group, Level::Container, data(u"add/action"_s), "PUT", random,
         u"comp=appendblock"_s, {{"Content-Length", "1"}}, "0", {u"404 BlobNotFound"_s}, denied, inferred, nothingThere},
        {u"blob-write-missing"_s, u"blob.write"_s, u"write"_s, group, Level::Container, data(u"write"_s), "PUT", random,
         u"comp=metadata"_s, {{"If-Match", unmet}}, {}, {u"404 BlobNotFound"_s, u"412 ConditionNotMet"_s}, denied, inferred,
         u"nothing of that random name exists, the request cannot create it, and its ETag matches nothing"_s},
        {u"blob-tier-missing"_s, u"blob.tier"_s, u"tier"_s, group, Level::Container, data(u"write"_s), "PUT", random, u"comp=tier"_s,
         {{"x-ms-access-tier", "Hot"}}, {}, {u"404 BlobNotFound"_s}, denied, inferred, nothingThere},
        {u"blob-delete-missing"_s, u"blob.delete"_s, u"delete"_s, group, Level::Container, data(u"delete"_s), "DELETE", random, {},
         {{"If-Match", unmet}}, {}, {u"404 BlobNotFound"_s, u"412 ConditionNotMet"_s}, denied, inferred,
         u"nothing of that random name exists, and the request's ETag matches nothing"_s},
        {u"blob-delete-version-missing"_s, u"blob.deleteVersion"_s, u"version"_s, group, Level::Container,
         data(u"deleteBlobVersion/action"_s), "DELETE", random, u"versionid=2000-01-01T00:00:00.0000000Z"_s, {}, {},
         {u"404 BlobNotFound"_s}, denied, inferred, u"neither a blob nor a version of that random name exists"_s},
        {u"blob-tags-read-missing"_s, u"blob.tags.read"_s, u"tags"_s, group, Level::Container, data(u"tags/read"_s), "GET", random,
         u"comp=tags"_s, {}, {}, {u"404 BlobNotFound"_s}, denied, inferred, readOnly},
        {u"blob-tags-write-missing"_s, u"blob.tags.write"_s, u"tag"_s, group, Level::Container, data(u"tags/write"_s), "PUT", random,
         u"comp=tags"_s, {{"Content-Type", "application/xml"}, {"x-ms-if-tags", "\"probe\" = 'never'"}},
         "<?xml version=\"1.0\" encoding=\"utf-8\"?><Tags><TagSet><Tag><Key>probe</Key><Value>1</Value></Tag></TagSet></Tags>",
         {u"404 BlobNotFound"_s, u"412 ConditionNotMet"_s}, denied, inferred,
         u"nothing of that random name exists, and a condition on its tags guards it a second time"_s},
        {u"find-blobs-by-tags"_s, u"blob.find"_s, u"find"_s, group, Level::Container, data(u"filter/action"_s), "GET", u"/{container}"_s,
         u"restype=container&comp=blobs&maxresults=1&where=%22probe%22%3D%27{uuid}%27"_s, {}, {}, {u"200"_s}, denied, done,
         u"it only reads, and its expression matches nothing"_s},
    };
}

} // namespace

// Requests, verdicts and their reasons: probe plan drawn from the REST reference pages of the operations (conditional headers,
// leases, errors) and the SAS error codes.
const QList<Probe> &defaultProbes()
{
    static const QList<Probe> probes = accountProbes() + containerProbes() + blobProbes();
    return probes;
}

ProbePlan ProbePlan::forContainers(const QStringList &containers)
{
    ProbePlan plan;
    const auto add = [&](Level level, const QString &container) {
        for (const Probe &probe : defaultProbes()) {
            if (probe.level == level)
                plan.steps.append({&probe, container});
        }
    };
    add(Level::Account, {});
    for (const QString &container : containers)
        add(Level::Container, container);
    return plan;
}

Http::Request probeRequest(const ProbeStep &step, const Storage::Endpoint &endpoint, const Identity::AccessToken &token,
                           const QString &uuid, const QDateTime &now)
{
    const Probe &probe = *step.probe;
    const QString random = u"probe-"_s + uuid;
    QUrl url;
    if (probe.path == u"/")
        url = Storage::accountUrl(endpoint.account);
    else if (probe.path == u"/{random}")
        url = Storage::containerUrl(endpoint.account, random);
    else if (probe.path == u"/{container}")
        url = Storage::containerUrl(endpoint.account, step.container);
    else
        url = Storage::blobUrl(endpoint.account, step.container, random);
    url.setQuery(QString(probe.query).replace(u"{uuid}"_s, uuid), QUrl::StrictMode);

    Http::Request request = Storage::blobRequest(probe.verb, url, endpoint, token, now);
    for (const auto &[name, value] : probe.headers) {
        if (name != "Content-Length") // the transport's own business
            request.headers.append({name, QByteArray(value).replace("{uuid}", uuid.toLatin1())});
    }
    const auto time = [](const QDateTime &at) { return at.toUTC().toString(u"yyyy-MM-ddThh:mm:ssZ"_s).toLatin1(); };
    request.body = QByteArray(probe.body).replace("{now}", time(now)).replace("{now+5min}", time(now.addSecs(300)));
    request.probe = true;
    request.maxBody = 1 << 20;
    request.deadline = std::chrono::seconds(60);
    return request;
}

} // namespace Access
