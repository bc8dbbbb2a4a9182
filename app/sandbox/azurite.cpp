#include "sandbox/azurite.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr int s_pollMilliseconds = 50;
constexpr int s_mostTries = 600;

const QString s_program = u"/node_modules/azurite/dist/src/blob/main.js"_s;

quint16 freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

} // namespace

Azurite::Azurite(QObject *parent)
    : QObject(parent)
{
    m_poll.setInterval(s_pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &Azurite::tryToConnect);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::readyRead, this,
            [this] { m_lastWords = (m_lastWords + m_process.readAll()).right(2000); });
    connect(&m_process, &QProcess::finished, this, [this] {
        if (m_stopping)
            return;
        if (m_done)
            report(endedError());
        else
            emit died(endedError().message);
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart && m_done)
            report(endedError());
    });
    m_process.setChildProcessModifier([parent = getpid()] {
        sigset_t none; // the sandbox blocks what it reads from a descriptor, and a child would
                       // inherit that
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // so that it still writes down what it keeps
        if (::getppid() != parent)          // it died before the line above
            ::_exit(1);
    });
}

Azurite::~Azurite()
{
    stop();
}

Core::Result<QString> Azurite::find(const QString &programFolder)
{
    const QString given = qEnvironmentVariable("ROLESCOPE_AZURITE");
    const QStringList places = given.isEmpty()
                                   ? QStringList{programFolder + u"/../share/rolescope/azurite"_s,
                                                 QStringLiteral(ROLESCOPE_AZURITE_SOURCE)}
                                   : QStringList{given};
    for (const QString &place : places) {
        if (QFileInfo(place + s_program).isFile())
            return QFileInfo(place).absoluteFilePath();
    }
    return Core::Error{
        .kind = Core::Error::Kind::NotFound,
        .message = u"Azurite, the sandbox's blob store, is not installed (looked in %1)."_s.arg(
            places.join(u", "_s)),
        .nextStep = u"Run ./installer/run, or \"npm ci\" in app/sandbox/azurite; ROLESCOPE_AZURITE "
                    u"may name another "
                    "folder that contains node_modules/azurite."_s};
}

void Azurite::start(const Options &options, std::function<void(Core::Result<quint16>)> done)
{
    m_done = std::move(done);
    const QString node = QStandardPaths::findExecutable(u"node"_s);
    if (node.isEmpty())
        return report(Core::Error{
            .kind = Core::Error::Kind::NotFound,
            .message = u"Node.js, which runs Azurite, is not installed."_s,
            .nextStep = u"Install it: apt-get install nodejs npm, or run ./installer/run."_s});
    m_port = freePort();
    QStringList accounts;
    for (auto it = options.keys.begin(); it != options.keys.end(); ++it)
        accounts.append(it.key() + u':' + it.value());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"AZURITE_ACCOUNTS"_s, accounts.join(u';'));
    environment.remove(u"NODE_OPTIONS"_s);
    m_process.setProcessEnvironment(environment);
    QStringList arguments{options.folder + s_program,
                          u"--blobHost"_s,
                          u"127.0.0.1"_s,
                          u"--blobPort"_s,
                          QString::number(m_port),
                          u"--oauth"_s,
                          u"basic"_s,
                          u"--cert"_s,
                          options.certificateFile,
                          u"--key"_s,
                          options.keyFile,
                          u"--skipApiVersionCheck"_s,
                          u"--disableTelemetry"_s,
                          u"--disableProductStyleUrl"_s,
                          u"--silent"_s};
    arguments += options.location.isEmpty() ? QStringList{u"--inMemoryPersistence"_s}
                                            : QStringList{u"--location"_s, options.location};
    m_process.start(node, arguments, QIODevice::ReadOnly);
    m_poll.start();
}

void Azurite::tryToConnect()
{
    if (++m_tries > s_mostTries)
        return report(endedError());
    auto *probe = new QTcpSocket(this);
    connect(probe, &QTcpSocket::connected, this, [this, probe] {
        probe->deleteLater();
        report(m_port);
    });
    connect(probe, &QTcpSocket::errorOccurred, probe, &QObject::deleteLater);
    probe->connectToHost(QHostAddress::LocalHost, m_port);
}

Core::Error Azurite::endedError() const
{
    const QString words = QString::fromUtf8(m_lastWords).simplified();
    return {.kind = Core::Error::Kind::Network,
            .message = u"Azurite does not run: %1"_s.arg(words.isEmpty() ? m_process.errorString()
                                                                         : words),
            .nextStep = u"Run ./installer/run, which installs it again."_s};
}

void Azurite::report(Core::Result<quint16> result)
{
    m_poll.stop();
    if (const auto done = std::exchange(m_done, nullptr))
        done(std::move(result));
}

void Azurite::stop()
{
    m_stopping = true;
    m_poll.stop();
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(3000)) {
        m_process.kill();
        m_process.waitForFinished(2000);
    }
}

} // namespace Sandbox
