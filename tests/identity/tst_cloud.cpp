#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Identity::Cloud;

class CloudTest : public QObject
{
    Q_OBJECT
private slots:
    void knowsTheWellKnownOnes_data();
    void knowsTheWellKnownOnes();
    void readsACloudFile();
    void refusesABadFile_data();
    void refusesABadFile();
    void namesVariablesForTheSdks();
    void trustsNoPastedAuthority_data();
    void trustsNoPastedAuthority();
};

void CloudTest::knowsTheWellKnownOnes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("authority");
    QTest::newRow("public") << u"AzurePublic"_s << u"https://login.microsoftonline.com"_s;
    QTest::newRow("az's name") << u"azurecloud"_s << u"https://login.microsoftonline.com"_s;
    QTest::newRow("government") << u"AzureUSGovernment"_s << u"https://login.microsoftonline.us"_s;
    QTest::newRow("China") << u"AzureChinaCloud"_s << u"https://login.chinacloudapi.cn"_s;
}

void CloudTest::knowsTheWellKnownOnes()
{
    QFETCH(QString, name);
    QFETCH(QString, authority);
    const auto cloud = Cloud::load(name);
    QVERIFY(cloud);
    QCOMPARE(cloud->authorityHost.toString(), authority);
    QCOMPARE(cloud->storageScope(), u"https://storage.azure.com/.default"_s);
    QVERIFY(cloud->isWellKnown());
}

void CloudTest::readsACloudFile()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"cloud.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"name":"Lab","authorityHost":"https://login.lab.example/","resourceManager":"https://arm.lab.example",
                   "graph":"https://graph.lab.example","storageSuffix":"lab.example"})");
    file.close();
    const auto cloud = Cloud::load(file.fileName());
    QVERIFY2(cloud, qPrintable(cloud ? QString() : cloud.error().message));
    QCOMPARE(cloud->authorityHost, QUrl(u"https://login.lab.example"_s));
    QCOMPARE(cloud->armScope(), u"https://arm.lab.example/.default"_s);
    QVERIFY(!cloud->isWellKnown());
    QCOMPARE(Cloud::load(folder.filePath(u"none.json"_s)).error().kind, Core::Error::Kind::NotFound);
}

void CloudTest::refusesABadFile_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("says");
    const auto with = [](const QByteArray &authority, const QByteArray &more = {}) {
        return "{\"name\":\"Lab\",\"authorityHost\":\"" + authority + "\"" + more + "}";
    };
    QTest::newRow("no JSON") << QByteArray("x") << u"JSON"_s;
    QTest::newRow("no name") << QByteArray("{\"authorityHost\":\"https://a\"}") << u"name"_s;
    QTest::newRow("takes a well-known name") << QByteArray("{\"name\":\"AzurePublic\",\"authorityHost\":\"https://evil.example\"}") << u"well-known"_s;
    QTest::newRow("no authority") << QByteArray("{\"name\":\"Lab\"}") << u"authorityHost"_s;
    QTest::newRow("without TLS") << with("http://login.lab.example") << u"TLS"_s;
    QTest::newRow("plain loopback not allowed") << with("http://localhost:1") << u"TLS"_s;
    QTest::newRow("plain elsewhere, allowed") << with("http://login.lab.example", ",\"allowPlainLoopback\":true") << u"TLS"_s;
    QTest::newRow("user info") << with("https://login.microsoftonline.com@evil.example") << u"usable URL"_s;
    QTest::newRow("a query") << with("https://a.example?x=1") << u"usable URL"_s;
    QTest::newRow("a path") << with("https://a.example/tenant") << u"path"_s;
    QTest::newRow("authorities missing") << with("https://a.example", ",\"caCertificates\":\"nowhere.pem\"") << u"cannot be read"_s;
    QTest::newRow("authorities are no PEM") << with("https://a.example", ",\"caCertificates\":\"-----BEGIN CERTIFICATE-----\\nx\"") << u"no certificate"_s;
    QTest::newRow("suffix") << with("https://a.example", ",\"storageSuffix\":\"a/b\"") << u"storageSuffix"_s;
}

void CloudTest::refusesABadFile()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, says);
    const auto cloud = Cloud::parse(json, u"/tmp/cloud.json"_s);
    QVERIFY(!cloud);
    QVERIFY2(cloud.error().message.contains(says), qPrintable(cloud.error().message));
}

void CloudTest::namesVariablesForTheSdks()
{
    Identity::ServicePrincipal principal;
    principal.tenant = u"t"_s;
    principal.clientId = u"c"_s;
    const auto names = [&](const Cloud &cloud) {
        QList<QByteArray> list;
        for (const auto &[name, value] : Identity::environmentVariables(cloud, principal, Core::Secret("s")))
            list.append(name);
        return list;
    };
    const QList<QByteArray> three{"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"};
    QCOMPARE(names(Cloud::azurePublic()), three);
    QCOMPARE(names(*Cloud::load(u"AzureChina"_s)), three + QList<QByteArray>{"AZURE_AUTHORITY_HOST"});
}

void CloudTest::trustsNoPastedAuthority_data()
{
    QTest::addColumn<QString>("authority");
    QTest::addColumn<QString>("cloud"); // empty: refused
    QTest::newRow("none") << QString() << u"AzurePublic"_s;
    QTest::newRow("public") << u"https://login.microsoftonline.com"_s << u"AzurePublic"_s;
    QTest::newRow("with a slash") << u"https://login.microsoftonline.com/"_s << u"AzurePublic"_s;
    QTest::newRow("China") << u"https://login.chinacloudapi.cn"_s << u"AzureChina"_s;
    QTest::newRow("evil") << u"https://evil.example"_s << QString();
    QTest::newRow("ends alike") << u"https://login.microsoftonline.com.evil.example"_s << QString();
    QTest::newRow("begins alike") << u"https://login.microsoftonline.com@evil.example"_s << QString();
    QTest::newRow("a trailing dot") << u"https://login.microsoftonline.com."_s << QString();
    QTest::newRow("another port") << u"https://login.microsoftonline.com:8443"_s << QString();
    QTest::newRow("no TLS") << u"http://login.microsoftonline.com"_s << QString();
    QTest::newRow("look-alike letters") << u"https://l\u043Egin.microsoftonline.com"_s << QString();
    QTest::newRow("no URL") << u"evil"_s << QString();
}

void CloudTest::trustsNoPastedAuthority()
{
    QFETCH(QString, authority);
    QFETCH(QString, cloud);
    const auto found = Cloud::forAuthority(QUrl(authority));
    QCOMPARE(found ? found->name : QString(), cloud);
}

QTEST_GUILESS_MAIN(CloudTest)
#include "tst_cloud.moc"
