#include "azure/armclient.h"
#include "support/faketransport.h"
#include "support/recordings.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Azure::ArmClient;
using Core::Error;
using Core::Result;

class ArmClientTest : public QObject
{
    Q_OBJECT
private slots:
    void asksAndReads();
    void asksForWhatReachesAPrincipal();
    void followsPagesOnItsOwnHostOnly_data();
    void followsPagesOnItsOwnHostOnly();
    void endsAListWithoutAnEnd();
    void readsOtherFormsOfErrors_data();
    void readsOtherFormsOfErrors();
    void namesAClaimsChallenge();
    void explainsEveryRecordedError_data();
    void explainsEveryRecordedError();
    void readsEveryRecordedAnswer_data();
    void readsEveryRecordedAnswer();

private:
    Test::FakeTransport m_transport;
    Identity::AccessToken m_token{Core::Secret("t"), {}, {}};
};

void ArmClientTest::asksAndReads()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto recorded = Test::recording(u"arm"_s, u"subscriptions-list.json"_s).constFirst();
    m_transport.reply(recorded.response);
    ArmClient client(m_transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<QList<ArmClient::Subscription>>> got;
    client.subscriptions(m_token, &context, [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(*got);
    QCOMPARE((*got)->constFirst().name, u"AzureSDKTest"_s);
    QCOMPARE(m_transport.requests().constLast().url.toString(), recorded.url.toString());
    QCOMPARE(m_transport.requests().constLast().bearer.reveal().toByteArray(), QByteArray("t"));
}

void ArmClientTest::asksForWhatReachesAPrincipal()
{
    m_transport.reply(200, "{\"value\":[]}");
    ArmClient client(m_transport, Identity::Cloud::azurePublic());
    QObject context;
    bool done = false;
    client.roleAssignments(m_token, *Azure::Scope::parse(u"/subscriptions/S"_s), u"OID"_s, &context, [&](const auto &result) { done = result.has_value(); });
    QTRY_VERIFY(done);
    QCOMPARE(m_transport.requests().constLast().url.toString(QUrl::FullyEncoded),
             u"https://management.azure.com/subscriptions/S/providers/Microsoft.Authorization/roleAssignments?$filter=assignedTo('OID')&api-version=2022-04-01"_s);
}

void ArmClientTest::followsPagesOnItsOwnHostOnly_data()
{
    QTest::addColumn<QByteArray>("next");
    QTest::addColumn<bool>("follows");
    QTest::newRow("its own host") << QByteArray("https://management.azure.com/next?page=2") << true;
    QTest::newRow("with the usual port, as Resource Manager writes it") << QByteArray("https://management.azure.com:443/next?page=2") << true;
    QTest::newRow("in capital letters") << QByteArray("HTTPS://Management.Azure.com/next?page=2") << true;
    QTest::newRow("without a host") << QByteArray("/next?page=2") << true;
    QTest::newRow("a name before the host") << QByteArray("https://management.azure.com@evil.example/next") << false;
    QTest::newRow("a user before its own host") << QByteArray("https://user@management.azure.com/next") << false;
    QTest::newRow("no scheme, another host") << QByteArray("//evil.example/next") << false;
    QTest::newRow("a host that only begins alike") << QByteArray("https://management.azure.com.evil.example/next") << false;
    QTest::newRow("another host") << QByteArray("https://evil.example/next") << false;
    QTest::newRow("another port") << QByteArray("https://management.azure.com:444/next") << false;
    QTest::newRow("no TLS") << QByteArray("http://management.azure.com/next") << false;
    QTest::newRow("the same page again") << QByteArray("https://management.azure.com/subscriptions?api-version=2020-01-01") << false;
}

void ArmClientTest::followsPagesOnItsOwnHostOnly()
{
    QFETCH(QByteArray, next);
    QFETCH(bool, follows);
    Test::FakeTransport transport;
    transport.reply(200, "{\"value\":[{\"subscriptionId\":\"1\"}],\"nextLink\":\"" + next + "\"}");
    transport.reply(200, "{\"value\":[{\"subscriptionId\":\"2\"}]}");
    ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<QList<ArmClient::Subscription>>> got;
    client.subscriptions(m_token, &context, [&](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QCOMPARE(got->has_value(), follows);
    QCOMPARE(transport.requests().size(), follows ? 2 : 1);
    if (follows)
        QCOMPARE((*got)->size(), 2);
    else
        QCOMPARE(got->error().kind, Error::Kind::BadResponse);
}

void ArmClientTest::endsAListWithoutAnEnd()
{
    Test::FakeTransport transport;
    int pages = 0;
    transport.setHandler([&pages](const Http::Request &) {
        Http::Response response;
        response.status = 200;
        response.url = QUrl(u"https://management.azure.com/"_s);
        response.body = "{\"value\":[],\"nextLink\":\"https://management.azure.com/next?page=" + QByteArray::number(++pages) + "\"}";
        return Test::FakeTransport::Answer(response);
    });
    ArmClient client(transport, Identity::Cloud::azurePublic());
    QObject context;
    std::optional<Result<QList<ArmClient::Subscription>>> got;
    client.subscriptions(m_token, &context, [&](const auto &result) { got = result; });
    QTRY_VERIFY_WITH_TIMEOUT(got, 20'000);
    QVERIFY(!got->has_value());
    QCOMPARE(got->error().kind, Error::Kind::BadResponse);
    QVERIFY(pages <= 10'000);
}

void ArmClientTest::readsOtherFormsOfErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("a general code with details") << 400 << QByteArray(R"({"error":{"code":"BadRequest","message":"Outer.","details":[{"code":"InvalidResourceName","message":"Inner."}]}})") << u"InvalidResourceName"_s << u"Inner."_s;
    QTest::newRow("throttled by the details") << 429 << QByteArray(R"({"error":{"code":"OperationNotAllowed","message":"Outer.","details":[{"code":"TooManyRequests","message":"{}"}]}})") << u"TooManyRequests"_s << u"Outer."_s;
    QTest::newRow("a telling code with details") << 403 << QByteArray(R"({"error":{"code":"AuthorizationFailed","message":"The client","details":[{"code":"Other"}],"additionalInfo":[{"type":"PolicyViolation","info":{}}]}})") << u"AuthorizationFailed"_s << u"The client"_s;
    QTest::newRow("details of another kind") << 400 << QByteArray(R"({"error":{"code":"BadRequest","message":"m","details":"text"}})") << u"BadRequest"_s << u"m"_s;
    QTest::newRow("capital letters") << 404 << QByteArray(R"({"Code":"NotFound","Message":"Cannot find it"})") << u"NotFound"_s << u"Cannot find it"_s;
    QTest::newRow("a message alone") << 404 << QByteArray(R"({"Message":"No HTTP resource was found"})") << QString() << u"No HTTP resource"_s;
    QTest::newRow("a number as code") << 400 << QByteArray(R"({"error":{"code":400,"message":"m"}})") << u"400"_s << u"m"_s;
    QTest::newRow("OData's old form") << 404 << QByteArray(R"({"odata.error":{"code":"Request_ResourceNotFound","message":{"lang":"en","value":"Resource 'x' does not exist"}}})") << u"Request_ResourceNotFound"_s << u"does not exist"_s;
    QTest::newRow("a byte order mark") << 403 << QByteArray("\xEF\xBB\xBF{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"m\"}}") << u"AuthorizationFailed"_s << u"m"_s;
    QTest::newRow("a web page") << 502 << QByteArray("<html><h1>502</h1></html>") << QString() << u"web page"_s;
    QTest::newRow("nothing") << 503 << QByteArray() << QString() << u"HTTP 503"_s;
    QTest::newRow("half of it") << 403 << QByteArray(R"({"error":{"code":"Auth)") << QString() << u"HTTP 403"_s;
    QTest::newRow("text that steers a terminal") << 400 << QByteArray("{\"error\":{\"code\":\"X\",\"message\":\"a\\u001b[31m\\u202eb\"}}") << u"X"_s << u"a [31m b"_s;
}

void ArmClientTest::readsOtherFormsOfErrors()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, says);
    Http::Response response;
    response.status = status;
    response.body = body;
    response.url = QUrl(u"https://management.azure.com/x"_s);
    const Error error = Azure::armError(response);
    QCOMPARE(error.code, code);
    QVERIFY2(error.message.contains(says), qPrintable(error.message));
    QCOMPARE(error.status, status);
}

void ArmClientTest::namesAClaimsChallenge()
{
    Http::Response response;
    response.status = 401;
    response.body = R"({"error":{"code":"LocationConditionEvaluationSatisfied","message":"m"}})";
    response.headers = {{"WWW-Authenticate", R"(Bearer realm="", error="insufficient_claims", claims="e30=")"}};
    const Error error = Azure::armError(response);
    QCOMPARE(error.kind, Error::Kind::Unauthenticated);
    QVERIFY(error.message.contains(u"further claims"));
    QVERIFY(!error.nextStep.isEmpty());
    response.headers = {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}};
    QVERIFY(!Azure::asksForClaims(response));
}

void ArmClientTest::explainsEveryRecordedError_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("file");
    for (const QString &group : {u"arm"_s, u"graph"_s}) {
        for (const QString &file : Test::recordingNames(group, u"err-"_s))
            QTest::newRow(qPrintable(group + u' ' + file)) << group << file;
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString() << QString();
}

void ArmClientTest::explainsEveryRecordedError()
{
    QFETCH(QString, group);
    QFETCH(QString, file);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const Http::Response response = Test::recording(group, file).constLast().response;
    const Error error = Azure::armError(response);
    QCOMPARE(error.status, file.section(u'-', 1, 1).toInt());
    QVERIFY(!error.code.isEmpty());
    QVERIFY(!error.message.isEmpty());
}

void ArmClientTest::readsEveryRecordedAnswer_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : Test::recordingNames(u"arm"_s))
        QTest::newRow(qPrintable(file)) << file;
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

namespace {

using Read = Result<void> (*)(const QJsonObject &);

template<auto parse>
Result<void> readBy(const QJsonObject &object)
{
    const auto parsed = parse(object);
    return parsed ? Result<void>() : parsed.error();
}

// Who reads the answers of a URL that ends so; nobody where the program never asks there.
Read readerOf(const QString &path)
{
    const QString kind = path.section(u"/providers/"_s, -1);
    if (kind.startsWith(u"Microsoft.Authorization/roleAssignments"_s, Qt::CaseInsensitive))
        return readBy<Azure::roleAssignmentFromJson>;
    if (kind.startsWith(u"Microsoft.Authorization/roleDefinitions"_s, Qt::CaseInsensitive))
        return readBy<Azure::roleDefinitionFromJson>;
    if (kind.startsWith(u"Microsoft.Authorization/denyAssignments"_s, Qt::CaseInsensitive))
        return readBy<Azure::denyAssignmentFromJson>;
    const QString below = kind.section(u"storageAccounts/"_s, 1);
    if (kind.startsWith(u"Microsoft.Storage/storageAccounts"_s, Qt::CaseInsensitive) && !below.contains(u'/'))
        return readBy<Azure::storageAccountFromJson>;
    return nullptr;
}

} // namespace

// Each object of each recorded list, and each single one, of the kinds that the program reads.
void ArmClientTest::readsEveryRecordedAnswer()
{
    QFETCH(QString, file);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    static const QStringList notAsked{u"flow-resourcegroup"_s, u"permissions-"_s,  u"resourcegroups-"_s, u"storage-"_s,
                                      u"subscriptions-list"_s, u"tenants-list"_s, u"err-"_s};
    bool skipped = false;
    for (const QString &prefix : notAsked)
        skipped = skipped || file.startsWith(prefix);
    int read = 0;
    for (const Test::Exchange &exchange : Test::recording(u"arm"_s, file)) {
        const Read reader = readerOf(exchange.url.path());
        const QJsonObject body = QJsonDocument::fromJson(exchange.response.body).object();
        if (!reader || body.isEmpty() || !exchange.response.isSuccess())
            continue;
        const QJsonArray objects = body.contains(u"value"_s) ? body[u"value"].toArray() : QJsonArray{body};
        for (const QJsonValue &object : objects) {
            const Result<void> outcome = reader(object.toObject());
            QVERIFY2(outcome, outcome ? "" : qPrintable(exchange.url.path() + u": "_s + outcome.error().message));
            ++read;
        }
    }
    QVERIFY2(skipped || read > 0, qPrintable(file + u" has nothing that the program reads"_s));
}

QTEST_GUILESS_MAIN(ArmClientTest)
#include "tst_armclient.moc"
