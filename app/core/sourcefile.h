#pragma once

#include "core/fileerror.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <memory>
#include <sys/stat.h>

namespace Core {

/// A regular file that is read in pieces, of the state in which it was opened. Its functions may be
/// called from any thread.
class SourceFile final
{
public:
    /// Errors: NotFound, InvalidInput (no regular file), File.
    static Result<std::shared_ptr<SourceFile>> open(const QString &path);
    Q_DISABLE_COPY_MOVE(SourceFile)

    qint64 size() const { return m_opened.st_size; }
    /// Exactly \a bytes of them. Errors: File; Conflict where the file has become shorter.
    Result<QByteArray> readAt(qint64 offset, qint64 bytes) const;
    /// Errors: Conflict where it was written to since it was opened.
    Result<void> unchanged() const;

private:
    SourceFile(QString path, int fd);
    Error changed() const;

    QString m_path;
    Descriptor m_fd;
    struct stat m_opened = {};
};

} // namespace Core
