#include "serving/peerowner.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace Serving;

/// Whose connection it is, by recorded tables of the kernel and by the real one.
class PeerOwnerTest : public QObject
{
    Q_OBJECT
private slots:
    void findsTheOwner_data();
    void findsTheOwner();
    void admitsTheSameUserAndRoot();
    void readsAnythingAsATable();
    void knowsItsOwnConnection();
    void doesNotKnowAConnectionThatHasGone();
};

namespace {

constexpr auto heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
                         "retrnsmt   uid  timeout inode\n";

QByteArray row(const QByteArray &local, const QByteArray &remote, const QByteArray &state,
               const QByteArray &user, const QByteArray &inode)
{
    return "  12: " + local + ' ' + remote + ' ' + state +
           " 00000000:00000000 00:00000000 00000000 " + user.rightJustified(5) + "        0 " +
           inode + " 1 00000000a2acdf16 20 4 30 10 -1\n";
}

} // namespace

// Recorded on a PC: the server's port is 8080 (1F90), the client's 50000 (C350).
void PeerOwnerTest::findsTheOwner_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<int>("user"); // -1: not told
    const QByteArray client = row("0100007F:C350", "0100007F:1F90", "01", "1001", "4711");
    const QByteArray ours = row("0100007F:1F90", "0100007F:C350", "01", "1000", "4712");
    QTest::newRow("both ends are listed") << heading + ours + client << 1001;
    QTest::newRow("root") << row("0100007F:C350", "0100007F:1F90", "01", "0", "4711") << 0;
    QTest::newRow("among others") << heading +
                                         row("0100007F:C351", "0100007F:1F90", "01", "7", "1") +
                                         row("0100007F:C350", "0100007F:1F91", "01", "8", "2") +
                                         row("0200007F:C350", "0100007F:1F90", "01", "9", "3") +
                                         row("0100007F:C350", "0200007F:1F90", "01", "9", "3") +
                                         client
                                  << 1001;
    QTest::newRow("IPv4-mapped") << row("0000000000000000FFFF00000100007F:C350",
                                        "0000000000000000FFFF00000100007F:1F90", "01", "1002",
                                        "4711")
                                 << 1002;
    QTest::newRow("our own end only") << heading + ours << -1;
    QTest::newRow("nobody has it open any more: root is listed")
        << row("0100007F:C350", "0100007F:1F90", "06", "0", "0") << -1;
    QTest::newRow("for two users")
        << client + row("0100007F:C350", "0100007F:1F90", "01", "1000", "9") << -1;
    QTest::newRow("twice") << client + client << 1001;
    QTest::newRow("no table") << QByteArray() << -1;
    QTest::newRow("cut off") << client.left(90) << -1;
}

void PeerOwnerTest::findsTheOwner()
{
    QFETCH(QByteArray, table);
    QFETCH(int, user);
    const QHostAddress here(QHostAddress::LocalHost);
    const auto sockets = socketsTo(8080, table);
    for (const QHostAddress &peer : {here, QHostAddress(u"::ffff:127.0.0.1"_s)}) {
        const std::optional<uint> owner = ownerOf(sockets, peer, 50000, here, 8080);
        QCOMPARE(owner ? int(*owner) : -1, user);
    }
}

void PeerOwnerTest::admitsTheSameUserAndRoot()
{
    QVERIFY(mayConnect(1000, 1000));
    QVERIFY(mayConnect(0, 1000));
    QVERIFY(mayConnect(0, 0));
    QVERIFY(!mayConnect(1001, 1000));
    QVERIFY(!mayConnect(1000, 0));
    QVERIFY(!mayConnect({}, 1000));
    QVERIFY(!mayConnect({}, 0));
}

void PeerOwnerTest::readsAnythingAsATable()
{
    for (const QByteArray &table :
         {QByteArray("\n\n\n"), QByteArray(1000, ' '), QByteArray(":1F90 \n"),
          QByteArray(" a :1F90 c d e f g 1 h 2\n"),
          row("0100007F", "0100007F:1F90", "01", "1", "1"), row(":", ":1F90", "01", "1", "1"),
          row("0100007F:C350", "ZZZZZZZZ:1F90", "01", "1", "1"),
          row("0100007F:C3500", "0100007F:1F90", "01", "1", "1"),
          row("0100007F:C350", "0100007F:1F90", "01", "-1", "1")})
        QCOMPARE(socketsTo(8080, table).size(), 0);
}

void PeerOwnerTest::knowsItsOwnConnection()
{
    QVERIFY(PeerOwners::canTell());
    PeerOwners owners;
    QTcpServer server;
    for (const auto address : {QHostAddress::LocalHost, QHostAddress::AnyIPv4}) {
        QVERIFY(server.listen(QHostAddress(address)));
        QTcpSocket client;
        client.connectToHost(QHostAddress(QHostAddress::LocalHost), server.serverPort());
        QVERIFY(client.waitForConnected());
        QVERIFY(server.waitForNewConnection(60'000));
        const std::unique_ptr<QTcpSocket> peer(server.nextPendingConnection());
        std::optional<uint> owner;
        bool done = false;
        owners.ask(peer->peerAddress(), peer->peerPort(), peer->localAddress(), peer->localPort(),
                   this, [&](std::optional<uint> user) {
                       owner = user;
                       done = true;
                   });
        QTRY_VERIFY_WITH_TIMEOUT(done, 60'000);
        QCOMPARE(owner, std::optional<uint>(::geteuid()));
        server.close();
    }
}

void PeerOwnerTest::doesNotKnowAConnectionThatHasGone()
{
    PeerOwners owners;
    std::optional<uint> owner = 1;
    bool done = false;
    const QHostAddress here(QHostAddress::LocalHost);
    owners.ask(here, 1, here, 2, this, [&](std::optional<uint> user) {
        owner = user;
        done = true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(done, 60'000);
    QVERIFY(!owner);
}

QTEST_GUILESS_MAIN(PeerOwnerTest)
#include "tst_peerowner.moc"
