#include "identity/tokenprotocol.h"

#include "identity/certificate.h"
#include "support/recordings.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Secret;
using Identity::Cloud;
using Identity::ServicePrincipal;

class TokenProtocolTest : public QObject
{
    Q_OBJECT
private slots:
    void asksAsRfc6749Says();
    void encodesAnySecret();
    void refusesATenantThatWouldBendThePath_data();
    void refusesATenantThatWouldBendThePath();
    void understandsEveryRecordedAnswer_data();
    void understandsEveryRecordedAnswer();
    void readsTokensInOtherForms_data();
    void readsTokensInOtherForms();
    void readsRefusalsInOtherForms_data();
    void readsRefusalsInOtherForms();
    void refusesWhatIsNoToken_data();
    void refusesWhatIsNoToken();
    void signsAnAssertionWithACertificate();
    void passesAFederatedTokenOn();
    void namesTheClocksWhereAnAssertionIsOutOfTime_data();
    void namesTheClocksWhereAnAssertionIsOutOfTime();
};

namespace {

const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);

ServicePrincipal principal(const QString &tenant = u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s)
{
    ServicePrincipal one;
    one.tenant = tenant;
    one.clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    return one;
}

} // namespace

void TokenProtocolTest::asksAsRfc6749Says()
{
    const auto request = Identity::tokenRequest(Cloud::azurePublic(), principal(), Secret("s~1"), u"https://storage.azure.com/.default"_s);
    QVERIFY(request);
    QCOMPARE(request->verb, QByteArray("POST"));
    QCOMPARE(request->url, QUrl(u"https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/token"_s));
    QCOMPARE(Http::header(request->headers, "Content-Type"), QByteArray("application/x-www-form-urlencoded"));
    QCOMPARE(request->secretBody.reveal().toByteArray(),
             QByteArray("client_id=00001111-aaaa-2222-bbbb-3333cccc4444&scope=https%3A%2F%2Fstorage.azure.com%2F.default"
                        "&grant_type=client_credentials&client_secret=s~1"));
    QVERIFY(request->body.isEmpty());
    QVERIFY(!Identity::tokenRequest(Cloud::azurePublic(), principal(), Secret(), u"x"_s));
}

void TokenProtocolTest::encodesAnySecret()
{
    const QByteArray secret("a+b&c=d%e \xC3\xA9\xFF\r\n", 15);
    const auto request = Identity::tokenRequest(Cloud::azurePublic(), principal(), Secret(secret), u"x"_s);
    const QByteArray body = request->secretBody.reveal().toByteArray();
    const QByteArray encoded = body.mid(body.indexOf("client_secret=") + 14);
    QVERIFY(!encoded.contains('&') && !encoded.contains('+') && !encoded.contains(' '));
    QCOMPARE(QByteArray::fromPercentEncoding(encoded), secret);
}

void TokenProtocolTest::refusesATenantThatWouldBendThePath_data()
{
    QTest::addColumn<QString>("tenant");
    for (const QString &tenant : {u"../evil"_s, u"a/b"_s, u""_s, u"a?b"_s, u"x#y"_s, u"common"_s})
        QTest::newRow(qPrintable(u"“"_s + tenant + u"”"_s)) << tenant;
}

void TokenProtocolTest::refusesATenantThatWouldBendThePath()
{
    QFETCH(QString, tenant);
    QVERIFY(!Identity::tokenRequest(Cloud::azurePublic(), principal(tenant), Secret("s"), u"x"_s));
}

void TokenProtocolTest::understandsEveryRecordedAnswer_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : Test::recordingNames(u"entra-token"_s))
        QTest::newRow(qPrintable(file)) << file;
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

void TokenProtocolTest::understandsEveryRecordedAnswer()
{
    QFETCH(QString, file);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const Http::Response response = Test::recording(u"entra-token"_s, file).constLast().response;
    const auto token = Identity::parseTokenResponse(response, u"scope"_s, now);
    if (file.startsWith(u"ok-")) {
        QVERIFY2(token, qPrintable(token ? QString() : token.error().message));
        QVERIFY(!token->value.isEmpty());
        QVERIFY(token->expiresAt > now);
        return;
    }
    QVERIFY(!token);
    const Error &error = token.error();
    QCOMPARE(error.kind, Error::Kind::Unauthenticated);
    const QString number = file.section(u'-', 1, 1);
    QCOMPARE(error.code, u"AADSTS"_s + number);
    QVERIFY(!error.message.contains(u"Trace ID"));
    QVERIFY(!error.message.contains(u'\n'));
    if (response.body.contains("trace_id"))
        QCOMPARE(error.requestId.size(), 36);
}

