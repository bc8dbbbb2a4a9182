#include "storage/listrun.h"
#include "support/faketransport.h"
#include "support/manualclock.h"

#include <QEventLoop>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using Storage::BlobListing;
using Storage::ListOptions;
using Storage::ListRun;

class ListRunTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void listsPageByPage();
    void asksForWhatWasWanted();
    void stopsAtTheLimit();
    void refusesARepeatedMarker();
    void refusesEmptyPagesWithoutAnEnd();
    void doesNotWaitForTheRestOfABrokenPage();
    void handsOverNothingOfABrokenPage_data();
    void handsOverNothingOfABrokenPage();
    void reportsARefusal();
    void cancelsAtOnce();
    void goesWhenItIsDeleted();

private:
    struct Outcome {
        QStringList names;
        std::optional<bool> complete;
        std::optional<Core::Error> error;
        bool ended() const { return complete || error; }
    };
    Outcome list(const ListOptions &options = {}, const QString &container = u"c"_s);
    static QByteArray page(const QStringList &names, const QByteArray &marker = {});

    Test::ManualClock m_clock;
    std::unique_ptr<Test::FakeTransport> m_transport;
};

void ListRunTest::init()
{
    m_transport = std::make_unique<Test::FakeTransport>();
}

QByteArray ListRunTest::page(const QStringList &names, const QByteArray &marker)
{
    QByteArray text = "<?xml version=\"1.0\"?><EnumerationResults><Blobs>";
    for (const QString &name : names)
        text += "<Blob><Name>" + name.toUtf8() + "</Name></Blob>";
    return text + "</Blobs><NextMarker>" + marker + "</NextMarker></EnumerationResults>";
}

ListRunTest::Outcome ListRunTest::list(const ListOptions &options, const QString &container)
{
    ListRun run(*m_transport, m_clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}}, {Core::Secret("t"), {}, {}}, container, options);
    Outcome outcome;
    connect(&run, &ListRun::batch, this, [&](const auto &rows) {
        for (qsizetype row = 0; row < rows->size(); ++row)
            outcome.names.append(rows->name(row));
    });
    connect(&run, &ListRun::finished, this, [&](bool complete) { outcome.complete = complete; });
    connect(&run, &ListRun::failed, this, [&](const Core::Error &error) { outcome.error = error; });
    QEventLoop loop; // a page a turn; QTest's waiting sleeps between turns
    connect(&run, &ListRun::finished, &loop, &QEventLoop::quit);
    connect(&run, &ListRun::failed, &loop, &QEventLoop::quit);
    QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
    run.start();
    loop.exec();
    if (!outcome.ended())
        qFatal("the run did not end");
    QTest::qWait(5);
    return outcome;
}

void ListRunTest::listsPageByPage()
{
    m_transport->reply(200, page({u"a"_s, u"b"_s}, "2!88!next"));
    m_transport->reply(200, page({}, "empty"));
    m_transport->reply(200, page({u"c"_s}));
    const Outcome outcome = list();
    QCOMPARE(outcome.names, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(outcome.complete, std::optional(true));
    QCOMPARE(m_transport->requests().size(), 3);
    QVERIFY(m_transport->requests()[1].url.query(QUrl::FullyEncoded).contains(u"marker=2%2188%21next"));
}

void ListRunTest::asksForWhatWasWanted()
{
    m_transport->reply(200, page({}));
    list({.prefix = u"a b/&"_s, .delimiter = u"/"_s, .pageSize = 10, .include = {u"metadata"_s, u"tags"_s}});
    const Http::Request &request = m_transport->requests().constFirst();
    QCOMPARE(request.url.toString(QUrl::FullyEncoded),
             u"https://acct.blob.core.windows.net/c?restype=container&comp=list&prefix=a%20b%2F%26&delimiter=%2F&include=metadata%2Ctags&maxresults=10"_s);
    QCOMPARE(Http::header(request.headers, "x-ms-version"), QByteArray("2023-11-03"));
    QCOMPARE(Http::header(request.headers, "x-ms-date"), QByteArray("Fri, 02 Jan 2026 03:04:05 GMT"));
    m_transport->reply(200, page({}));
    list({}, {});
    QCOMPARE(m_transport->requests().constLast().url.toString(), u"https://acct.blob.core.windows.net/?comp=list&maxresults=5000"_s);
}

void ListRunTest::stopsAtTheLimit()
{
    m_transport->reply(200, page({u"a"_s, u"b"_s}, "m"));
    const Outcome outcome = list({.limit = 2});
    QCOMPARE(outcome.names.size(), 2);
    QCOMPARE(outcome.complete, std::optional(false));
    QVERIFY(m_transport->requests().constFirst().url.query().contains(u"maxresults=2"));
}

void ListRunTest::refusesARepeatedMarker()
{
    m_transport->setHandler([](const Http::Request &) {
        Http::Response response;
        response.status = 200;
        response.body = page({u"a"_s}, "again");
        return response;
    });
    const Outcome outcome = list();
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->code, u"RepeatedMarker"_s);
    QCOMPARE(m_transport->requests().size(), 2);
}

