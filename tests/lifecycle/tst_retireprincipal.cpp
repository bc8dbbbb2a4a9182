#include "lifecycle/assignrole.h"
#include "lifecycle/program.h"
#include "lifecycle/restoreprincipal.h"
#include "lifecycle/retireprincipal.h"

using namespace Qt::StringLiterals;
using Core::Error;
using Identity::ServicePrincipal;
using Lifecycle::RestorePrincipal;
using Lifecycle::Retirement;
using Lifecycle::RetirePrincipal;
using Test::Fate;
using Test::Program;
using Test::World;

class RetirePrincipalTest : public QObject
{
    Q_OBJECT
private slots:
    void takesAwayInOrderEachNamedFirst();
    void changesNothingForAnotherName();
    void namesWhatIsLeft();
    void goesOnWhereverItWasKilled_data();
    void goesOnWhereverItWasKilled();
    void retiresWhatEntraHasLost();
    void restoresAll();
    void restoresWhereverItWasKilled();
    void saysWhenItIsGoneForGood();
    void restoresWithANewServicePrincipal();

private:
    struct Ended
    {
        std::optional<Retirement> retirement;
        std::optional<RetirePrincipal::Plan> plan;
        std::optional<Error> error;
        QStringList left, steps;
    };
    static ServicePrincipal add(Program &program)
    {
        ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
        const QString oid = program.world.directory.principals.constFirst().id;
        for (const QString &scope : {u"/subscriptions/S1/resourceGroups/rg"_s,
                                     u"/providers/Microsoft.Management/managementGroups/mg"_s}) {
            bool done = false;
            Lifecycle::AssignRole assign(program.parts(), Identity::Cloud::azurePublic(),
                                         {*Azure::Scope::parse(scope), u"role"_s, oid,
                                          u"ServicePrincipal"_s,
                                          u"@Resource[a:b] StringEquals 'x'"_s, u"why"_s});
            connect(&assign, &Lifecycle::AssignRole::finished, [&] { done = true; });
            assign.start();
            (void)QTest::qWaitFor([&] { return done; });
        }
        program.world.directory.requests.clear();
        return principal;
    }
    static Ended retire(Program &program, const ServicePrincipal &principal,
                        const QString &name = u"orders"_s)
    {
        Ended ended;
        RetirePrincipal retiring(program.parts(), principal);
        connect(&retiring, &RetirePrincipal::planned, [&](const auto &plan) {
            ended.plan = plan;
            ended.steps.append(u"planned"_s);
            retiring.proceed(name);
        });
        connect(&retiring, &RetirePrincipal::announced,
                [&](const auto &one) { ended.steps.append(one.step); });
        connect(&retiring, &RetirePrincipal::finished,
                [&](const Retirement &one) { ended.retirement = one; });
        connect(&retiring, &RetirePrincipal::failed,
                [&](const Error &error, const QStringList &left) {
                    ended.error = error;
                    ended.left = left;
                });
        retiring.look();
        (void)QTest::qWaitFor(
            [&] { return ended.retirement || ended.error || program.fate.dead(); });
        return ended;
    }
    struct Restored
    {
        std::optional<ServicePrincipal> principal;
        std::optional<Error> error;
        QStringList remarks;
    };
    static Restored restore(Program &program)
    {
        Restored restored;
        const auto record =
            Lifecycle::RetirementRecord(program.world.folder.path()).find(u"orders"_s);
        if (!record)
            return {{}, record.error(), {}};
        RestorePrincipal restoring(program.parts(), *record, 180);
        connect(&restoring, &RestorePrincipal::finished,
                [&](const ServicePrincipal &one, const QStringList &remarks) {
                    restored.principal = one;
                    restored.remarks = remarks;
                });
        connect(&restoring, &RestorePrincipal::failed,
                [&](const Error &error) { restored.error = error; });
        restoring.start();
        (void)QTest::qWaitFor(
            [&] { return restored.principal || restored.error || program.fate.dead(); });
        return restored;
    }
};

void RetirePrincipalTest::takesAwayInOrderEachNamedFirst()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    const Ended ended = retire(program, principal);
    QVERIFY2(ended.retirement, ended.error ? qPrintable(Core::describe(*ended.error)) : "nothing");
    QCOMPARE(ended.steps, (QStringList{u"planned"_s, u"removeAssignment"_s, u"removeAssignment"_s,
                                       u"removeCredential"_s, u"deleteServicePrincipal"_s,
                                       u"deleteApplication"_s, u"forget"_s}));
    QCOMPARE(ended.plan->inWords().size(), 6);
    QCOMPARE(ended.plan->azCommands().size(), 5);
    QStringList writes = world.directory.log();
    writes.removeIf([](const QString &line) { return line.startsWith(u"GET"); });
    QCOMPARE(writes.size(), 5);
    QVERIFY(writes[0].startsWith(u"DELETE /providers/Microsoft.Management") &&
            writes[1].startsWith(u"DELETE /subscriptions"));
    QCOMPARE(writes.sliced(2),
             (QStringList{u"POST applications/{id}/removePassword"_s,
                          u"DELETE servicePrincipals/{id}"_s, u"DELETE applications/{id}"_s}));
    QCOMPARE(world.directory.assignments.size(), 0);
    QCOMPARE(world.directory.livingApps(), 0);
    QCOMPARE(world.keychain.size(), 0);
    QVERIFY(!program.vault.find(u"orders"_s));
}

void RetirePrincipalTest::changesNothingForAnotherName()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    const Ended ended = retire(program, principal, u"order"_s);
    QVERIFY(ended.error);
    QCOMPARE(ended.error->code, u"NameDiffers"_s);
    for (const QString &line : world.directory.log())
        QVERIFY2(line.startsWith(u"GET"), qPrintable(line));
    QCOMPARE(world.keychain.size(), 1);
}

