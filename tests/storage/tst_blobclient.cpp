#include "storage/blobclient.h"
#include "support/faketransport.h"
#include "support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;

class BlobClientTest : public QObject
{
    Q_OBJECT
private slots:
    void encodesAnyBlobName_data();
    void encodesAnyBlobName();
    void keepsTheEmulatorsAccountInThePath();
    void readsPropertiesAndTheFirstBytes();
    void readsTags_data();
    void readsTags();
    void deletesTheStateThatWasSeen();
    void saysWhyNothingWasDeleted_data();
    void saysWhyNothingWasDeleted();
};

void BlobClientTest::encodesAnyBlobName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::newRow("plain") << u"a/b.txt"_s << u"/c/a/b.txt"_s;
    QTest::newRow("blank and percent") << u"50% off"_s << u"/c/50%25%20off"_s;
    QTest::newRow("question mark and hash") << u"a?b#c"_s << u"/c/a%3Fb%23c"_s;
    QTest::newRow("plus and equals") << u"a+b=c&d"_s << u"/c/a%2Bb%3Dc%26d"_s;
    QTest::newRow("unicode") << u"größe/日本"_s << u"/c/gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC"_s;
    QTest::newRow("an empty part") << u"a//b"_s << u"/c/a//b"_s;
    QTest::newRow("a slash at the end") << u"a/"_s << u"/c/a/"_s;
    QTest::newRow("a backslash") << u"a\\b"_s << u"/c/a%5Cb"_s;
    QTest::newRow("looks encoded") << u"a%2Fb"_s << u"/c/a%252Fb"_s;
}

void BlobClientTest::encodesAnyBlobName()
{
    QFETCH(QString, name);
    QFETCH(QString, path);
    const QUrl url = Storage::blobUrl(QUrl(u"https://acct.blob.core.windows.net"_s), u"c"_s, name);
    QCOMPARE(url.path(QUrl::FullyEncoded), path);
    QCOMPARE(url.host(), u"acct.blob.core.windows.net"_s);
    QVERIFY(!url.hasQuery() && !url.hasFragment());
    // A name that would climb out of its container is not asked for.
    for (const QString &climbing : {u"../other/x"_s, u"a/../../b"_s, u"."_s, u"a/."_s})
        QVERIFY(Storage::blobUrl(QUrl(u"https://acct.blob.core.windows.net"_s), u"c"_s, climbing).isEmpty());
}

void BlobClientTest::keepsTheEmulatorsAccountInThePath()
{
    const QUrl account(u"https://127.0.0.1:10000/devstoreaccount1"_s);
    QCOMPARE(Storage::accountUrl(account).toString(), u"https://127.0.0.1:10000/devstoreaccount1/"_s);
    QCOMPARE(Storage::containerUrl(account, u"$logs"_s).toString(), u"https://127.0.0.1:10000/devstoreaccount1/$logs"_s);
    QCOMPARE(Storage::blobUrl(account, u"c"_s, u"b"_s).toString(), u"https://127.0.0.1:10000/devstoreaccount1/c/b"_s);
}

void BlobClientTest::readsPropertiesAndTheFirstBytes()
{
    Test::FakeTransport transport;
    Test::ManualClock clock;
    Storage::BlobClient client(transport, clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}});
    const Identity::AccessToken token{Core::Secret("t"), {}, {}};
    QObject context;
    int done = 0;
    transport.reply(200, {}, {{"Content-Length", "12"}, {"Content-Type", "text/plain"}, {"ETag", "\"0x1\""}});
    client.head(token, u"c"_s, u"b"_s, &context, [&](const auto &properties) {
        QVERIFY(properties);
        QCOMPARE(properties->contentLength, 12);
        QCOMPARE(properties->contentType, u"text/plain"_s);
        ++done;
    });
    QTRY_COMPARE(done, 1);
    QCOMPARE(transport.requests().constLast().verb, QByteArray("HEAD"));
    transport.reply(206, "hello");
    client.get(token, u"c"_s, u"b"_s, 5, &context, [&](const auto &bytes) {
        QCOMPARE(*bytes, QByteArray("hello"));
        ++done;
    });
    QTRY_COMPARE(done, 2);
    QCOMPARE(Http::header(transport.requests().constLast().headers, "x-ms-range"), QByteArray("bytes=0-4"));
    transport.reply(416);
    client.get(token, u"c"_s, u"empty"_s, 5, &context, [&](const auto &bytes) {
        QVERIFY(bytes->isEmpty());
        ++done;
    });
    QTRY_COMPARE(done, 3);
}

