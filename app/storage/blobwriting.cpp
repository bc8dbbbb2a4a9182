#include "storage/blobwriting.h"

#include "storage/serviceerror.h"

#include <algorithm>

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;

std::pair<QByteArray, QByteArray> WriteCondition::header() const
{
    return etag.isEmpty() ? std::pair<QByteArray, QByteArray>("If-None-Match", "*")
                          : std::pair<QByteArray, QByteArray>("If-Match", quoted(etag));
}

QByteArray quoted(const QString &etag)
{
    const QByteArray text = etag.toUtf8();
    return text.startsWith('"') || text.startsWith("W/") ? text : '"' + text + '"';
}

qint64 blockSize(qint64 bytes)
{
    constexpr qint64 mebibyte = 1 << 20;
    constexpr qint64 mostBlocks = 50'000;
    constexpr qint64 largest = 100 * mebibyte; // three of them are held in memory
    const qint64 needed = (bytes + mostBlocks - 1) / mostBlocks;
    const qint64 size = std::max(4 * mebibyte, (needed + mebibyte - 1) / mebibyte * mebibyte);
    return size <= largest ? size : -1;
}

QByteArray blockId(const QByteArray &name, qint64 index)
{
    return (name + QByteArray::number(index).rightJustified(6, '0')).toBase64();
}

QByteArray blockList(const QByteArray &name, qint64 count)
{
    QByteArray xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
    for (qint64 index = 0; index < count; ++index)
        xml += "<Uncommitted>" + blockId(name, index) + "</Uncommitted>";
    return xml + "</BlockList>";
}

Error deletionRefused(const Http::Response &response)
{
    Error error = blobError(response);
    if (error.code == u"ConditionNotMet") {
        error.message = u"The blob was changed since it was listed; nothing was deleted."_s;
        error.nextStep = u"List its folder again, and look at it."_s;
    } else if (error.code == u"BlobNotFound") {
        error.message = u"The blob is gone already."_s;
        error.nextStep = u"List its folder again."_s;
    } else if (error.code == u"SnapshotsPresent") {
        error.message = u"The blob has snapshots, which would go with it; nothing was deleted."_s;
        error.nextStep =
            u"Where they may go too: az storage blob delete --delete-snapshots include --auth-mode login"_s;
    } else if (error.code == u"LeaseIdMissing") {
        error.message = u"Somebody holds a lease on the blob; nothing was deleted."_s;
        error.nextStep = u"Wait until the lease ends, or have it released by whoever holds it."_s;
    }
    return error;
}

Error leftOpen(Error error, const QString &what)
{
    const bool arrived = error.kind == Error::Kind::Timeout ||
                         error.kind == Error::Kind::BadResponse || error.code == u"ConnectionLost";
    if (!arrived)
        return error;
    error.message += u" Whether %1 is not known."_s.arg(what);
    error.nextStep = u"List the folder again, and look, before you repeat it."_s;
    return error;
}

} // namespace Storage
