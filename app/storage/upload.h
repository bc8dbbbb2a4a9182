#pragma once

#include "storage/blobwriting.h"
#include "storage/transfer.h"

namespace Core {
class SourceFile;
}

namespace Storage {

/// A file into a block blob: at once where it is small, else block by block, which then become the
/// blob together. Nothing is overwritten but what the condition names. Errors: those of the
/// service, of the transport, of SourceFile; Conflict where a blob is there, or was changed
/// meanwhile.
class Upload final : public Transfer
{
    Q_OBJECT
public:
    struct Options
    {
        QString contentType; ///< empty: the service's own, application/octet-stream
        WriteCondition condition;
    };
    Upload(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
           TokenSource tokens, QString path, Options options, QObject *parent = nullptr);
    void start() override;
    bool mayHaveChanged() const override { return m_deciding; }

private:
    void passPiece(const Piece &piece) override;
    void allPassed() override;
    void opened();
    void putBlob(const Piece &piece, const QByteArray &bytes);
    void putBlock(const Piece &piece, const QByteArray &bytes);
    void putBlockList();
    void decide(Http::Request asked, const Piece &piece, std::function<void()> then);
    Core::Error refused(const Http::Response &response) const;

    QString m_path;
    Options m_options;
    QByteArray m_name; ///< of this upload's blocks
    std::shared_ptr<Core::SourceFile> m_file;
    qint64 m_blockSize = 0;
    bool m_deciding = false;
};

} // namespace Storage
