#include "services/devicecodesignin.h"
#include "support/faketransport.h"
#include "support/manualclock.h"
#include "support/recordings.h"

#include <QElapsedTimer>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::UserTokens;
using Services::DeviceCodeSignIn;

class DeviceCodeSignInTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void asksUntilThePersonHasDecided();
    void waitsLongerWhenItIsToSlowDown();
    void endsWithTheReason_data();
    void endsWithTheReason();
    void endsWhenTheCodeExpires();
    void outlivesALostConnection();
    void understandsTheRecordedWait();
    void refusesWhatIsNoDeviceCode_data();
    void refusesWhatIsNoDeviceCode();
    void cancelStopsAtOnce();
    void refusesATenantThatIsNone();

private:
    void answer(int status, const QByteArray &json) { m_transport->reply(status, json); }
    void start(const QString &tenant = u"contoso.com"_s);
    std::unique_ptr<Test::FakeTransport> m_transport;
    std::unique_ptr<DeviceCodeSignIn> m_flow;
    Test::ManualClock m_clock;
    QList<Identity::DeviceCode> m_codes;
    std::optional<Result<UserTokens>> m_got;
};

namespace {

const QByteArray offered =
    R"({"user_code":"ABCD1234","device_code":"dev-code","verification_uri":"https://microsoft.com/devicelogin",
    "expires_in":900,"interval":5,"message":"To sign in, use a web browser."})";
const QByteArray pending = R"({"error":"authorization_pending","error_codes":[70016]})";
// {"tid":"T","oid":"O","preferred_username":"ada@contoso.com"}
const QByteArray token =
    R"({"access_token":"a1","expires_in":3600,"refresh_token":"r1","token_type":"Bearer",
    "id_token":"e30.eyJ0aWQiOiJUIiwib2lkIjoiTyIsInByZWZlcnJlZF91c2VybmFtZSI6ImFkYUBjb250b3NvLmNvbSJ9.x"})";

QUrlQuery fields(const Http::Request &request)
{
    return QUrlQuery(QString::fromUtf8(request.secretBody.reveal()));
}

} // namespace

void DeviceCodeSignInTest::init()
{
    m_transport = std::make_unique<Test::FakeTransport>();
    m_clock = Test::ManualClock();
    m_codes.clear();
    m_got.reset();
}

void DeviceCodeSignInTest::start(const QString &tenant)
{
    const Identity::PublicClient client{Identity::Cloud::azurePublic(), tenant,
                                        Identity::wellKnownPublicClient()};
    m_flow = std::make_unique<DeviceCodeSignIn>(*m_transport, m_clock, client,
                                                u"https://management.azure.com/.default"_s);
    m_flow->setSecond(std::chrono::milliseconds(2));
    connect(m_flow.get(), &DeviceCodeSignIn::codeReady, this,
            [this](const auto &code) { m_codes.append(code); });
    connect(m_flow.get(), &DeviceCodeSignIn::finished, this,
            [this](const auto &tokens) { m_got = tokens; });
    m_flow->start();
}

void DeviceCodeSignInTest::asksUntilThePersonHasDecided()
{
    answer(200, offered);
    answer(400, pending);
    answer(400, pending);
    answer(200, token);
    start();
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(*m_got);
    QCOMPARE((*m_got)->access.value.reveal().toByteArray(), QByteArray("a1"));
    QCOMPARE((*m_got)->refresh.reveal().toByteArray(), QByteArray("r1"));
    QCOMPARE((*m_got)->tenantId, u"T"_s);
    QCOMPARE((*m_got)->username, u"ada@contoso.com"_s);
    QCOMPARE(m_codes.size(), 1);
    QCOMPARE(m_codes.first().userCode, u"ABCD1234"_s);

    const auto &asked = m_transport->requests();
    QCOMPARE(asked.size(), 4);
    QCOMPARE(asked[0].url,
             QUrl(u"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/devicecode"_s));
    QCOMPARE(fields(asked[0]).queryItemValue(u"scope"_s, QUrl::FullyDecoded),
             u"https://management.azure.com/.default offline_access openid profile"_s);
    QCOMPARE(asked[3].url,
             QUrl(u"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"_s));
    QCOMPARE(fields(asked[3]).queryItemValue(u"grant_type"_s, QUrl::FullyDecoded),
             u"urn:ietf:params:oauth:grant-type:device_code"_s);
    QCOMPARE(fields(asked[3]).queryItemValue(u"device_code"_s), u"dev-code"_s);
    QCOMPARE(fields(asked[3]).queryItemValue(u"client_id"_s), Identity::wellKnownPublicClient());
}

void DeviceCodeSignInTest::waitsLongerWhenItIsToSlowDown()
{
    QElapsedTimer timer;
    QList<qint64> times;
    m_transport->setHandler([&](const Http::Request &) {
        times.append(timer.elapsed());
        Http::Response response;
        response.status = times.size() == 2 ? 400 : 200;
        response.body = times.size() == 1   ? offered
                        : times.size() == 2 ? QByteArray(R"({"error":"slow_down"})")
                                            : token;
        return response;
    });
    timer.start();
    start();
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(*m_got);
    QCOMPARE(times.size(), 3);
    // Five and then ten seconds, of 2 ms each; a coarse timer may be a twentieth early.
    QVERIFY(times[1] - times[0] >= 9);
    QVERIFY2(times[2] - times[1] >= 18, qPrintable(QString::number(times[2] - times[1])));
}

