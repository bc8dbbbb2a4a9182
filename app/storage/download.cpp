#include "storage/download.h"

#include "core/background.h"
#include "core/partialfile.h"
#include "storage/serviceerror.h"

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::PartialFile;
using Core::Result;

namespace {

// "bytes 0-4194303/10485760"; negative where it says something else.
qint64 totalIn(const QByteArray &contentRange)
{
    bool ok = false;
    const qint64 total = contentRange.mid(contentRange.lastIndexOf('/') + 1).toLongLong(&ok);
    return ok && contentRange.startsWith("bytes ") && contentRange.contains('/') ? total : -1;
}

Error notAsAsked(const Http::Response &response)
{
    return {.kind = Error::Kind::BadResponse,
            .message =
                u"%1 answered with other bytes than those that were asked for; nothing was saved."_s
                    .arg(response.url.host()),
            .nextStep = u"Try again; check whether a proxy stands in between."_s,
            .requestId = QString::fromLatin1(response.requestId()),
            .status = response.status};
}

} // namespace

Download::Download(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
                   TokenSource tokens, QString path, QObject *parent)
    : Transfer(transport, clock, std::move(place), std::move(tokens), parent)
    , m_path(std::move(path))
{
    connect(this, &Transfer::failed, this, [this] { m_file.reset(); });
}

Http::Request Download::rangeRequest(const Piece &piece) const
{
    Http::Request asked = request("GET");
    asked.headers.append({"x-ms-range", "bytes=" + QByteArray::number(piece.offset) + '-' +
                                            QByteArray::number(piece.offset + piece.bytes - 1)});
    if (!m_etag.isEmpty())
        asked.headers.append({"If-Match", m_etag});
    asked.maxBody = piece.bytes;
    return asked;
}

void Download::start()
{
    Core::inBackground<Result<std::shared_ptr<PartialFile>>>(
        work(), [path = m_path] { return PartialFile::create(path); },
        [this](const Result<std::shared_ptr<PartialFile>> &file) {
            if (!file)
                return fail(file.error());
            m_file = *file;
            const Piece first{.bytes = smallestPiece};
            send(rangeRequest(first), first,
                 [this](const Http::Response &response) { firstAnswered(response); });
        });
}

// Of a blob of unknown size the first piece tells it, and which state of it the others have to be
// of.
void Download::firstAnswered(const Http::Response &response)
{
    if (response.status == 416) // an empty blob has no first byte
        return pass(0, smallestPiece);
    if (!response.isSuccess())
        return fail(blobError(response));
    const bool whole = response.status == 200;
    const qint64 total = whole ? response.body.size() : totalIn(response.header("Content-Range"));
    m_etag = response.header("ETag");
    const qint64 got = response.body.size();
    if (total < 0 || got != std::min(total, smallestPiece) || (got < total && m_etag.isEmpty()))
        return fail(notAsAsked(response));
    Core::inBackground<Result<void>>(
        work(), [file = m_file, total] { return file->reserve(total); },
        [this, total, body = response.body](const Result<void> &reserved) {
            if (!reserved)
                return fail(reserved.error());
            write({.bytes = body.size()}, body,
                  [this, total, got = body.size()] { pass(total, smallestPiece, got); });
        });
}

void Download::passPiece(const Piece &piece)
{
    send(rangeRequest(piece), piece,
         [this, piece](const Http::Response &response) { answered(piece, response); });
}

void Download::answered(const Piece &piece, const Http::Response &response)
{
    if (response.status == 412) {
        Error changed = blobError(response);
        changed.message = u"The blob was changed while it was read; nothing was saved."_s;
        changed.nextStep = u"Download it again."_s;
        return fail(changed);
    }
    if (!response.isSuccess())
        return fail(blobError(response));
    if (response.status != 206 || response.body.size() != piece.bytes)
        return fail(notAsAsked(response));
    write(piece, response.body, [this, piece] { piecePassed(piece); });
}

void Download::write(const Piece &piece, const QByteArray &bytes, std::function<void()> then)
{
    Core::inBackground<Result<void>>(
        work(),
        [file = m_file, offset = piece.offset, bytes] { return file->writeAt(offset, bytes); },
        [this, then = std::move(then)](const Result<void> &written) {
            if (!work())
                return;
            written ? then() : fail(written.error());
        });
}

void Download::allPassed()
{
    // In two steps: what is cancelled while the disk is slow does not appear.
    Core::inBackground<Result<void>>(
        work(), [file = m_file] { return file->sync(); },
        [this](const Result<void> &synced) {
            if (!synced)
                return fail(synced.error());
            Core::inBackground<Result<void>>(
                work(), [file = m_file] { return file->commit(); },
                [this](const Result<void> &committed) {
                    committed ? succeed() : fail(committed.error());
                });
        });
}

} // namespace Storage
