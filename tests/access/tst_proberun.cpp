#include "access/proberun.h"
#include "support/faketransport.h"
#include "support/manualclock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Observation;
using Access::ProbePlan;
using Access::ProbeRun;

class ProbeRunTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void asksEveryCellOnce();
    void stopsAtAFirewall();
    void asksOnceWhereNobodyAnswers();
    void revisesWhatWasAmbiguous();
    void skipsWhatTheBudgetLeaves();
    void cancelsAtOnce();
    void goesWhenItIsDeleted();
    void keepsToItsConcurrency();
    void writesTheReportAsPromised();

private:
    AccessReport run(const QStringList &containers, ProbeRun::Options options = {});
    static Http::Response refusal(const QByteArray &code, bool fromService);

    Test::ManualClock m_clock;
    std::unique_ptr<Test::FakeTransport> m_transport;
    const Storage::Endpoint m_endpoint{QUrl(u"https://acct.blob.core.windows.net"_s), {}};
    const Identity::AccessToken m_token{Core::Secret("mark3r"), {}, {}};
};

void ProbeRunTest::init()
{
    m_transport = std::make_unique<Test::FakeTransport>();
}

Http::Response ProbeRunTest::refusal(const QByteArray &code, bool fromService)
{
    Http::Response response;
    response.status = 403;
    response.headers = {{"x-ms-error-code", code}, {"x-ms-request-id", "r"}};
    if (fromService)
        response.headers.emplaceBack("x-ms-version", "2023-11-03");
    return response;
}

AccessReport ProbeRunTest::run(const QStringList &containers, ProbeRun::Options options)
{
    ProbeRun run(*m_transport, m_clock, m_endpoint, m_token, ProbePlan::forContainers(containers), options);
    std::optional<AccessReport> report;
    connect(&run, &ProbeRun::finished, this, [&](const AccessReport &one) { report = one; });
    run.start();
    if (!QTest::qWaitFor([&] { return report.has_value(); }, 5000))
        qFatal("the run did not finish");
    return *report;
}

void ProbeRunTest::asksEveryCellOnce()
{
    m_transport->setHandler([](const Http::Request &) { return refusal("AuthorizationPermissionMismatch", true); });
    const AccessReport report = run({u"a"_s, u"b"_s});
    const auto expected = ProbePlan::forContainers({u"a"_s, u"b"_s}).steps.size();
    QCOMPARE(report.cells.size(), expected);
    QCOMPARE(m_transport->requests().size(), expected);
    QCOMPARE(report.count(Observation::Denied), static_cast<int>(expected));
    QVERIFY(report.complete);
    QCOMPARE(report.containers(), (QStringList{u"a"_s, u"b"_s}));
    QSet<QString> names;
    for (const Http::Request &request : m_transport->requests())
        names.insert(request.url.path());
    QVERIFY(names.size() > 20); // each random name is another one
}

void ProbeRunTest::stopsAtAFirewall()
{
    m_transport->setHandler([](const Http::Request &) { return refusal("AuthorizationFailure", false); });
    const AccessReport report = run(QStringList(50, u"c"_s));
    QVERIFY(report.finding);
    QCOMPARE(report.finding->id, u"firewall"_s);
    QVERIFY(m_transport->requests().size() <= 6);
    QCOMPARE(report.count(Observation::Denied), 0);
    QVERIFY(report.count(Observation::Skipped) > 500);
}

void ProbeRunTest::asksOnceWhereNobodyAnswers()
{
    // An unknown host: asking it several times at once keeps Qt waiting for its time-out.
    m_transport->setHandler([](const Http::Request &) {
        return Core::Error{.kind = Core::Error::Kind::Network, .message = u"no such host"_s, .code = u"HostNotFound"_s};
    });
    const AccessReport report = run({u"a"_s});
    QCOMPARE(m_transport->requests().size(), 1);
    QVERIFY(report.finding);
    QCOMPARE(report.finding->id, u"unknown-account"_s);
    QCOMPARE(report.count(Observation::Undecided), 1);
    QCOMPARE(report.cells.last().finding, report.finding);
    QCOMPARE(report.cells.first().evidence.how, u"no answer came"_s);
}

void ProbeRunTest::revisesWhatWasAmbiguous()
{
    // The first answers could be the network's; a later one shows that it is not.
    int asked = 0;
    m_transport->setHandler([&](const Http::Request &) {
        return ++asked <= 3 ? refusal("AuthorizationFailure", true) : refusal("AuthorizationPermissionMismatch", true);
    });
    const AccessReport report = run({});
    QCOMPARE(report.count(Observation::Denied), 6);
    QVERIFY(!report.finding);
}

