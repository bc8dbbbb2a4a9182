#include "lifecycle/program.h"
#include "lifecycle/rotatecredential.h"

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;
using Test::Fate;
using Test::Program;
using Test::World;
using Step = Lifecycle::Rotation::Step;

/// Promise 23: at no moment without a working credential, whatever happens.
class RotateCredentialTest : public QObject
{
    Q_OBJECT
private slots:
    void replacesTheSecretWithOverlap();
    void removesNothingBeforeSomebodySaysSo();
    void checksWithTheNewSecret();
    void survivesBeingKilledAnywhere_data();
    void survivesBeingKilledAnywhere();
    void survivesALostNetworkAnywhere_data();
    void survivesALostNetworkAnywhere();
    void takesBackWhereverItWasKilled_data();
    void takesBackWhereverItWasKilled();
    void goesOnAfterALostNetwork();
    void keepsTheOldOneWhereTheNewIsNeverAccepted();
    void leavesNothingWhereTheKeychainRefuses();
    void doesNotTakeBackWhatIsGone();
    void knowsWhichSecretIsKept_data();
    void knowsWhichSecretIsKept();
    void writesOnlyTheFilesThatAreThere();
    void keepsTheOldOneWhileAFileHoldsIt();
    void keepsNoSecretInTheJournal();
    void refusesADamagedJournal();

private:
    struct Ended
    {
        std::optional<Rotation> finished, waiting;
        std::optional<Error> failed;
        QStringList remarks;
        QStringList steps;
    };
    // Runs until a signal comes or the program is dead.
    static Ended run(Program &program, const ServicePrincipal &principal,
                     const RotateCredential::Options &options = {},
                     const RotateCredential::Check &check = {}, bool abandon = false)
    {
        Ended ended;
        RotateCredential rotate(program.parts(), *program.vault.find(principal.id), options, check);
        connect(&rotate, &RotateCredential::announced,
                [&](const auto &one) { ended.steps.append(one.step); });
        connect(&rotate, &RotateCredential::finished,
                [&](const Rotation &one, const QStringList &remarks) {
                    ended.finished = one;
                    ended.remarks = remarks;
                });
        connect(&rotate, &RotateCredential::confirmationNeeded,
                [&](const Rotation &one, const QStringList &remarks) {
                    ended.waiting = one;
                    ended.remarks = remarks;
                });
        connect(&rotate, &RotateCredential::failed,
                [&](const Error &error, const Rotation &) { ended.failed = error; });
        abandon ? rotate.abandon() : rotate.start();
        (void)QTest::qWaitFor(
            [&] { return ended.finished || ended.waiting || ended.failed || program.fate.dead(); },
            10'000);
        return ended;
    }
    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    // An application that reads its secret from a file, as the user's page ends.
    static ServicePrincipal addExported(Program &program, const QString &path)
    {
        ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
        principal = Identity::withExport(principal,
                                         {path, u"systemd-envfile"_s, program.world.clock.now(),
                                          u"EnvironmentCredential"_s});
        if (!program.vault.update(principal))
            qFatal("no update");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write("AZURE_CLIENT_SECRET=\"old~secret\"\n") < 0)
            qFatal("no file");
        return principal;
    }
    static bool fileWorks(World &world, const QString &path, const QString &clientId)
    {
        const QByteArray text = content(path);
        for (const auto &one : world.directory.app(clientId)->passwords) {
            if (text.contains(one.secret.toUtf8()) && one.refusals <= 0)
                return true;
        }
        return false;
    }
    static QStringList journals(const World &world)
    {
        return QDir(world.folder.path()).entryList({u"rotation-*"_s});
    }
};

void RotateCredentialTest::replacesTheSecretWithOverlap()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    RotateCredential::Options options;
    options.lifetimeDays = 90;
    options.removeOld = true;
    const Ended ended = run(program, principal, options);
    QVERIFY2(ended.finished, ended.failed ? qPrintable(Core::describe(*ended.failed)) : "nothing");
    QCOMPARE(ended.finished->step, Step::Removed);
    QCOMPARE(ended.steps, (QStringList{u"find"_s, u"add"_s, u"prove"_s, u"prove"_s, u"removeOld"_s,
                                       u"dropOld"_s}));
    const auto passwords = world.directory.app(principal.clientId)->passwords;
    QCOMPARE(passwords.size(), 1);
    QCOMPARE(program.secretOf(principal), passwords.constFirst().secret.toUtf8());
    QVERIFY(passwords.constFirst().secret != u"old~secret");
    QCOMPARE(passwords.constFirst().endsAt, world.clock.now().addDays(90).toString(Qt::ISODate));
    const ServicePrincipal kept = *program.vault.find(principal.id);
    QCOMPARE(kept.credentialKeyId, passwords.constFirst().keyId);
    QCOMPARE(kept.credentialExpiresAt, world.clock.now().addDays(90));
    QCOMPARE(world.keychain.size(), 1);
    QCOMPARE(journals(world), QStringList());
}

