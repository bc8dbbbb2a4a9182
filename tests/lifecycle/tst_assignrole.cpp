#include "lifecycle/assignrole.h"
#include "lifecycle/program.h"
#include "support/recordings.h"

using namespace Qt::StringLiterals;
using Azure::NewAssignment;
using Core::Error;
using Lifecycle::AssignRole;
using Test::Program;
using Test::World;

class AssignRoleTest : public QObject
{
    Q_OBJECT
private slots:
    void assignsOnceOnly();
    void meetsAnotherNameWithTheSame();
    void neverChangesACondition_data();
    void neverChangesACondition();
    void waitsUntilThePrincipalIsKnown();
    void givesUpWaiting();
    void saysWhoMay();
    void undoesWhatItMade();

private:
    struct Ended
    {
        std::optional<AssignRole::Outcome> outcome;
        std::optional<Error> error;
    };
    static NewAssignment wanted(const QString &condition = {})
    {
        return {*Azure::Scope::parse(u"/subscriptions/S1/resourceGroups/rg"_s),
                u"role"_s,
                u"oid"_s,
                u"ServicePrincipal"_s,
                condition,
                {}};
    }
    static Ended run(Program &program, const NewAssignment &assignment, bool undo = false)
    {
        Ended ended;
        AssignRole assign(program.parts(), Identity::Cloud::azurePublic(), assignment);
        connect(&assign, &AssignRole::finished,
                [&](const auto &outcome) { ended.outcome = outcome; });
        connect(&assign, &AssignRole::failed, [&](const Error &error) { ended.error = error; });
        assign.start();
        (void)QTest::qWaitFor([&] { return ended.outcome || ended.error; });
        if (undo && ended.outcome) {
            ended = {};
            assign.undo();
            (void)QTest::qWaitFor([&] { return ended.outcome || ended.error; });
        }
        return ended;
    }
    static int puts(const World &world)
    {
        const auto &all = world.directory.requests;
        return int(std::count_if(all.cbegin(), all.cend(),
                                 [](const auto &one) { return one.verb == "PUT"; }));
    }
};

void AssignRoleTest::assignsOnceOnly()
{
    World world;
    Program program(world);
    const Ended first = run(program, wanted());
    QVERIFY(first.outcome && first.outcome->created);
    NewAssignment spelled = wanted();
    spelled.scope = *Azure::Scope::parse(u"/SUBSCRIPTIONS/s1/resourcegroups/RG/"_s);
    world.directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        return {one.verb == "PUT" ? 500 : 0, u"NotAgain"_s};
    };
    const Ended second = run(program, wanted());
    QVERIFY(second.outcome && !second.outcome->created);
    QCOMPARE(second.outcome->assignment.id, first.outcome->assignment.id);
    QCOMPARE(spelled.name(), wanted().name());
    QCOMPARE(world.directory.assignments.size(), 1);
    QCOMPARE(puts(world), 1);
}

// RoleAssignmentExists: another tool gave it another name, and the list did not show it yet.
void AssignRoleTest::meetsAnotherNameWithTheSame()
{
    World world;
    Program program(world);
    const NewAssignment assignment = wanted();
    const QString id =
        u"/subscriptions/s1/resourcegroups/rg/providers/microsoft.authorization/roleassignments/by-az"_s;
    const QJsonObject properties{
        {u"scope"_s, assignment.scope.id()},
        {u"principalId"_s, u"oid"_s},
        {u"roleDefinitionId"_s,
         u"/subscriptions/S1/providers/Microsoft.Authorization/roleDefinitions/role"_s}};
    world.directory.assignments.insert(id, {{u"id"_s, id}, {u"properties"_s, properties}});
    world.directory.listLags = true;
    world.directory.refuse = [&](const Http::Request &one) -> std::pair<int, QString> {
        world.directory.listLags = one.verb != "PUT" && puts(world) == 0;
        return {0, {}};
    };
    const Ended met = run(program, assignment);
    QVERIFY2(met.outcome, met.error ? qPrintable(Core::describe(*met.error)) : "nothing");
    QVERIFY(!met.outcome->created);
    QCOMPARE(met.outcome->assignment.id, id);
    QCOMPARE(puts(world), 1);
    QCOMPARE(world.directory.assignments.size(), 1);
}

void AssignRoleTest::neverChangesACondition_data()
{
    QTest::addColumn<QString>("there");
    QTest::addColumn<QString>("asked");
    QTest::newRow("dropping it") << u"@Resource[a:b] StringEquals 'x'"_s << QString();
    QTest::newRow("another") << u"@Resource[a:b] StringEquals 'x'"_s
                             << u"@Resource[a:b] StringEquals 'y'"_s;
    QTest::newRow("adding one") << QString() << u"@Resource[a:b] StringEquals 'x'"_s;
}

void AssignRoleTest::neverChangesACondition()
{
    QFETCH(QString, there);
    QFETCH(QString, asked);
    World world;
    Program program(world);
    QVERIFY(run(program, wanted(there)).outcome);
    const auto before = world.directory.assignments;
    const Ended refused = run(program, wanted(asked));
    QVERIFY(refused.error);
    QCOMPARE(refused.error->code, u"AssignmentDiffers"_s);
    QVERIFY(refused.error->nextStep.contains(u"roleAssignments"));
    QCOMPARE(world.directory.assignments, before);
    QVERIFY(run(program, wanted(u"  "_s + there)).outcome); // blanks make no other condition
}

void AssignRoleTest::waitsUntilThePrincipalIsKnown()
{
    World world;
    world.directory.assignRefusals =
        2; // as recorded in flow-roleassignment-principalnotfound-then-created
    Program program(world);
    const Ended ended = run(program, wanted());
    QVERIFY(ended.outcome && ended.outcome->created);
    QCOMPARE(puts(world), 3);
}

void AssignRoleTest::givesUpWaiting()
{
    World world;
    world.directory.assignRefusals = 1000;
    Program program(world);
    const Ended ended = run(program, wanted());
    QVERIFY(ended.error);
    QCOMPARE(ended.error->code, u"PrincipalNotFound"_s);
    QVERIFY(ended.error->nextStep.contains(u"object ID"));
    QCOMPARE(puts(world), program.parts().patience.attempts);
}

void AssignRoleTest::saysWhoMay()
{
    World world;
    world.directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        return {one.verb == "PUT" ? 403 : 0, u"AuthorizationFailed"_s};
    };
    Program program(world);
    const Ended ended = run(program, wanted());
    QVERIFY(ended.error);
    QCOMPARE(ended.error->kind, Error::Kind::Forbidden);
    QVERIFY(ended.error->nextStep.contains(u"User Access Administrator"));
}

void AssignRoleTest::undoesWhatItMade()
{
    World world;
    Program program(world);
    const Ended undone = run(program, wanted(), true);
    QVERIFY(undone.outcome && !undone.outcome->created);
    QCOMPARE(world.directory.assignments.size(), 0);
    QVERIFY(run(program, wanted()).outcome);
    QVERIFY(run(program, wanted(), true).outcome); // made by the run before: not its to remove
    QCOMPARE(world.directory.assignments.size(), 1);
}

QTEST_GUILESS_MAIN(AssignRoleTest)
#include "tst_assignrole.moc"
