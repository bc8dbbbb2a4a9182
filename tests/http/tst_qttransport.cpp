#include "core/clock.h"
#include "http/activitylog.h"
#include "http/qttransport.h"
#include "support/tlsserver.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Core::Error;
using Core::Result;
using Http::Request;
using Http::Response;
using Test::TlsServer;

/// The real transport against real servers on loopback, over real TLS.
class QtTransportTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void trustsTheCloudsOwnAuthority();
    void refusesWhatItCannotVerify_data();
    void refusesWhatItCannotVerify();
    void sendsNoSecretWhereTlsFails();
    void speaksPlainlyToLoopbackOnly();
    void neverCarriesATokenElsewhere_data();
    void neverCarriesATokenElsewhere();
    void followsWithinTheOrigin();
    void keepsAnyStatusAsAnAnswer_data();
    void keepsAnyStatusAsAnAnswer();
    void retriesAsTheServerAsks();
    void sendsOnceWhatMustNotComeTwice_data();
    void sendsOnceWhatMustNotComeTwice();
    void reportsABodyThatIsCutOff();
    void endsASilentServer();
    void endsADrippingServer();
    void refusesABodyThatIsTooLong();
    void streamsABody();
    void tellsHowFarABodyIs();
    void tellsOfARefusedToken_data();
    void tellsOfARefusedToken();
    void leavesContentEncodingAlone();
    void sendsNoCookieBack();
    void abortsWithItsContext();
    void saysThatAHostDoesNotExist();
    void saysThatNobodyListens();
    void sendsManyAtOnce();
    void sendsTheSecretBodyAndLogsNothingOfIt();
    void survivesTheTransportsEnd();

private:
    Result<Response> ask(Request request);
    Request request(const TlsServer &server, const QString &path = u"/"_s) const;

    Test::Authority m_authority;
    Test::Identity m_localhost = m_authority.issue("localhost");
    Core::SystemClock m_clock;
    std::unique_ptr<Http::ActivityLog> m_log;
    std::unique_ptr<Http::QtTransport> m_transport;
};

void QtTransportTest::init()
{
    // A proxy in the environment must never get to see what goes to this machine.
    qputenv("http_proxy", "http://127.0.0.1:9");
    qputenv("https_proxy", "http://127.0.0.1:9");
    m_log = std::make_unique<Http::ActivityLog>();
    m_transport = std::make_unique<Http::QtTransport>(m_clock, *m_log, Http::RetryPolicy{.firstDelay = 10ms, .maxDelay = 50ms});
}

Request QtTransportTest::request(const TlsServer &server, const QString &path) const
{
    Request asked;
    asked.url = server.url(path);
    asked.trust.caCertificates = {m_authority.certificate()};
    asked.deadline = 10s;
    return asked;
}

Result<Response> QtTransportTest::ask(Request asked)
{
    std::optional<Result<Response>> got;
    QObject context;
    m_transport->send(std::move(asked), &context, [&](Result<Response> result) { got = std::move(result); });
    if (got)
        qFatal("the callback came from inside the call");
    if (!QTest::qWaitFor([&] { return got.has_value(); }, 15'000))
        return Error{.message = u"the test waited in vain"_s};
    return *got;
}

void QtTransportTest::trustsTheCloudsOwnAuthority()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, "hello", "x-ms-request-id: r1\r\n"); }, &m_localhost);
    Request asked = request(server);
    asked.bearer = Core::Secret("t0ken");
    const Result<Response> result = ask(asked);
    QVERIFY2(result, qPrintable(result ? QString() : Core::describe(result.error())));
    QCOMPARE(result->status, 200);
    QCOMPARE(result->body, QByteArray("hello"));
    QCOMPARE(result->requestId(), QByteArray("r1"));
    const TlsServer::Received &seen = server.received.constFirst();
    QCOMPARE(seen.header("Authorization"), QByteArray("Bearer t0ken"));
    QCOMPARE(seen.header("x-ms-client-request-id"), result->clientRequestId);
    QVERIFY(seen.header("User-Agent").startsWith("rolescope/"));
    QCOMPARE(seen.header("Accept-Encoding"), QByteArray("identity"));
}

void QtTransportTest::refusesWhatItCannotVerify_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("says");
    QTest::newRow("an unknown authority") << u"unknown"_s << u"nobody this machine trusts"_s;
    QTest::newRow("self-signed") << u"self"_s << u"nobody this machine trusts"_s;
    QTest::newRow("another host's certificate") << u"host"_s << u"another host"_s;
    QTest::newRow("expired") << u"expired"_s << u"expired"_s;
}

