#include "identity/tokenclient.h"
#include "support/faketransport.h"
#include "support/manualclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;

class TokenClientTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void keepsATokenUntilFiveMinutesBeforeItsEnd_data();
    void keepsATokenUntilFiveMinutesBeforeItsEnd();
    void usesAShortTokenForHalfOfItsLife();
    void keepsTokensApart_data();
    void keepsTokensApart();
    void makesOneRequestHoweverManyAsk();
    void servesTheOthersWhenOneLeaves();
    void abortsWhenTheLastLeaves();
    void doesNotKeepAnError();
    void forgetsOnDemand();
    void forgetsWhatAServiceRefused();
    void readsAFederatedTokenForEachRequest();
    void tellsWhatARefusedFederatedTokenSays_data();
    void tellsWhatARefusedFederatedTokenSays();

private:
    void writeToken(const QByteArray &claims);
    QTemporaryDir m_folder;
    void answerWithTokens(int lifetime);
    Result<AccessToken> acquire(const QString &scope = u"s/.default"_s, const QByteArray &secret = "secret");

    Test::ManualClock m_clock;
    std::unique_ptr<Test::FakeTransport> m_transport;
    std::unique_ptr<Identity::TokenClient> m_client;
    Identity::ServicePrincipal m_principal;
    Identity::Cloud m_cloud = Identity::Cloud::azurePublic();
    int m_made = 0;
};

void TokenClientTest::init()
{
    m_clock = Test::ManualClock();
    m_transport = std::make_unique<Test::FakeTransport>();
    m_client = std::make_unique<Identity::TokenClient>(*m_transport, m_clock);
    m_principal.tenant = u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s;
    m_principal.clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    m_made = 0;
    answerWithTokens(3600);
}

void TokenClientTest::answerWithTokens(int lifetime)
{
    m_transport->setHandler([this, lifetime](const Http::Request &) {
        Http::Response response;
        response.status = 200;
        response.body = "{\"access_token\":\"t" + QByteArray::number(++m_made) + "\",\"expires_in\":" + QByteArray::number(lifetime) + "}";
        return response;
    });
}

Result<AccessToken> TokenClientTest::acquire(const QString &scope, const QByteArray &secret)
{
    std::optional<Result<AccessToken>> got;
    QObject context;
    m_client->acquire(m_cloud, m_principal, Secret(secret), scope, &context, [&](Result<AccessToken> result) { got = std::move(result); });
    if (!QTest::qWaitFor([&] { return got.has_value(); }, 2000))
        return Core::Error{.message = u"the test waited in vain"_s};
    return *got;
}

void TokenClientTest::keepsATokenUntilFiveMinutesBeforeItsEnd_data()
{
    QTest::addColumn<int>("later");
    QTest::addColumn<int>("requests");
    QTest::newRow("at once") << 0 << 1;
    QTest::newRow("one second less") << 3600 - 301 << 1;
    QTest::newRow("five minutes before its end") << 3600 - 300 << 2;
    QTest::newRow("after its end") << 4000 << 2;
}

void TokenClientTest::keepsATokenUntilFiveMinutesBeforeItsEnd()
{
    QFETCH(int, later);
    QFETCH(int, requests);
    QVERIFY(acquire());
    m_clock.advance(std::chrono::seconds(later));
    QVERIFY(acquire());
    QCOMPARE(m_transport->requests().size(), requests);
}

void TokenClientTest::usesAShortTokenForHalfOfItsLife()
{
    answerWithTokens(120);
    QVERIFY(acquire());
    m_clock.advance(std::chrono::seconds(59));
    QVERIFY(acquire());
    QCOMPARE(m_transport->requests().size(), 1);
    m_clock.advance(std::chrono::seconds(1));
    QVERIFY(acquire());
    QCOMPARE(m_transport->requests().size(), 2);
}

void TokenClientTest::keepsTokensApart_data()
{
    QTest::addColumn<QString>("what");
    for (const QString &what : {u"scope"_s, u"secret"_s, u"tenant"_s, u"client"_s, u"authority"_s})
        QTest::newRow(qPrintable(what)) << what;
}

void TokenClientTest::keepsTokensApart()
{
    QFETCH(QString, what);
    QVERIFY(acquire());
    if (what == u"tenant")
        m_principal.tenant = u"contoso.onmicrosoft.com"_s;
    if (what == u"client")
        m_principal.clientId = u"99991111-aaaa-2222-bbbb-3333cccc4444"_s;
    const Identity::Cloud before = m_cloud;
    if (what == u"authority")
        m_cloud = *Identity::Cloud::load(u"AzureChina"_s);
    QVERIFY(acquire(what == u"scope" ? u"other/.default"_s : u"s/.default"_s, what == u"secret" ? "another" : "secret"));
    m_cloud = before;
    QCOMPARE(m_transport->requests().size(), 2);
}

void TokenClientTest::makesOneRequestHoweverManyAsk()
{
    m_transport->hold();
    QObject context;
    QList<QByteArray> got;
    for (int i = 0; i < 20; ++i)
        m_client->acquire(m_cloud, m_principal, Secret("secret"), u"s"_s, &context,
                          [&](const Result<AccessToken> &token) { got.append(token->value.reveal().toByteArray()); });
    m_transport->release();
    QTRY_COMPARE(got.size(), 20);
    QCOMPARE(got, QList<QByteArray>(20, "t1"));
    QCOMPARE(m_transport->requests().size(), 1);
}