void RotateCredentialTest::removesNothingBeforeSomebodySaysSo()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    for (int again = 0; again < 2;
         ++again) { // the second run finds the first one's journal, and does nothing twice
        const Ended ended = run(program, principal);
        QVERIFY(ended.waiting);
        QCOMPARE(ended.waiting->step, Step::Exported);
        QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 2);
        QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
        QVERIFY(world.directory.accepts(principal.clientId, program.secretOf(principal)));
    }
    RotateCredential::Options options;
    options.removeOld = true;
    QVERIFY(run(program, principal, options).finished);
    QVERIFY(!world.directory.accepts(principal.clientId, "old~secret"));
}

void RotateCredentialTest::checksWithTheNewSecret()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    QByteArray seen;
    Result<QString> found = Error{.message = u"the matrix is red"_s};
    const RotateCredential::Check check = [&](const ServicePrincipal &one, QObject *context,
                                              const Core::Done<QString> &done) {
        program.vault.secret(one, context, [&, done](const Result<Secret> &secret) {
            seen = secret->reveal().toByteArray();
            done(found);
        });
    };
    const Ended failed = run(program, principal, {}, check);
    QVERIFY(failed.failed);
    QVERIFY(seen != "old~secret" && world.directory.accepts(principal.clientId, seen));
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
    found = u"as before"_s;
    const Ended waiting = run(program, principal, {}, check);
    QVERIFY(waiting.waiting);
    QCOMPARE(waiting.remarks, QStringList{u"as before"_s});
    QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 2);
}

void RotateCredentialTest::survivesBeingKilledAnywhere_data()
{
    QTest::addColumn<Fate::Moment>("moment");
    QTest::newRow("before it has its effect") << Fate::Moment::Before;
    QTest::newRow("after, the answer lost") << Fate::Moment::After;
}

void RotateCredentialTest::survivesBeingKilledAnywhere()
{
    QFETCH(Fate::Moment, moment);
    RotateCredential::Options options;
    options.removeOld = true;
    int dieAt = 1;
    for (;; ++dieAt) {
        World world;
        const QString path = world.folder.filePath(u"orders.env"_s);
        ServicePrincipal principal;
        {
            Program before(world);
            principal = addExported(before, path);
        }
        Program dying(world, dieAt, moment);
        const Ended ended = run(dying, principal, options);
        if (!dying.fate.dead()) {
            QVERIFY(ended.finished);
            break;
        }
        Program next(world);
        QVERIFY2(world.directory.accepts(principal.clientId, next.secretOf(principal)),
                 qPrintable(u"moment %1: what is kept does not work"_s.arg(dieAt)));
        QVERIFY2(fileWorks(world, path, principal.clientId),
                 qPrintable(u"moment %1: what the file holds does not work"_s.arg(dieAt)));

        const Ended resumed = run(next, principal, options);
        QVERIFY2(resumed.finished,
                 qPrintable(u"moment %1: %2"_s.arg(dieAt).arg(
                     resumed.failed ? Core::describe(*resumed.failed) : u"nothing"_s)));
        QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 1);
        QVERIFY(world.directory.accepts(principal.clientId, next.secretOf(principal)));
        QVERIFY(!world.directory.accepts(principal.clientId, "old~secret"));
        QVERIFY(fileWorks(world, path, principal.clientId));
        QVERIFY(content(path).contains(next.secretOf(principal)));
        QVERIFY(content(path).contains("AZURE_TOKEN_CREDENTIALS=\"EnvironmentCredential\"\n"));
        QCOMPARE(journals(world), QStringList());
        const QList<QString> keys = world.keychain.keys();
        QVERIFY2(keys.size() == 1,
                 qPrintable(u"moment %1: %2 keychain entries"_s.arg(dieAt).arg(keys.size())));
    }
    QVERIFY2(dieAt > 15, qPrintable(u"only %1 moments"_s.arg(dieAt)));
}

void RotateCredentialTest::survivesALostNetworkAnywhere_data()
{
    QTest::addColumn<bool>("answerLost");
    QTest::newRow("the request is lost") << false;
    QTest::newRow("its answer is lost") << true;
}