void ProbeRunTest::skipsWhatTheBudgetLeaves()
{
    m_transport->setHandler([](const Http::Request &) { return refusal("AuthorizationPermissionMismatch", true); });
    const AccessReport report = run({u"a"_s, u"b"_s}, {.budget = 10});
    QCOMPARE(m_transport->requests().size(), 10);
    QVERIFY(!report.complete);
    QCOMPARE(report.count(Observation::Denied), 10);
    QCOMPARE(report.count(Observation::Skipped), static_cast<int>(report.cells.size()) - 10);
}

void ProbeRunTest::cancelsAtOnce()
{
    m_transport->hold();
    ProbeRun run(*m_transport, m_clock, m_endpoint, m_token, ProbePlan::forContainers({u"a"_s}), {});
    std::optional<AccessReport> report;
    connect(&run, &ProbeRun::finished, this, [&](const AccessReport &one) { report = one; });
    run.start();
    QTRY_VERIFY(m_transport->pending() > 0);
    run.cancel();
    QTRY_VERIFY(report);
    QVERIFY(!report->complete);
    QCOMPARE(report->count(Observation::Skipped), static_cast<int>(report->cells.size()));
    m_transport->release();
    const auto asked = m_transport->requests().size();
    QTest::qWait(10);
    QCOMPARE(m_transport->requests().size(), asked);
}

void ProbeRunTest::goesWhenItIsDeleted()
{
    m_transport->hold();
    auto run = std::make_unique<ProbeRun>(*m_transport, m_clock, m_endpoint, m_token, ProbePlan::forContainers({u"a"_s}), ProbeRun::Options{});
    run->start();
    QTRY_VERIFY(m_transport->pending() > 0);
    run.reset();
    m_transport->release();
    QTest::qWait(10);
}

void ProbeRunTest::keepsToItsConcurrency()
{
    m_transport->setHandler([](const Http::Request &) { return refusal("AuthorizationPermissionMismatch", true); });
    m_transport->hold();
    ProbeRun run(*m_transport, m_clock, m_endpoint, m_token, ProbePlan::forContainers({u"a"_s}), {.concurrency = 3});
    run.start();
    QTRY_COMPARE(m_transport->pending(), 1); // the first goes alone
    QTest::qWait(10);
    QCOMPARE(m_transport->pending(), 1);
    m_transport->release();
    m_transport->hold();
    QTRY_COMPARE(m_transport->pending(), 3);
    QTest::qWait(10);
    QCOMPARE(m_transport->pending(), 3);
}

void ProbeRunTest::writesTheReportAsPromised()
{
    m_transport->setHandler([](const Http::Request &) { return refusal("AuthorizationPermissionMismatch", true); });
    AccessReport report = run({u"a"_s});
    report.principal = u"p"_s;
    const QJsonObject json = Access::toJson(report);
    QCOMPARE(json.keys(), (QStringList{u"account"_s, u"cells"_s, u"notes"_s, u"predictedBy"_s, u"principal"_s, u"startedAt"_s, u"summary"_s}));
    const QJsonObject cell = json[u"cells"].toArray().last().toObject();
    QCOMPARE(cell.keys(), (QStringList{u"asked"_s, u"because"_s, u"container"_s, u"evidence"_s, u"finding"_s, u"observed"_s, u"operation"_s, u"permission"_s, u"predicted"_s}));
    QCOMPARE(cell[u"container"].toString(), u"a"_s);
    QCOMPARE(cell[u"observed"].toString(), u"denied"_s);
    QCOMPARE(cell[u"predicted"].toString(), u"unknown"_s);
    for (const QString &key : {u"method"_s, u"status"_s, u"code"_s, u"requestId"_s, u"at"_s})
        QVERIFY(cell[u"evidence"].toObject().contains(key));
    for (const QString &key : {u"id"_s, u"cause"_s, u"nextStep"_s, u"command"_s})
        QVERIFY(cell[u"finding"].toObject().contains(key));
    QVERIFY(json[u"cells"].toArray().first().toObject()[u"container"].isNull());
    QCOMPARE(json[u"summary"].toObject()[u"denied"].toInt(), static_cast<int>(report.cells.size()));
    QVERIFY(!QJsonDocument(json).toJson().contains("mark3r"));
}

QTEST_GUILESS_MAIN(ProbeRunTest)
#include "tst_proberun.moc"
