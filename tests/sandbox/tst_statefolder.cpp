#include "sandbox/statefolder.h"
#include "smallscenario.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

class StateFolderTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsFilesToTheirOwner();
    void vanishesWhenItIsTemporary();
    void remembersPorts();
    void refusesWhatIsNoFolder();
    void writesEveryFormOfACredential();
    void handsOutTheSecretIdWhereThatIsTheMistake();
    void leavesTheAuthorityOutUnderAzuresNames();
};

namespace {

constexpr QFileDevice::Permissions ownerReads = QFileDevice::ReadOwner | QFileDevice::ReadUser |
                                                QFileDevice::WriteOwner | QFileDevice::WriteUser;

QJsonObject json(const QByteArray &bytes)
{
    return QJsonDocument::fromJson(bytes).object();
}

} // namespace

void StateFolderTest::keepsFilesToTheirOwner()
{
    QTemporaryDir around;
    const auto folder = StateFolder::open(around.filePath(u"a/b"_s));
    QVERIFY(folder);
    QVERIFY(folder->write(u"principals/one/rbac.json"_s, "{}"));
    QCOMPARE(QFileInfo(folder->path(u"principals/one/rbac.json"_s)).permissions(), ownerReads);
    for (const QString &name : {QString(), u"principals"_s, u"principals/one"_s})
        QCOMPARE(QFileInfo(folder->path(name)).permissions(),
                 ownerReads | QFileDevice::ExeOwner | QFileDevice::ExeUser);
}

void StateFolderTest::vanishesWhenItIsTemporary()
{
    QString path;
    {
        const auto folder = StateFolder::open({});
        QVERIFY(folder);
        QVERIFY(folder->isTemporary());
        QVERIFY(folder->write(u"tls/key.pem"_s, "x"));
        path = folder->path();
        QVERIFY(QFileInfo::exists(path));
    }
    QVERIFY(!QFileInfo::exists(path));
}

void StateFolderTest::remembersPorts()
{
    QTemporaryDir around;
    const auto folder = StateFolder::open(around.path());
    QVERIFY(folder->ports()->isEmpty());
    QVERIFY(folder->rememberPorts({{u"authority"_s, 40001}, {u"contoso"_s, 65535}}));
    QCOMPARE(StateFolder::open(around.path())->ports()->value(u"contoso"_s), quint16(65535));
    for (const QByteArray damaged : {"no JSON", "", "[]", R"({"graph":"40001"})", R"({"graph":65536})",
                                      R"({"graph":null})", R"({"graph":-1})", R"({"graph":1,"graph":2})"}) {
        QVERIFY(folder->write(u"ports.json"_s, damaged));
        QVERIFY(!folder->ports());
        QVERIFY(folder->ports().error().message.contains(u"ports.json"));
    }
}

void StateFolderTest::refusesWhatIsNoFolder()
{
    QTemporaryDir around;
    QFile file(around.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto folder = StateFolder::open(file.fileName());
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, Core::Error::Kind::File);
    QVERIFY(folder.error().message.contains(file.fileName()));
}

void StateFolderTest::writesEveryFormOfACredential()
{
    const Test::SmallWorld world;
    const auto files = credentialFiles(world.scenario.principals.first(), Test::subscriptionId,
                                       world.endpoints, u"https://localhost:1"_s);
    const QJsonObject rbac = json(files.value(u"rbac.json"_s));
    QCOMPARE(rbac.keys(), QStringList({u"appId"_s, u"displayName"_s, u"password"_s, u"tenant"_s}));
    QCOMPARE(rbac.value(u"password"_s).toString(), u"right"_s);
    const QJsonObject auth = json(files.value(u"sdk-auth.json"_s));
    QCOMPARE(auth.value(u"clientId"_s).toString(), Test::writerClient);
    QCOMPARE(auth.value(u"clientSecret"_s).toString(), u"right"_s);
    QCOMPARE(auth.value(u"tenantId"_s).toString(), Test::tenantId);
    QCOMPARE(auth.value(u"subscriptionId"_s).toString(), Test::subscriptionId);
    QCOMPARE(files.value(u"systemd.env"_s),
             "AZURE_TENANT_ID=" + Test::tenantId.toLatin1() +
                 "\nAZURE_CLIENT_ID=" + Test::writerClient.toLatin1() +
                 "\nAZURE_CLIENT_SECRET=right\nAZURE_AUTHORITY_HOST=https://localhost:1\n");
    QVERIFY(files.value(u"lines.txt"_s).contains("Client secret: right\n"));
}

void StateFolderTest::handsOutTheSecretIdWhereThatIsTheMistake()
{
    const Test::SmallWorld world;
    Principal principal = world.scenario.principals.first();
    principal.handOutSecretId = true;
    const auto files = credentialFiles(principal, {}, world.endpoints, {});
    for (const QByteArray &bytes : files) {
        QVERIFY(bytes.contains(principal.secrets.first().id.toLatin1()));
        QVERIFY(!bytes.contains("right"));
    }
}

void StateFolderTest::leavesTheAuthorityOutUnderAzuresNames()
{
    const Test::SmallWorld world;
    const auto files = credentialFiles(world.scenario.principals.first(), {}, world.endpoints, {});
    QVERIFY(!files.value(u"systemd.env"_s).contains("AUTHORITY_HOST"));
}

QTEST_GUILESS_MAIN(StateFolderTest)
#include "tst_statefolder.moc"
