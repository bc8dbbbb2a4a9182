#include "lifecycle/rotation.h"

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;
using Test::content;
using Test::Ended;
using Test::journals;
using Test::Program;
using Test::World;
using Step = Lifecycle::Rotation::Step;

/// The rotation of a secret. What it survives, tst_rotationsurvives shows.
class RotateCredentialTest : public QObject
{
    Q_OBJECT
private slots:
    void replacesTheSecretWithOverlap();
    void removesNothingBeforeSomebodySaysSo();
    void checksWithTheNewSecret();
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
    static ServicePrincipal addExported(Program &program, const QString &path)
    {
        return Test::Rotated(Test::Rotated::Kind::Secret).add(program, path);
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
    const Ended ended = rotate(program, principal, options);
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
        const Ended ended = rotate(program, principal);
        QVERIFY(ended.waiting);
        QCOMPARE(ended.waiting->step, Step::Exported);
        QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 2);
        QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
        QVERIFY(world.directory.accepts(principal.clientId, program.secretOf(principal)));
    }
    RotateCredential::Options options;
    options.removeOld = true;
    QVERIFY(rotate(program, principal, options).finished);
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
    const Ended failed = rotate(program, principal, {}, check);
    QVERIFY(failed.failed);
    QVERIFY(seen != "old~secret" && world.directory.accepts(principal.clientId, seen));
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
    found = u"as before"_s;
    const Ended waiting = rotate(program, principal, {}, check);
    QVERIFY(waiting.waiting);
    QCOMPARE(waiting.remarks, QStringList{u"as before"_s});
    QCOMPARE(world.directory.app(principal.clientId)->passwords.size(), 2);
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
    const Ended failed = rotate(program, principal);
    QVERIFY(failed.failed);
    QVERIFY(world.directory.accepts(principal.clientId, program.secretOf(principal)));
    down = false;
    QVERIFY(rotate(program, principal).waiting);
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
    const Ended failed = rotate(program, principal, options);
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
    const Ended failed = rotate(program, principal);
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
    QVERIFY(rotate(program, principal).waiting);
    Rotation rotation = **Lifecycle::RotationJournal(world.folder.path()).read(principal.id);
    rotation.step = Step::Confirmed;
    QVERIFY(Lifecycle::RotationJournal(world.folder.path()).write(rotation));
    const Ended refused = rotate(program, principal, {}, {}, true);
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
    const Ended ended = rotate(program, principal);
    QVERIFY(ended.waiting);
    QCOMPARE(ended.remarks.size(), 1);
    QVERIFY(ended.remarks.constFirst().contains(path));
    QVERIFY(!QFile::exists(path));
    QVERIFY(rotate(program, principal, {}, {}, true)
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
    const Ended ended = rotate(program, principal, options);
    QVERIFY(ended.waiting);
    QVERIFY(ended.remarks.join(u' ').contains(path));
    QVERIFY(world.directory.accepts(principal.clientId, "old~secret"));
    QVERIFY(rotate(program, principal, options).finished); // said once more, knowing it
}

void RotateCredentialTest::keepsNoSecretInTheJournal()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = program.add(u"orders"_s, u"old~secret"_s);
    QVERIFY(rotate(program, principal).waiting);
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
    const Ended refused = rotate(program, principal);
    QVERIFY(refused.failed);
    QCOMPARE(refused.failed->code, u"JournalUnreadable"_s);
    QCOMPARE(content(path), QByteArray("{\"version\":1,\"principalId\":"));
    QCOMPARE(world.directory.requests.size(), 0);
}

QTEST_GUILESS_MAIN(RotateCredentialTest)
#include "tst_rotatecredential.moc"
