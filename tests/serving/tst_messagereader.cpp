#include "serving/messagereader.h"

#include <QTest>

using Serving::MessageReader;
using State = MessageReader::State;
Q_DECLARE_METATYPE(Serving::MessageReader::Kind)

class MessageReaderTest : public QObject
{
    Q_OBJECT
private slots:
    void readsTheSameHoweverItIsCut_data();
    void readsTheSameHoweverItIsCut();
    void refusesWhatCannotBeRead_data();
    void refusesWhatCannotBeRead();
    void keepsTheNextMessage();
    void readsAnAnswerWithoutLengthTillTheEnd();
    void knowsWhetherTheConnectionStaysOpen_data();
    void knowsWhetherTheConnectionStaysOpen();
    void asksForTheBodyThatWaits();
    void skipsInterimAnswers();
    void readsManySmallChunksInLinearTime();
};

void MessageReaderTest::readsTheSameHoweverItIsCut_data()
{
    QTest::addColumn<MessageReader::Kind>("kind");
    QTest::addColumn<bool>("bodyExpected");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("body");
    using Kind = MessageReader::Kind;
    QTest::addRow("no body") << Kind::Request << true
                             << QByteArray("GET /a?b=%20 HTTP/1.1\r\nHost: x\r\n\r\n")
                             << QByteArray();
    QTest::addRow("a length") << Kind::Request << true
                              << QByteArray(
                                     "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
                              << QByteArray("hello");
    QTest::addRow("chunks") << Kind::Request << true
                            << QByteArray(
                                   "PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                                   "chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, my world\r\n0\r\n\r\n")
                            << QByteArray("hello, my world");
    QTest::addRow("chunks with a trailer")
        << Kind::Request << true
        << QByteArray("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                      "chunked\r\n\r\n1\r\n\r\r\n0\r\nA: b\r\n\r\n")
        << QByteArray("\r");
    QTest::addRow("an answer") << Kind::Response << true
                               << QByteArray(
                                      "HTTP/1.1 404 Not Found here\r\nContent-Length: 2\r\n\r\nno")
                               << QByteArray("no");
    QTest::addRow("an answer to HEAD")
        << Kind::Response << false << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        << QByteArray();
    QTest::addRow("an answer without reason")
        << Kind::Response << true << QByteArray("HTTP/1.1 204\r\n\r\n") << QByteArray();
    QTest::addRow("not modified") << Kind::Response << true
                                  << QByteArray(
                                         "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n")
                                  << QByteArray();
}

void MessageReaderTest::readsTheSameHoweverItIsCut()
{
    QFETCH(MessageReader::Kind, kind);
    QFETCH(bool, bodyExpected);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, body);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        MessageReader reader(kind);
        reader.reset(bodyExpected);
        reader.feed(bytes.first(cut));
        QCOMPARE(reader.feed(bytes.mid(cut)), State::Done);
        QCOMPARE(reader.body(), body);
        QVERIFY(!reader.hasBytes());
    }
    MessageReader reader(kind);
    reader.reset(bodyExpected);
    for (qsizetype at = 0; at < bytes.size(); ++at)
        QCOMPARE(reader.feed(bytes.mid(at, 1)) == State::Done, at == bytes.size() - 1);
    QCOMPARE(reader.body(), body);
}

void MessageReaderTest::refusesWhatCannotBeRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &bytes, int status) {
        QTest::addRow("%s", name) << bytes << status;
    };
    row("no HTTP", "hello\r\n\r\n", 400);
    row("TLS to the wrong place", QByteArray("\x16\x03\x01\x00\r\n\r\n", 8), 400);
    row("absolute form", "GET https://x/ HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("blank in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("blank before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400);
    row("folded header", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400);
    row("bare CR", "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400);
    row("two lengths",
        "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400);
    row("length and chunks",
        "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        400);
    row("negative length", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400);
    row("signed length", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\nx", 400);
    row("another coding", "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        400);
    row("chunk size that is no number",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
    row("negative chunk", "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        400);
    row("chunk longer than said",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", 400);
    const QByteArray start = "PUT / HTTP/1.1\r\nHost: h\r\n";
    row("an empty coding before the coding",
        start + "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx",
        400);
    row("an empty coding and a length", start + "Transfer-Encoding:\r\nContent-Length: 1\r\n\r\nx",
        400);
    row("an empty coding", start + "Transfer-Encoding: \r\n\r\n", 400);
    row("chunked twice", start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        400);
    row("chunked, chunked", start + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400);
    row("chunked with a comma", start + "Transfer-Encoding: ,chunked\r\n\r\n", 400);
    row("chunked with a vertical tab",
        start + "Transfer-Encoding: \x0b"
                "chunked\r\n\r\n",
        400);
    row("chunks in HTTP/1.0", "PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("chunks and an empty length",
        start + "Content-Length:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("an empty length", start + "Content-Length:\r\n\r\n", 400);
    row("an empty length before a length", start + "Content-Length:\r\nContent-Length: 1\r\n\r\nx",
        400);
    row("a list of lengths", start + "Content-Length: 1, 1\r\n\r\nx", 400);
    row("a length with a blank", start + "Content-Length: 1 1\r\n\r\nx", 400);
    row("a hexadecimal length", start + "Content-Length: 0x1\r\n\r\nx", 400);
    row("a length that overflows", start + "Content-Length: 18446744073709551617\r\n\r\nx", 400);
    row("LF alone after a header", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", 400);
    row("LF alone everywhere", "GET / HTTP/1.1\nHost: h\n\n", 400);
    row("a header folded with a tab", start + "A: b\r\n\tc\r\n\r\n", 400);
    row("a blank before the first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400);
    row("a header without a colon", start + "A\r\n\r\n", 400);
    row("a header without a name", start + ": b\r\n\r\n", 400);
    row("NUL in a header", start + QByteArray("A: b\0c\r\n\r\n", 10), 400);
    row("NUL in the target", QByteArray("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 29), 400);
    row("a control character in a header", start + "A: b\x01\r\n\r\n", 400);
    row("absolute form with a host", "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("authority form", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("a fragment in the target", "GET /a?#&comp=tags HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("no ASCII in the target", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("two blanks in the first line", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    row("a blank at the end of the first line", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400);
    row("HTTP/1.9", "GET / HTTP/1.9\r\nHost: h\r\n\r\n", 400);
    row("HTTP/1.", "GET / HTTP/1.\r\nHost: h\r\n\r\n", 400);
    row("HTTP/1.10", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", 400);
    row("HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400);
    row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
    row("two hosts", "GET / HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n", 400);
    row("a host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400);
    row("a host with a user", "GET / HTTP/1.1\r\nHost: a@h\r\n\r\n", 400);
    row("a list of hosts", "GET / HTTP/1.1\r\nHost: h, i\r\n\r\n", 400);
    const QByteArray chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
    row("signed chunk size", chunked + "+1\r\nx\r\n0\r\n\r\n", 400);
    row("chunk size with 0x", chunked + "0x1\r\nx\r\n0\r\n\r\n", 400);
    row("blank before the chunk size", chunked + " 1\r\nx\r\n0\r\n\r\n", 400);
    row("blank after the chunk size", chunked + "1 \r\nx\r\n0\r\n\r\n", 400);
    row("blank in the chunk size", chunked + "1 1\r\nx\r\n0\r\n\r\n", 400);
    row("empty chunk size", chunked + "\r\nx\r\n0\r\n\r\n", 400);
    row("extension without a size", chunked + ";a=b\r\n", 400);
    row("chunk size that overflows", chunked + "10000000000000001\r\nx\r\n0\r\n\r\n", 400);
    row("LF alone after the chunk size", chunked + "1\nx\r\n0\r\n\r\n", 400);
    row("LF alone in an extension", chunked + "1;a\nb\r\nx\r\n0\r\n\r\n", 400);
    row("LF alone after a chunk", chunked + "1\r\nx\n0\r\n\r\n", 400);
    row("a long extension", chunked + "1;" + QByteArray(5000, 'a') + "\r\nx\r\n", 400);
    row("many extensions", chunked + ("1;" + QByteArray(4000, 'a') + "\r\nx\r\n").repeated(20),
        431);
    row("a long trailer", chunked + "0\r\n" + ("A: " + QByteArray(4000, 'a') + "\r\n").repeated(20),
        431);
    row("a trailer that is no header", chunked + "0\r\nhello\r\n\r\n", 400);
    row("a folded trailer", chunked + "0\r\nA: b\r\n c\r\n\r\n", 400);
    row("LF alone in the trailer", chunked + "0\r\nA: b\nC: d\r\n\r\n", 400);
    row("too long a body", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 268435457\r\n\r\n", 413);
    row("too long a chunk",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000001\r\n", 413);
    row("headers without end", "GET / HTTP/1.1\r\nHost: h\r\nA: " + QByteArray(70'000, 'a'), 431);
}

void MessageReaderTest::refusesWhatCannotBeRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    MessageReader reader(MessageReader::Kind::Request);
    QCOMPARE(reader.feed(bytes), State::Failed);
    QCOMPARE(reader.failure(), status);
}

void MessageReaderTest::keepsTheNextMessage()
{
    MessageReader reader(MessageReader::Kind::Request);
    QCOMPARE(reader.feed("PUT /one HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nxGET /two "
                         "HTTP/1.1\r\nHost: h\r\n\r\n"),
             State::Done);
    QCOMPARE(reader.target(), QByteArray("/one"));
    QCOMPARE(reader.body(), QByteArray("x"));
    QVERIFY(reader.hasBytes());
    reader.reset();
    QCOMPARE(reader.feed({}), State::Done);
    QCOMPARE(reader.target(), QByteArray("/two"));
}

void MessageReaderTest::readsAnAnswerWithoutLengthTillTheEnd()
{
    MessageReader reader(MessageReader::Kind::Response);
    QCOMPARE(reader.feed("HTTP/1.1 200 OK\r\n\r\nabc"), State::Body);
    QCOMPARE(reader.feed("def"), State::Body);
    QCOMPARE(reader.end(), State::Done);
    QCOMPARE(reader.body(), QByteArray("abcdef"));
    QVERIFY(!reader.staysOpen());

    MessageReader cut(MessageReader::Kind::Response);
    cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    QCOMPARE(cut.end(), State::Failed);
}

void MessageReaderTest::knowsWhetherTheConnectionStaysOpen_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("stays");
    QTest::addRow("HTTP/1.1") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\n\r\n") << true;
    QTest::addRow("asked to close")
        << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n") << false;
    QTest::addRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
    QTest::addRow("HTTP/1.0 that keeps alive")
        << QByteArray("GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n") << true;
}

void MessageReaderTest::knowsWhetherTheConnectionStaysOpen()
{
    QFETCH(QByteArray, head);
    MessageReader reader(MessageReader::Kind::Request);
    QCOMPARE(reader.feed(head), State::Done);
    QTEST(reader.staysOpen(), "stays");
}

void MessageReaderTest::asksForTheBodyThatWaits()
{
    MessageReader reader(MessageReader::Kind::Request);
    reader.feed("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n");
    QVERIFY(reader.expectsContinue());
    QCOMPARE(reader.feed("x"), State::Done);
    QVERIFY(!reader.expectsContinue());
}

void MessageReaderTest::skipsInterimAnswers()
{
    MessageReader reader(MessageReader::Kind::Response);
    QCOMPARE(reader.feed(
                 "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
             State::Done);
    QCOMPARE(reader.status(), 201);
    QCOMPARE(reader.reason(), QByteArray("Created"));
}

void MessageReaderTest::readsManySmallChunksInLinearTime()
{
    QByteArray bytes = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int chunk = 0; chunk < 300'000; ++chunk)
        bytes += "1\r\nx\r\n";
    MessageReader reader(MessageReader::Kind::Request);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(reader.feed(bytes + "0\r\n\r\n"), State::Done);
    QCOMPARE(reader.body().size(), 300'000);
    QVERIFY2(timer.elapsed() < 5000, "quadratic?");
}

QTEST_GUILESS_MAIN(MessageReaderTest)
#include "tst_messagereader.moc"
