#include "http/retrypolicy.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Http::Request;
using Http::Response;
using Http::RetryPolicy;

class RetryPolicyTest : public QObject
{
    Q_OBJECT
private slots:
    void readsRetryAfter_data();
    void readsRetryAfter();
    void retriesWhatPasses_data();
    void retriesWhatPasses();
    void growsWithJitterAndACap();
    void neverPassesTheDeadline();
    void capsAnAbsurdWait();
    void retriesOnlyLostConnections();
};

namespace {

const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);

Response answer(int status, const QByteArray &retryAfter = {})
{
    Response response;
    response.status = status;
    if (!retryAfter.isEmpty())
        response.headers = {{"retry-after", retryAfter}};
    return response;
}

} // namespace

void RetryPolicyTest::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("ms"); // -1: none
    QTest::newRow("seconds") << QByteArray("7") << 7000;
    QTest::newRow("zero") << QByteArray("0") << 0;
    QTest::newRow("a date") << QByteArray("Fri, 02 Jan 2026 03:04:25 GMT") << 20'000;
    QTest::newRow("a date that has passed") << QByteArray("Fri, 02 Jan 2026 03:04:00 GMT") << -1;
    QTest::newRow("negative") << QByteArray("-5") << -1;
    QTest::newRow("absurd") << QByteArray("99999999999") << -1;
    QTest::newRow("no number") << QByteArray("soon") << -1;
    QTest::newRow("absent") << QByteArray() << -1;
}

void RetryPolicyTest::readsRetryAfter()
{
    QFETCH(QByteArray, value);
    QFETCH(int, ms);
    const auto wait = Http::retryAfter(answer(503, value).headers, now);
    QCOMPARE(wait ? static_cast<int>(wait->count()) : -1, ms);
}

void RetryPolicyTest::retriesWhatPasses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("probe");
    QTest::addColumn<bool>("again");
    for (const int status : {429, 500, 503})
        QTest::addRow("%d", status) << status << false << true;
    for (const int status : {429, 500, 503})
        QTest::addRow("%d to a probe", status) << status << true << true;
    QTest::newRow("502") << 502 << false << true;
    QTest::newRow("504") << 504 << false << true;
    QTest::newRow("502 to a probe is its result") << 502 << true << false;
    for (const int status : {200, 304, 400, 401, 403, 404, 409, 412, 501})
        QTest::addRow("%d", status) << status << false << false;
}

void RetryPolicyTest::retriesWhatPasses()
{
    QFETCH(int, status);
    QFETCH(bool, probe);
    QFETCH(bool, again);
    Request request;
    request.probe = probe;
    QCOMPARE(RetryPolicy().delayAfter(request, answer(status), 1, 0.5, 100s, now).has_value(), again);
    request.retryable = false;
    QVERIFY(!RetryPolicy().delayAfter(request, answer(status), 1, 0.5, 100s, now));
}

void RetryPolicyTest::growsWithJitterAndACap()
{
    const RetryPolicy policy{.maxAttempts = 20, .firstDelay = 100ms, .maxDelay = 1000ms};
    QCOMPARE(policy.delayAfter({}, answer(503), 1, 0, 100s, now)->count(), 50);
    QCOMPARE(policy.delayAfter({}, answer(503), 2, 0, 100s, now)->count(), 100);
    QVERIFY(policy.delayAfter({}, answer(503), 1, 0.99, 100s, now)->count() > 95);
    QVERIFY(policy.delayAfter({}, answer(503), 19, 0.99, 100s, now)->count() <= 1000);
    QVERIFY(!policy.delayAfter({}, answer(503), 20, 0, 100s, now));
}

void RetryPolicyTest::neverPassesTheDeadline()
{
    QVERIFY(!RetryPolicy().delayAfter({}, answer(503, "10"), 1, 0, 9s, now));
    QVERIFY(RetryPolicy().delayAfter({}, answer(503, "10"), 1, 0, 11s, now));
}

void RetryPolicyTest::capsAnAbsurdWait()
{
    const RetryPolicy policy{.maxDelay = 1000ms};
    QVERIFY(policy.delayAfter({}, answer(503, "80000"), 1, 0, std::chrono::hours(100), now)->count() <= 4000);
}

void RetryPolicyTest::retriesOnlyLostConnections()
{
    using Core::Error;
    const auto again = [](const Error &error) { return RetryPolicy().delayAfter(Request(), error, 1, 0, 100s).has_value(); };
    QVERIFY(again({.kind = Error::Kind::Network, .code = u"ConnectionLost"_s}));
    QVERIFY(!again({.kind = Error::Kind::Network, .code = u"HostNotFound"_s}));
    QVERIFY(!again({.kind = Error::Kind::Tls}));
    QVERIFY(!again({.kind = Error::Kind::Timeout}));
}

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "tst_retrypolicy.moc"
