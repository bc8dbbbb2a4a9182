#include "lifecycle/rotation.h"

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Test::Ended;
using Test::Fate;
using Test::journals;
using Test::Program;
using Test::Rotated;
using Test::World;
using Step = Lifecycle::Rotation::Step;

/// Promise 23: at no moment without a credential that works, whatever happens; of secrets and of
/// certificates.
class RotationSurvivesTest : public QObject
{
    Q_OBJECT
private slots:
    void beingKilledAnywhere_data() { kindsAndMoments(); }
    void beingKilledAnywhere();
    void aLostNetworkAnywhere_data();
    void aLostNetworkAnywhere();
    void beingTakenBackWhereverItWasKilled_data() { kindsAndMoments(false); }
    void beingTakenBackWhereverItWasKilled();

private:
    static void kindsAndMoments(bool all = true);
};

namespace {

// What is kept here signs in, and so does what the file holds.
bool works(const Rotated &rotated, World &world, Program &program,
           const ServicePrincipal &principal)
{
    return world.directory.accepts(principal.clientId, program.secretOf(principal)) &&
           rotated.fileWorks(world, principal);
}

} // namespace

// Not all: a certificate is made each time, which takes long, and the moments differ little.
void RotationSurvivesTest::kindsAndMoments(bool all)
{
    QTest::addColumn<Rotated::Kind>("kind");
    QTest::addColumn<Fate::Moment>("moment");
    for (const auto &[name, kind] : {std::pair("secret", Rotated::Kind::Secret),
                                     std::pair("certificate", Rotated::Kind::Certificate)}) {
        if (all || kind == Rotated::Kind::Secret)
            QTest::addRow("%s, before it has its effect", name) << kind << Fate::Moment::Before;
        QTest::addRow("%s, after, the answer lost", name) << kind << Fate::Moment::After;
    }
}

void RotationSurvivesTest::beingKilledAnywhere()
{
    QFETCH(Rotated::Kind, kind);
    QFETCH(Fate::Moment, moment);
    const Rotated rotated(kind);
    int dieAt = 1;
    for (;; ++dieAt) {
        World world;
        const QString path = rotated.pathIn(world);
        ServicePrincipal principal;
        {
            Program before(world);
            principal = rotated.add(before, path);
        }
        Program dying(world, dieAt, moment);
        const Ended ended = rotateToTheEnd(dying, principal);
        if (!dying.fate.dead()) {
            QVERIFY(ended.finished);
            break;
        }
        const QByteArray step = "moment " + QByteArray::number(dieAt);
        Program next(world);
        QVERIFY2(works(rotated, world, next, principal), step.constData());
        const Ended resumed = rotateToTheEnd(next, principal);
        QVERIFY2(resumed.finished, (step + ": " + resumed.why()).constData());
        QVERIFY2(works(rotated, world, next, principal), step.constData());
        QCOMPARE(rotated.count(world, principal), 1);
        QVERIFY(!world.directory.accepts(principal.clientId, rotated.old()));
        if (kind == Rotated::Kind::Secret) {
            QVERIFY(Test::content(path).contains(next.secretOf(principal)));
            QVERIFY(Test::content(path).contains(
                "AZURE_TOKEN_CREDENTIALS=\"EnvironmentCredential\"\n"));
        }
        QCOMPARE(journals(world), QStringList());
        QVERIFY2(world.keychain.size() == 1, step.constData());
    }
    QVERIFY2(dieAt > 15, qPrintable(u"only %1 moments"_s.arg(dieAt)));
}

void RotationSurvivesTest::aLostNetworkAnywhere_data()
{
    QTest::addColumn<Rotated::Kind>("kind");
    QTest::addColumn<bool>("answerLost");
    for (const auto &[name, kind] : {std::pair("secret", Rotated::Kind::Secret),
                                     std::pair("certificate", Rotated::Kind::Certificate)}) {
        QTest::addRow("%s, the request is lost", name) << kind << false;
        QTest::addRow("%s, its answer is lost", name) << kind << true;
    }
}

void RotationSurvivesTest::aLostNetworkAnywhere()
{
    QFETCH(Rotated::Kind, kind);
    QFETCH(bool, answerLost);
    const Rotated rotated(kind);
    int loseAt = 1;
    for (bool met = true; met; ++loseAt) {
        World world;
        Program program(world);
        const ServicePrincipal principal = rotated.add(program, rotated.pathIn(world));
        program.line.loseAt = loseAt;
        program.line.losesAnswer = answerLost;
        Ended ended = rotateToTheEnd(program, principal);
        met = program.line.sent >= loseAt;
        const QByteArray step = "request " + QByteArray::number(loseAt);
        QVERIFY2(works(rotated, world, program, principal), step.constData());
        QVERIFY2(ended.finished || (met && ended.failed), step.constData());
        if (!ended.finished) // the network is back
            ended = rotateToTheEnd(program, principal);
        QVERIFY2(ended.finished, step.constData());
        QCOMPARE(rotated.count(world, principal), 1);
        QCOMPARE(world.keychain.size(), 1);
        QVERIFY2(works(rotated, world, program, principal), step.constData());
    }
    QVERIFY2(loseAt > 7, qPrintable(u"only %1 requests"_s.arg(loseAt)));
}

void RotationSurvivesTest::beingTakenBackWhereverItWasKilled()
{
    QFETCH(Rotated::Kind, kind);
    QFETCH(Fate::Moment, moment);
    const Rotated rotated(kind);
    for (int dieAt = 1;; ++dieAt) {
        World world;
        const QString path = rotated.pathIn(world);
        ServicePrincipal principal;
        {
            Program before(world);
            principal = rotated.add(before, path);
        }
        Program dying(world, dieAt, moment);
        const Ended ended = rotate(dying, principal);
        const bool whole = !dying.fate.dead();
        QVERIFY(!whole || ended.waiting);
        if (!journals(world).isEmpty()) {
            // Taking back is itself killed once, wherever, and begun again.
            Program clumsy(world, 1 + dieAt % 9, moment);
            takeBack(clumsy, principal);
            Program after(world);
            QVERIFY2(works(rotated, world, after, principal),
                     QByteArray::number(dieAt).constData());
            if (!journals(world).isEmpty()) {
                Program next(world);
                const Ended back = takeBack(next, principal);
                QVERIFY2(back.finished, back.why().constData());
                QCOMPARE(back.finished->step, Step::Abandoned);
            }
        }
        Program after(world);
        QCOMPARE(after.secretOf(principal), rotated.old());
        QVERIFY2(works(rotated, world, after, principal), QByteArray::number(dieAt).constData());
        QCOMPARE(rotated.count(world, principal), 1);
        QCOMPARE(world.keychain.size(), 1);
        QCOMPARE(journals(world), QStringList());
        if (whole)
            break;
    }
}

QTEST_GUILESS_MAIN(RotationSurvivesTest)
#include "tst_rotationsurvives.moc"
