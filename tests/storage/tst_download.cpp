#include "blobserver.h"
#include "core/atomicfile.h"
#include "storage/download.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;
using Storage::Download;
using Test::TlsServer;

/// Downloads over the real transport and TLS, into real files.
class DownloadTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void putsTheFileTogether_data();
    void putsTheFileTogether();
    void asksAPieceAgainAfterTheServiceWasBusy();
    void savesNothingOfABlobThatChanges();
    void savesNothingOfOtherBytes_data();
    void savesNothingOfOtherBytes();
    void saysWhatTheServiceSays();
    void asksOnceMoreWithAnotherToken_data();
    void asksOnceMoreWithAnotherToken();
    void asksNothingWhereTheFileCannotBe();
    void endsAtOnceWhenCancelled();

private:
    QByteArray range(const TlsServer::Received &asked) const;
    QStringList names() const
    {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    }
    QString path() const { return m_folder->filePath(u"a"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_blob;
};

void DownloadTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_blob.clear();
}

// What the service answers for a range of m_blob.
QByteArray DownloadTest::range(const TlsServer::Received &asked) const
{
    const QByteArray wanted = asked.header("x-ms-range").mid(6);
    const qint64 from = wanted.left(wanted.indexOf('-')).toLongLong();
    const qint64 to = wanted.mid(wanted.indexOf('-') + 1).toLongLong();
    if (from >= m_blob.size())
        return TlsServer::response(416, {},
                                   "x-ms-error-code: InvalidRange\r\nx-ms-request-id: r\r\n");
    const QByteArray bytes = m_blob.mid(from, to - from + 1);
    return TlsServer::response(206, bytes,
                               "ETag: \"0x1\"\r\nContent-Range: bytes " + QByteArray::number(from) +
                                   '-' + QByteArray::number(from + bytes.size() - 1) + '/' +
                                   QByteArray::number(m_blob.size()) + "\r\n");
}

void DownloadTest::putsTheFileTogether_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<int>("requests");
    QTest::newRow("empty") << qint64(0) << 1;
    QTest::newRow("one byte") << qint64(1) << 1;
    QTest::newRow("exactly a piece") << Download::smallestPiece << 1;
    QTest::newRow("a byte more") << Download::smallestPiece + 1 << 2;
    QTest::newRow("many pieces") << 6 * Download::smallestPiece + 12'345 << 7;
}