void RotateCredentialTest::survivesALostNetworkAnywhere()
{
    QFETCH(bool, answerLost);
    RotateCredential::Options options;
    options.removeOld = true;
    int loseAt = 1;
    for (bool met = true; met; ++loseAt) {
        World world;
        Program program(world);
        const QString path = world.folder.filePath(u"orders.env"_s);
        const ServicePrincipal principal = addExported(program, path);
        program.line.loseAt = loseAt;
        program.line.losesAnswer = answerLost;
        Ended ended = run(program, principal, options);
        met = program.line.sent >= loseAt;
        const QByteArray step = "request " + QByteArray::number(loseAt);
        QVERIFY2(world.directory.accepts(principal.clientId, program.secretOf(principal)) &&
                     fileWorks(world, path, principal.clientId),
                 step.constData());
        QVERIFY2(ended.finished || (met && ended.failed), step.constData());
        if (!ended.finished) // the network is back
            ended = run(program, principal, options);
        QVERIFY2(ended.finished, step.constData());
        QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 1);
        QCOMPARE(world.keychain.size(), 1);
        QVERIFY2(world.directory.accepts(principal.clientId, program.secretOf(principal)) &&
                     fileWorks(world, path, principal.clientId),
                 step.constData());
    }
    QVERIFY2(loseAt > 7, qPrintable(u"only %1 requests"_s.arg(loseAt)));
}

void RotateCredentialTest::takesBackWhereverItWasKilled_data()
{
    survivesBeingKilledAnywhere_data();
}

void RotateCredentialTest::takesBackWhereverItWasKilled()
{
    QFETCH(Fate::Moment, moment);
    for (int dieAt = 1;; ++dieAt) {
        World world;
        const QString path = world.folder.filePath(u"orders.env"_s);
        ServicePrincipal principal;
        {
            Program before(world);
            principal = addExported(before, path);
        }
        Program dying(world, dieAt, moment);
        const Ended ended = run(dying, principal);
        const bool whole = !dying.fate.dead();
        QVERIFY(!whole || ended.waiting);
        if (!journals(world).isEmpty()) {
            // Taking back is itself killed once, wherever, and begun again.
            Program clumsy(world, 1 + dieAt % 9, moment);
            run(clumsy, principal, {}, {}, true);
            QVERIFY(
                world.directory.accepts(principal.clientId, Program(world).secretOf(principal)));
            QVERIFY(fileWorks(world, path, principal.clientId));
            if (!journals(world).isEmpty()) {
                Program next(world);
                const Ended back = run(next, principal, {}, {}, true);
                QVERIFY2(back.finished,
                         back.failed ? qPrintable(Core::describe(*back.failed)) : "nothing");
                QCOMPARE(back.finished->step, Step::Abandoned);
            }
        }
        Program after(world);
        QCOMPARE(after.secretOf(principal), QByteArray("old~secret"));
        QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 1);
        QVERIFY(content(path).contains("old~secret"));
        QCOMPARE(world.keychain.size(), 1);
        QCOMPARE(journals(world), QStringList());
        if (whole)
            break;
    }
}

void RotateCredentialTest::goesOnAfterALostNetwork()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    bool down = true;
    world.directory.refuse = [&](const Http::Request &request) -> std::pair<int, QString> {
        return {down && request.url.host().startsWith(u"login.") ? 503 : 0,
                u"temporarily_unavailable"_s};
    };
    const Ended failed = run(program, principal);
    QVERIFY(failed.failed);
    QVERIFY(world.directory.accepts(principal.clientId, program.secretOf(principal)));
    down = false;
    QVERIFY(run(program, principal).waiting);
    QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 2); // not a third
}

void RotateCredentialTest::keepsTheOldOneWhereTheNewIsNeverAccepted()
{
    World world;
    world.directory.newPasswordRefusals = 1000;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    RotateCredential::Options options;
    options.removeOld = true;
    const Ended failed = run(program, principal, options);
    QVERIFY(failed.failed);
    QCOMPARE(failed.failed->kind, Error::Kind::Unauthenticated);
    QCOMPARE(program.secretOf(principal), QByteArray("old~secret"));
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
}

void RotateCredentialTest::leavesNothingWhereTheKeychainRefuses()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    program.store.failure = Error{.kind = Error::Kind::KeychainLocked, .message = u"locked"_s};
    const Ended failed = run(program, principal);
    QVERIFY(failed.failed);
    QCOMPARE(failed.failed->kind, Error::Kind::KeychainLocked);
    QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 1);
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
}

