#include "access/remedies.h"
#include "support/recordings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::Remedy;

class RemediesTest : public QObject
{
    Q_OBJECT
private slots:
    void knowsEveryCodeOfTheTables_data();
    void knowsEveryCodeOfTheTables();
    void findsACodeHoweverItIsWritten();
    void explainsEveryRecordedRefusal_data();
    void explainsEveryRecordedRefusal();
    void explainsWhatItDoesNotKnow_data();
    void explainsWhatItDoesNotKnow();
    void readsTheFormBeforeTheCode();
    void explainsOtherAnswers_data();
    void explainsOtherAnswers();
    void sharpensAnErrorByItsMessage();
};

void RemediesTest::knowsEveryCodeOfTheTables_data()
{
    QTest::addColumn<QString>("code");
    for (const QString &file : {u"aadsts-errors.json"_s, u"storage-errors.json"_s}) {
        QFile source(Test::sharedFolder() + u"/facts/"_s + file);
        if (!source.open(QIODevice::ReadOnly))
            continue;
        const QJsonObject table = QJsonDocument::fromJson(source.readAll()).object();
        for (const QJsonValue &one : table[u"errors"].toArray()) {
            const QString code = one.toObject()[u"code"].toString();
            QTest::addRow("%s", qPrintable(code)) << code;
        }
        for (const QJsonValue &one : table[u"oauthErrors"].toArray())
            QTest::addRow("%s", qPrintable(one.toObject()[u"error"].toString())) << one.toObject()[u"error"].toString();
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

void RemediesTest::knowsEveryCodeOfTheTables()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, code);
    const auto remedy = Access::remedyFor(code);
    QVERIFY(remedy);
    QVERIFY(!remedy->meaning.isEmpty());
    QVERIFY(!remedy->cause.isEmpty());
    QVERIFY(!remedy->nextStep.isEmpty());
    QVERIFY(!remedy->service.isEmpty());
}

void RemediesTest::findsACodeHoweverItIsWritten()
{
    for (const QString &text : {u"AADSTS7000215"_s, u"aadsts7000215"_s, u"7000215"_s, u" AADSTS7000215 "_s})
        QCOMPARE(Access::remedyFor(text)->code, u"AADSTS7000215"_s);
    QVERIFY(!Access::remedyFor(u"Invented"_s));
    QVERIFY(!Access::remedyFor(QString()));
}

void RemediesTest::explainsEveryRecordedRefusal_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("file");
    for (const QString &group : {u"blob"_s, u"arm"_s, u"graph"_s, u"entra-token"_s, u"entra-metadata"_s}) {
        for (const QString &file : Test::recordingNames(group, u"err-"_s))
            QTest::addRow("%s %s", qPrintable(group), qPrintable(file)) << group << file;
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString() << QString();
}

void RemediesTest::explainsEveryRecordedRefusal()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, group);
    QFETCH(QString, file);
    const Http::Response response = Test::recording(group, file).constLast().response;
    if (response.isSuccess())
        return; // a flow that ends well
    const Remedy remedy = Access::explainResponse(response.status, response.headers, response.body);
    QVERIFY(!remedy.meaning.isEmpty());
    QVERIFY(!remedy.cause.isEmpty());
    QVERIFY(!remedy.nextStep.isEmpty());
    const QByteArray code = response.header("x-ms-error-code");
    if (!code.isEmpty())
        QCOMPARE(remedy.code, QString::fromLatin1(code));
    if (group == u"entra-token")
        QVERIFY(remedy.code.startsWith(u"AADSTS"));
    if (group == u"arm" || group == u"graph")
        QVERIFY2(remedy.service == group || remedy.service == u"arm", qPrintable(remedy.service));
    if (response.status == 429 || response.status == 503)
        QVERIFY(remedy.transient);
}

