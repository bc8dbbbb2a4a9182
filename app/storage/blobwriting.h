#pragma once

#include "core/error.h"
#include "http/message.h"

#include <QByteArray>
#include <QString>

namespace Storage {

/// How a blob may be written: only where there is none, or in place of the one that was seen.
struct WriteCondition
{
    QString etag; ///< of the blob to be replaced; empty: there must be none
    /// If-None-Match: * or If-Match.
    std::pair<QByteArray, QByteArray> header() const;
};

/// An ETag as If-Match wants it, in quotes; listings give it without.
QByteArray quoted(const QString &etag);

/// The size of the blocks for a file of \a bytes: the service takes 50,000 of them. Negative where
/// the file is larger than can be sent.
qint64 blockSize(qint64 bytes);
/// The ID of block \a index of the upload \a name; all of one upload are equally long, as the
/// service wants.
QByteArray blockId(const QByteArray &name, qint64 index);
/// The body of Put Block List that makes a blob of the first \a count blocks.
QByteArray blockList(const QByteArray &name, qint64 count);

/// A refused deletion, in words of what became of the blob.
Core::Error deletionRefused(const Http::Response &response);
/// \a error, which came in place of the answer to a request that changes data, with what is not
/// known now, e.g. "the blob was written". As it is where the request cannot have arrived.
Core::Error leftOpen(Core::Error error, const QString &what);

} // namespace Storage
