#include "core/deliver.h"
#include "handover/identityendpoint.h"

#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

using namespace Handover;
using namespace Qt::StringLiterals;

/// The endpoint over its real socket.
class IdentityEndpointTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void handsOutATokenForAnAllowedResource();
    void passesOnWhyThereIsNoToken();
    void asksForNoTokenOnBehalfOfStrangers_data();
    void asksForNoTokenOnBehalfOfStrangers();
    void isAnotherOneEachTime();
    void listensOnLoopbackOnly();
    void isGoneWithItsObject();

private:
    QByteArray ask(const QByteArray &bytes) const;
    QByteArray wholeRequest(const QByteArray &more = {}) const;

    std::unique_ptr<IdentityEndpoint> m_endpoint;
    QByteArray m_url, m_header;
    QStringList m_acquired;
    std::optional<Core::Error> m_failure;
};

void IdentityEndpointTest::init()
{
    m_acquired.clear();
    m_failure.reset();
    m_endpoint = std::make_unique<IdentityEndpoint>(
        u"the-client"_s, QStringList{u"https://storage.azure.com/.default"_s},
        [this](const QString &resource, QObject *context, Core::Done<Identity::AccessToken> done) {
            m_acquired.append(resource);
            if (m_failure)
                return Core::deliver<Identity::AccessToken>(context, std::move(done), *m_failure);
            Core::deliver<Identity::AccessToken>(
                context, std::move(done),
                Identity::AccessToken{Core::Secret("the.token"),
                                      QDateTime::fromSecsSinceEpoch(1'800'000'000), resource});
        });
    QVERIFY(m_endpoint->listen());
    const Variables variables = m_endpoint->variables();
    QCOMPARE(variables.size(), 2);
    m_url = variables[0].second.reveal().toByteArray();
    m_header = variables[1].second.reveal().toByteArray();
    QCOMPARE(m_url, "http://127.0.0.1:" + QByteArray::number(m_endpoint->port()) + "/msi/token");
    QVERIFY(QRegularExpression(u"\\A[0-9a-f]{64}\\z"_s)
                .match(QString::fromLatin1(m_header))
                .hasMatch());
}

QByteArray IdentityEndpointTest::ask(const QByteArray &bytes) const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_endpoint->port());
    socket.write(bytes);
    QByteArray answer;
    for (int i = 0; i < 2000 && socket.state() != QAbstractSocket::UnconnectedState; ++i) {
        QTest::qWait(5);
        answer += socket.readAll();
    }
    return answer + socket.readAll();
}

QByteArray IdentityEndpointTest::wholeRequest(const QByteArray &more) const
{
    return "GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com "
           "HTTP/1.1\r\nHost: 127.0.0.1:" +
           QByteArray::number(m_endpoint->port()) + "\r\nX-IDENTITY-HEADER: " + m_header + "\r\n" +
           more + "Connection: close\r\n\r\n";
}

void IdentityEndpointTest::handsOutATokenForAnAllowedResource()
{
    const QByteArray answer = ask(wholeRequest());
    QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer.constData());
    QVERIFY(answer.contains("\"access_token\":\"the.token\""));
    QCOMPARE(m_acquired, QStringList{u"https://storage.azure.com"_s});
}

void IdentityEndpointTest::passesOnWhyThereIsNoToken()
{
    m_failure = Core::Error{.kind = Core::Error::Kind::Unauthenticated,
                            .message = u"The secret has expired."_s,
                            .code = u"AADSTS7000222"_s};
    const QByteArray answer = ask(wholeRequest());
    QVERIFY2(answer.startsWith("HTTP/1.1 400 "), answer.constData());
    QVERIFY(answer.contains("AADSTS7000222") && answer.contains("The secret has expired."));
}

void IdentityEndpointTest::asksForNoTokenOnBehalfOfStrangers_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("a guessed header") << QByteArray("X-IDENTITY-HEADER: ")
                                      << QByteArray("X-IDENTITY-HEADER: 0") << QByteArray("401");
    QTest::newRow("a name that was bound anew")
        << QByteArray("Host: 127.0.0.1") << QByteArray("Host: rebound.example")
        << QByteArray("400");
    QTest::newRow("an absolute target")
        << QByteArray("GET /") << QByteArray("GET http://169.254.169.254/") << QByteArray("400");
    QTest::newRow("an encoded way round")
        << QByteArray("/msi/token") << QByteArray("/msi/%2e%2e/msi/token") << QByteArray("404");
    QTest::newRow("another method")
        << QByteArray("GET ") << QByteArray("DELETE ") << QByteArray("405");
    QTest::newRow("another resource")
        << QByteArray("storage.azure") << QByteArray("graph.microsoft") << QByteArray("403");
    QTest::newRow("more than fits")
        << QByteArray("Connection:")
        << "X: " + QByteArray(20'000, 'x') + "\r\nConnection:" << QByteArray("431");
    QTest::newRow("a body of 2 GB")
        << QByteArray("Connection:") << QByteArray("Content-Length: 2000000000\r\nConnection:")
        << QByteArray("413");
    QTest::newRow("two lengths")
        << QByteArray("Connection:")
        << QByteArray("Content-Length: 0\r\nTransfer-Encoding: chunked\r\nConnection:")
        << QByteArray("400");
}

void IdentityEndpointTest::asksForNoTokenOnBehalfOfStrangers()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, status);
    const QByteArray answer = ask(wholeRequest().replace(from, to));
    QVERIFY2(answer.startsWith("HTTP/1.1 " + status + ' '), answer.left(200).constData());
    QVERIFY(!answer.contains("the.token") && !answer.contains(m_header));
    QCOMPARE(m_acquired, QStringList());
}

void IdentityEndpointTest::isAnotherOneEachTime()
{
    const QByteArray before = m_header;
    init();
    QVERIFY(m_header != before);
}

void IdentityEndpointTest::listensOnLoopbackOnly()
{
    QFile sockets(u"/proc/net/tcp"_s);
    QVERIFY(sockets.open(QIODevice::ReadOnly));
    const QByteArray port =
        QByteArray::number(m_endpoint->port(), 16).toUpper().rightJustified(4, '0');
    QList<QByteArray> listening;
    for (const QByteArray &line : sockets.readAll().split('\n')) {
        const auto fields = line.simplified().split(' ');
        if (fields.value(1).endsWith(':' + port) && fields.value(3) == "0A")
            listening.append(fields[1]);
    }
    QCOMPARE(listening, QList<QByteArray>{"0100007F:" + port});
}

void IdentityEndpointTest::isGoneWithItsObject()
{
    const quint16 port = m_endpoint->port();
    m_endpoint.reset();
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(!socket.waitForConnected(2000));
    QCOMPARE(socket.error(), QAbstractSocket::ConnectionRefusedError);
}

QTEST_GUILESS_MAIN(IdentityEndpointTest)
#include "tst_identityendpoint.moc"