void RemediesTest::explainsWhatItDoesNotKnow_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("a web page") << 200 << QByteArray("<!DOCTYPE html><html></html>");
    QTest::newRow("nothing") << 403 << QByteArray();
    QTest::newRow("half JSON") << 400 << QByteArray("{\"error\":");
    QTest::newRow("an unknown code") << 409 << QByteArray("<?xml version=\"1.0\"?><Error><Code>Invented</Code></Error>");
    QTest::newRow("an unknown AADSTS number") << 400 << QByteArray("{\"error\":\"invalid_request\",\"error_description\":\"AADSTS1: x\",\"error_codes\":[1]}");
    QTest::newRow("a number where a word should be") << 500 << QByteArray("{\"error\":5}");
    QTest::newRow("an array") << 404 << QByteArray("[1]");
}

void RemediesTest::explainsWhatItDoesNotKnow()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const Remedy remedy = Access::explainResponse(status, {}, body);
    QVERIFY(!remedy.code.isEmpty());
    QVERIFY(!remedy.cause.isEmpty());
    QVERIFY(!remedy.nextStep.isEmpty());
}

void RemediesTest::readsTheFormBeforeTheCode()
{
    const QByteArray body = "\xEF\xBB\xBF<?xml version=\"1.0\"?><Error><Code>AuthorizationFailure</Code></Error>";
    const Remedy firewall = Access::explainResponse(403, {{"Server", "Microsoft-HTTPAPI/2.0"}}, body);
    QVERIFY(firewall.meaning.contains(u"network"));
    const Remedy role = Access::explainResponse(403, {{"Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"}, {"x-ms-version", "1"}}, body);
    QVERIFY(role.cause != firewall.cause);
}

