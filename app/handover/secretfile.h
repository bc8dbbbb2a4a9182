#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>

namespace Handover {

/// A file that is on no disk (memfd_create(2)), for what the SDKs read from a path only. Nothing
/// can be written to it any more. It lasts as long as a process has it open.
class SecretFile final
{
public:
    SecretFile() = default; ///< none
    ~SecretFile();
    SecretFile(SecretFile &&other) noexcept;
    SecretFile &operator=(SecretFile &&other) noexcept;
    Q_DISABLE_COPY(SecretFile)

    /// With \a content, under a descriptor that scripts do not use. Errors: File.
    static Core::Result<SecretFile> create(const Core::Secret &content);

    /// -1: there is none.
    int descriptor() const { return m_descriptor; }
    /// For this process, what takes its place and what that starts: "/proc/PID/fd/N". Other users
    /// do not get there.
    QString path() const;

private:
    int m_descriptor = -1;
};

} // namespace Handover
