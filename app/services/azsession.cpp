#include "services/azsession.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTimer>
#include <csignal>
#include <unistd.h>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr qint64 longestAnswer = 256 * 1024;

// az 2.54 and later give "expires_on" in seconds; all give "expiresOn" in local time.
QDateTime expiryOf(const QJsonObject &answer, const QDateTime &now)
{
    const qint64 seconds = answer[u"expires_on"].toVariant().toLongLong();
    if (seconds > 0)
        return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    const QString local = answer[u"expiresOn"].toString().left(19);
    const QDateTime at = QDateTime::fromString(local, u"yyyy-MM-dd HH:mm:ss"_s);
    // az only hands out tokens that last a while; five minutes are what it promises.
    return at.isValid() ? at.toUTC() : now.addSecs(300);
}

QString readable(QString said)
{
    said.remove(QRegularExpression(u"\\x1B\\[[0-9;]*m"_s));
    return said.simplified().left(400);
}

} // namespace

Result<AzToken> parseAzToken(const QByteArray &json, const QString &said, const QString &scope,
                             const QDateTime &now)
{
    const QJsonObject answer = QJsonDocument::fromJson(json).object();
    const QByteArray value = answer[u"accessToken"].toString().toUtf8();
    if (value.isEmpty() || value.contains('\n') || value.contains(' ')) {
        const QString reason = readable(said);
        return Error{.kind = Error::Kind::Unauthenticated,
                     .message = reason.isEmpty() ? u"az gave no token."_s
                                                 : u"az gave no token: %1"_s.arg(reason),
                     .code = u"AzSession"_s,
                     .nextStep =
                         u"Run `az login`; with several tenants, `az login --tenant TENANT`."_s};
    }
    return AzToken{{Core::Secret(value), expiryOf(answer, now), scope},
                   answer[u"tenant"].toString()};
}

AzSession::AzSession(const Core::Clock &clock, Request request, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_request(std::move(request))
{
    connect(&m_process, &QProcess::finished, this, &AzSession::answered);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(Error{
                .kind = Error::Kind::NotFound,
                .message = u"The Azure CLI (az) is not installed here, or not in PATH."_s,
                .code = u"AzMissing"_s,
                .nextStep =
                    u"Install it and run `az login`, or sign in with a device code or the browser."_s});
    });
}

// az may be a shell script that starts Python: both are in the process group that is ended here.
AzSession::~AzSession()
{
    m_over = true;
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.disconnect(this);
    if (const qint64 group = m_process.processId(); group > 0)
        ::kill(static_cast<pid_t>(-group), SIGKILL);
    m_process.waitForFinished(1000);
}

void AzSession::start()
{
    QTimer::singleShot(m_request.timeout, this, [this] {
        finish(Error{
            .kind = Error::Kind::Timeout,
            .message =
                u"az gave no token within %1 seconds."_s.arg(m_request.timeout.count() / 1000),
            .code = u"AzTimeout"_s,
            .nextStep =
                u"Run `az account get-access-token` in a terminal and see what it waits for."_s});
    });
    QStringList arguments{
        u"account"_s,    u"get-access-token"_s,
        u"--resource"_s, m_request.scope.chopped(m_request.scope.endsWith(u"/.default") ? 9 : 0),
        u"-o"_s,         u"json"_s};
    if (!m_request.tenant.isEmpty())
        arguments << u"--tenant"_s << m_request.tenant;
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([] { ::setpgid(0, 0); });
    m_process.start(u"az"_s, arguments);
}

void AzSession::cancel()
{
    finish(Error{.kind = Error::Kind::Cancelled, .message = u"The sign-in was cancelled."_s});
}

void AzSession::answered()
{
    QByteArray output = m_process.read(longestAnswer);
    const QString said = QString::fromUtf8(m_process.readAllStandardError().left(8192));
    const Result<AzToken> token = parseAzToken(output, said, m_request.scope, m_clock.now());
    Core::wipe(output);
    finish(token);
}

void AzSession::finish(const Result<AzToken> &token)
{
    if (std::exchange(m_over, true))
        return;
    if (m_process.state() != QProcess::NotRunning && m_process.processId() > 0)
        ::kill(static_cast<pid_t>(-m_process.processId()), SIGKILL);
    QMetaObject::invokeMethod(
        this, [this, token] { emit finished(token); }, Qt::QueuedConnection);
}

} // namespace Services
