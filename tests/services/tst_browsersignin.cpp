#include "services/browsersignin.h"
#include "support/faketransport.h"
#include "support/manualclock.h"

#include <QCryptographicHash>
#include <QTcpSocket>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::UserTokens;
using Services::BrowserSignIn;

/// A plain socket in the browser's place: what it is sent to, and what of all that comes back is
/// accepted.
class BrowserSignInTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void leadsThereAndBack();
    void theAddressInArgumentsWorksOnceAndTellsNothing();
    void refusesWhatIsNotTheAnswer_data();
    void refusesWhatIsNotTheAnswer();
    void acceptsOneAnswerOnly();
    void tellsWhyItWasRefused_data();
    void tellsWhyItWasRefused();
    void listensOnTheLoopbackOnly();
    void givesUpInTime();
    void cancelClosesThePort();
    void eachAttemptIsDifferent();
    void matchesTheExampleOfRfc7636();

private:
    void start(std::chrono::milliseconds timeout = std::chrono::minutes(1));
    QByteArray get(const QByteArray &target, const QByteArray &verb = "GET",
                   const QByteArray &host = {});
    QByteArray follow(); ///< the Location that the start address leads to
    QUrlQuery sentTo();

    std::unique_ptr<Test::FakeTransport> m_transport;
    std::unique_ptr<BrowserSignIn> m_flow;
    Test::ManualClock m_clock;
    QUrl m_opened;
    std::optional<Result<UserTokens>> m_got;
};

void BrowserSignInTest::init()
{
    m_transport = std::make_unique<Test::FakeTransport>();
    m_flow.reset();
    m_opened.clear();
    m_got.reset();
}

void BrowserSignInTest::start(std::chrono::milliseconds timeout)
{
    const Identity::PublicClient client{Identity::Cloud::azurePublic(), u"organizations"_s,
                                        Identity::wellKnownPublicClient()};
    m_flow = std::make_unique<BrowserSignIn>(*m_transport, m_clock, client,
                                             u"https://management.azure.com/.default"_s);
    connect(m_flow.get(), &BrowserSignIn::openBrowser, this,
            [this](const QUrl &url) { m_opened = url; });
    connect(m_flow.get(), &BrowserSignIn::finished, this,
            [this](const auto &tokens) { m_got = tokens; });
    m_flow->start(timeout);
}

QByteArray BrowserSignInTest::get(const QByteArray &target, const QByteArray &verb,
                                  const QByteArray &host)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost),
                         static_cast<quint16>(m_opened.port()));
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; }, 2000))
        return "no connection";
    socket.write(verb + ' ' + target + " HTTP/1.1\r\nHost: " +
                 (host.isEmpty() ? m_opened.authority().toLatin1() : host) + "\r\n\r\n");
    (void)QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; },
                          2000);
    return socket.readAll();
}

QByteArray BrowserSignInTest::follow()
{
    const QByteArray answer = get(m_opened.path().toLatin1());
    const qsizetype at = answer.indexOf("Location: ");
    return at < 0 ? QByteArray() : answer.mid(at + 10, answer.indexOf("\r\n", at) - at - 10);
}

QUrlQuery BrowserSignInTest::sentTo()
{
    return QUrlQuery(QUrl::fromEncoded(follow(), QUrl::StrictMode));
}

void BrowserSignInTest::leadsThereAndBack()
{
    m_transport->reply(200, R"({"access_token":"a1","expires_in":3600,"refresh_token":"r1"})");
    start();
    QVERIFY(m_opened.isValid());
    const QUrl page = QUrl::fromEncoded(follow(), QUrl::StrictMode);
    QCOMPARE(page.adjusted(QUrl::RemoveQuery),
             QUrl(u"https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize"_s));
    const QUrlQuery sent(page);
    QCOMPARE(sent.queryItemValue(u"client_id"_s), Identity::wellKnownPublicClient());
    QCOMPARE(sent.queryItemValue(u"response_type"_s), u"code"_s);
    QCOMPARE(sent.queryItemValue(u"code_challenge_method"_s), u"S256"_s);
    QCOMPARE(sent.queryItemValue(u"scope"_s, QUrl::FullyDecoded),
             u"https://management.azure.com/.default offline_access openid profile"_s);
    const QString redirect = sent.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded);
    QCOMPARE(redirect, u"http://localhost:%1"_s.arg(m_opened.port()));

    const QByteArray back = get("/?code=c%2B1&state=" + sent.queryItemValue(u"state"_s).toLatin1());
    QVERIFY(back.startsWith("HTTP/1.1 200"));
    QVERIFY(!back.contains("c%2B1") && !back.contains("c+1"));
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(*m_got);
    QCOMPARE((*m_got)->refresh.reveal().toByteArray(), QByteArray("r1"));
    const Http::Request &asked = m_transport->requests().constFirst();
    QVERIFY(!asked.retryable);
    const QUrlQuery fields(QString::fromUtf8(asked.secretBody.reveal()));
    QCOMPARE(fields.queryItemValue(u"grant_type"_s), u"authorization_code"_s);
    QCOMPARE(fields.queryItemValue(u"code"_s, QUrl::FullyDecoded), u"c+1"_s);
    QCOMPARE(fields.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded), redirect);
    const QByteArray verifier = fields.queryItemValue(u"code_verifier"_s).toLatin1();
    QCOMPARE(QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
                 .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals),
             sent.queryItemValue(u"code_challenge"_s).toLatin1());
    QVERIFY(verifier.size() >= 43);
}

