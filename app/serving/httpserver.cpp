#include "serving/httpserver.h"

#include <QPointer>
#include <QSslServer>
#include <QTcpSocket>
#include <QTimer>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Serving {

namespace {

constexpr int s_backlog = 4096;
constexpr int s_mostExamined = 256;        // each takes a descriptor
constexpr qint64 s_unexamined = 16 * 1024; // bytes
constexpr auto s_pause = std::chrono::milliseconds(50);

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
        m_head.setSingleShot(true);
        m_head.setInterval(limits.head);
        connect(&m_head, &QTimer::timeout, socket, &QTcpSocket::abort);
        m_head.start();
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
        const bool hasBytes =
            m_reader.hasBytes() || m_socket->bytesAvailable() > 0 || !m_waiting.isEmpty();
        if (!m_request.isActive() && hasBytes) {
            m_request.start(); // a byte now and then keeps no connection open for ever
            if (!m_head.isActive()) // the first one's runs from the connection
                m_head.start();
        }
        const auto state = m_reader.feed(std::exchange(m_waiting, {}) + m_socket->readAll());
        if (state != MessageReader::State::Head)
            m_head.stop();
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
    QTimer m_head;
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
    // Many at once wait in the kernel until it is known whose they are.
    m_server->setListenBacklogSize(s_backlog);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &HttpServer::accept);
    // Qt stops accepting for good where there is no descriptor for one more.
    connect(m_server.get(), &QTcpServer::acceptError, this,
            [this] { QTimer::singleShot(s_pause, this, &HttpServer::resume); });
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
    if (m_limits.ownUserOnly && !PeerOwners::canTell())
        return Error{.kind = Error::Kind::Unsupported,
                     .message =
                         u"/proc/net/tcp cannot be read, so nobody can tell which user connects."_s,
                     .nextStep = u"Mount /proc, or use another way to hand the credential over."_s};
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
        m_limits.ownUserOnly ? examine(socket) : serve(socket, {});
    }
}

void HttpServer::examine(QTcpSocket *socket)
{
    socket->setReadBufferSize(s_unexamined); // nothing of it is read before it is known whose it is
    if (++m_examined >= s_mostExamined)
        m_server->pauseAccepting();
    m_owners.ask(socket->peerAddress(), socket->peerPort(), socket->localAddress(),
                 socket->localPort(), this,
                 [this, socket = QPointer<QTcpSocket>(socket)](std::optional<uint> user) {
                     if (m_examined-- == s_mostExamined)
                         resume();
                     if (!socket)
                         return;
                     if (mayConnect(user, ::geteuid()))
                         return serve(socket, user);
                     // Reset, so that the system keeps nothing of it either.
                     const linger none{.l_onoff = 1, .l_linger = 0};
                     (void)::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER,
                                        &none, sizeof none);
                     socket->abort();
                     socket->deleteLater();
                 });
}

void HttpServer::resume()
{
    if (m_examined < s_mostExamined)
        m_server->resumeAccepting();
}

void HttpServer::serve(QTcpSocket *socket, std::optional<uint> user)
{
    if (m_connections >= m_limits.connections ||
        (user && m_ofUser.value(*user) >= m_limits.perUser)) {
        socket->abort();
        socket->deleteLater();
        return;
    }
    socket->setReadBufferSize(0);
    ++m_connections;
    if (user)
        ++m_ofUser[*user];
    connect(socket, &QObject::destroyed, this, [this, user] {
        --m_connections;
        if (user)
            --m_ofUser[*user];
    });
    new Connection(socket, m_handler, m_limits);
    if (socket->state() == QAbstractSocket::UnconnectedState)
        socket->deleteLater(); // it went before anybody could be told
}

} // namespace Serving
