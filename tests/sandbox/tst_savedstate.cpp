#include "sandbox/savedstate.h"
#include "smallscenario.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

class SavedStateTest : public QObject
{
    Q_OBJECT
private slots:
    void putsBackAllThatWasSaved();
    void leavesEverythingWhereTheFileIsNone_data();
    void leavesEverythingWhereTheFileIsNone();
};

void SavedStateTest::putsBackAllThatWasSaved()
{
    Test::SmallWorld world;
    world.directory.add(
        {.kind = DirectoryObject::Kind::Application,
         .id = newId(),
         .tenant = Test::tenantId,
         .appId = newId(),
         .displayName = u"äpp"_s,
         .properties = {{u"notes"_s, u"n"_s}},
         .owners = {Test::writerObject},
         .created = world.now,
         .deleted = world.now.addSecs(9),
         .passwords = {{newId(), u"p"_s, u"value"_s, world.now, world.now.addDays(1), world.now}},
         .keys = {{newId(), u"CN=x"_s, "\x30\x01"_ba, world.now, world.now.addDays(1), world.now}},
         .federations = {{newId(), u"f"_s, u"i"_s, u"s"_s, u"d"_s, {u"a"_s}, world.now}}});
    world.directory.remove(Test::writerObject, world.now);
    Azure::RoleDefinition role = world.roles.definitions().first();
    role.id = newId();
    role.name = u"Own"_s;
    role.type = u"CustomRole"_s;
    world.roles.define(role, Test::writerObject, world.now);
    Azure::RoleAssignment assignment = world.roles.assignments().first();
    assignment.id += u"x"_s;
    assignment.condition = u"@Resource[a] StringEquals 'b'"_s;
    world.roles.assign(assignment, Test::writerObject, world.now.addMSecs(7));
    world.roles.unassign(QString(world.roles.assignments()[1].id), world.now);

    const QByteArray saved = savedState(world.directory, world.roles);
    Test::SmallWorld other;
    QVERIFY(restoreState(saved, u"state.json"_s, other.directory, other.roles));
    QCOMPARE(savedState(other.directory, other.roles), saved);
    QCOMPARE(other.roles.assignments(), world.roles.assignments());
    QCOMPARE(other.roles.definitions().size(), world.roles.definitions().size());
    QCOMPARE(*other.roles.definition(role.id), role);
    QCOMPARE(other.roles.history(assignment.id).created, world.now.addMSecs(7));
    const DirectoryObject &object =
        other.directory.objects().at(world.directory.objects().size() - 1);
    QCOMPARE(object.passwords.first().value, u"value"_s);
    QCOMPARE(object.keys.first().certificate, "\x30\x01"_ba);
    QCOMPARE(object.federations.first().audiences, QStringList{u"a"_s});
    QVERIFY(other.directory.deletedObject(Test::writerObject));
}

void SavedStateTest::leavesEverythingWhereTheFileIsNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("nothing") << QByteArray();
    QTest::addRow("no JSON") << QByteArray("{");
    QTest::addRow("another format")
        << QByteArray(R"({"format": 2, "directory": [], "roles": {"assignments": []}})");
    const QByteArray roles = R"("roles": {"assignments": [], "definitions": []})";
    QTest::addRow("format as text") << R"({"format": "1", "directory": [], )" + roles + "}";
    QTest::addRow("no format") << R"({"directory": [], )" + roles + "}";
    QTest::addRow("directory is an object") << R"({"format": 1, "directory": {}, )" + roles + "}";
    QTest::addRow("an object is null") << R"({"format": 1, "directory": [null], )" + roles + "}";
    QTest::addRow("a kind as text") << R"({"format": 1, "directory": [{"id": "a", "kind": "0"}], )" + roles + "}";
    QTest::addRow("a kind that is none") << R"({"format": 1, "directory": [{"id": "a", "kind": 99}], )" + roles + "}";
    QTest::addRow("an ID is a number") << R"({"format": 1, "directory": [{"id": 7}], )" + roles + "}";
    QTest::addRow("one ID twice") << R"({"format": 1, "directory": [{"id": "a"}, {"id": "a"}], )" + roles + "}";
    QTest::addRow("a time that is none") << R"({"format": 1, "directory": [{"id": "a", "created": "soon"}], )" + roles + "}";
    QTest::addRow("passwords are an object") << R"({"format": 1, "directory": [{"id": "a", "passwords": {}}], )" + roles + "}";
    QTest::addRow("roles are a list") << QByteArray(R"({"format": 1, "directory": [], "roles": []})");
    QTest::addRow("assignments are null") << QByteArray(R"({"format": 1, "directory": [], "roles": {"assignments": null, "definitions": []}})");
    QTest::addRow("definitions are an object") << QByteArray(R"({"format": 1, "directory": [], "roles": {"assignments": [], "definitions": {}}})");
    QTest::addRow("histories are wrong") << QByteArray(R"({"format": 1, "directory": [], "roles": {"assignments": [], "definitions": [], "histories": {"a": 1}}})");
    QTest::addRow("no roles") << QByteArray(R"({"format": 1, "directory": []})");
}

void SavedStateTest::leavesEverythingWhereTheFileIsNone()
{
    QFETCH(QByteArray, bytes);
    Test::SmallWorld world;
    const QByteArray before = savedState(world.directory, world.roles);
    const auto restored = restoreState(bytes, u"/state/x.json"_s, world.directory, world.roles);
    QVERIFY(!restored);
    QVERIFY(restored.error().message.contains(u"/state/x.json") && !restored.error().nextStep.isEmpty());
    QCOMPARE(savedState(world.directory, world.roles), before);
}

QTEST_GUILESS_MAIN(SavedStateTest)
#include "tst_savedstate.moc"