void BrowserSignInTest::theAddressInArgumentsWorksOnceAndTellsNothing()
{
    start();
    QCOMPARE(m_opened.host(), u"localhost"_s);
    const QUrlQuery sent = sentTo();
    const QString opened = m_opened.toString();
    for (const QString &name : {u"state"_s, u"code_challenge"_s})
        QVERIFY(!sent.queryItemValue(name).isEmpty() &&
                !opened.contains(sent.queryItemValue(name)));
    QVERIFY(follow().isEmpty()); // whoever read it from ps comes too late
}

void BrowserSignInTest::refusesWhatIsNotTheAnswer_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("host");
    const QByteArray get = "GET";
    QTest::newRow("another state") << get << QByteArray("/?code=c&state=wrong") << QByteArray();
    QTest::newRow("no state") << get << QByteArray("/?code=c") << QByteArray();
    QTest::newRow("empty state") << get << QByteArray("/?code=c&state=") << QByteArray();
    QTest::newRow("a refusal without state")
        << get << QByteArray("/?error=access_denied") << QByteArray();
    QTest::newRow("the right state after another host")
        << get << QByteArray("/?code=c&state=STATE") << QByteArray("evil.example");
    QTest::newRow("the right state by POST")
        << QByteArray("POST") << QByteArray("/?code=c&state=STATE") << QByteArray();
    QTest::newRow("the right state at another path")
        << get << QByteArray("/x?code=c&state=STATE") << QByteArray();
    QTest::newRow("an icon") << get << QByteArray("/favicon.ico") << QByteArray();
    QTest::newRow("no HTTP") << QByteArray("\x16\x03\x01") << QByteArray("/") << QByteArray();
    QTest::newRow("too long") << get << '/' + QByteArray(40'000, 'a') << QByteArray();
}

void BrowserSignInTest::refusesWhatIsNotTheAnswer()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, host);
    m_transport->reply(200, R"({"access_token":"a1","expires_in":3600})");
    start();
    const QByteArray state = sentTo().queryItemValue(u"state"_s).toLatin1();
    const QByteArray answer = get(QByteArray(target).replace("STATE", state), verb, host);
    QVERIFY2(answer.startsWith("HTTP/1.1 4") || answer.isEmpty(), answer.left(60).constData());
    QTest::qWait(20);
    QVERIFY(!m_got.has_value());
    QVERIFY(m_transport->requests().isEmpty());
    // and it still takes the right one
    QVERIFY(get("/?code=c&state=" + state).startsWith("HTTP/1.1 200"));
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(*m_got);
}

void BrowserSignInTest::acceptsOneAnswerOnly()
{
    m_transport->hold();
    start();
    const QByteArray state = sentTo().queryItemValue(u"state"_s).toLatin1();
    QVERIFY(get("/?code=first&state=" + state).startsWith("HTTP/1.1 200"));
    QCOMPARE(get("/?code=second&state=" + state), QByteArray("no connection"));
    QCOMPARE(m_transport->requests().size(), 1);
    QVERIFY(m_transport->requests().first().secretBody.reveal().contains("code=first"));
}

void BrowserSignInTest::tellsWhyItWasRefused_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("code");
    const int forbidden = static_cast<int>(Error::Kind::Forbidden);
    const int refused = static_cast<int>(Error::Kind::Unauthenticated);
    QTest::newRow("declined") << QByteArray("error=access_denied&error_description=AADSTS65004%3a+"
                                            "User+declined.%0d%0aTrace+ID%3a+1")
                              << forbidden << u"AADSTS65004"_s;
    QTest::newRow("not explained")
        << QByteArray("error=server_error") << refused << u"server_error"_s;
    QTest::newRow("neither") << QByteArray("x=1") << static_cast<int>(Error::Kind::BadResponse)
                             << QString();
}

void BrowserSignInTest::tellsWhyItWasRefused()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(QString, code);
    start();
    QVERIFY(get("/?" + answer + "&state=" + sentTo().queryItemValue(u"state"_s).toLatin1())
                .startsWith("HTTP/1.1 200"));
    QTRY_VERIFY(m_got.has_value());
    QCOMPARE(static_cast<int>(m_got->error().kind), kind);
    QCOMPARE(m_got->error().code, code);
    QVERIFY(!m_got->error().message.contains(u"Trace"));
    QVERIFY(m_transport->requests().isEmpty());
}

void BrowserSignInTest::listensOnTheLoopbackOnly()
{
    start();
    QTcpSocket socket;
    // All of 127.0.0.0/8 is this machine; 127.0.0.1 alone is bound.
    socket.connectToHost(QHostAddress(u"127.0.0.2"_s), static_cast<quint16>(m_opened.port()));
    QVERIFY(!socket.waitForConnected(500));
}

void BrowserSignInTest::givesUpInTime()
{
    start(std::chrono::milliseconds(100));
    QTRY_VERIFY(m_got.has_value());
    QCOMPARE(m_got->error().kind, Error::Kind::Timeout);
    QCOMPARE(get("/"), QByteArray("no connection"));
}

void BrowserSignInTest::cancelClosesThePort()
{
    start();
    m_flow->cancel();
    QTRY_VERIFY(m_got.has_value());
    QCOMPARE(m_got->error().kind, Error::Kind::Cancelled);
    QCOMPARE(get("/"), QByteArray("no connection"));
}

void BrowserSignInTest::eachAttemptIsDifferent()
{
    const auto one = Identity::AuthorizationAttempt::begin({}, {}, 1);
    const auto two = Identity::AuthorizationAttempt::begin({}, {}, 1);
    QVERIFY(one.state != two.state);
    QVERIFY(!(one.verifier == two.verifier));
    QCOMPARE(one.state.size(), 43);
}

void BrowserSignInTest::matchesTheExampleOfRfc7636()
{
    Identity::AuthorizationAttempt attempt;
    attempt.verifier = Core::Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    QCOMPARE(attempt.challenge(), QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

QTEST_GUILESS_MAIN(BrowserSignInTest)
#include "tst_browsersignin.moc"
