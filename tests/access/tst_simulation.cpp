#include "access/accessdecision.h"
#include "access/simulation.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using Access::Decision;
using Access::Simulation;

class SimulationTest : public QObject
{
    Q_OBJECT
private slots:
    void decides_data();
    void decides();
    void theOrderOfAssignmentsDoesNotMatter();
    void addingAnAssignmentNeverTakesAway();
    void spellingDoesNotMatter();
    void theFormDoesNotMatter();
    void anIncompleteListIsNotTrusted();
    void refuses_data();
    void refuses();
    void refusesListsThatWouldBeReadInPart_data();
    void refusesListsThatWouldBeReadInPart();
    void readsWhatAShellOnWindowsWrote();

private:
    QJsonArray m_cases;
};

namespace {

QJsonArray casesIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the cases are missing");
    return QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray();
}

QJsonArray cases()
{
    QJsonArray all = casesIn(QFINDTESTDATA("../data/simulations.json"));
    for (const QJsonValue &one : casesIn(QFINDTESTDATA("../data/documented-simulations.json")))
        all.append(one);
    return all;
}

// The other of the two forms of each entry: ARM's, which wraps in "properties", or az's, which does not.
QJsonArray inTheOtherForm(const QJsonArray &entries)
{
    QJsonArray others;
    for (const QJsonValue &entry : entries) {
        QJsonObject one = entry.toObject();
        QJsonObject other{{u"id"_s, one[u"id"]}, {u"name"_s, one[u"name"]}, {u"type"_s, one[u"type"]}};
        QJsonObject properties = one[u"properties"].toObject();
        if (properties.isEmpty()) {
            for (const QString &key : one.keys()) {
                if (!other.contains(key))
                    properties[key] = one[key];
            }
            other[u"properties"_s] = properties;
        } else {
            for (const QString &key : properties.keys()) {
                if (key != u"type")
                    other[key] = properties[key];
            }
        }
        others.append(other);
    }
    return others;
}

QByteArray bytes(const QJsonValue &value)
{
    return value.isArray() ? QJsonDocument(value.toArray()).toJson() : QJsonDocument(value.toObject()).toJson();
}

Simulation simulationOf(const QJsonObject &one)
{
    Simulation simulation;
    simulation.assignments = *Azure::roleAssignmentsFromJson(bytes(one[u"assignments"]));
    if (one.contains(u"definitions"))
        simulation.definitions = *Azure::roleDefinitionsFromJson(bytes(one[u"definitions"]));
    if (one.contains(u"deny"))
        simulation.denies = *Azure::denyAssignmentsFromJson(bytes(one[u"deny"]));
    const auto read = simulation.readRequest(bytes(one[u"request"]));
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    return simulation;
}

// The same text with the case of every letter turned round, where case says nothing.
QString turned(const QString &text)
{
    QString other = text;
    for (QChar &character : other)
        character = character.isUpper() ? character.toLower() : character.toUpper();
    return other;
}

} // namespace

void SimulationTest::decides_data()
{
    QTest::addColumn<QJsonObject>("one");
    const QJsonArray all = cases();
    QVERIFY(all.size() > 100);
    for (const QJsonValue &one : all)
        QTest::newRow(qPrintable(one[u"name"].toString())) << one.toObject();
}

void SimulationTest::decides()
{
    QFETCH(QJsonObject, one);
    const QJsonObject answer = Access::toJson(simulationOf(one).run());
    QVERIFY2(answer[u"decision"] == one[u"decision"], QJsonDocument(answer).toJson().constData());
    QVERIFY(!answer[u"because"].toArray().isEmpty());
    QVERIFY(!answer[u"because"][0][u"why"].toString().isEmpty());
}

void SimulationTest::theOrderOfAssignmentsDoesNotMatter()
{
    QRandomGenerator random(11);
    const QJsonArray all = cases();
    QList<Azure::RoleAssignment> pool;
    for (const QJsonValue &one : all)
        pool += simulationOf(one.toObject()).assignments.entries;
    for (const QJsonValue &one : all) {
        Simulation simulation = simulationOf(one.toObject());
        for (int i = 0; i < 6; ++i)
            simulation.assignments.entries.append(pool[random.bounded(pool.size())]);
        const Decision decision = simulation.run().decision;
        for (int round = 0; round < 2; ++round) {
            std::shuffle(simulation.assignments.entries.begin(), simulation.assignments.entries.end(), random);
            QCOMPARE(simulation.run().decision, decision);
        }
    }
}

void SimulationTest::addingAnAssignmentNeverTakesAway()
{
    QRandomGenerator random(12);
    const QJsonArray all = cases();
    QList<Azure::RoleAssignment> pool;
    for (const QJsonValue &one : all)
        pool += simulationOf(one.toObject()).assignments.entries;
    for (const QJsonValue &one : all) {
        Simulation simulation = simulationOf(one.toObject());
        for (int i = 0; i < 4; ++i) {
            const Decision before = simulation.run().decision;
            simulation.assignments.entries.insert(random.bounded(simulation.assignments.entries.size() + 1), pool[random.bounded(pool.size())]);
            const Decision after = simulation.run().decision;
            if (before == Decision::Allowed)
                QCOMPARE(after, Decision::Allowed);
            if (before == Decision::Undecided)
                QVERIFY2(after != Decision::Denied, qPrintable(one[u"name"].toString()));
        }
    }
}

