#pragma once

#include "core/fileerror.h"
#include "core/place.h"
#include "core/result.h"

#include <QByteArrayView>
#include <QString>
#include <memory>

namespace Core {

/// A large file that is written in pieces and appears under its name whole or not at all, readable
/// and writable by its owner only. Until commit() it has no name where the file system can do that,
/// so that not even a killed program leaves it behind; elsewhere it is hidden beside its target and
/// goes with this object. Its functions may be called from any thread.
class PartialFile final
{
public:
    /// What is at \a path may be a regular file; it stays until commit(). The folder is
    /// opened once: the file lands in it and nowhere else. Errors: InvalidInput, File.
    static Result<std::shared_ptr<PartialFile>> create(const QString &path);
    ~PartialFile();
    Q_DISABLE_COPY_MOVE(PartialFile)

    /// Takes room for \a bytes, where the file system can: a disk that is too small says so at
    /// once.
    Result<void> reserve(qint64 bytes);
    Result<void> writeAt(qint64 offset, QByteArrayView bytes);
    /// Makes all of it durable; takes as long as the disk does.
    Result<void> sync();
    /// Puts it in its place.
    Result<void> commit();

private:
    PartialFile(QString path, std::shared_ptr<Place> place, int fd, QByteArray name);
    Error failure(int number) const;

    QString m_path; ///< for messages
    std::shared_ptr<Place> m_place;
    Descriptor m_fd;
    QByteArray m_name; ///< where it is hidden meanwhile; empty while it has none
};

} // namespace Core
