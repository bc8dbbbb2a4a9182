#include "serving/httpserver.h"

#include <QSslServer>
#include <QTcpSocket>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace Serving {

namespace {

class Connection final : public QObject
{
public:
    Connection(QTcpSocket *socket, const HttpServer::Handler &handler, const ServerLimits &limits)
        : QObject(socket)
        , m_socket(socket)
        , m_handler(handler)
        , m_limits(limits)
        , m_reader(MessageReader::Kind::Request, limits.message)
    {
        connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        m_idle.setInterval(limits.idle);
        connect(&m_idle, &QTimer::timeout, socket, &QTcpSocket::abort);
        m_idle.start();
        m_request.setSingleShot(true);
        m_request.setInterval(limits.request);
        connect(&m_request, &QTimer::timeout, socket, &QTcpSocket::abort);
        read();
    }

private:
    void read()
    {
        m_idle.start();
        if (m_busy) {
            m_waiting += m_socket->readAll();
            if (m_waiting.size() >
                m_limits.message.head * 4) // a client that pipelines without reading
                m_socket->abort();
            return;
        }
        if (!m_request.isActive() && (m_socket->bytesAvailable() > 0 || !m_waiting.isEmpty()))
            m_request.start(); // a byte now and then keeps no connection open for ever
        const auto state = m_reader.feed(std::exchange(m_waiting, {}) + m_socket->readAll());
        if (state == MessageReader::State::Done) {
            handle();
        } else if (state == MessageReader::State::Failed) {
            write({.status = m_reader.failure()}, false, false);
        } else if (m_reader.expectsContinue() && !std::exchange(m_continued, true)) {
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        }
    }

    void handle()
    {
        m_busy = true;
        m_idle.stop();
        m_request.stop();
        const bool toHead = m_reader.verb() == "HEAD";
        const bool staysOpen = m_reader.staysOpen();
        const Incoming request{m_reader.verb(), m_reader.target(), m_reader.headers(),
                               m_reader.body()};
        m_handler(request, this,
                  [this, toHead, staysOpen](Answer answer) { write(answer, toHead, staysOpen); });
    }

    void write(const Answer &answer, bool toHead, bool staysOpen)
    {
        if (m_socket->state() != QAbstractSocket::ConnectedState)
            return; // the client has gone, and this object goes with the socket
        m_socket->write(serialised(answer, toHead, staysOpen));
        m_busy = m_continued = false;
        m_idle.start();
        m_request.stop();
        if (!staysOpen) {
            m_busy = true; // nothing that follows is read
            m_socket->disconnectFromHost();
            return;
        }
        m_reader.reset();
        if (m_reader.hasBytes() || !m_waiting.isEmpty())
            QMetaObject::invokeMethod(this, &Connection::read, Qt::QueuedConnection);
    }

    QTcpSocket *m_socket;
    const HttpServer::Handler &m_handler;
    const ServerLimits &m_limits;
    MessageReader m_reader;
    QByteArray m_waiting;
    QTimer m_idle;
    QTimer m_request;
    bool m_busy = false;
    bool m_continued = false;
};

} // namespace

QByteArray serialised(const Answer &answer, bool toHead, bool staysOpen)
{
    const QByteArray reason = answer.reason.isEmpty() ? reasonPhrase(answer.status) : answer.reason;
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(answer.status) + ' ' + reason + "\r\n";
    QByteArray length = QByteArray::number(answer.body.size());
    for (const auto &field : answer.headers) {
        const QByteArray &name = field.first;
        const QByteArray &value = field.second;
        const auto is = [&](const char *other) {
            return name.compare(other, Qt::CaseInsensitive) == 0;
        };
        if (is("Content-Length"))
            length = toHead ? value : length;
        else if (!is("Connection") && !is("Transfer-Encoding") && !is("Keep-Alive"))
            bytes += name + ": " + value + "\r\n";
    }
    if (answer.status != 204 && answer.status != 304)
        bytes += "Content-Length: " + length + "\r\n";
    if (!staysOpen)
        bytes += "Connection: close\r\n";
    bytes += "\r\n";
    return toHead || answer.status == 204 || answer.status == 304 ? bytes : bytes + answer.body;
}

HttpServer::HttpServer(std::optional<QSslConfiguration> tls, Handler handler, ServerLimits limits,
                       QObject *parent)
    : QObject(parent)
    , m_plain(!tls)
    , m_limits(limits)
    , m_handler(std::move(handler))
{
    if (tls) {
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(*tls);
        m_server = std::move(server);
    } else {
        m_server = std::make_unique<QTcpServer>();
    }
    m_server->setMaxPendingConnections(200);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &HttpServer::accept);
}

HttpServer::~HttpServer() = default;

Core::Result<quint16> HttpServer::listen(const QHostAddress &address, quint16 port)
{
    using Core::Error;
    const QString where = u"%1 port %2"_s.arg(address.toString()).arg(port);
    if (m_plain && !address.isLoopback())
        return Error{.kind = Error::Kind::Forbidden,
                     .message =
                         u"%1 is not on this machine only: refused without TLS."_s.arg(where)};
    if (m_server->listen(address, port))
        return m_server->serverPort();
    if (m_server->serverError() == QAbstractSocket::AddressInUseError)
        return Error{.kind = Error::Kind::Conflict,
                     .message = u"%1 is taken by another program."_s.arg(where)};
    return Error{.kind = Error::Kind::Forbidden,
                 .message = u"Cannot listen on %1: %2."_s.arg(where, m_server->errorString())};
}

void HttpServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        socket->setParent(this);
        if (m_connections >= m_limits.connections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        ++m_connections;
        connect(socket, &QObject::destroyed, this, [this] { --m_connections; });
        new Connection(socket, m_handler, m_limits);
    }
}

} // namespace Serving
