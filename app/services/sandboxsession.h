#pragma once

#include "core/result.h"
#include "identity/serviceprincipal.h"

#include <QObject>
#include <QProcess>
#include <QUrl>

namespace Services {

struct Services;

/// Runs rolescope-sandbox, which lies beside this program, and puts its principals among the user's. Ends it when it goes.
class SandboxSession final : public QObject
{
    Q_OBJECT
public:
    explicit SandboxSession(Services &services, QObject *parent = nullptr);
    ~SandboxSession() override;

    /// Starts the sandbox; ready() or failed() follows. Does nothing while it runs.
    void start();
    void stop();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

signals:
    /// The sandbox answers and its principals are in the vault; \a first is the one to begin with (its id).
    void ready(const QString &first);
    void failed(const Core::Error &error);

private:
    struct Offered {
        Identity::ServicePrincipal principal;
        QString file; ///< with its credential, as a user would paste it
    };
    void readReadyLine();
    void saveNext();
    void fail(const QString &message, const QString &nextStep);

    Services &m_services;
    QProcess m_process;
    QByteArray m_output;
    QList<Offered> m_offered;
    QString m_first;
    bool m_ready = false;
};

} // namespace Services