void TokenProtocolTest::readsTokensInOtherForms_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing more than is needed") << QByteArray("{\"access_token\":\"a\",\"expires_in\":60}");
    QTest::newRow("numbers as text") << QByteArray("{\"access_token\":\"a\",\"expires_in\":\"60\"}");
    QTest::newRow("the moment alone") << "{\"access_token\":\"a\",\"expires_on\":\"" + QByteArray::number(now.addSecs(60).toSecsSinceEpoch()) + "\"}";
    QTest::newRow("another order, other letters, more") << QByteArray(
        "{\"x\":{\"\xC3\xBC\":[null]},\"token_type\":\"bearer\",\"expires_in\":60,\"ext_expires_in\":null,\"access_token\":\"a\"}");
}

void TokenProtocolTest::readsTokensInOtherForms()
{
    QFETCH(QByteArray, body);
    Http::Response response;
    response.status = 200;
    response.body = body;
    const auto token = Identity::parseTokenResponse(response, u"scope"_s, now);
    QVERIFY2(token, token ? "" : qPrintable(token.error().message));
    QCOMPARE(token->expiresAt, now.addSecs(60));
}

void TokenProtocolTest::readsRefusalsInOtherForms_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("id");
    const QString id = u"f3a1b2c4-0000-4000-8000-00000000abcd"_s;
    QTest::newRow("a number nobody knows") << QByteArray(R"({"error":"invalid_client","error_description":"AADSTS9999999: New.","error_codes":[9999999]})")
                                           << u"AADSTS9999999"_s << u"New."_s << u"HEADER"_s;
    QTest::newRow("without its number apart") << QByteArray(R"({"error":"invalid_grant","error_description":"AADSTS53003: Blocked.","suberror":"message_only"})")
                                              << u"AADSTS53003"_s << u"Blocked."_s << u"HEADER"_s;
    QTest::newRow("its number as text") << QByteArray(R"({"error":"invalid_grant","error_description":"No.","error_codes":["7000222"]})")
                                        << u"AADSTS7000222"_s << u"No."_s << u"HEADER"_s;
    QTest::newRow("traced by blanks") << R"({"error":"e","error_description":"AADSTS1: No. Trace ID: x Correlation ID: y Timestamp: z","trace_id":")" + id.toLatin1() + "\"}"
                                      << u"AADSTS1"_s << u"No."_s << id;
    QTest::newRow("traced by line feeds, the other way round")
        << QByteArray(R"({"error":"e","error_description":"AADSTS1: No.\r\nCorrelation ID: y\r\nTrace ID: x"})") << u"AADSTS1"_s << u"No."_s << u"HEADER"_s;
    QTest::newRow("in another language") << QByteArray("{\"error\":\"e\",\"error_description\":\"AADSTS1: Zugriff verweigert für „ä🔑“.\"}") << u"AADSTS1"_s
                                         << u"für „ä🔑“."_s << u"HEADER"_s;
    QTest::newRow("in a word") << QByteArray(R"({"error":"server_too_cold"})") << u"server_too_cold"_s << u"server_too_cold"_s << u"HEADER"_s;
}

void TokenProtocolTest::readsRefusalsInOtherForms()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    Http::Response response;
    response.status = 400;
    response.headers = {{"X-MS-Request-ID", "HEADER"}};
    response.body = body;
    const auto token = Identity::parseTokenResponse(response, u"scope"_s, now);
    QVERIFY(!token);
    QCOMPARE(token.error().kind, Error::Kind::Unauthenticated);
    QTEST(token.error().code, "code");
    QTEST(token.error().requestId, "id");
    QVERIFY2(token.error().message.contains(says), qPrintable(token.error().message));
    QVERIFY(!token.error().message.contains(u"Trace ID") && !token.error().message.contains(u"Correlation ID"));
}

void TokenProtocolTest::refusesWhatIsNoToken_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    const int bad = static_cast<int>(Error::Kind::BadResponse);
    const int busy = static_cast<int>(Error::Kind::Throttled);
    QTest::newRow("a web page") << 200 << QByteArray("<!DOCTYPE html><html>") << bad;
    QTest::newRow("half JSON") << 200 << QByteArray("{\"access_token\":\"a") << bad;
    QTest::newRow("nothing") << 200 << QByteArray() << bad;
    QTest::newRow("no token") << 200 << QByteArray("{\"expires_in\":3599}") << bad;
    QTest::newRow("no lifetime") << 200 << QByteArray("{\"access_token\":\"a\"}") << bad;
    QTest::newRow("negative lifetime") << 200 << QByteArray("{\"access_token\":\"a\",\"expires_in\":-1}") << bad;
    QTest::newRow("another kind of token") << 200 << QByteArray("{\"access_token\":\"a\",\"expires_in\":1,\"token_type\":\"pop\"}") << bad;
    QTest::newRow("a token with a line feed") << 200 << QByteArray("{\"access_token\":\"a\\nEvil: 1\",\"expires_in\":1}") << bad;
    QTest::newRow("an array") << 200 << QByteArray("[]") << bad;
    QTest::newRow("throttled page") << 429 << QByteArray("<html>") << busy;
    QTest::newRow("gateway") << 502 << QByteArray() << busy;
    QTest::newRow("temporarily_unavailable") << 503 << QByteArray("{\"error\":\"temporarily_unavailable\"}") << busy;
}

