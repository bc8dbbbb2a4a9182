#include "services/loopbacklistener.h"

#include <QRandomGenerator>
#include <QTcpSocket>
#include <QTimer>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

constexpr qint64 longestHead = 32 * 1024;
constexpr int patience = 10'000; ///< milliseconds for one request
constexpr int mostConnections = 256; ///< until it is known whose they are
constexpr int mostOfOneUser = 16;

/// Of the one field called \a name; empty where there is none, or more than one.
QByteArray header(const QByteArray &head, const QByteArray &name)
{
    const QList<QByteArray> lines = head.split('\n');
    QList<QByteArray> found;
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            found.append(line.sliced(colon + 1).trimmed());
    }
    return found.size() == 1 ? found.first() : QByteArray();
}

QByteArray page(const QByteArray &text)
{
    return "<!DOCTYPE html><html lang=\"en\"><head><meta "
           "charset=\"utf-8\"><title>Rolescope</title></head>"
           "<body style=\"font-family:sans-serif;margin:4em\"><p>" +
           text + "</p></body></html>";
}

} // namespace

LoopbackListener::LoopbackListener(QObject *parent)
    : QObject(parent)
{
    m_server.setMaxPendingConnections(mostConnections);
    connect(&m_server, &QTcpServer::newConnection, this, &LoopbackListener::connected);
}

Result<quint16> LoopbackListener::listen()
{
    if (m_server.listen(QHostAddress(QHostAddress::LocalHost)))
        return m_server.serverPort();
    return Error{.kind = Error::Kind::Network,
                 .message =
                     u"No port of this machine could be opened for the browser's answer: %1."_s.arg(
                         m_server.errorString()),
                 .nextStep = u"Sign in with --device-code."_s};
}

QUrl LoopbackListener::leadTo(const QUrl &target)
{
    m_target = target;
    QRandomGenerator &random = *QRandomGenerator::system();
    m_startPath = "/start/" + QByteArray::number(random.generate64(), 36) +
                  QByteArray::number(random.generate64(), 36);
    return QUrl(u"http://localhost:%1%2"_s.arg(m_server.serverPort())
                    .arg(QString::fromLatin1(m_startPath)));
}

void LoopbackListener::connected()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        if (m_server.findChildren<QTcpSocket *>().size() > mostConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        socket->setReadBufferSize(longestHead + 1);
        QTimer::singleShot(patience, socket, [socket] { socket->abort(); });
        // The browser may be another user's (after sudo), so nobody is refused; but none has all.
        m_owners.ask(socket->peerAddress(), socket->peerPort(), socket->localAddress(),
                     socket->localPort(), socket,
                     [this, socket](std::optional<uint> user) { admit(socket, user); });
    }
}

void LoopbackListener::admit(QTcpSocket *socket, std::optional<uint> user)
{
    const qint64 whose = user ? qint64(*user) : -1; // those that cannot be told share their number
    if (m_ofUser.value(whose) >= mostOfOneUser) {
        socket->abort();
        socket->deleteLater();
        return;
    }
    ++m_ofUser[whose];
    connect(socket, &QObject::destroyed, this, [this, whose] { --m_ofUser[whose]; });
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    read(socket);
}

void LoopbackListener::read(QTcpSocket *socket)
{
    const QByteArray head = socket->peek(longestHead + 1);
    if (head.size() > longestHead)
        return reply(socket, "431 Request Header Fields Too Large", {}, "Too much was sent.");
    if (!head.contains("\r\n\r\n"))
        return;
    disconnect(socket, &QTcpSocket::readyRead, this, nullptr);
    answer(socket, head);
}

void LoopbackListener::answer(QTcpSocket *socket, const QByteArray &head)
{
    const QList<QByteArray> words = head.left(head.indexOf("\r\n")).split(' ');
    const QByteArray port = ':' + QByteArray::number(m_server.serverPort());
    const QByteArray host = header(head, "Host");
    // Another name that resolves to this machine is a web page's way to reach in here.
    if (words.size() != 3 || (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0") ||
        head.count('\n') != head.count("\r\n") || head.contains('\0') ||
        (host != "localhost" + port && host != "127.0.0.1" + port))
        return reply(socket, "400 Bad Request", {}, "This is not for Rolescope.");
    if (words[0] != "GET")
        return reply(socket, "405 Method Not Allowed", "Allow: GET\r\n", "Only GET is answered.");
    if (!m_startPath.isEmpty() && words[1] == m_startPath) {
        m_startPath.clear();
        return reply(socket, "302 Found", "Location: " + m_target.toEncoded() + "\r\n",
                     "Going to the sign-in page.");
    }
    const QUrl url = QUrl::fromEncoded("http://localhost" + words[1], QUrl::StrictMode);
    if (!url.isValid() || (url.path() != u"/" && !url.path().isEmpty()) || !url.hasQuery())
        return reply(socket, "404 Not Found", {}, "There is nothing here.");
    const QUrlQuery query(url);
    if (m_done || !m_accept || !m_accept(query))
        return reply(socket, "400 Bad Request", {},
                     "This answer does not belong to the sign-in that Rolescope waits for.");
    m_done = true;
    reply(socket, "200 OK", {},
          "Rolescope has the answer. You can close this page and go back to it.");
    m_server.close();
    QMetaObject::invokeMethod(
        this, [this, query] { emit accepted(query); }, Qt::QueuedConnection);
}

void LoopbackListener::reply(QTcpSocket *socket, const QByteArray &status,
                             const QByteArray &headers, const QByteArray &text)
{
    const QByteArray body = page(text);
    socket->write("HTTP/1.1 " + status +
                  "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                  "Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; "
                  "style-src 'unsafe-inline'\r\nConnection: close\r\n" +
                  headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
                  body);
    socket->disconnectFromHost();
}

} // namespace Services
