#include "blobserver.h"
#include "core/atomicfile.h"
#include "storage/upload.h"

#include <QMap>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Storage::Upload;
using Test::TlsServer;

namespace {
const qint64 block = Upload::smallestPiece;
const QByteArray created = TlsServer::response(201, {}, "x-ms-request-id: r\r\n");
} // namespace

/// Uploads over the real transport and TLS, from real files.
class UploadTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void knowsHowLargeBlocksMustBe_data();
    void knowsHowLargeBlocksMustBe();
    void putsASmallFileAtOnce_data();
    void putsASmallFileAtOnce();
    void putsALargeFileBlockByBlock();
    void replacesOnlyWhatWasSeen();
    void overwritesNothing_data();
    void overwritesNothing();
    void sendsABlockAgainButNeverTheDecision();
    void saysThatALostAnswerLeavesItOpen();
    void refusesAFileThatChanges();
    void readsRegularFilesOnly_data();
    void readsRegularFilesOnly();
    void endsAtOnceWhenCancelled();

private:
    QString file(qint64 bytes)
    {
        m_bytes.clear();
        for (qint64 i = 0; m_bytes.size() < bytes; ++i)
            m_bytes += QByteArray::number(i) + ' ';
        m_bytes.truncate(bytes);
        const QString path = m_folder->filePath(u"source"_s);
        return Core::writeFileAtomically(path, m_bytes) ? path : QString();
    }
    std::unique_ptr<Test::Outcome> run(Test::BlobServer &there, const QString &path,
                                       const Upload::Options &options = {})
    {
        Upload upload(there.transport, there.clock, there.place(), there.tokens(), path, options);
        auto outcome = std::make_unique<Test::Outcome>(upload);
        upload.start();
        [&] { QTRY_VERIFY_WITH_TIMEOUT(outcome->over(), 30'000); }();
        m_mayHaveChanged = upload.mayHaveChanged();
        return outcome;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_bytes;
    bool m_mayHaveChanged = false;
};

void UploadTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void UploadTest::knowsHowLargeBlocksMustBe_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<qint64>("size");
    QTest::newRow("small") << qint64(1) << block;
    QTest::newRow("as many as there may be") << 50'000 * block << block;
    QTest::newRow("a byte more") << 50'000 * block + 1 << block + (1 << 20);
    QTest::newRow("the largest") << qint64(50'000) * 100 * (1 << 20) << qint64(100 << 20);
    QTest::newRow("too large") << qint64(50'000) * 100 * (1 << 20) + 1 << qint64(-1);
}

void UploadTest::knowsHowLargeBlocksMustBe()
{
    QFETCH(qint64, bytes);
    QTEST(Storage::blockSize(bytes), "size");
}

void UploadTest::putsASmallFileAtOnce_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("empty") << qint64(0);
    QTest::newRow("one byte") << qint64(1);
    QTest::newRow("exactly a block") << block;
}

void UploadTest::putsASmallFileAtOnce()
{
    QFETCH(qint64, bytes);
    Test::BlobServer there([](const auto &) { return created; });
    const auto outcome = run(there, file(bytes), {u"text/plain"_s, {}});
    QVERIFY2(outcome->finished == 1, qPrintable(Core::describe(outcome->error)));
    QCOMPARE(there.server.received.size(), 1);
    const TlsServer::Received &asked = there.server.received.first();
    QVERIFY(asked.head.startsWith("PUT /c/in/a%20b.bin HTTP/1.1"));
    QVERIFY(asked.body == m_bytes);
    QCOMPARE(asked.header("If-None-Match"), QByteArray("*"));
    QCOMPARE(asked.header("If-Match"), QByteArray());
    QCOMPARE(asked.header("x-ms-blob-type"), QByteArray("BlockBlob"));
    QCOMPARE(asked.header("x-ms-blob-content-type"), QByteArray("text/plain"));
    QCOMPARE(asked.header("Authorization"), QByteArray("Bearer t0ken"));
    QVERIFY(outcome->ran);
    QVERIFY(m_mayHaveChanged);
}

void UploadTest::putsALargeFileBlockByBlock()
{
    QMap<QByteArray, QByteArray> blocks;
    Test::BlobServer there([&](const TlsServer::Received &asked) {
        static const QRegularExpression id(u"comp=block&blockid=([^ ]*)"_s);
        const auto match = id.match(QString::fromLatin1(asked.head));
        if (match.hasMatch())
            blocks.insert(QByteArray::fromPercentEncoding(match.captured(1).toLatin1()),
                          asked.body);
        return created;
    });
    const auto outcome = run(there, file(5 * block + 77), {{}, {}});
    QVERIFY2(outcome->finished == 1, qPrintable(Core::describe(outcome->error)));
    QCOMPARE(blocks.size(), 6);
    QVERIFY(outcome->ran);
    QCOMPARE(outcome->last, m_bytes.size());

    QCOMPARE(there.server.received.size(), 7);
    for (int i = 0; i < 6; ++i) {
        QCOMPARE(there.server.received[i].header("If-None-Match"), QByteArray());
        QVERIFY(there.server.received[i].body.size() <= block);
    }
    const TlsServer::Received &last = there.server.received.last();
    QVERIFY(last.head.startsWith("PUT /c/in/a%20b.bin?comp=blocklist HTTP/1.1"));
    QCOMPARE(last.header("If-None-Match"), QByteArray("*"));
    QByteArray together;
    static const QRegularExpression listed(u"<Uncommitted>([^<]*)</Uncommitted>"_s);
    for (auto it = listed.globalMatch(QString::fromLatin1(last.body)); it.hasNext();) {
        const QByteArray id = it.next().captured(1).toLatin1();
        QCOMPARE(id.size(), blocks.firstKey().size());
        together += blocks.value(id);
    }
    QVERIFY(together == m_bytes);
}

void UploadTest::replacesOnlyWhatWasSeen()
{
    Test::BlobServer there([](const auto &) {
        return TlsServer::response(412, {},
                                   "x-ms-error-code: ConditionNotMet\r\nx-ms-request-id: r4\r\n");
    });
    const auto outcome = run(there, file(10), {{}, {u"0x8D1"_s}});
    QCOMPARE(there.server.received.first().header("If-Match"), QByteArray("\"0x8D1\""));
    QCOMPARE(there.server.received.first().header("If-None-Match"), QByteArray());
    QCOMPARE(outcome->error.kind, Error::Kind::Conflict);
    QVERIFY(outcome->error.message.contains(u"nothing was overwritten"));
    QCOMPARE(outcome->error.requestId, u"r4"_s);
}

void UploadTest::overwritesNothing_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("there is one") << TlsServer::response(409, {},
                                                         "x-ms-error-code: BlobAlreadyExists\r\n");
    QTest::newRow("the condition is not met")
        << TlsServer::response(412, {}, "x-ms-error-code: ConditionNotMet\r\n");
}

void UploadTest::overwritesNothing()
{
    QFETCH(QByteArray, answer);
    Test::BlobServer there([&](const auto &) { return answer; });
    const auto outcome = run(there, file(10));
    QCOMPARE(outcome->error.kind, Error::Kind::Conflict);
    QVERIFY2(outcome->error.message.contains(u"already"), qPrintable(outcome->error.message));
    QCOMPARE(there.server.received.size(), 1);
}

void UploadTest::sendsABlockAgainButNeverTheDecision()
{
    const QByteArray busy = TlsServer::response(503, {}, "x-ms-error-code: ServerBusy\r\n");
    int blocks = 0, lists = 0;
    Test::BlobServer there([&](const auto &asked) {
        if (asked.head.contains("comp=blocklist"))
            return ++lists, busy;
        return ++blocks == 1 ? busy : created;
    });
    const auto outcome = run(there, file(2 * block));
    QCOMPARE(outcome->failed, 1);
    QCOMPARE(outcome->error.kind, Error::Kind::Throttled);
    QCOMPARE(blocks, 3);
    QCOMPARE(lists, 1);
}

void UploadTest::saysThatALostAnswerLeavesItOpen()
{
    Test::BlobServer there([](const auto &) { return QByteArray(); });
    there.server.closeAfterAnswer = true;
    const auto outcome = run(there, file(10));
    QCOMPARE(outcome->error.kind, Error::Kind::Network);
    QVERIFY2(outcome->error.message.contains(u"is not known"), qPrintable(outcome->error.message));
    QVERIFY(outcome->error.nextStep.contains(u"List"));
    QVERIFY(!there.server.received.isEmpty());
}

void UploadTest::refusesAFileThatChanges()
{
    const QString path = file(2 * block);
    Test::BlobServer there([&](const auto &) {
        QFile changing(path);
        (void)(changing.open(QIODevice::Append) && changing.write("more") > 0);
        return created;
    });
    const auto outcome = run(there, path);
    QCOMPARE(outcome->error.kind, Error::Kind::Conflict);
    QVERIFY2(outcome->error.message.contains(u"was changed while"),
             qPrintable(outcome->error.message));
    for (const QByteArray &line : there.lines())
        QVERIFY2(!line.contains("blocklist"), line.constData());
    QVERIFY(!m_mayHaveChanged);
}

void UploadTest::readsRegularFilesOnly_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("a folder") << u"."_s;
    QTest::newRow("a pipe") << u"pipe"_s;
    QTest::newRow("nothing") << u"none"_s;
}