void RetirePrincipalTest::namesWhatIsLeft()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    world.directory.refuse = [](const Http::Request &one) -> std::pair<int, QString> {
        return {one.verb == "DELETE" && one.url.path().contains(u"servicePrincipals") ? 403 : 0,
                u"Authorization_RequestDenied"_s};
    };
    const Ended ended = retire(program, principal);
    QVERIFY(ended.error);
    QCOMPARE(ended.left.size(), 3);
    QVERIFY(ended.left[0].startsWith(u"service principal") &&
            ended.left[1].startsWith(u"application") && ended.left[2].startsWith(u"keychain"));
    QVERIFY(program.vault.find(u"orders"_s));
}

void RetirePrincipalTest::goesOnWhereverItWasKilled_data()
{
    QTest::addColumn<Fate::Moment>("moment");
    QTest::newRow("before it has its effect") << Fate::Moment::Before;
    QTest::newRow("after, the answer lost") << Fate::Moment::After;
}

void RetirePrincipalTest::goesOnWhereverItWasKilled()
{
    QFETCH(Fate::Moment, moment);
    for (int dieAt = 1;; ++dieAt) {
        World world;
        ServicePrincipal principal;
        {
            Program before(world);
            principal = add(before);
        }
        Program dying(world, dieAt, moment);
        retire(dying, principal);
        if (!dying.fate.dead())
            break;
        Program next(world);
        if (next.vault.find(u"orders"_s))
            QVERIFY(retire(next, principal).retirement);
        QCOMPARE(world.directory.assignments.size(), 0);
        QCOMPARE(world.directory.livingApps(), 0);
        QVERIFY(!next.vault.find(u"orders"_s));
        const auto record = Lifecycle::RetirementRecord(world.folder.path()).find(u"orders"_s);
        QVERIFY(record);
        QCOMPARE(record->assignments.size(),
                 2); // what the first attempt took away can be restored too
        QVERIFY(!record->applicationId.isEmpty() && !record->objectId.isEmpty());
    }
}

void RetirePrincipalTest::retiresWhatEntraHasLost()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    world.directory.apps.clear();
    world.directory.principals.clear();
    const Ended ended = retire(program, principal);
    QVERIFY(ended.retirement);
    QCOMPARE(ended.plan->remarks.size(), 2);
    QVERIFY(!program.vault.find(u"orders"_s));
    QVERIFY(restore(program).error);
}

void RetirePrincipalTest::restoresAll()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    const auto assignments = world.directory.assignments;
    QVERIFY(retire(program, principal).retirement);
    const Restored restored = restore(program);
    QVERIFY2(restored.principal,
             restored.error ? qPrintable(Core::describe(*restored.error)) : "nothing");
    QCOMPARE(restored.remarks, QStringList());
    QCOMPARE(restored.principal->clientId, principal.clientId);
    QCOMPARE(world.directory.assignments.keys(), assignments.keys());
    for (const QJsonObject &one : std::as_const(world.directory.assignments))
        QCOMPARE(one[u"properties"][u"condition"].toString(), u"@Resource[a:b] StringEquals 'x'"_s);
    QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 1);
    QCOMPARE(program.secretOf(*restored.principal),
             world.directory.app(principal.clientId)->passwords.constFirst().secret.toUtf8());
    QVERIFY(!Lifecycle::RetirementRecord(world.folder.path()).find(u"orders"_s));
}

void RetirePrincipalTest::restoresWhereverItWasKilled()
{
    for (int dieAt = 1;; ++dieAt) {
        World world;
        {
            Program before(world);
            QVERIFY(retire(before, add(before)).retirement);
        }
        Program dying(world, dieAt, dieAt % 2 ? Fate::Moment::Before : Fate::Moment::After);
        restore(dying);
        if (!dying.fate.dead())
            break;
        Program next(world);
        const Restored restored = restore(next);
        QVERIFY2(restored.principal,
                 qPrintable(u"moment %1: %2"_s.arg(dieAt).arg(
                     restored.error ? Core::describe(*restored.error) : u"nothing"_s)));
        QCOMPARE(world.directory.assignments.size(), 2);
        QCOMPARE(world.directory.livingApps(), 1);
        const QByteArray secret = next.secretOf(*restored.principal);
        const auto &passwords = world.directory.apps.constFirst().passwords;
        QVERIFY(std::any_of(passwords.cbegin(), passwords.cend(),
                            [&](const auto &one) { return one.secret.toUtf8() == secret; }));
    }
}

void RetirePrincipalTest::saysWhenItIsGoneForGood()
{
    World world;
    Program program(world);
    QVERIFY(retire(program, add(program)).retirement);
    world.directory.apps.clear();
    const Restored restored = restore(program);
    QVERIFY(restored.error);
    QCOMPARE(restored.error->code, u"GoneForGood"_s);
}

void RetirePrincipalTest::restoresWithANewServicePrincipal()
{
    World world;
    Program program(world);
    QVERIFY(retire(program, add(program)).retirement);
    world.directory.principals.clear();
    const Restored restored = restore(program);
    QVERIFY(restored.principal);
    QCOMPARE(restored.remarks.size(), 1);
    QCOMPARE(world.directory.assignments.size(), 2);
    for (const QJsonObject &one : std::as_const(world.directory.assignments))
        QCOMPARE(one[u"properties"][u"principalId"].toString(),
                 world.directory.principals.constFirst().id);
}

QTEST_GUILESS_MAIN(RetirePrincipalTest)
#include "tst_retireprincipal.moc"
