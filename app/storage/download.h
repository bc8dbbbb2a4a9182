#pragma once

#include "storage/transfer.h"

namespace Core {
class PartialFile;
}

namespace Storage {

/// A blob into a file, however large: ranges of one state of it (its ETag), a few at a time. The
/// file appears whole, for its owner only, or not at all. Errors: those of the service, of the
/// transport, of PartialFile; Conflict where the blob changes meanwhile.
class Download final : public Transfer
{
    Q_OBJECT
public:
    /// \a path as it was chosen; see localFileName() for what may be offered.
    Download(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
             TokenSource tokens, QString path, QObject *parent = nullptr);
    void start() override;

private:
    void passPiece(const Piece &piece) override;
    void allPassed() override;
    void firstAnswered(const Http::Response &response);
    void answered(const Piece &piece, const Http::Response &response);
    void write(const Piece &piece, const QByteArray &bytes, std::function<void()> then);
    Http::Request rangeRequest(const Piece &piece) const;

    QString m_path;
    QByteArray m_etag;
    std::shared_ptr<Core::PartialFile> m_file;
};

} // namespace Storage
