#include "services/sandboxsession.h"

#include "core/atomicfile.h"
#include "identity/credentialimport.h"
#include "services/services.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::ServicePrincipal;

namespace {

constexpr std::chrono::seconds patience{60};

} // namespace

SandboxSession::SandboxSession(Services &services, QObject *parent) : QObject(parent), m_services(services)
{
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &SandboxSession::readReadyLine);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(tr("The sandbox could not be started."), tr("Build it (./installer/run does), or reinstall the program."));
    });
    connect(&m_process, &QProcess::finished, this, [this] {
        if (!m_ready)
            fail(QString::fromUtf8(m_process.readAllStandardError()).trimmed().right(400), tr("Run ./installer/run once, which installs what it needs."));
    });
}

SandboxSession::~SandboxSession()
{
    m_process.disconnect(this);
    stop();
}

void SandboxSession::start()
{
    if (isRunning())
        return;
    m_output.clear();
    m_ready = false;
    m_process.start(QCoreApplication::applicationDirPath() + u"/rolescope-sandbox"_s, {u"--with-parent"_s});
    QTimer::singleShot(patience, this, [this] {
        if (isRunning() && !m_ready) {
            stop();
            fail(tr("The sandbox did not become ready within a minute."), tr("Try again; see whether other programs keep the machine busy."));
        }
    });
}

void SandboxSession::stop()
{
    if (!isRunning())
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(3000))
        m_process.kill();
}

void SandboxSession::fail(const QString &message, const QString &nextStep)
{
    emit failed({.kind = Error::Kind::Unsupported,
                 .message = message.isEmpty() ? tr("The sandbox ended at once.") : message,
                 .code = u"SandboxFailed"_s,
                 .nextStep = nextStep});
}

void SandboxSession::readReadyLine()
{
    m_output += m_process.readAllStandardOutput();
    if (m_ready || !m_output.contains('\n'))
        return;
    const QJsonObject ready = QJsonDocument::fromJson(m_output.left(m_output.indexOf('\n'))).object();
    if (!ready[u"ready"].toBool())
        return fail(tr("The sandbox said something that is not understood."), {});
    m_ready = true;

    const Result<QList<ServicePrincipal>> present = m_services.vault.list();
    if (!present) {
        emit failed(present.error());
        return;
    }
    const QJsonArray accounts = ready[u"accounts"].toArray();
    m_offered.clear();
    const QJsonArray principals = ready[u"principals"].toArray();
    for (const QJsonValue &value : principals) {
        const QJsonObject one = value.toObject();
        // The sandbox is another one at each start: who is there already gets its new addresses.
        ServicePrincipal principal;
        for (const ServicePrincipal &known : *present) {
            if (known.clientId == one[u"clientId"].toString() && !known.cloud.isEmpty())
                principal = known;
        }
        principal.name = principal.id.isEmpty() ? one[u"name"].toString() : principal.name;
        principal.environment.name = one[u"environment"].toString();
        principal.cloud = ready[u"cloud"].toString();
        principal.tenant = one[u"tenant"].toString();
        principal.clientId = one[u"clientId"].toString();
        principal.credentialExpiresAt = QDateTime::fromString(one[u"credentialExpiresAt"].toString(), Qt::ISODate);
        principal.accounts.clear();
        // Its own environment's account first: that is where it works.
        for (const QJsonValue &account : accounts) {
            const QUrl url(account.toObject()[u"url"].toString());
            if (account.toObject()[u"environment"].toString() == principal.environment.name)
                principal.accounts.prepend(url);
            else
                principal.accounts.append(url);
        }
        m_offered.append({principal, one[u"file"].toString()});
    }
    m_first.clear();
    saveNext();
}

void SandboxSession::saveNext()
{
    if (m_offered.isEmpty()) {
        emit ready(m_first);
        return;
    }
    Offered next = m_offered.takeFirst();
    const Result<QByteArray> text = Core::readFile(next.file);
    const Result<Identity::ImportedCredential> credential = text ? Identity::importCredential(*text) : Result<Identity::ImportedCredential>(text.error());
    if (!credential) {
        emit failed(credential.error());
        return;
    }
    m_services.vault.save(next.principal, credential->secret, this, [this](const Result<ServicePrincipal> &saved) {
        if (!saved) {
            emit failed(saved.error());
            return;
        }
        if (m_first.isEmpty())
            m_first = saved->id;
        saveNext();
    });
}

} // namespace Services