void SimulationTest::spellingDoesNotMatter()
{
    for (const QJsonValue &one : cases()) {
        Simulation simulation = simulationOf(one.toObject());
        const Decision decision = simulation.run().decision;
        for (QString &id : simulation.request.principalIds)
            id = turned(id);
        for (auto &needed : simulation.request.requirement) {
            for (auto &required : needed)
                required.action = turned(required.action);
        }
        simulation.request.circumstances.operation = turned(simulation.request.circumstances.operation);
        // Names in a scope keep their case: a condition may compare them.
        simulation.request.scope = *Azure::Scope::parse(
            QString(simulation.request.scope.id()).replace(u"/subscriptions/"_s, u"/SUBSCRIPTIONS/"_s).replace(u"/providers/"_s, u"/PROVIDERS/"_s) + u'/');
        QVERIFY2(simulation.run().decision == decision, qPrintable(one[u"name"].toString()));
    }
}

void SimulationTest::theFormDoesNotMatter()
{
    for (const QJsonValue &value : cases()) {
        QJsonObject one = value.toObject();
        const Decision decision = simulationOf(one).run().decision;
        for (const QString &key : {u"assignments"_s, u"definitions"_s, u"deny"_s}) {
            const QJsonValue list = one[key];
            if (!list.isUndefined())
                one[key] = QJsonObject{{u"value"_s, inTheOtherForm(list.isArray() ? list.toArray() : list[u"value"].toArray())}};
        }
        QVERIFY2(simulationOf(one).run().decision == decision, qPrintable(one[u"name"].toString()));
    }
}

void SimulationTest::anIncompleteListIsNotTrusted()
{
    Simulation simulation = simulationOf(cases().first().toObject());
    QCOMPARE(simulation.run().decision, Decision::Allowed);
    simulation.assignments.complete = false;
    QCOMPARE(simulation.run().decision, Decision::Allowed);
    simulation.denies.complete = false;
    QCOMPARE(simulation.run().decision, Decision::Undecided);
    simulation.assignments.entries.clear();
    simulation.denies.complete = true;
    QCOMPARE(simulation.run().decision, Decision::Undecided);
    QVERIFY(!Azure::roleAssignmentsFromJson("{\"value\":[],\"nextLink\":\"https://x\"}")->complete);
    QVERIFY(Azure::roleAssignmentsFromJson("{\"value\":[],\"nextLink\":null}")->complete);
}

void SimulationTest::refuses_data()
{
    QTest::addColumn<QByteArray>("change"); // merged into a good request
    QTest::addColumn<QString>("names");
    QTest::newRow("no principal") << QByteArray("{\"principalId\":\"\"}") << u"principalId"_s;
    QTest::newRow("groups of numbers") << QByteArray("{\"groupIds\":[1]}") << u"groupIds"_s;
    QTest::newRow("no scope") << QByteArray("{\"scope\":null}") << u"scope"_s;
    QTest::newRow("a relative scope") << QByteArray("{\"scope\":\"subscriptions/x\"}") << u"scope"_s;
    QTest::newRow("permissions in one list") << QByteArray("{\"permissions\":[\"a/read\"]}") << u"permissions"_s;
    QTest::newRow("no permissions") << QByteArray("{\"permissions\":null}") << u"permissions"_s;
    QTest::newRow("an empty permission") << QByteArray("{\"permissions\":[[\"\"]]}") << u"permissions"_s;
    QTest::newRow("attributes of another form") << QByteArray("{\"attributes\":[]}") << u"attributes"_s;
    QTest::newRow("an attribute that is an object") << QByteArray("{\"attributes\":{\"resource\":{\"a\":{}}}}") << u"attributes.resource.a"_s;
    QTest::newRow("a namespace that is a text") << QByteArray("{\"context\":{\"hierarchicalNamespace\":\"no\"}}") << u"hierarchicalNamespace"_s;
    QTest::newRow("groups in one text") << QByteArray("{\"groupIds\":\"g\"}") << u"groupIds"_s;
    QTest::newRow("management groups in one text") << QByteArray("{\"managementGroups\":\"g\"}") << u"managementGroups"_s;
    QTest::newRow("a kind that is a text") << QByteArray("{\"isDataAction\":\"true\"}") << u"isDataAction"_s;
    QTest::newRow("a suboperation that is a number") << QByteArray("{\"suboperation\":1}") << u"suboperation"_s;
    QTest::newRow("ACLs in a list") << QByteArray("{\"context\":{\"acl\":[]}}") << u"acl"_s;
    QTest::newRow("rights that are none") << QByteArray("{\"context\":{\"acl\":{\"/\":\"read\"}}}") << u"acl./"_s;
    QTest::newRow("an authorization that is a number") << QByteArray("{\"context\":{\"authorization\":1}}") << u"authorization"_s;
    QTest::newRow("another authorization") << QByteArray("{\"context\":{\"authorization\":\"Basic\"}}") << u"authorization"_s;
}

