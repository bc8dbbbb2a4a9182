#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace Test {

/// The openssl program in a folder of its own: an independent maker and judge of keys, certificates
/// and signatures.
class OpenSslTool
{
public:
    bool run(const QString &arguments)
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral("openssl"), QProcess::splitCommand(arguments));
        const bool ended = process.waitForFinished(90'000);
        m_output = process.readAllStandardOutput();
        const bool done =
            ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
        if (!done)
            m_output += process.readAllStandardError() + process.errorString().toUtf8();
        return done;
    }
    /// What the last run printed.
    const QByteArray &output() const { return m_output; }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

private:
    QTemporaryDir m_folder;
    QByteArray m_output;
};

} // namespace Test