void TokenClientTest::servesTheOthersWhenOneLeaves()
{
    m_transport->hold();
    auto leaving = std::make_unique<QObject>();
    QObject staying;
    int left = 0;
    int stayed = 0;
    m_client->acquire(m_cloud, m_principal, Secret("secret"), u"s"_s, leaving.get(), [&](const auto &) { ++left; });
    m_client->acquire(m_cloud, m_principal, Secret("secret"), u"s"_s, &staying, [&](const auto &) { ++stayed; });
    leaving.reset();
    QTest::qWait(5);
    QCOMPARE(m_transport->pending(), 1);
    m_transport->release();
    QTRY_COMPARE(stayed, 1);
    QCOMPARE(left, 0);
}

void TokenClientTest::abortsWhenTheLastLeaves()
{
    m_transport->hold();
    auto context = std::make_unique<QObject>();
    m_client->acquire(m_cloud, m_principal, Secret("secret"), u"s"_s, context.get(), [](const auto &) { QFAIL("called after its context died"); });
    context.reset();
    QTest::qWait(5);
    m_transport->release(); // nobody's context lives: nothing is answered
    QCOMPARE(m_made, 0);
    QVERIFY(acquire());
    QCOMPARE(m_transport->requests().size(), 2);
}

void TokenClientTest::doesNotKeepAnError()
{
    m_transport->reply(401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: no\",\"error_codes\":[7000215]}");
    const Result<AccessToken> first = acquire();
    QVERIFY(!first);
    QCOMPARE(first.error().code, u"AADSTS7000215"_s);
    QVERIFY(acquire());
}

void TokenClientTest::forgetsOnDemand()
{
    QVERIFY(acquire());
    m_client->forget(m_principal);
    QVERIFY(acquire());
    QCOMPARE(m_transport->requests().size(), 2);
}

void TokenClientTest::writeToken(const QByteArray &claims)
{
    m_principal.credential = Identity::ServicePrincipal::Credential::FederatedToken;
    m_principal.credentialFile = m_folder.filePath(u"token"_s);
    QFile file(m_principal.credentialFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("e30." + claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".signature");
}

void TokenClientTest::forgetsWhatAServiceRefused()
{
    const auto first = acquire();
    const auto other = acquire(u"other/.default"_s);
    QVERIFY(first && other);
    QVERIFY(m_client->keeps(*first) && m_client->keeps(*other));
    m_client->forget(first->value);
    QVERIFY(!m_client->keeps(*first));
    QVERIFY(m_client->keeps(*other));
    const auto second = acquire();
    QVERIFY(second && second->value != first->value);
    // The refusal of the old one, which comes late, does not touch the new one.
    m_client->forget(first->value);
    QVERIFY(m_client->keeps(*second));
    QCOMPARE(m_transport->requests().size(), 3);
    m_clock.advance(std::chrono::minutes(56));
    QVERIFY(!m_client->keeps(*second));
}

void TokenClientTest::readsAFederatedTokenForEachRequest()
{
    for (const QByteArray &subject : {QByteArray("one"), QByteArray("two")}) {
        writeToken("{\"sub\":\"" + subject + "\"}");
        QVERIFY(acquire(u"s/.default"_s, {}));
        const QUrlQuery fields(QString::fromUtf8(m_transport->requests().constLast().secretBody.reveal()));
        const auto sent = Identity::TokenClaims::decode(Secret(fields.queryItemValue(u"client_assertion"_s).toLatin1()));
        QVERIFY(sent);
        QCOMPARE(sent->all[u"sub"].toString(), QString::fromLatin1(subject));
        m_clock.advance(std::chrono::hours(1));
    }
    QVERIFY(QFile::remove(m_principal.credentialFile));
    const auto gone = acquire(u"s/.default"_s, {});
    QCOMPARE(gone.error().kind, Core::Error::Kind::NotFound);
    QCOMPARE(m_transport->requests().size(), 2);
}

void TokenClientTest::tellsWhatARefusedFederatedTokenSays_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    const auto refused = [](int number) {
        return R"({"error":"invalid_client","error_description":"AADSTS)" + QByteArray::number(number) + R"(: No match.","error_codes":[)"
            + QByteArray::number(number) + "]}";
    };
    for (const int number : {70021, 700211, 700212, 700213, 700024})
        QTest::addRow("AADSTS%d", number) << refused(number) << u"AADSTS%1"_s.arg(number);
    QTest::newRow("a number never seen") << refused(987654) << u"AADSTS987654"_s;
}

void TokenClientTest::tellsWhatARefusedFederatedTokenSays()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, code);
    writeToken(R"({"iss":"https://issuer.example","sub":"repo:octo/app","aud":"api://AzureADTokenExchange","exp":1767323045})");
    m_transport->setHandler({});
    m_transport->reply(401, answer);
    const auto refused = acquire(u"s/.default"_s, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Core::Error::Kind::Unauthenticated);
    QCOMPARE(refused.error().code, code);
    for (const QString &part : {u"https://issuer.example"_s, u"repo:octo/app"_s, u"api://AzureADTokenExchange"_s, u"2026-01-02T03:04:05Z"_s})
        QVERIFY2(refused.error().message.contains(part), qPrintable(refused.error().message));
    QVERIFY(!refused.error().message.contains(u"signature"));
}

QTEST_GUILESS_MAIN(TokenClientTest)
#include "tst_tokenclient.moc"