void DeviceCodeSignInTest::endsWithTheReason_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *name, const QByteArray &json, Error::Kind kind) {
        QTest::newRow(name) << json << static_cast<int>(kind);
    };
    row("declined, in Microsoft's word",
        R"({"error":"authorization_declined","error_description":"No."})", Error::Kind::Forbidden);
    row("declined, in the RFC's word", R"({"error":"access_denied"})", Error::Kind::Forbidden);
    row("expired",
        R"({"error":"expired_token","error_description":"AADSTS70019: late","error_codes":[70019]})",
        Error::Kind::Timeout);
    row("wrong code", R"({"error":"bad_verification_code"})", Error::Kind::Unauthenticated);
    // The number says "pending", the OAuth error does not: the OAuth error decides.
    row("a number that says otherwise", R"({"error":"invalid_grant","error_codes":[70016]})",
        Error::Kind::Unauthenticated);
}

void DeviceCodeSignInTest::endsWithTheReason()
{
    QFETCH(QByteArray, json);
    QFETCH(int, kind);
    answer(200, offered);
    answer(400, json);
    start();
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(!*m_got);
    QCOMPARE(static_cast<int>(m_got->error().kind), kind);
    QCOMPARE(m_transport->requests().size(), 2);
}

void DeviceCodeSignInTest::endsWhenTheCodeExpires()
{
    answer(200, offered);
    m_transport->setHandler([this](const Http::Request &) {
        m_clock.advance(std::chrono::seconds(450));
        Http::Response response;
        response.status = 400;
        response.body = pending;
        return response;
    });
    start();
    QTRY_VERIFY(m_got.has_value());
    QCOMPARE(m_got->error().kind, Error::Kind::Timeout);
    QCOMPARE(m_transport->requests().size(), 3);
}

void DeviceCodeSignInTest::outlivesALostConnection()
{
    answer(200, offered);
    m_transport->reply(Error{.kind = Error::Kind::Network, .message = u"gone"_s});
    answer(200, token);
    start();
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(*m_got);
}

void DeviceCodeSignInTest::understandsTheRecordedWait()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto recorded =
        Test::recording(u"entra-token"_s, u"err-70016-device-code-pending.json"_s);
    QCOMPARE(Identity::deviceAnswer(recorded.constFirst().response),
             Identity::DeviceAnswer::Pending);
}

void DeviceCodeSignInTest::refusesWhatIsNoDeviceCode_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("web page") << 200 << QByteArray("<html>");
    QTest::newRow("no device code")
        << 200 << QByteArray(R"({"user_code":"A","verification_uri":"https://x.example"})");
    QTest::newRow("no page") << 200 << QByteArray(R"({"user_code":"A","device_code":"d"})");
    QTest::newRow("a page without TLS")
        << 200
        << QByteArray(
               R"({"user_code":"A","device_code":"d","verification_uri":"http://x.example"})");
    QTest::newRow("a script as page")
        << 200
        << QByteArray(R"({"user_code":"A","device_code":"d","verification_uri":"javascript:x"})");
    QTest::newRow("no user code")
        << 200 << QByteArray(R"({"device_code":"d","verification_uri":"https://x.example"})");
    QTest::newRow("not a public client")
        << 401 << QByteArray(R"({"error":"invalid_client","error_codes":[7000218]})");
}

void DeviceCodeSignInTest::refusesWhatIsNoDeviceCode()
{
    QFETCH(int, status);
    QFETCH(QByteArray, json);
    answer(status, json);
    start();
    QTRY_VERIFY(m_got.has_value());
    QVERIFY(!*m_got);
    QVERIFY(!m_got->error().message.isEmpty());
    QVERIFY(m_codes.isEmpty());
    QCOMPARE(m_transport->requests().size(), 1);
}

void DeviceCodeSignInTest::cancelStopsAtOnce()
{
    answer(200, offered);
    m_transport->setHandler([](const Http::Request &) {
        Http::Response response;
        response.status = 400;
        response.body = pending;
        return response;
    });
    start();
    QTRY_VERIFY(m_transport->requests().size() > 1);
    m_flow->cancel();
    QTRY_VERIFY(m_got.has_value());
    QCOMPARE(m_got->error().kind, Error::Kind::Cancelled);
    const auto asked = m_transport->requests().size();
    QTest::qWait(60);
    QCOMPARE(m_transport->requests().size(), asked);
}

void DeviceCodeSignInTest::refusesATenantThatIsNone()
{
    for (const QString &tenant : {u"../evil"_s, u"common"_s, u""_s}) {
        m_got.reset();
        start(tenant);
        QTRY_VERIFY(m_got.has_value());
        QCOMPARE(m_got->error().kind, Error::Kind::InvalidInput);
    }
    QVERIFY(m_transport->requests().isEmpty());
}

QTEST_GUILESS_MAIN(DeviceCodeSignInTest)
#include "tst_devicecodesignin.moc"
