#pragma once

#include "core/result.h"
#include "sandbox/message.h"

#include <QHostAddress>
#include <QObject>
#include <QSslConfiguration>
#include <functional>
#include <memory>

class QSslServer;

namespace Sandbox {

/// Answers HTTP/1.1 over TLS on one address. Requests of a connection are answered in their order;
/// a handler may take its time, and is told by \a context's death that the client has gone.
class HttpServer final : public QObject
{
    Q_OBJECT
public:
    using Reply = std::function<void(Answer)>;
    using Handler = std::function<void(const Incoming &request, QObject *context, Reply reply)>;

    HttpServer(QSslConfiguration tls, Handler handler, QObject *parent = nullptr);
    ~HttpServer() override;

    /// \a port 0 takes any. Errors: Conflict when the port is taken, Forbidden when the system
    /// refuses it.
    Core::Result<quint16> listen(const QHostAddress &address, quint16 port);

private:
    void accept();

    std::unique_ptr<QSslServer> m_server;
    Handler m_handler;
};

/// The bytes of \a answer as they go over the wire. \a toHead leaves the body out and keeps the
/// length that was given.
QByteArray serialised(const Answer &answer, bool toHead, bool staysOpen);

} // namespace Sandbox
