#include "storage/upload.h"

#include "core/background.h"
#include "core/sourcefile.h"
#include "storage/serviceerror.h"

#include <QRandomGenerator>

namespace Storage {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::SourceFile;

Upload::Upload(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
               TokenSource tokens, QString path, Options options, QObject *parent)
    : Transfer(transport, clock, std::move(place), std::move(tokens), parent)
    , m_path(std::move(path))
    , m_options(std::move(options))
    , m_name(
          QByteArray::number(QRandomGenerator::system()->generate64(), 16).rightJustified(16, '0'))
{
}

void Upload::start()
{
    Core::inBackground<Result<std::shared_ptr<SourceFile>>>(
        work(), [path = m_path] { return SourceFile::open(path); },
        [this](const Result<std::shared_ptr<SourceFile>> &file) {
            if (!file)
                return fail(file.error());
            m_file = *file;
            opened();
        });
}

void Upload::opened()
{
    m_blockSize = blockSize(m_file->size());
    if (m_blockSize < 0)
        return fail({.kind = Error::Kind::InvalidInput,
                     .message = u"“%1” is larger than what is uploaded here."_s.arg(m_path),
                     .nextStep = u"Upload it with azcopy."_s});
    if (m_file->size() == 0)
        return putBlob({}, {});
    pass(m_file->size(), m_blockSize);
}

void Upload::passPiece(const Piece &piece)
{
    const bool whole = piece.bytes == m_file->size();
    Core::inBackground<Result<QByteArray>>(
        work(),
        [file = m_file, piece, whole]() -> Result<QByteArray> {
            auto bytes = file->readAt(piece.offset, piece.bytes);
            if (const auto same = file->unchanged(); bytes && whole && !same)
                return same.error();
            return bytes;
        },
        [this, piece, whole](const Result<QByteArray> &bytes) {
            if (!work())
                return;
            if (!bytes)
                return fail(bytes.error());
            whole ? putBlob(piece, *bytes) : putBlock(piece, *bytes);
        });
}

void Upload::putBlob(const Piece &piece, const QByteArray &bytes)
{
    Http::Request asked = request("PUT");
    asked.headers.emplace_back("x-ms-blob-type", "BlockBlob");
    asked.body = bytes;
    decide(std::move(asked), piece,
           [this, piece] { piece.bytes == 0 ? succeed() : piecePassed(piece); });
}

// Blocks carry no condition; until the list names them they are no part of any blob.
void Upload::putBlock(const Piece &piece, const QByteArray &bytes)
{
    Http::Request asked =
        request("PUT", "comp=block&blockid=" + blockId(m_name, piece.index).toPercentEncoding());
    asked.body = bytes;
    send(std::move(asked), piece, [this, piece](const Http::Response &response) {
        response.isSuccess() ? piecePassed(piece) : fail(refused(response));
    });
}

void Upload::allPassed()
{
    if (m_file->size() <= m_blockSize)
        return succeed();
    Core::inBackground<Result<void>>(
        work(), [file = m_file] { return file->unchanged(); },
        [this](const Result<void> &same) { same ? putBlockList() : fail(same.error()); });
}

void Upload::putBlockList()
{
    Http::Request asked = request("PUT", "comp=blocklist");
    asked.headers.emplace_back("Content-Type", "application/xml");
    asked.body = blockList(m_name, (m_file->size() + m_blockSize - 1) / m_blockSize);
    decide(std::move(asked), {}, [this] { succeed(); });
}

// The one request that changes what others see. It is never sent twice: the second would meet the
// first one's blob.
void Upload::decide(Http::Request asked, const Piece &piece, std::function<void()> then)
{
    m_deciding = true;
    asked.headers.append(m_options.condition.header());
    if (!m_options.contentType.isEmpty())
        asked.headers.append({"x-ms-blob-content-type", m_options.contentType.toUtf8()});
    asked.retryable = false;
    send(
        std::move(asked), piece,
        [this, then = std::move(then)](const Http::Response &response) {
            response.isSuccess() ? then() : fail(refused(response));
        },
        [](const Error &lost) { return leftOpen(lost, u"the blob was written"_s); });
}

Error Upload::refused(const Http::Response &response) const
{
    Error error = blobError(response);
    const bool replaces = !m_options.condition.etag.isEmpty();
    if (response.status == 412 && error.code == u"ConditionNotMet" && replaces) {
        error.message =
            u"The blob was changed or deleted since it was seen; nothing was overwritten."_s;
        error.nextStep = u"Look at it again, then decide anew."_s;
    } else if (error.code == u"BlobAlreadyExists" ||
               (response.status == 412 && error.code == u"ConditionNotMet")) {
        error.message = u"There is a blob of this name already; nothing was overwritten."_s;
        error.nextStep =
            u"Choose another name, or upload it again and say that it shall be replaced."_s;
    }
    return error;
}

} // namespace Storage
