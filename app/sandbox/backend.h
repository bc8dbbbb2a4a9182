#pragma once

#include "core/result.h"
#include "sandbox/message.h"

#include <QList>
#include <QObject>
#include <QSslConfiguration>
#include <functional>

class QSslSocket;

namespace Sandbox {

/// \a request as it goes over the wire to Azurite at \a port, with \a bearer as its only credential.
QByteArray requestBytes(const Incoming &request, quint16 port, const QByteArray &bearer);

/// Sends requests to Azurite as they are, over a few connections that are kept open. Not through
/// QNetworkAccessManager, which rewrites targets, decompresses bodies and adds headers of its own.
class Backend final : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(Core::Result<Answer>)>;

    /// \a bearer is sent in place of any Authorization header.
    Backend(quint16 port, QSslConfiguration tls, QByteArray bearer, QObject *parent = nullptr);
    ~Backend() override;

    /// Errors: Network, Timeout, BadResponse. \a done is not called after \a context died.
    void send(const Incoming &request, QObject *context, Done done);

private:
    class Call;
    void startNext();

    static constexpr int mostConnections = 12;

    quint16 m_port;
    QSslConfiguration m_tls;
    QByteArray m_bearer;
    QList<QSslSocket *> m_idle;
    QList<Call *> m_waiting;
    int m_running = 0;
};

} // namespace Sandbox