void QtTransportTest::refusesWhatItCannotVerify()
{
    QFETCH(QString, kind);
    QFETCH(QString, says);
    const Test::Identity identity = kind == u"host" ? m_authority.issue("other.example")
        : kind == u"expired"                        ? m_authority.issue("localhost", -1)
        : kind == u"self"                           ? Test::Authority::selfSigned("localhost")
                                                    : m_localhost;
    TlsServer server([](const auto &) { return TlsServer::response(200); }, &identity);
    Request asked = request(server);
    if (kind == u"unknown")
        asked.trust.caCertificates.clear();
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::Tls);
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    QVERIFY(!result.error().nextStep.isEmpty());
    QVERIFY(server.received.isEmpty());
}

void QtTransportTest::sendsNoSecretWhereTlsFails()
{
    const Test::Identity identity = Test::Authority::selfSigned("localhost");
    TlsServer server([](const auto &) { return TlsServer::response(200); }, &identity);
    Request asked = request(server);
    asked.verb = "POST";
    asked.secretBody = Core::Secret("client_secret=mark3r");
    QVERIFY(!ask(asked));
    QVERIFY(server.received.isEmpty());
}

void QtTransportTest::speaksPlainlyToLoopbackOnly()
{
    TlsServer server([](const auto &) { return TlsServer::response(200); });
    Request asked = request(server);
    QCOMPARE(ask(asked).error().kind, Error::Kind::InvalidInput);
    QVERIFY(server.received.isEmpty());
    asked.trust.plainLoopback = true;
    QCOMPARE(ask(asked)->status, 200);
    asked.url = QUrl(u"http://192.0.2.1/"_s);
    QCOMPARE(ask(asked).error().code, u"InsecureUrl"_s);
}

void QtTransportTest::neverCarriesATokenElsewhere_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("verb");
    for (const int status : {301, 302, 303, 307, 308}) {
        QTest::addRow("GET %d", status) << status << QByteArray("GET");
        QTest::addRow("POST %d", status) << status << QByteArray("POST");
    }
}

void QtTransportTest::neverCarriesATokenElsewhere()
{
    QFETCH(int, status);
    QFETCH(QByteArray, verb);
    TlsServer other([](const auto &) { return TlsServer::response(200); }, &m_localhost);
    TlsServer server([&](const auto &) { return TlsServer::response(status, {}, "Location: " + other.url().toEncoded() + "\r\n"); }, &m_localhost);
    Request asked = request(server);
    asked.verb = verb;
    asked.bearer = Core::Secret("mark3r");
    if (verb == "POST")
        asked.secretBody = Core::Secret("client_secret=mark3r");
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().code, u"RedirectRefused"_s);
    QTest::qWait(30);
    QVERIFY(other.received.isEmpty());
    QCOMPARE(server.received.size(), 1);
}

void QtTransportTest::followsWithinTheOrigin()
{
    TlsServer server(
        [&](const TlsServer::Received &seen) {
            if (seen.head.startsWith("GET /a "))
                return TlsServer::response(302, {}, "Location: /b\r\n");
            if (seen.head.startsWith("GET /b "))
                return TlsServer::response(200, "there");
            return TlsServer::response(302, {}, "Location: /loop\r\n");
        },
        &m_localhost);
    QCOMPARE(ask(request(server, u"/a"_s))->body, QByteArray("there"));
    const Result<Response> loop = ask(request(server, u"/loop"_s));
    QVERIFY(!loop);
    QVERIFY(server.received.size() < 12);
}

void QtTransportTest::keepsAnyStatusAsAnAnswer_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {200, 201, 204, 304, 400, 401, 403, 404, 407, 409, 412, 416, 418, 501})
        QTest::addRow("%d", status) << status;
}

void QtTransportTest::keepsAnyStatusAsAnAnswer()
{
    QFETCH(int, status);
    const bool empty = status == 204 || status == 304;
    TlsServer server([&](const auto &) { return TlsServer::response(status, empty ? QByteArray() : QByteArray("<Error/>"), "x-ms-error-code: C\r\n"); }, &m_localhost);
    Request asked = request(server);
    asked.retryable = false;
    const Result<Response> result = ask(asked);
    if (status == 407) // only a proxy may say so; Qt takes it for one
        return;
    QVERIFY2(result, qPrintable(result ? QString() : Core::describe(result.error())));
    QCOMPARE(result->status, status);
    QCOMPARE(result->header("X-MS-ERROR-CODE"), QByteArray("C"));
    if (!empty)
        QCOMPARE(result->body, QByteArray("<Error/>"));
}

