#include "azure/storageaccount.h"
#include "support/recordings.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Azure::parseAccountUrl;

class StorageAccountTest : public QObject
{
    Q_OBJECT
private slots:
    void readsAccountUrls_data();
    void readsAccountUrls();
    void refusesWithAdvice_data();
    void refusesWithAdvice();
    void readsTheRecordedAccounts();
};

void StorageAccountTest::readsAccountUrls_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url");
    QTest::newRow("whole") << u"https://acct.blob.core.windows.net"_s << u"https://acct.blob.core.windows.net"_s;
    QTest::newRow("a slash at the end") << u"https://acct.blob.core.windows.net/"_s << u"https://acct.blob.core.windows.net"_s;
    QTest::newRow("blanks around") << u"  https://acct.blob.core.windows.net \n"_s << u"https://acct.blob.core.windows.net"_s;
    QTest::newRow("a name") << u"acct01"_s << u"https://acct01.blob.core.windows.net"_s;
    QTest::newRow("without scheme") << u"acct.blob.core.windows.net"_s << u"https://acct.blob.core.windows.net"_s;
    QTest::newRow("a DNS zone endpoint") << u"https://acct.z01.blob.storage.azure.net"_s << u"https://acct.z01.blob.storage.azure.net"_s;
    QTest::newRow("the sandbox") << u"https://localhost:45535"_s << u"https://localhost:45535"_s;
    QTest::newRow("the emulator") << u"https://127.0.0.1:10000/devstoreaccount1"_s << u"https://127.0.0.1:10000/devstoreaccount1"_s;
    QTest::newRow("IPv6") << u"https://[::1]:10000/devstoreaccount1"_s << u"https://[::1]:10000/devstoreaccount1"_s;
    QTest::newRow("plain loopback, where the cloud says so") << u"http://127.0.0.1:10000"_s << u"http://127.0.0.1:10000"_s;
}

void StorageAccountTest::readsAccountUrls()
{
    QFETCH(QString, text);
    QFETCH(QString, url);
    const auto parsed = parseAccountUrl(text, u"core.windows.net"_s, true);
    QVERIFY2(parsed, qPrintable(parsed ? QString() : parsed.error().message));
    QCOMPARE(parsed->toString(), url);
}

void StorageAccountTest::refusesWithAdvice_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << u" "_s << u"No account"_s;
    QTest::newRow("a container in the path") << u"https://acct.blob.core.windows.net/invoices"_s << u"path"_s;
    QTest::newRow("a blob in the emulator's path") << u"https://127.0.0.1:1/acct/c/b"_s << u"path"_s;
    QTest::newRow("a SAS") << u"https://acct.blob.core.windows.net/?sv=1&sig=x"_s << u"SAS"_s;
    QTest::newRow("a query") << u"https://acct.blob.core.windows.net/?comp=list"_s << u"query"_s;
    QTest::newRow("http") << u"http://acct.blob.core.windows.net"_s << u"TLS"_s;
    QTest::newRow("a trailing dot") << u"https://acct.blob.core.windows.net."_s << u"dot"_s;
    QTest::newRow("dfs") << u"https://acct.dfs.core.windows.net"_s << u"dfs endpoint"_s;
    QTest::newRow("queue") << u"https://acct.queue.core.windows.net"_s << u"queue endpoint"_s;
    QTest::newRow("user info") << u"https://acct.blob.core.windows.net@evil.example"_s << u"user name"_s;
    QTest::newRow("capital letters in a name") << u"Acct"_s << u"neither"_s;
    QTest::newRow("too short") << u"ab"_s << u"neither"_s;
    QTest::newRow("a connection string") << u"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=xxx"_s << u"connection string"_s;
    QTest::newRow("one label") << u"https://acct"_s << u"no complete host name"_s;
    QTest::newRow("somebody else's host") << u"https://blob.evil.example"_s << u"no storage host"_s;
    QTest::newRow("a host that ends alike") << u"https://acct.blob.evilcore.windows.net"_s << u"no storage host"_s;
    QTest::newRow("a suffix in the middle") << u"https://acct.blob.core.windows.net.evil.example"_s << u"no storage host"_s;
    QTest::newRow("an address") << u"https://192.0.2.1/acct"_s << u"no storage host"_s;
    QTest::newRow("broken") << u"https://["_s << u"cannot be read"_s;
}

void StorageAccountTest::refusesWithAdvice()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto parsed = parseAccountUrl(text, u"core.windows.net"_s, false);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(parsed.error().message.contains(says), qPrintable(parsed.error().message));
    QVERIFY(!parsed.error().nextStep.isEmpty());
}

void StorageAccountTest::readsTheRecordedAccounts()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto read = [](const QString &file) {
        return Azure::storageAccountFromJson(QJsonDocument::fromJson(Test::recording(u"arm"_s, file).constFirst().response.body).object());
    };
    const auto restricted = read(u"storageaccount-firewall-deny.json"_s);
    QVERIFY(restricted);
    QVERIFY(restricted->networkRestricted);
    QCOMPARE(restricted->blobEndpoint, QUrl(u"https://cli000002.blob.core.windows.net"_s));
    const auto hierarchical = read(u"storageaccount-get-hns.json"_s);
    QVERIFY(hierarchical);
    QCOMPARE(hierarchical->hierarchicalNamespace, std::optional(true));
    QVERIFY(!hierarchical->networkRestricted);
}

QTEST_GUILESS_MAIN(StorageAccountTest)
#include "tst_storageaccount.moc"
