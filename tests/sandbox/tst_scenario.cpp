#include "sandbox/scenario.h"
#include "smallscenario.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using Sandbox::Scenario;

class ScenarioTest : public QObject
{
    Q_OBJECT
private slots:
    void comesWithASmallCompany();
    void showsTheUsualMistakes();
    void makesSecretsLikeEntraIds();
    void expandsNames_data();
    void expandsNames();
    void stopsExpandingWithinBounds();
    void namesThePlaceOfAMistake_data();
    void namesThePlaceOfAMistake();
    void refusesWhatIsNoJson_data();
    void refusesWhatIsNoJson();
    void findsTenantsByIdAndDomain();
};

void ScenarioTest::comesWithASmallCompany()
{
    const auto scenario = Scenario::parse(Sandbox::defaultScenario());
    QVERIFY2(scenario, qPrintable(scenario ? QString() : scenario.error().message));
    QSet<QString> environments;
    qsizetype containers = 0, blobs = 0, unusual = 0, empty = 0, longNames = 0;
    for (const auto &account : scenario->accounts) {
        environments.insert(account.environment);
        containers += account.containers.size();
        for (const auto &container : account.containers) {
            blobs += container.blobs.size();
            for (const auto &blob : container.blobs) {
                static const QRegularExpression outsideAscii(u"[^\\x20-\\x7e]"_s);
                unusual += blob.name.contains(outsideAscii);
                empty += blob.content.isEmpty();
                longNames += blob.name.size() > 300;
            }
        }
    }
    QCOMPARE(environments, QSet<QString>({u"production"_s, u"test"_s, u"development"_s}));
    QCOMPARE(containers, 12);
    QVERIFY(blobs > 250 && blobs < 600);
    QVERIFY(unusual >= 3);
    QVERIFY(empty >= 1);
    QVERIFY(longNames >= 1);
}

void ScenarioTest::showsTheUsualMistakes()
{
    const Scenario scenario = Scenario::parse(Sandbox::defaultScenario()).value();
    const auto count = [&](auto is) {
        return std::count_if(scenario.principals.begin(), scenario.principals.end(), is);
    };
    QVERIFY(count([](const auto &one) { return one.handOutSecretId; }) == 1);
    QVERIFY(count([](const auto &one) { return one.handedOut()->expired; }) == 1);
    QVERIFY(count([](const auto &one) { return !one.blockedAccounts.isEmpty(); }) == 1);
    QVERIFY(std::any_of(scenario.accounts.begin(), scenario.accounts.end(),
                        [](const auto &one) { return one.firewall; }));
    const auto &works = scenario.principals.first(); // what a first look begins with
    QVERIFY(!works.handOutSecretId && !works.handedOut()->expired &&
            works.blockedAccounts.isEmpty());
    QCOMPARE(works.environment, scenario.accounts.first().environment);
}

void ScenarioTest::makesSecretsLikeEntraIds()
{
    static const QRegularExpression form(u"^[A-Za-z0-9]{3}8Q~[A-Za-z0-9.~_-]{34}$"_s);
    const Scenario one = Scenario::parse(Sandbox::defaultScenario()).value();
    const Scenario again = Scenario::parse(Sandbox::defaultScenario()).value();
    QSet<QString> values;
    for (qsizetype index = 0; index < one.principals.size(); ++index) {
        const QString value = one.principals[index].handedOut()->value;
        QVERIFY(form.match(value).hasMatch());
        QCOMPARE(again.principals[index].handedOut()->value, value);
        values.insert(value);
    }
    QCOMPARE(values.size(), one.principals.size());
}

void ScenarioTest::expandsNames_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QStringList>("names");
    QTest::addRow("no run") << u"a/b.txt"_s << QStringList{u"a/b.txt"_s};
    QTest::addRow("one run, padded")
        << u"{08-11}.txt"_s << QStringList{u"08.txt"_s, u"09.txt"_s, u"10.txt"_s, u"11.txt"_s};
    QTest::addRow("two runs") << u"{1-2}/x{3-4}"_s
                              << QStringList{u"1/x3"_s, u"1/x4"_s, u"2/x3"_s, u"2/x4"_s};
    QTest::addRow("braces of another kind") << u"{a-b}{}"_s << QStringList{u"{a-b}{}"_s};
    QTest::addRow("backwards is empty") << u"{2-1}"_s << QStringList();
}

void ScenarioTest::expandsNames()
{
    QFETCH(QString, pattern);
    QStringList names;
    for (const auto &[name, values] : Sandbox::expandNames(pattern))
        names.append(name);
    QTEST(names, "names");
}

void ScenarioTest::stopsExpandingWithinBounds()
{
    QVERIFY(Sandbox::expandNames(u"{1-2000000000}"_s).size() <= Sandbox::mostBlobs + 1);
    QVERIFY(Sandbox::expandNames(u"{1-9999}{1-9999}{1-9999}"_s).size() <= Sandbox::mostBlobs + 1);
}

