#include "sandbox/azuritedatabase.h"

#include "core/atomicfile.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qint64 s_maxSize = 512 << 20;

Core::Error damaged(const QString &path, const QString &what)
{
    return {.kind = Core::Error::Kind::InvalidInput,
            .message = u"The sandbox's blobs cannot be kept: “%1” %2. Nothing was changed."_s.arg(path, what),
            .code = u"StateUnreadable"_s,
            .nextStep = u"Restore the folder from a backup; or move its folder “azurite” away, and the scenario's blobs are "
                        "written anew."_s};
}

/// The collections of a database by name; nothing where there is no file.
Core::Result<QJsonObject> collections(const QString &path, bool mustBeThere)
{
    const auto bytes = Core::readFile(path, s_maxSize);
    if (!bytes && bytes.error().kind != Core::Error::Kind::NotFound)
        return bytes.error();
    if (!bytes)
        return mustBeThere ? Core::Result<QJsonObject>(damaged(path, u"is gone"_s)) : QJsonObject();
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(*bytes, &problem);
    if (problem.error != QJsonParseError::NoError)
        return damaged(path, u"is no JSON (%1 at byte %2)"_s.arg(problem.errorString()).arg(problem.offset));
    if (!document[u"collections"].isArray())
        return damaged(path, u"has no list of “collections”"_s);
    QJsonObject found;
    const QJsonArray array = document[u"collections"].toArray();
    for (const QJsonValue &one : array) {
        const QString name = one[u"name"].toString();
        if (name.isEmpty() || !one[u"data"].isArray() || found.contains(name))
            return damaged(path, u"has a collection without name or data, or one twice"_s);
        found.insert(name, one[u"data"]);
    }
    return found;
}

Core::Result<void> checkCollections(const QString &path, const QJsonObject &found, const QStringList &needed)
{
    for (const QString &name : needed) {
        if (!found.contains(name))
            return damaged(path, u"lacks the collection “%1”"_s.arg(name));
        const QJsonArray data = found[name].toArray();
        for (const QJsonValue &one : data) {
            if (!one.isObject())
                return damaged(path, u"has in “%1” what is no object"_s.arg(name));
        }
    }
    return {};
}

} // namespace

Core::Result<void> checkDatabase(const QString &folder, bool mustBeThere)
{
    const QString blobs = folder + u"/__azurite_db_blob__.json"_s;
    const QString extents = folder + u"/__azurite_db_blob_extent__.json"_s;
    const auto inBlobs = collections(blobs, mustBeThere);
    if (!inBlobs)
        return inBlobs.error();
    const auto inExtents = collections(extents, mustBeThere);
    if (!inExtents)
        return inExtents.error();
    if (!inBlobs->isEmpty() || mustBeThere) {
        if (auto sound = checkCollections(blobs, *inBlobs, {u"$CONTAINERS_COLLECTION$"_s, u"$BLOBS_COLLECTION$"_s}); !sound)
            return sound;
    }
    if (!mustBeThere)
        return {};
    const QString collection = u"$EXTENTS_COLLECTION$"_s;
    if (auto sound = checkCollections(extents, *inExtents, {collection}); !sound)
        return sound;
    // After a clean end each file is as long as the database says.
    const QJsonArray files = (*inExtents)[collection].toArray();
    for (const QJsonValue &one : files) {
        const QString name = one[u"path"].toString();
        const QFileInfo file(folder + u"/__blobstorage__/"_s + name);
        if (name.isEmpty() || name.contains(u'/') || !one[u"size"].isDouble())
            return damaged(extents, u"names a file of bytes without name or size"_s);
        if (!file.isFile() || double(file.size()) < one[u"size"].toDouble())
            return damaged(file.filePath(), u"is gone or cut off"_s);
    }
    return {};
}

} // namespace Sandbox