void DownloadTest::putsTheFileTogether()
{
    QFETCH(qint64, bytes);
    for (qint64 i = 0; m_blob.size() < bytes; ++i)
        m_blob += QByteArray::number(i) + ' ';
    m_blob.truncate(bytes);
    QVERIFY(Core::writeFileAtomically(path(), "old"));
    Test::BlobServer there([&](const auto &asked) { return range(asked); });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QVERIFY2(outcome.finished == 1, qPrintable(Core::describe(outcome.error)));
    QVERIFY(Core::readFile(path()).value_or({}) == m_blob);
    QCOMPARE(QFile::permissions(path()) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QCOMPARE(names(), QStringList{u"a"_s});
    QVERIFY(outcome.ran);
    QCOMPARE(outcome.last, bytes);
    QTEST(int(there.server.received.size()), "requests");
    QCOMPARE(there.tokensAsked, int(there.server.received.size()));
    for (int i = 0; i < there.server.received.size(); ++i) {
        const TlsServer::Received &asked = there.server.received[i];
        QVERIFY(asked.head.startsWith("GET /c/in/a%20b.bin HTTP/1.1"));
        QCOMPARE(asked.header("Authorization"), QByteArray("Bearer t0ken"));
        QCOMPARE(asked.header("If-Match"), i == 0 ? QByteArray() : QByteArray("\"0x1\""));
    }
}

void DownloadTest::asksAPieceAgainAfterTheServiceWasBusy()
{
    m_blob = QByteArray(2 * Download::smallestPiece, 'x');
    int asked = 0;
    Test::BlobServer there([&](const auto &one) {
        return ++asked == 2 ? TlsServer::response(503, {}, "x-ms-error-code: ServerBusy\r\n")
                            : range(one);
    });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QCOMPARE(outcome.finished, 1);
    QCOMPARE(asked, 3);
    QVERIFY(Core::readFile(path()).value_or({}) == m_blob);
}

void DownloadTest::savesNothingOfABlobThatChanges()
{
    m_blob = QByteArray(5 * Download::smallestPiece, 'x');
    QVERIFY(Core::writeFileAtomically(path(), "old"));
    Test::BlobServer there([&](const auto &one) {
        return one.header("If-Match").isEmpty()
                   ? range(one)
                   : TlsServer::response(
                         412, {}, "x-ms-error-code: ConditionNotMet\r\nx-ms-request-id: r7\r\n");
    });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QTest::qWait(100); // the other pieces' answers must not count
    QCOMPARE(outcome.failed, 1);
    QCOMPARE(outcome.error.kind, Error::Kind::Conflict);
    QVERIFY(outcome.error.message.contains(u"nothing was saved"));
    QCOMPARE(outcome.error.requestId, u"r7"_s);
    QCOMPARE(Core::readFile(path()).value_or({}), QByteArray("old"));
    QTRY_COMPARE(names(), QStringList{u"a"_s});
}

void DownloadTest::savesNothingOfOtherBytes_data()
{
    QTest::addColumn<QByteArray>("contentRange");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("fewer than it says") << QByteArray("bytes 0-9/10") << qint64(9);
    QTest::newRow("no range") << QByteArray() << qint64(10);
    QTest::newRow("a negative size") << QByteArray("bytes 0-9/-5") << qint64(10);
    QTest::newRow("an unknown size") << QByteArray("bytes 0-9/*") << qint64(10);
    QTest::newRow("a size beyond numbers")
        << QByteArray("bytes 0-9/99999999999999999999") << qint64(10);
}

void DownloadTest::savesNothingOfOtherBytes()
{
    QFETCH(QByteArray, contentRange);
    QFETCH(qint64, bytes);
    Test::BlobServer there([&](const auto &) {
        return TlsServer::response(206, QByteArray(bytes, 'x'),
                                   "ETag: \"0x1\"\r\nContent-Range: " + contentRange + "\r\n");
    });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QCOMPARE(outcome.failed, 1);
    QCOMPARE(outcome.error.kind, Error::Kind::BadResponse);
    QCOMPARE(names(), QStringList());
}

void DownloadTest::saysWhatTheServiceSays()
{
    Test::BlobServer there([](const auto &) {
        return TlsServer::response(
            403, {}, "x-ms-error-code: AuthorizationPermissionMismatch\r\nx-ms-request-id: r9\r\n");
    });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QCOMPARE(outcome.error.kind, Error::Kind::Forbidden);
    QCOMPARE(outcome.error.code, u"AuthorizationPermissionMismatch"_s);
    QCOMPARE(outcome.error.requestId, u"r9"_s);
    QCOMPARE(names(), QStringList());
}

void DownloadTest::asksOnceMoreWithAnotherToken_data()
{
    QTest::addColumn<int>("refusals");
    QTest::addColumn<bool>("saved");
    QTest::newRow("one refused") << 1 << true;
    QTest::newRow("all refused") << 99 << false;
}

void DownloadTest::asksOnceMoreWithAnotherToken()
{
    QFETCH(int, refusals);
    QFETCH(bool, saved);
    m_blob = "hello";
    int asked = 0;
    Test::BlobServer there([&](const auto &one) {
        return ++asked <= refusals ? TlsServer::response(401, {}, "x-ms-error-code: InvalidAuthenticationInfo\r\nx-ms-request-id: r1\r\n") : range(one);
    });
    Download download(there.transport, there.clock, there.place(), there.tokens(), path());
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QCOMPARE(outcome.finished == 1, saved);
    QCOMPARE(asked, 2);
    QCOMPARE(there.tokensAsked, 2);
    if (!saved)
        QCOMPARE(outcome.error.kind, Error::Kind::Unauthenticated);
}

void DownloadTest::asksNothingWhereTheFileCannotBe()
{
    Test::BlobServer there([&](const auto &asked) { return range(asked); });
    Download download(there.transport, there.clock, there.place(), there.tokens(),
                      m_folder->filePath(u"no/such"_s));
    Test::Outcome outcome(download);
    download.start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.over(), 30'000);
    QCOMPARE(outcome.error.kind, Error::Kind::File);
    QVERIFY(there.server.received.isEmpty());
    QCOMPARE(there.tokensAsked, 0);
}

void DownloadTest::endsAtOnceWhenCancelled()
{
    m_blob = QByteArray(9 * Download::smallestPiece, 'x');
    Test::BlobServer there([&](const auto &asked) { // the second and third piece never come
        return asked.header("If-Match").isEmpty() ? range(asked) : QByteArray();
    });
    auto download = std::make_unique<Download>(there.transport, there.clock, there.place(),
                                               there.tokens(), path());
    download->start();
    QTRY_COMPARE_WITH_TIMEOUT(there.server.received.size(), 1 + Download::atOnce, 30'000);
    QElapsedTimer time;
    time.start();
    download.reset();
    QVERIFY(time.elapsed() < 100);
    QTRY_COMPARE_WITH_TIMEOUT(there.server.connections, 0, 1'000);
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList(), 1'000);
}

QTEST_GUILESS_MAIN(DownloadTest)
#include "tst_download.moc"