void QtTransportTest::retriesAsTheServerAsks()
{
    int asked = 0;
    TlsServer server([&](const auto &) { return ++asked < 3 ? TlsServer::response(503, {}, "Retry-After: 0\r\n") : TlsServer::response(200); }, &m_localhost);
    QCOMPARE(ask(request(server))->status, 200);
    QCOMPARE(asked, 3);
    QCOMPARE(m_log->entries().size(), size_t(3));
    QCOMPARE(m_log->entries().back().attempt, 3);
    // Each attempt says who it is, so that the service's log can be read beside ours.
    QVERIFY(server.received[0].header("x-ms-client-request-id") != server.received[1].header("x-ms-client-request-id"));
}

void QtTransportTest::sendsOnceWhatMustNotComeTwice_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("a body") << QByteArray("{\"displayName\":\"x\"}");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("a large one") << QByteArray(3'000'000, 'x');
}

void QtTransportTest::sendsOnceWhatMustNotComeTwice()
{
    QFETCH(QByteArray, body);
    // Gone without a word; Qt by itself sends it again then.
    TlsServer server([&](const auto &) { return QByteArray(); }, &m_localhost);
    server.closeAfterAnswer = true;
    Request asked = request(server);
    asked.verb = "POST";
    asked.body = body;
    asked.retryable = false;
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().code, u"ConnectionLost"_s);
    QCOMPARE(server.received.size(), 1);
    QCOMPARE(server.received.first().body, body);
    QCOMPARE(server.received.first().header("Content-Length"), QByteArray::number(body.size()));

    TlsServer good([](const auto &) { return TlsServer::response(201, "made"); }, &m_localhost);
    asked.url = good.url();
    QCOMPARE(ask(asked)->body, QByteArray("made"));
    QCOMPARE(good.received.first().body, body);
}

void QtTransportTest::reportsABodyThatIsCutOff()
{
    TlsServer server([](const auto &) { return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"); }, &m_localhost);
    server.closeAfterAnswer = true;
    Request asked = request(server);
    asked.retryable = false;
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::BadResponse);
}

void QtTransportTest::endsASilentServer()
{
    TlsServer server([](const auto &) { return QByteArray(); }, &m_localhost);
    Request asked = request(server);
    asked.idleTimeout = 150ms;
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::Timeout);
    QTRY_COMPARE(server.connections, 0);
}

void QtTransportTest::endsADrippingServer()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, QByteArray(10'000, 'x')); }, &m_localhost);
    server.dripMs = 20;
    Request asked = request(server);
    asked.deadline = 500ms;
    QElapsedTimer timer;
    timer.start();
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::Timeout);
    QVERIFY(timer.elapsed() < 5000);
}

void QtTransportTest::refusesABodyThatIsTooLong()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, QByteArray(300'000, 'x')); }, &m_localhost);
    Request asked = request(server);
    asked.maxBody = 100'000;
    QCOMPARE(ask(asked).error().code, u"BodyTooLong"_s);
}

void QtTransportTest::streamsABody()
{
    const QByteArray body(3'000'000, 'b');
    TlsServer server([&](const auto &) { return TlsServer::response(200, body); }, &m_localhost);
    Request asked = request(server);
    asked.maxBody = 1000; // concerns what is kept, not what is streamed
    QByteArray got;
    asked.onBody = [&](QByteArrayView piece) { got += piece; };
    const Result<Response> result = ask(asked);
    QVERIFY(result);
    QVERIFY(result->body.isEmpty());
    QCOMPARE(got, body);
}

void QtTransportTest::tellsOfARefusedToken_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("refused");
    QTest::newRow("401") << 401 << QByteArray("t0ken") << QByteArray("t0ken");
    QTest::newRow("403 is no matter of the token") << 403 << QByteArray("t0ken") << QByteArray();
    QTest::newRow("200") << 200 << QByteArray("t0ken") << QByteArray();
    QTest::newRow("401 without a token") << 401 << QByteArray() << QByteArray();
}

void QtTransportTest::tellsOfARefusedToken()
{
    QFETCH(int, status);
    QFETCH(QByteArray, token);
    TlsServer server([&](const auto &) {
        return TlsServer::response(status, {}, "WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"e30=\"\r\n");
    }, &m_localhost);
    QByteArray refused;
    m_transport->setRefused([&](const Core::Secret &one) { refused = one.reveal().toByteArray(); });
    Request asked = request(server);
    asked.bearer = Core::Secret(token);
    QVERIFY(ask(asked));
    QTEST(refused, "refused");
    QCOMPARE(server.received.size(), 1);
}

