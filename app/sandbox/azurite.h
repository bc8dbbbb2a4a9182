#pragma once

#include "core/result.h"

#include <QMap>
#include <QObject>
#include <QProcess>
#include <QTimer>
#include <functional>

namespace Sandbox {

/// The Azurite process: the sandbox's blob store, reachable over TLS on a loopback port. It ends
/// with the sandbox, also when that is killed.
class Azurite final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        QString folder;              ///< with node_modules/azurite in it, see find()
        QString certificateFile;     ///< PEM
        QString keyFile;             ///< PEM
        QMap<QString, QString> keys; ///< an account key, base64, per account
        QString location;            ///< where blobs are kept; empty: in memory
    };

    explicit Azurite(QObject *parent = nullptr);
    ~Azurite() override;

    /// ROLESCOPE_AZURITE, ../share/rolescope/azurite beside \a programFolder, or the source tree's.
    /// Errors: NotFound, with what to do.
    static Core::Result<QString> find(const QString &programFolder);

    /// \a done gets the port as soon as Azurite listens. Errors: NotFound (no Node), Network (it
    /// ended or never listened).
    void start(const Options &options, std::function<void(Core::Result<quint16>)> done);
    qint64 processId() const { return m_process.processId(); }
    /// Ends it and waits at most a few seconds.
    void stop();

signals:
    /// It ended although nobody asked it to.
    void died(const QString &why);

private:
    void tryToConnect();
    void report(Core::Result<quint16> result);
    Core::Error endedError() const;

    QProcess m_process;
    QTimer m_poll;
    QByteArray m_lastWords;
    quint16 m_port = 0;
    int m_tries = 0;
    bool m_stopping = false;
    std::function<void(Core::Result<quint16>)> m_done;
};

} // namespace Sandbox
