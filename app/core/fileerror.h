#pragma once

#include "core/error.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QtGlobal>

namespace Core {

/// "what “path”: why." for the errno \a number, with the next step where there is an obvious one.
Error fileError(const QString &what, const QString &path, int number);
/// InvalidInput: "“path” why, so it is not written."
Error refusal(const QString &path, const QString &why);

/// A file descriptor that is closed when it goes.
class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor() { close(); }
    Q_DISABLE_COPY_MOVE(Descriptor)
    int get() const { return m_fd; }
    /// Whether closing reported no error; some file systems write only then.
    bool close();

private:
    int m_fd;
};

/// All of \a bytes, or false with errno.
bool writeBytes(int fd, QByteArrayView bytes);
/// Makes a rename in the open \a folder durable. A folder that cannot be synced (some network file
/// systems) is no failure.
void syncFolder(int folder);

} // namespace Core
