#include "azure/armclient.h"
#include "support/faketransport.h"
#include "support/recordings.h"

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

QTEST_GUILESS_MAIN(ArmClientTest)
#include "tst_armclient.moc"
