#pragma once

#include "core/result.h"
#include "serving/message.h"
#include "serving/messagereader.h"
#include "serving/peerowner.h"

#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QSslConfiguration>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class QTcpServer;
class QTcpSocket;

namespace Serving {

/// What a server puts up with from those who connect to it.
struct ServerLimits
{
    MessageLimits message;
    std::chrono::milliseconds idle{120'000};    ///< without a byte, the connection ends
    std::chrono::milliseconds request{600'000}; ///< a request, from its first byte to its last
    std::chrono::milliseconds head{10'000}; ///< a request's head; the first, from the connection
    int connections = 1000;                     ///< at a time; the next ones are closed at once
    int perUser = 1000;                         ///< of them, with ownUserOnly
    /// Closes what a process of another user connects, before it counts; root's are served.
    bool ownUserOnly = false;
};

/// Answers HTTP/1.1 on one address, over TLS or, for loopback only, without. Requests of a
/// connection are answered in their order; a handler may take its time, and is told by \a context's
/// death that the client has gone.
class HttpServer final : public QObject
{
    Q_OBJECT
public:
    using Reply = std::function<void(Answer)>;
    using Handler = std::function<void(const Incoming &request, QObject *context, Reply reply)>;

    /// Without \a tls it speaks plain HTTP.
    HttpServer(std::optional<QSslConfiguration> tls, Handler handler, ServerLimits limits = {},
               QObject *parent = nullptr);
    ~HttpServer() override;

    /// \a port 0 takes any. Errors: Conflict when the port is taken, Forbidden when the system
    /// refuses it, or when plain HTTP would leave this machine; Unsupported when it shall serve its
    /// own user only, and the system does not tell who connects.
    Core::Result<quint16> listen(const QHostAddress &address, quint16 port);

private:
    void accept();
    void examine(QTcpSocket *socket);
    void serve(QTcpSocket *socket, std::optional<uint> user);
    void resume();

    bool m_plain;
    ServerLimits m_limits;
    std::unique_ptr<QTcpServer> m_server;
    Handler m_handler;
    int m_connections = 0;
    QHash<uint, int> m_ofUser;
    int m_examined = 0; ///< whose owner is not known yet
    PeerOwners m_owners;
};

/// The bytes of \a answer as they go over the wire. \a toHead leaves the body out and keeps the
/// length that was given.
QByteArray serialised(const Answer &answer, bool toHead, bool staysOpen);

} // namespace Serving