void RemediesTest::explainsOtherAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Http::Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("cause"); // a word of cause or next step
    QTest::addColumn<bool>("transient");
    const Http::Headers front{{"Server", "Microsoft-HTTPAPI/2.0"}, {"x-ms-request-id", "r"}};
    const Http::Headers blob{{"Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"}, {"x-ms-request-id", "r"}, {"x-ms-version", "2023-11-03"}};
    const auto xml = [](const QByteArray &code, const QByteArray &detail = {}) {
        return "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code + "</Code><Message>m\nRequestId:1\nTime:2</Message>"
            + (detail.isEmpty() ? QByteArray() : "<AuthenticationErrorDetail>" + detail + "</AuthenticationErrorDetail>") + "</Error>";
    };
    const auto entra = [](const QByteArray &error, const QByteArray &text, const QByteArray &codes) {
        return QByteArray("{\"error\":\"" + error + "\",\"error_description\":\"" + text + "\",\"error_codes\":" + codes + "}");
    };
    const QString none = u"none"_s, storage = u"storage"_s, arm = u"arm"_s, graph = u"graph"_s, aad = u"entra"_s;
    const auto row = [](const char *name, int status, const Http::Headers &headers, const QByteArray &body, const QString &service,
                        const QString &code, const QString &cause, bool transient = false) {
        QTest::newRow(name) << status << headers << body << service << code << cause << transient;
    };
    row("codes as text", 401, {}, entra("invalid_client", "x", "[\"7000215\"]"), aad, u"AADSTS7000215"_s, u"ID"_s);
    row("an unknown number", 400, {}, entra("invalid_request", "AADSTS999999: x", "[999999]"), u"oauth"_s, u"AADSTS999999"_s, u"error?code=999999"_s);
    row("Entra's error inside another form", 400, {}, R"({"error":{"code":"invalid_client","message":"AADSTS7000222: expired"}})", aad, u"AADSTS7000222"_s, u"secret"_s);
    row("Entra's error on a page", 500, {}, "<html>AADSTS90033: transient</html>", aad, u"AADSTS90033"_s, {}, true);
    row("a proxy's page", 407, {}, "<html>sign in</html>", none, u"NotAnAzureAnswer"_s, u"credentials"_s);
    row("a gateway's page", 502, {{"Server", "nginx"}}, "<html>502</html>", none, u"NotAnAzureAnswer"_s, u"gateway"_s, true);
    row("a gateway that gave up", 504, {}, "<!DOCTYPE HTML><body>504", none, u"NotAnAzureAnswer"_s, u"gateway"_s, true);
    row("a network's sign-in page", 511, {}, "<html></html>", none, u"NotAnAzureAnswer"_s, u"browser"_s);
    row("a page with success", 200, {{"Server", "Microsoft-HTTPAPI/2.0"}}, "<html></html>", none, u"NotAnAzureAnswer"_s, u"proxy"_s);
    row("a page that forbids", 403, {{"Server", "Zscaler/6.1"}}, "<html>blocked</html>", none, u"NotAnAzureAnswer"_s, u"proxy"_s);
    row("a redirect", 302, {{"Location", "http://portal/"}}, {}, none, u"HTTP 302"_s, u"proxy"_s);
    row("Windows' own refusal", 400, {{"Server", "Microsoft-HTTPAPI/2.0"}}, "<HTML><BODY><h2>Bad Request - Invalid URL</h2></BODY></HTML>", storage, u"InvalidUri"_s, u"URL"_s);
    row("another maker's store", 403, {{"Server", "AmazonS3"}}, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>m</Message></Error>", none, u"AccessDenied"_s, u"Another maker"_s);
    row("a namespace", 403, {}, "<?xml version=\"1.0\"?><m:Error xmlns:m=\"x\"><m:Code>AuthorizationPermissionMismatch</m:Code></m:Error>", storage, u"AuthorizationPermissionMismatch"_s, u"role"_s);
    row("blanks around the code", 403, blob, xml("\n AuthorizationPermissionMismatch \n"), storage, u"AuthorizationPermissionMismatch"_s, u"role"_s);
    row("cut off behind the code", 403, blob, "<?xml version=\"1.0\"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>Th", storage, u"AuthorizationPermissionMismatch"_s, u"role"_s);
    row("cut off inside the code", 403, blob, "<?xml version=\"1.0\"?><Error><Code>AuthorizationPermission", storage, u"HTTP 403"_s, {});
    row("a code that is none", 403, blob, xml("A&#10;B"), storage, u"HTTP 403"_s, {});
    row("not valid yet", 401, front, xml("InvalidAuthenticationInfo", "Lifetime validation failed. The token is not yet valid."), storage, u"InvalidAuthenticationInfo"_s, u"clock"_s, true);
    row("a signature", 401, front, xml("InvalidAuthenticationInfo", "Signature validation failed. Signature verification failed."), storage, u"InvalidAuthenticationInfo"_s, u"authority"_s);
    row("no x-ms-version", 403, front, xml("AuthenticationFailed", "Authentication scheme Bearer is not supported in this version."), storage, u"AuthenticationFailed"_s, u"x-ms-version"_s);
    row("an old SAS", 403, front, xml("AuthenticationFailed", "Signature not valid in the specified time frame: Start [x]"), storage, u"AuthenticationFailed"_s, u"SAS"_s);
    row("another tenant, as it was said before", 403, front, xml("AuthenticationFailed", "Issuer validation failed. Issuer did not match."), storage, u"AuthenticationFailed"_s, u"tenant"_s);
    row("an archived blob", 409, blob, xml("BlobArchived"), storage, u"BlobArchived"_s, u"Rehydrate"_s);
    row("a lost lease", 412, blob, xml("LeaseLost"), storage, u"LeaseLost"_s, u"roles"_s);
    row("dfs", 403, {{"Server", "Windows-Azure-HDFS/1.0 Microsoft-HTTPAPI/2.0"}}, R"({"error":{"code":"AuthorizationPermissionMismatch","message":"m"}})", storage, u"AuthorizationPermissionMismatch"_s, u"role"_s);
    row("a page with the service's code", 400, {{"x-ms-error-code", "InvalidHeaderValue"}, {"x-ms-request-id", "r"}}, "<html></html>", storage, u"InvalidHeaderValue"_s, u"x-ms-version"_s);
    row("a word that storage uses too", 400, {}, R"({"error":{"code":"BadRequest","message":"m","details":[{"code":"InvalidResourceName"}]}})", arm, u"InvalidResourceName"_s, u"message"_s);
    row("a policy", 403, {}, R"({"error":{"code":"RequestDisallowedByPolicy","message":"m","additionalInfo":[{"type":"PolicyViolation","info":{}}]}})", arm, u"RequestDisallowedByPolicy"_s, u"polic"_s);
    row("a lock", 409, {}, R"({"error":{"code":"ScopeLocked","message":"m"}})", arm, u"ScopeLocked"_s, u"lock"_s);
    row("ARM throttles", 429, {{"Retry-After", "7"}}, R"({"error":{"code":"SubscriptionRequestsThrottled","message":"m"}})", arm, u"SubscriptionRequestsThrottled"_s, u"Retry-After"_s, true);
    row("a claims challenge", 401, {{"WWW-Authenticate", R"(Bearer error="insufficient_claims", claims="e30=")"}}, R"({"error":{"code":"Invented","message":"m"}})", arm, u"Invented"_s, u"Conditional Access"_s);
    row("Graph throttles", 429, {}, R"({"error":{"code":"TooManyRequests","message":"m","innerError":{}}})", graph, u"TooManyRequests"_s, u"Retry-After"_s, true);
    row("Graph's old form", 404, {}, R"({"odata.error":{"code":"Request_ResourceNotFound","message":{"value":"m"}}})", graph, u"Request_ResourceNotFound"_s, {});
    row("Graph, another audience", 401, {}, R"({"error":{"code":"InvalidAuthenticationToken","message":"Access token validation failure. Invalid audience.","innerError":{}}})", graph, u"InvalidAuthenticationToken"_s, u"another audience than Microsoft Graph"_s);
    row("Graph, expired", 401, {}, R"({"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired.","innerError":{}}})", graph, u"InvalidAuthenticationToken"_s, u"expired"_s, true);
    row("plain text", 503, {{"Server", "squid"}}, "the proxy is sorry", none, u"HTTP 503"_s, u"overloaded"_s, true);
}

