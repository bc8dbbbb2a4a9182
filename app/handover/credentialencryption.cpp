#include "handover/credentialencryption.h"

#include <QTimer>
#include <chrono>
#include <utility>

namespace Handover {

using namespace Qt::StringLiterals;
using Core::Error;

namespace {

constexpr std::chrono::minutes longestRun{2};

Error failed(const QString &program, const QString &why)
{
    return {.kind = Error::Kind::File,
            .message = u"%1 did not encrypt the certificate: %2"_s.arg(program, why),
            .code = u"CredentialEncryption"_s,
            .nextStep = u"It needs root, and systemd 250 or later."_s};
}

} // namespace

CredentialEncryption::CredentialEncryption(QObject *parent)
    : QObject(parent)
{
    m_process.setStandardOutputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::finished, this, &CredentialEncryption::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(Error{.kind = Error::Kind::NotFound,
                         .message = u"There is no program %1 here."_s.arg(m_program),
                         .code = u"CommandNotFound"_s,
                         .nextStep = u"systemd 250 and later bring systemd-creds."_s});
    });
}

CredentialEncryption::~CredentialEncryption()
{
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(1000);
}

void CredentialEncryption::start(const QStringList &command, const Core::Secret &secret,
                                 Core::Done<void> done)
{
    m_done = std::move(done);
    m_program = command.first();
    QTimer::singleShot(longestRun, this, [this] {
        finish(failed(m_program, u"it did not end within two minutes."_s));
    });
    m_process.start(m_program, command.mid(1));
    const QByteArrayView bytes = secret.reveal();
    m_process.write(bytes.data(), bytes.size());
    m_process.closeWriteChannel();
}

void CredentialEncryption::ended(int code, QProcess::ExitStatus status)
{
    if (status == QProcess::NormalExit && code == 0)
        return finish({});
    const QString said =
        QString::fromLocal8Bit(m_process.readAllStandardError()).simplified().right(400);
    finish(failed(m_program, said.isEmpty() ? u"exit code %1."_s.arg(code) : said));
}

void CredentialEncryption::finish(const Core::Result<void> &result)
{
    if (Core::Done<void> done = std::exchange(m_done, {}))
        QMetaObject::invokeMethod(
            this, [done = std::move(done), result] { done(result); }, Qt::QueuedConnection);
}

} // namespace Handover