void RotateCredentialTest::doesNotTakeBackWhatIsGone()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    QVERIFY(run(program, principal).waiting);
    Rotation rotation = **Lifecycle::RotationJournal(world.folder.path()).read(principal.id);
    rotation.step = Step::Confirmed;
    QVERIFY(Lifecycle::RotationJournal(world.folder.path()).write(rotation));
    const Ended refused = run(program, principal, {}, {}, true);
    QVERIFY(refused.failed);
    QCOMPARE(refused.failed->code, u"TooLate"_s);
}

void RotateCredentialTest::knowsWhichSecretIsKept_data()
{
    QTest::addColumn<QStringList>("hints");
    QTest::addColumn<QString>("keyId");
    QTest::addColumn<QString>("expected"); // "?" for a refusal
    QTest::newRow("by its ID") << QStringList{u"xxx"_s, u"yyy"_s} << u"K1"_s << u"K1"_s;
    QTest::newRow("by its first characters")
        << QStringList{u"xxx"_s, u"old"_s} << QString() << u"K1"_s;
    QTest::newRow("the only one, without a hint") << QStringList{QString()} << QString() << u"K0"_s;
    QTest::newRow("the only one is another") << QStringList{u"xxx"_s} << QString() << QString();
    QTest::newRow("two that it may be") << QStringList{u"old"_s, u"old"_s} << QString() << u"?"_s;
    QTest::newRow("none at all") << QStringList() << QString() << QString();
    QTest::newRow("an ID that is gone, another secret")
        << QStringList{u"xxx"_s} << u"K9"_s << QString();
}

void RotateCredentialTest::knowsWhichSecretIsKept()
{
    QFETCH(QStringList, hints);
    QFETCH(QString, keyId);
    QFETCH(QString, expected);
    Azure::Application application;
    for (int i = 0; i < hints.size(); ++i)
        application.passwords.append({u"K%1"_s.arg(i), u"name"_s, hints[i], {}, {}});
    const Result<QString> kept =
        Lifecycle::keptSecretAmong(application, keyId, Secret("old~secret"));
    QCOMPARE(kept ? *kept : u"?"_s, expected);
    if (!kept) {
        QCOMPARE(kept.error().code, u"WhichSecret"_s);
        QVERIFY(kept.error().message.contains(u"K0"_s) &&
                !kept.error().message.contains(u"old~secret"_s));
    }
}

void RotateCredentialTest::writesOnlyTheFilesThatAreThere()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"orders.env"_s);
    const ServicePrincipal principal = addExported(program, path);
    QVERIFY(QFile::remove(path));
    const Ended ended = run(program, principal);
    QVERIFY(ended.waiting);
    QCOMPARE(ended.remarks.size(), 1);
    QVERIFY(ended.remarks.constFirst().contains(path));
    QVERIFY(!QFile::exists(path));
    QVERIFY(run(program, principal, {}, {}, true)
                .finished); // nor does it stand in the way of going back
}

// Confirmed beforehand or not: an application that reads a file which could not be written must go
// on working.
void RotateCredentialTest::keepsTheOldOneWhileAFileHoldsIt()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"orders.env"_s);
    ServicePrincipal principal = addExported(program, path);
    principal.exports[0].format = u"of-a-later-version"_s;
    QVERIFY(program.vault.update(principal));
    RotateCredential::Options options;
    options.removeOld = true;
    const Ended ended = run(program, principal, options);
    QVERIFY(ended.waiting);
    QVERIFY(ended.remarks.join(u' ').contains(path));
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
    QVERIFY(run(program, principal, options).finished); // said once more, knowing it
}

void RotateCredentialTest::keepsNoSecretInTheJournal()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    QVERIFY(run(program, principal).waiting);
    const QString path = world.folder.filePath(journals(world).value(0));
    const QByteArray journal = content(path);
    QVERIFY(!journal.isEmpty());
    QVERIFY(!journal.contains("old~secret") && !journal.contains(program.secretOf(principal)));
    QCOMPARE(QFile::permissions(path) &
                 (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
}

void RotateCredentialTest::refusesADamagedJournal()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    const QString path = world.folder.filePath(u"rotation-%1.json"_s.arg(principal.id));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"version\":1,\"principalId\":");
    file.close();
    const Ended refused = run(program, principal);
    QVERIFY(refused.failed);
    QCOMPARE(refused.failed->code, u"JournalUnreadable"_s);
    QCOMPARE(content(path), QByteArray("{\"version\":1,\"principalId\":"));
    QCOMPARE(world.directory.requests.size(), 0);
}

QTEST_GUILESS_MAIN(RotateCredentialTest)
#include "tst_rotatecredential.moc"