void TokenProtocolTest::refusesWhatIsNoToken()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    Http::Response response;
    response.status = status;
    response.body = body;
    response.url = QUrl(u"https://login.microsoftonline.com/x"_s);
    const auto token = Identity::parseTokenResponse(response, u"scope"_s, now);
    QVERIFY(!token);
    QCOMPARE(static_cast<int>(token.error().kind), kind);
    QVERIFY(!token.error().message.isEmpty());
}

void TokenProtocolTest::signsAnAssertionWithACertificate()
{
    const auto made = Identity::makeCertificate(u"orders"_s, 30, now);
    QVERIFY(made);
    ServicePrincipal one = principal();
    one.credential = ServicePrincipal::Credential::Certificate;
    const auto request = Identity::tokenRequest(Cloud::azurePublic(), one, made->pem, u"x/.default"_s, now);
    QVERIFY(request);
    const QUrlQuery fields(QString::fromUtf8(request->secretBody.reveal()));
    QCOMPARE(fields.queryItemValue(u"client_assertion_type"_s, QUrl::FullyDecoded), u"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"_s);
    QVERIFY(!fields.hasQueryItem(u"client_secret"_s));
    QVERIFY(!request->secretBody.reveal().contains("PRIVATE"));
    const auto claims = Identity::TokenClaims::decode(Secret(fields.queryItemValue(u"client_assertion"_s).toLatin1()));
    QVERIFY(claims);
    QCOMPARE(claims->audience, request->url.toString());
    QCOMPARE(claims->issuer, one.clientId);
    QCOMPARE(claims->notBefore, now);
    QVERIFY(!Identity::tokenRequest(Cloud::azurePublic(), one, Secret("a client secret"), u"x"_s, now));
}

void TokenProtocolTest::passesAFederatedTokenOn()
{
    ServicePrincipal one = principal();
    one.credential = ServicePrincipal::Credential::FederatedToken;
    const auto request = Identity::tokenRequest(Cloud::azurePublic(), one, Secret("e30.e30.x"), u"x/.default"_s, now);
    QVERIFY(request);
    const QUrlQuery fields(QString::fromUtf8(request->secretBody.reveal()));
    QCOMPARE(fields.queryItemValue(u"client_assertion"_s), u"e30.e30.x"_s);
}

void TokenProtocolTest::namesTheClocksWhereAnAssertionIsOutOfTime_data()
{
    QTest::addColumn<int>("ahead"); // this machine's clock before Entra ID's, in seconds
    QTest::addColumn<bool>("byHeader");
    QTest::addColumn<QString>("says");
    QTest::newRow("ten minutes ahead") << 600 << true << u"is 10 minutes ahead of Entra ID's"_s;
    QTest::newRow("ten minutes behind") << -600 << true << u"is 10 minutes behind Entra ID's"_s;
    QTest::newRow("by the answer's own time") << -600 << false << u"is 10 minutes behind Entra ID's"_s;
    QTest::newRow("a minute and a half") << 90 << true << u"is 90 seconds ahead of"_s;
    QTest::newRow("no skew") << 3 << true << u"agrees with"_s;
}

void TokenProtocolTest::namesTheClocksWhereAnAssertionIsOutOfTime()
{
    QFETCH(int, ahead);
    QFETCH(bool, byHeader);
    QFETCH(QString, says);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    Http::Response response = Test::recording(u"entra-token"_s, u"err-700024-assertion-time-range.json"_s).constFirst().response;
    QDateTime theirs(QDate(2023, 5, 30), QTime(5, 19, 20), Qt::UTC); // as recorded
    if (byHeader) {
        theirs = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
        response.headers.append(std::pair<QByteArray, QByteArray>("Date", "Fri, 02 Jan 2026 03:04:05 GMT"));
    }
    const auto token = Identity::parseTokenResponse(response, u"scope"_s, theirs.addSecs(ahead));
    QVERIFY(!token);
    QCOMPARE(token.error().kind, Error::Kind::Unauthenticated);
    QCOMPARE(token.error().code, u"AADSTS700024"_s);
    QVERIFY2(token.error().message.contains(says), qPrintable(token.error().message));
    QCOMPARE(token.error().nextStep.contains(u"clock"), std::abs(ahead) > 60);
}

QTEST_GUILESS_MAIN(TokenProtocolTest)
#include "tst_tokenprotocol.moc"
