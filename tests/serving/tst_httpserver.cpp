#include "serving/httpserver.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace Serving;
using namespace std::chrono_literals;

/// The server as a client meets it over plain loopback: order, limits, and clients that mean no
/// good.
class HttpServerTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void answersRequestsOfOneConnectionInOrder();
    void isToldThatTheClientHasGone();
    void refusesWhatIsTooLarge_data();
    void refusesWhatIsTooLarge();
    void endsAConnectionThatSaysNothing();
    void endsARequestThatDrips();
    void closesOneConnectionTooMany();
    void speaksPlainHttpToThisMachineOnly();
    void namesAPortThatIsTaken();

private:
    void answer(const Incoming &request, QObject *context, const HttpServer::Reply &reply);
    std::unique_ptr<QTcpSocket> connected() const;
    static QByteArray all(QTcpSocket &socket); ///< until the server closes

    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
    QList<QByteArray> m_asked;
    int m_gone = 0;
};

void HttpServerTest::init()
{
    m_asked.clear();
    m_gone = 0;
    const ServerLimits limits{
        .message = {.head = 2048, .body = 100}, .idle = 400ms, .request = 900ms, .connections = 2};
    m_server = std::make_unique<HttpServer>(
        std::nullopt,
        [this](const Incoming &request, QObject *context, const HttpServer::Reply &reply) {
            answer(request, context, reply);
        },
        limits);
    const auto port = m_server->listen(QHostAddress::LocalHost, 0);
    QVERIFY(port);
    m_port = *port;
}

void HttpServerTest::answer(const Incoming &request, QObject *context,
                            const HttpServer::Reply &reply)
{
    m_asked.append(request.verb + ' ' + request.target + ' ' + request.body);
    if (request.target == "/never")
        connect(context, &QObject::destroyed, this, [this] { ++m_gone; });
    else if (request.target == "/slow")
        QTimer::singleShot(150, context, [reply] { reply({.body = "slow"}); });
    else
        reply({.body = "quick"});
}

std::unique_ptr<QTcpSocket> HttpServerTest::connected() const
{
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
    return socket->waitForConnected(5000) ? std::move(socket) : nullptr;
}

QByteArray HttpServerTest::all(QTcpSocket &socket)
{
    QByteArray bytes;
    QElapsedTimer timer;
    timer.start();
    while (socket.state() != QAbstractSocket::UnconnectedState && timer.elapsed() < 10'000) {
        QTest::qWait(5);
        bytes += socket.readAll();
    }
    return bytes + socket.readAll();
}

void HttpServerTest::answersRequestsOfOneConnectionInOrder()
{
    const auto socket = connected();
    QVERIFY(socket);
    socket->write(
        "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
        "POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    const QByteArray bytes = all(*socket);
    QCOMPARE(m_asked, (QList<QByteArray>{"GET /slow ", "POST /two abc"}));
    QVERIFY(bytes.indexOf("slow") > 0 && bytes.indexOf("slow") < bytes.indexOf("quick"));
    QCOMPARE(bytes.count("HTTP/1.1 200 OK\r\n"), 2);
}

void HttpServerTest::isToldThatTheClientHasGone()
{
    auto socket = connected();
    QVERIFY(socket);
    socket->write("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
    QTRY_COMPARE(m_asked.size(), 1);
    QCOMPARE(m_gone, 0);
    socket->abort();
    QTRY_COMPARE(m_gone, 1);
}

void HttpServerTest::refusesWhatIsTooLarge_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("a head") << "GET / HTTP/1.1\r\nHost: x\r\nX: " + QByteArray(3000, 'x')
                            << QByteArray("HTTP/1.1 431 ");
    QTest::newRow("a body by its length")
        << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n")
        << QByteArray("HTTP/1.1 413 ");
    QTest::newRow("a body in chunks")
        << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n")
        << QByteArray("HTTP/1.1 413 ");
    QTest::newRow("a number beyond all numbers")
        << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n")
        << QByteArray("HTTP/1.1 400 ");
}

void HttpServerTest::refusesWhatIsTooLarge()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    const auto socket = connected();
    QVERIFY(socket);
    socket->write(request);
    const QByteArray bytes = all(*socket);
    QVERIFY2(bytes.startsWith(status), bytes.constData());
    QVERIFY(m_asked.isEmpty());
}

void HttpServerTest::endsAConnectionThatSaysNothing()
{
    const auto socket = connected();
    QVERIFY(socket);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(all(*socket).isEmpty());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void HttpServerTest::endsARequestThatDrips()
{
    const auto socket = connected();
    QVERIFY(socket);
    socket->write("GET / HTTP/1.1\r\nHost: h\r\nX: ");
    QTimer drip;
    connect(&drip, &QTimer::timeout, socket.get(), [&] { socket->write("x"); });
    drip.start(50); // never idle
    QElapsedTimer timer;
    timer.start();
    QVERIFY(all(*socket).isEmpty());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(m_asked.isEmpty());
}

void HttpServerTest::closesOneConnectionTooMany()
{
    auto first = connected();
    const auto second = connected();
    const auto third = connected();
    QVERIFY(first && second && third);
    QTRY_COMPARE(third->state(), QAbstractSocket::UnconnectedState);
    first->abort();
    QTest::qWait(50);
    const auto fourth = connected(); // there is room again
    QVERIFY(fourth);
    fourth->write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    QVERIFY(all(*fourth).endsWith("quick"));
}

void HttpServerTest::speaksPlainHttpToThisMachineOnly()
{
    HttpServer server(std::nullopt, [](auto &&...) {});
    const auto anywhere = server.listen(QHostAddress::AnyIPv4, 0);
    QVERIFY(!anywhere);
    QCOMPARE(anywhere.error().kind, Core::Error::Kind::Forbidden);
    QVERIFY(server.listen(QHostAddress(u"127.0.0.2"_s), 0));
}

void HttpServerTest::namesAPortThatIsTaken()
{
    HttpServer other(std::nullopt, [](auto &&...) {});
    const auto taken = other.listen(QHostAddress::LocalHost, m_port);
    QVERIFY(!taken);
    QCOMPARE(taken.error().kind, Core::Error::Kind::Conflict);
    QVERIFY(taken.error().message.contains(QString::number(m_port)));
}

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_httpserver.moc"