void SimulationTest::refuses()
{
    QFETCH(QByteArray, change);
    QFETCH(QString, names);
    QJsonObject request = cases().first()[u"request"].toObject();
    const QJsonObject other = QJsonDocument::fromJson(change).object();
    for (auto it = other.begin(); it != other.end(); ++it)
        request[it.key()] = it.value();
    Simulation simulation;
    const auto read = simulation.readRequest(QJsonDocument(request).toJson());
    QVERIFY(!read);
    QCOMPARE(read.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(read.error().message.contains(u"“%1”"_s.arg(names)), qPrintable(read.error().message));
}

void SimulationTest::refusesListsThatWouldBeReadInPart_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("names");
    const auto deny = [](const QByteArray &rest) {
        return QByteArray("[{\"scope\":\"/\",\"permissions\":[{\"dataActions\":[\"*\"]}],\"principals\":[{\"id\":\"x\"}]") + rest + "}]";
    };
    QTest::newRow("deny: exempt principals that are no list") << deny(",\"excludePrincipals\":{}") << u"excludePrincipals"_s;
    QTest::newRow("deny: a flag in words") << deny(",\"doNotApplyToChildScopes\":\"true\"") << u"doNotApplyToChildScopes"_s;
    QTest::newRow("deny: a condition that is a number") << deny(",\"condition\":1") << u"condition"_s;
    QTest::newRow("deny: without principals") << QByteArray("[{\"scope\":\"/\",\"permissions\":[]}]") << u"principals"_s;
    QTest::newRow("deny: a principal without ID") << QByteArray("[{\"scope\":\"/\",\"permissions\":[],\"principals\":[{}]}]") << u"principals"_s;
    QTest::newRow("deny: without permissions") << QByteArray("[{\"scope\":\"/\",\"principals\":[{\"id\":\"x\"}]}]") << u"permissions"_s;
    QTest::newRow("deny: actions in one text") << QByteArray("[{\"scope\":\"/\",\"permissions\":[{\"actions\":\"*\"}],\"principals\":[{\"id\":\"x\"}]}]") << u"actions"_s;
}

void SimulationTest::refusesListsThatWouldBeReadInPart()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, names);
    const auto list = Azure::denyAssignmentsFromJson(json);
    QVERIFY(!list);
    QVERIFY2(list.error().message.contains(u"“%1”"_s.arg(names)), qPrintable(list.error().message));
    QVERIFY(list.error().message.contains(u"entry 1"_s));
}

void SimulationTest::readsWhatAShellOnWindowsWrote()
{
    const QByteArray json = bytes(cases().first()[u"assignments"]);
    QCOMPARE(Azure::roleAssignmentsFromJson("\xEF\xBB\xBF" + json)->entries.size(), 1);
    const QString text = QString::fromUtf8(json);
    const QByteArray utf16 = QByteArray("\xFF\xFE") + QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    QCOMPARE(Azure::roleAssignmentsFromJson(utf16)->entries.size(), 1);
    QVERIFY(Azure::roleAssignmentsFromJson("[{}]").error().message.contains(u"entry 1"_s));
    const QByteArray withoutMark = utf16.mid(2);
    QCOMPARE(Azure::roleAssignmentsFromJson(withoutMark)->entries.size(), 1);
    const QString request = QString::fromUtf8(bytes(cases().first()[u"request"]));
    const QByteArray requestInUtf16 = QByteArray("\xFF\xFE") + QByteArray(reinterpret_cast<const char *>(request.utf16()), request.size() * 2);
    QVERIFY(Simulation().readRequest(requestInUtf16));
    QVERIFY(!Azure::roleAssignmentsFromJson(""));
    QVERIFY(Azure::roleAssignmentsFromJson("[1]").error().message.contains(u"entry 1 is no object"));
    QVERIFY(Azure::roleAssignmentsFromJson("{\"error\":{\"code\":\"AuthorizationFailed\"}}").error().message.contains(u"AuthorizationFailed"));
    QVERIFY(!Azure::roleAssignmentsFromJson("[{\"id\":\"/providers/Microsoft.Authorization/x\",\"scope\":5,\"roleDefinitionId\":\"r\",\"principalId\":\"p\"}]"));
    QVERIFY(!Azure::roleAssignmentsFromJson("[{\"scope\":\"/\",\"roleDefinitionId\":\"r\",\"principalId\":\"p\",\"condition\":{}}]"));
    QVERIFY(!Azure::roleDefinitionsFromJson("[{\"name\":\"r\",\"permissions\":[{\"notDataActions\":[1]}]}]"));
    QVERIFY(!Azure::roleDefinitionsFromJson("[{\"name\":\"r\",\"permissions\":[\"*\"]}]"));
    QVERIFY(!Azure::roleAssignmentsFromJson(QByteArray(100000, '[')));
    QVERIFY(!Azure::roleAssignmentsFromJson("[1"));
}

QTEST_GUILESS_MAIN(SimulationTest)
#include "tst_simulation.moc"