void UploadTest::readsRegularFilesOnly()
{
    QFETCH(QString, name);
    QCOMPARE(::mkfifo(QFile::encodeName(m_folder->filePath(u"pipe"_s)).constData(), 0600), 0);
    Test::BlobServer there([](const auto &) { return created; });
    const auto outcome = run(there, m_folder->filePath(name));
    QCOMPARE(outcome->failed, 1);
    QVERIFY(outcome->error.kind == Error::Kind::InvalidInput ||
            outcome->error.kind == Error::Kind::NotFound);
    QVERIFY(there.server.received.isEmpty());
}

void UploadTest::endsAtOnceWhenCancelled()
{
    Test::BlobServer there([](const auto &) { return QByteArray(); }); // no answer ever
    const QString path = file(9 * block);
    auto upload = std::make_unique<Upload>(there.transport, there.clock, there.place(),
                                           there.tokens(), path, Upload::Options());
    upload->start();
    QTRY_COMPARE_WITH_TIMEOUT(there.server.received.size(), Upload::atOnce, 30'000);
    QTest::qWait(200);
    QCOMPARE(there.server.received.size(), Upload::atOnce); // no more are held in memory
    QVERIFY(!upload->mayHaveChanged());
    upload.reset();
    QTRY_COMPARE_WITH_TIMEOUT(there.server.connections, 0, 1'000);
}

QTEST_GUILESS_MAIN(UploadTest)
#include "tst_upload.moc"