void ScenarioTest::namesThePlaceOfAMistake_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<int>("index");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *name, const char *list, int index, const char *key,
                        const QJsonValue &value, const char *place) {
        QTest::addRow("%s", name) << QString::fromLatin1(list) << index << QString::fromLatin1(key)
                                  << value << QString::fromLatin1(place);
    };
    row("tenant without GUID", "tenants", 0, "id", u"contoso"_s, "tenants[0].id: a GUID");
    row("subscription of no tenant", "subscriptions", 0, "tenant",
        u"99991111-aaaa-2222-bbbb-3333cccc4444"_s, "subscriptions[0].tenant: no tenant");
    row("account in upper case", "accounts", 1, "name", u"Walled"_s,
        "accounts[1].name: an account's name");
    row("account in no group", "accounts", 0, "resourceGroup", u"nowhere"_s,
        "accounts[0].resourceGroup: no resource group");
    row("two accounts of one name", "accounts", 1, "name", u"openaccount"_s,
        "accounts: openaccount is there twice");
    row("containers that are no list", "accounts", 0, "containers", u"one"_s,
        "accounts[0].containers: a list is needed");
    row("a container that is no object", "accounts", 0, "containers", QJsonArray{1},
        "accounts[0].containers[0]: an object is needed");
    row("a container's name", "accounts", 0, "containers",
        QJsonArray{QJsonObject{{u"name"_s, u"A_b"_s}}},
        "accounts[0].containers[0].name: a container's name");
    row("too many blobs", "accounts", 0, "containers",
        QJsonArray{
            QJsonObject{{u"name"_s, u"one"_s},
                        {u"blobs"_s, QJsonArray{QJsonObject{{u"name"_s, u"{1-99999999}"_s}}}}}},
        "accounts[0].containers[0].blobs[0].name: this stands for more than");
    row("bad base64", "accounts", 0, "containers",
        QJsonArray{QJsonObject{
            {u"name"_s, u"one"_s},
            {u"blobs"_s, QJsonArray{QJsonObject{{u"name"_s, u"a"_s}, {u"base64"_s, u"%%%"_s}}}}}},
        "accounts[0].containers[0].blobs[0].base64: this is no base64");
    row("a key that is not known", "accounts", 0, "fireWall", true,
        "accounts[0].fireWall: this key is not known");
    row("a flag that is none", "accounts", 0, "firewall", u"yes"_s,
        "accounts[0].firewall: true or false");
    row("a principal's name with a slash", "principals", 0, "name", u"../x"_s,
        "principals[0].name: only letters");
    row("a principal blocked at no account", "principals", 2, "blockedAccounts",
        QJsonArray{u"nowhere"_s}, "principals[2].blockedAccounts: no account");
    row("a principal without secret", "principals", 0, "secrets", QJsonArray(),
        "principals[0].secrets: at least one");
    row("two principals of one object", "principals", 1, "objectId", Test::writerObject,
        "principals: 10001111");
    row("an unknown role", "roleAssignments", 0, "role", u"Storage Blob Data Emperor"_s,
        "roleAssignments[0].role: no role");
    row("an unknown scope", "roleAssignments", 0, "scope", u"somewhere"_s,
        "roleAssignments[0].scope: account:NAME");
    row("an assignment for nobody", "roleAssignments", 0, "principal", u"nobody"_s,
        "roleAssignments[0].principal: no principal");
}

void ScenarioTest::namesThePlaceOfAMistake()
{
    QFETCH(QString, list);
    QFETCH(int, index);
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(QString, place);
    QJsonObject file = QJsonDocument::fromJson(Test::smallScenario()).object();
    QJsonArray values = file.value(list).toArray();
    QJsonObject object = values[index].toObject();
    object.insert(key, value);
    values[index] = object;
    file.insert(list, values);
    const auto scenario = Scenario::parse(QJsonDocument(file).toJson());
    QVERIFY(!scenario);
    QCOMPARE(scenario.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(scenario.error().message.contains(place), qPrintable(scenario.error().message));
    QVERIFY(!scenario.error().nextStep.isEmpty());
}

void ScenarioTest::refusesWhatIsNoJson_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::addRow("nothing") << QByteArray() << u"no JSON"_s;
    QTest::addRow("half") << QByteArray("{\n\"tenants\": [\n") << u"in line 3"_s;
    QTest::addRow("a list") << QByteArray("[]") << u"an object is needed"_s;
    QTest::addRow("no accounts") << QByteArray("{}") << u"accounts: at least one is needed"_s;
}

void ScenarioTest::refusesWhatIsNoJson()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const auto scenario = Scenario::parse(bytes);
    QVERIFY(!scenario);
    QVERIFY2(scenario.error().message.contains(says), qPrintable(scenario.error().message));
}

void ScenarioTest::findsTenantsByIdAndDomain()
{
    const Scenario scenario = Scenario::parse(Test::smallScenario()).value();
    QCOMPARE(scenario.tenant(Test::tenantId.toUpper())->name, u"Contoso"_s);
    QCOMPARE(scenario.tenant(u"Contoso.Example"_s)->name, u"Contoso"_s);
    QVERIFY(!scenario.tenant(u"contoso"_s));
    QVERIFY(!scenario.tenant({}));
}

QTEST_GUILESS_MAIN(ScenarioTest)
#include "tst_scenario.moc"