void QtTransportTest::tellsHowFarABodyIs()
{
    const QByteArray body(5 << 20, 'x');
    TlsServer server([&](const TlsServer::Received &asked) { return TlsServer::response(200, asked.head.startsWith("GET") ? body : QByteArray()); }, &m_localhost);
    for (const char *verb : {"GET", "PUT"}) {
        QList<qint64> told;
        Request asked = request(server);
        asked.verb = verb;
        if (asked.verb == "PUT")
            asked.body = body;
        asked.onProgress = [&](qint64 bytes) { told.append(bytes); };
        QVERIFY(ask(asked));
        QVERIFY2(told.size() > 1, verb);
        QVERIFY(std::is_sorted(told.cbegin(), told.cend()));
        QCOMPARE(told.last(), body.size());
    }
}

void QtTransportTest::leavesContentEncodingAlone()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, "not really gzip", "Content-Encoding: gzip\r\n"); }, &m_localhost);
    QCOMPARE(ask(request(server))->body, QByteArray("not really gzip"));
}

void QtTransportTest::sendsNoCookieBack()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, {}, "Set-Cookie: fpc=x; path=/\r\n"); }, &m_localhost);
    QVERIFY(ask(request(server)));
    QVERIFY(ask(request(server)));
    QVERIFY(server.received.constLast().header("Cookie").isEmpty());
}

void QtTransportTest::abortsWithItsContext()
{
    TlsServer server([](const auto &) { return QByteArray(); }, &m_localhost);
    auto context = std::make_unique<QObject>();
    bool called = false;
    m_transport->send(request(server), context.get(), [&](Result<Response>) { called = true; });
    QTRY_COMPARE(server.received.size(), 1);
    context.reset();
    QTRY_COMPARE_WITH_TIMEOUT(server.connections, 0, 1000);
    QVERIFY(!called);
}

void QtTransportTest::saysThatAHostDoesNotExist()
{
    Request asked;
    asked.url = QUrl(u"https://no-such-account.blob.invalid/"_s);
    QCOMPARE(ask(asked).error().code, u"ProxyFailed"_s); // elsewhere the proxy of the environment is used
    qunsetenv("https_proxy");
    qunsetenv("http_proxy");
    const Result<Response> result = ask(asked);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::Network);
    QCOMPARE(ask(asked).error(), result.error()); // the second time as well, and not by a time-out
    // Without any name server nobody can know whether it exists.
    QVERIFY2(result.error().code == u"HostNotFound" || result.error().code == u"NameNotResolved", qPrintable(Core::describe(result.error())));
    QVERIFY(result.error().message.contains(u"no-such-account.blob.invalid"));
}

void QtTransportTest::saysThatNobodyListens()
{
    Request asked;
    asked.url = QUrl(u"https://127.0.0.1:9/"_s);
    asked.retryable = false;
    QCOMPARE(ask(asked).error().code, u"ConnectionRefused"_s);
}

void QtTransportTest::sendsManyAtOnce()
{
    TlsServer server([](const auto &) { return TlsServer::response(200, "x"); }, &m_localhost);
    QObject context;
    int done = 0;
    for (int i = 0; i < 50; ++i)
        m_transport->send(request(server), &context, [&](const Result<Response> &result) { done += result ? 1 : 0; });
    QTRY_COMPARE_WITH_TIMEOUT(done, 50, 10'000);
    QCOMPARE(server.received.size(), 50);
}

void QtTransportTest::sendsTheSecretBodyAndLogsNothingOfIt()
{
    TlsServer server([](const auto &) { return TlsServer::response(401, "mark3r echoed"); }, &m_localhost);
    Request asked = request(server);
    asked.verb = "POST";
    asked.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    asked.secretBody = Core::Secret("client_secret=mark3r");
    asked.bearer = Core::Secret("mark3r");
    QCOMPARE(ask(asked)->status, 401);
    QCOMPARE(server.received.constFirst().body, QByteArray("client_secret=mark3r"));
    for (const Http::Activity &activity : m_log->entries()) {
        QVERIFY(!activity.curl().contains(u"mark3r"));
        QVERIFY(!activity.error.contains(u"mark3r"));
    }
}

void QtTransportTest::survivesTheTransportsEnd()
{
    TlsServer server([](const auto &) { return QByteArray(); }, &m_localhost);
    QObject context;
    bool called = false;
    m_transport->send(request(server), &context, [&](Result<Response>) { called = true; });
    QTRY_COMPARE(server.received.size(), 1);
    m_transport.reset();
    QTest::qWait(20);
    QVERIFY(!called);
}

QTEST_GUILESS_MAIN(QtTransportTest)
#include "tst_qttransport.moc"