void ListRunTest::refusesEmptyPagesWithoutAnEnd()
{
    for (int i = 0; i < 900; ++i)
        m_transport->reply(200, page({}, QByteArray::number(i)));
    m_transport->reply(200, page({u"late"_s}, "late")); // so many are still believed
    for (int i = 0; i < 1001; ++i)
        m_transport->reply(200, page({}, "x" + QByteArray::number(i)));
    const Outcome outcome = list();
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->code, u"EndlessListing"_s);
    QCOMPARE(outcome.names, QStringList{u"late"_s});
}

void ListRunTest::doesNotWaitForTheRestOfABrokenPage()
{
    m_transport->hold();
    ListRun run(*m_transport, m_clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}}, {Core::Secret("t"), {}, {}}, u"c"_s, {});
    QSignalSpy failed(&run, &ListRun::failed);
    run.start();
    m_transport->requests().constFirst().onBody("<html><body>");
    m_transport->requests().constFirst().onBody("and so on");
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.first().first().value<Core::Error>().code, u"ListingUnreadable"_s);
}

void ListRunTest::handsOverNothingOfABrokenPage_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("cut off") << page({u"x"_s, u"y"_s}).chopped(30);
    QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html></html>");
    QTest::newRow("nothing") << QByteArray();
}

void ListRunTest::handsOverNothingOfABrokenPage()
{
    QFETCH(QByteArray, body);
    m_transport->reply(200, page({u"a"_s}, "m"));
    m_transport->reply(200, body);
    const Outcome outcome = list();
    QCOMPARE(outcome.names, QStringList{u"a"_s});
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->kind, Core::Error::Kind::BadResponse);
}

void ListRunTest::reportsARefusal()
{
    m_transport->reply(403, {}, {{"x-ms-error-code", "AuthorizationPermissionMismatch"}, {"x-ms-request-id", "r"}});
    const Outcome outcome = list();
    QCOMPARE(outcome.error->kind, Core::Error::Kind::Forbidden);
    QCOMPARE(outcome.error->requestId, u"r"_s);
}

void ListRunTest::cancelsAtOnce()
{
    m_transport->hold();
    ListRun run(*m_transport, m_clock, {QUrl(u"https://acct.blob.core.windows.net"_s), {}}, {Core::Secret("t"), {}, {}}, u"c"_s, {});
    std::optional<bool> complete;
    connect(&run, &ListRun::finished, this, [&](bool whole) { complete = whole; });
    run.start();
    QTRY_COMPARE(m_transport->pending(), 1);
    run.cancel();
    QTRY_COMPARE(complete, std::optional(false));
    m_transport->reply(200, page({u"a"_s}));
    m_transport->release();
    QTest::qWait(10);
    QCOMPARE(run.rows(), 0);
}

void ListRunTest::goesWhenItIsDeleted()
{
    m_transport->setHandler([](const Http::Request &) {
        static int number = 0;
        Http::Response response;
        response.status = 200;
        response.body = page(QStringList(2000, u"name"_s), QByteArray::number(++number));
        return response;
    });
    for (int round = 0; round < 20; ++round) {
        auto run = std::make_unique<ListRun>(*m_transport, m_clock, Storage::Endpoint{QUrl(u"https://a.blob.core.windows.net"_s), {}},
                                             Identity::AccessToken{Core::Secret("t"), {}, {}}, u"c"_s, ListOptions{});
        run->start();
        QTest::qWait(round % 4);
        run.reset();
    }
}

QTEST_GUILESS_MAIN(ListRunTest)
#include "tst_listrun.moc"