void BlobClientTest::readsTags_data()
{
    QTest::addColumn<QByteArray>("xml");
    QTest::addColumn<QString>("tags");
    const QByteArray start = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    QTest::newRow("none") << start + "<Tags><TagSet /></Tags>" << QString();
    QTest::newRow("two") << start
            + "<Tags><TagSet><Tag><Key>a&amp;b</Key><Value>1</Value></Tag><Tag><Key>c</Key><Value/></Tag></TagSet></Tags>"
                         << u"a&b=1;c=;"_s;
    QTest::newRow("no tags") << start + "<Error><Code>x</Code></Error>" << u"!"_s;
    QTest::newRow("a DOCTYPE") << QByteArray("<!DOCTYPE x><Tags/>") << u"!"_s;
    QTest::newRow("cut off") << start + "<Tags><TagSet><Tag><Key>a" << u"!"_s;
}

void BlobClientTest::readsTags()
{
    QFETCH(QByteArray, xml);
    Test::FakeTransport transport;
    Test::ManualClock clock;
    Storage::BlobClient client(transport, clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}});
    transport.reply(200, xml);
    QObject context;
    std::optional<QString> read;
    client.tags({Core::Secret("t"), {}, {}}, u"c"_s, u"b"_s, &context, [&](const auto &tags) {
        read = tags ? QString() : u"!"_s;
        for (const auto &[key, value] : tags.value_or({}))
            *read += key + u'=' + value + u';';
    });
    QTRY_VERIFY(read);
    QTEST(*read, "tags");
    QCOMPARE(transport.requests().constFirst().url.toString(), u"https://acct.blob.core.windows.net/c/b?comp=tags"_s);
}

void BlobClientTest::deletesTheStateThatWasSeen()
{
    Test::FakeTransport transport;
    Test::ManualClock clock;
    Storage::BlobClient client(transport, clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}});
    transport.reply(202);
    QObject context;
    bool gone = false;
    client.remove({Core::Secret("t"), {}, {}}, u"c"_s, u"b"_s, u"0x8D"_s, &context, [&](const auto &removed) { gone = removed.has_value(); });
    QTRY_VERIFY(gone);
    const Http::Request &asked = transport.requests().constFirst();
    QCOMPARE(asked.verb, QByteArray("DELETE"));
    QCOMPARE(asked.url.toString(), u"https://acct.blob.core.windows.net/c/b"_s);
    QCOMPARE(Http::header(asked.headers, "If-Match"), QByteArray("\"0x8D\""));
    QCOMPARE(Http::header(asked.headers, "x-ms-delete-snapshots"), QByteArray());
    QVERIFY(!asked.retryable);
}

void BlobClientTest::saysWhyNothingWasDeleted_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("changed") << 412 << QByteArray("ConditionNotMet") << u"changed since it was listed; nothing was deleted"_s;
    QTest::newRow("snapshots") << 409 << QByteArray("SnapshotsPresent") << u"snapshots, which would go with it; nothing was deleted"_s;
    QTest::newRow("a lease") << 412 << QByteArray("LeaseIdMissing") << u"lease on the blob; nothing was deleted"_s;
    QTest::newRow("gone") << 404 << QByteArray("BlobNotFound") << u"gone already"_s;
    QTest::newRow("no answer") << 0 << QByteArray("ConnectionLost") << u"Whether the blob was deleted is not known"_s;
    QTest::newRow("never sent") << 0 << QByteArray("HostNotFound") << u"no such host"_s;
}

void BlobClientTest::saysWhyNothingWasDeleted()
{
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    Test::FakeTransport transport;
    Test::ManualClock clock;
    Storage::BlobClient client(transport, clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}});
    if (status == 0)
        transport.reply(Core::Error{.kind = Core::Error::Kind::Network, .message = u"no such host."_s, .code = QString::fromLatin1(code)});
    else
        transport.reply(status, {}, {{"x-ms-error-code", code}, {"x-ms-request-id", "r5"}});
    QObject context;
    std::optional<Core::Error> error;
    client.remove({Core::Secret("t"), {}, {}}, u"c"_s, u"b"_s, u"0x8D"_s, &context, [&](const auto &removed) { error = removed.error(); });
    QTRY_VERIFY(error);
    QFETCH(QString, words);
    QVERIFY2(error->message.contains(words), qPrintable(error->message));
    QCOMPARE(error->code, QString::fromLatin1(code));
    QCOMPARE(error->requestId, status == 0 ? QString() : u"r5"_s);
    if (code == "HostNotFound")
        QVERIFY(!error->message.contains(u"not known"));
    else
        QVERIFY(!error->nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(BlobClientTest)
#include "tst_blobclient.moc"