void RemediesTest::explainsOtherAnswers()
{
    QFETCH(int, status);
    QFETCH(Http::Headers, headers);
    QFETCH(QByteArray, body);
    QFETCH(QString, service);
    QFETCH(QString, code);
    QFETCH(QString, cause);
    QFETCH(bool, transient);
    const Remedy remedy = Access::explainResponse(status, headers, body);
    QCOMPARE(remedy.service, service);
    QCOMPARE(remedy.code, code);
    QCOMPARE(remedy.transient, transient);
    const QString said = remedy.cause + u' ' + remedy.nextStep;
    QVERIFY2(said.contains(cause), qPrintable(said));
    QVERIFY(!remedy.meaning.isEmpty() && !remedy.cause.isEmpty() && !remedy.nextStep.isEmpty());
}

void RemediesTest::sharpensAnErrorByItsMessage()
{
    const auto after = [](const QString &code, const QString &message, int status) {
        return Access::withRemedy({.kind = Core::Error::Kind::Unauthenticated, .message = message, .code = code, .status = status});
    };
    QVERIFY(after(u"InvalidAuthenticationInfo"_s, u"m Issuer validation failed."_s, 401).nextStep.contains(u"tenant"));
    QVERIFY(after(u"InvalidAuthenticationInfo"_s, u"m Audience validation failed."_s, 401).nextStep.contains(u"storage.azure.com"));
    QVERIFY(after(u"AADSTS999999"_s, u"m"_s, 400).nextStep.contains(u"error?code=999999"));
    QVERIFY(!after(u"Invented"_s, u"m"_s, 409).nextStep.isEmpty());
    QVERIFY(after(u"Invented"_s, u"m"_s, 200).nextStep.isEmpty());
    QVERIFY(after({}, u"m"_s, 0).nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(RemediesTest)
#include "tst_remedies.moc"
