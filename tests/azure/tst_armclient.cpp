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
