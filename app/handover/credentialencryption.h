#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QObject>
#include <QProcess>
#include <QStringList>

namespace Handover {

/// One run of a command that reads a secret from a pipe and keeps it encrypted (see
/// encryptCommand()), so that the secret is never in a file.
class CredentialEncryption final : public QObject
{
    Q_OBJECT
public:
    explicit CredentialEncryption(QObject *parent = nullptr);
    ~CredentialEncryption() override; ///< ends the command

    /// Calls \a done once. The command may ask on its terminal (sudo does), so it has two minutes.
    /// Errors: NotFound (no such program); File, with the command's own last words.
    void start(const QStringList &command, const Core::Secret &secret, Core::Done<void> done);

private:
    void finish(const Core::Result<void> &result);
    void ended(int code, QProcess::ExitStatus status);

    QProcess m_process;
    QString m_program;
    Core::Done<void> m_done;
};

} // namespace Handover
