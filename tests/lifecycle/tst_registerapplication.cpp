#include "lifecycle/program.h"
#include "lifecycle/registerapplication.h"

using namespace Qt::StringLiterals;
using Core::Error;
using Identity::ServicePrincipal;
using Lifecycle::RegisterApplication;
using Test::Program;
using Test::World;

class RegisterApplicationTest : public QObject
{
    Q_OBJECT
private slots:
    void makesAllAndKeepsIt();
    void waitsForReplicas();
    void undoesWhatFailed_data();
    void undoesWhatFailed();
    void namesWhatItCouldNotUndo();
    void touchesNothingThatExists_data();
    void touchesNothingThatExists();
    void refusesWhatCannotBeMeant_data();
    void refusesWhatCannotBeMeant();
    void registersACertificate();
    void keepsWhatDoesNotWorkYet();
    void warnsOfOtherEnvironments();

private:
    struct Ended
    {
        std::optional<RegisterApplication::Outcome> outcome;
        std::optional<Error> error;
        QStringList left;
    };
    static RegisterApplication::Request request()
    {
        RegisterApplication::Request wanted;
        wanted.name = u"orders"_s;
        wanted.environment = {u"production"_s};
        wanted.tenant = u"contoso.com"_s;
        return wanted;
    }
    static Ended run(Program &program, const RegisterApplication::Request &wanted)
    {
        Ended ended;
        RegisterApplication registering(program.parts(), wanted);
        connect(&registering, &RegisterApplication::finished,
                [&](const auto &outcome) { ended.outcome = outcome; });
        connect(&registering, &RegisterApplication::failed,
                [&](const Error &error, const QStringList &left) {
                    ended.error = error;
                    ended.left = left;
                });
        registering.start();
        (void)QTest::qWaitFor([&] { return ended.outcome || ended.error; });
        return ended;
    }
};

void RegisterApplicationTest::makesAllAndKeepsIt()
{
    World world;
    Program program(world);
    const Ended ended = run(program, request());
    QVERIFY2(ended.outcome, ended.error ? qPrintable(Core::describe(*ended.error)) : "nothing");
    // The order of the recording flow-create-app-secret-and-service-principal.
    QCOMPARE(world.directory.log(),
             (QStringList{u"GET servicePrincipals"_s, u"GET applications"_s, u"POST applications"_s,
                          u"POST applications/{id}/addPassword"_s, u"POST servicePrincipals"_s}));
    for (const Http::Request &one : std::as_const(world.directory.requests)) {
        if (one.url.host().startsWith(u"graph."))
            QCOMPARE(one.bearer.reveal().toByteArray(),
                     QByteArray("operator https://graph.microsoft.com/.default"));
    }
    const ServicePrincipal kept = *program.vault.find(u"orders"_s);
    QCOMPARE(kept, ended.outcome->principal);
    QCOMPARE(kept.environment.name, u"production"_s);
    QCOMPARE(kept.credentialExpiresAt, world.clock.now().addDays(180));
    const auto &app = world.directory.apps.constFirst();
    QCOMPARE(kept.clientId, app.appId);
    QCOMPARE(kept.credentialKeyId, app.passwords.constFirst().keyId);
    QCOMPARE(program.secretOf(kept), app.passwords.constFirst().secret.toUtf8());
    QCOMPARE(ended.outcome->objectId, world.directory.principals.constFirst().id);
    QVERIFY(ended.outcome->works);
}

void RegisterApplicationTest::waitsForReplicas()
{
    World world;
    world.directory.spRefusals = 3;
    Program program(world);
    const Ended ended = run(program, request());
    QVERIFY(ended.outcome);
    QCOMPARE(world.directory.livingApps(), 1);
    QCOMPARE(world.directory.principals.size(), 1);
}

void RegisterApplicationTest::undoesWhatFailed_data()
{
    QTest::addColumn<QString>("path"); // of the request that is refused
    QTest::addColumn<bool>("keychain");
    QTest::newRow("creating the application") << u"/v1.0/applications"_s << true;
    QTest::newRow("adding the secret") << u"addPassword"_s << true;
    QTest::newRow("creating the service principal") << u"/v1.0/servicePrincipals"_s << true;
    QTest::newRow("keeping the secret") << u"none"_s << false;
}

void RegisterApplicationTest::undoesWhatFailed()
{
    QFETCH(QString, path);
    QFETCH(bool, keychain);
    World world;
    Program program(world);
    world.directory.refuse = [&](const Http::Request &one) -> std::pair<int, QString> {
        return {one.verb == "POST" && one.url.path().endsWith(path) ? 403 : 0,
                u"Authorization_RequestDenied"_s};
    };
    if (!keychain)
        program.store.failure = Error{.kind = Error::Kind::KeychainLocked, .message = u"locked"_s};
    const Ended ended = run(program, request());
    QVERIFY(ended.error);
    QCOMPARE(ended.error->kind, keychain ? Error::Kind::Forbidden : Error::Kind::KeychainLocked);
    QCOMPARE(ended.left, QStringList());
    QCOMPARE(world.directory.livingApps(), 0);
    QVERIFY(!program.vault.find(u"orders"_s));
    QCOMPARE(world.keychain.size(), 0);
}

void RegisterApplicationTest::namesWhatItCouldNotUndo()
{
    World world;
    Program program(world);
    world.directory.refuse = [&](const Http::Request &one) -> std::pair<int, QString> {
        return {one.url.path().endsWith(u"addPassword") || one.verb == "DELETE" ? 403 : 0,
                u"Authorization_RequestDenied"_s};
    };
    const Ended ended = run(program, request());
    QVERIFY(ended.error);
    QCOMPARE(ended.left.size(), 1);
    QVERIFY(ended.left.constFirst().contains(world.directory.apps.constFirst().id));
}

void RegisterApplicationTest::touchesNothingThatExists_data()
{
    QTest::addColumn<bool>("here");
    QTest::addColumn<bool>("servicePrincipal");
    QTest::newRow("kept here") << true << true;
    QTest::newRow("in Entra ID") << false << true;
    QTest::newRow("an application without service principal") << false << false;
}

void RegisterApplicationTest::touchesNothingThatExists()
{
    QFETCH(bool, here);
    QFETCH(bool, servicePrincipal);
    World world;
    Program program(world);
    if (here)
        program.add(u"Orders"_s, u"old~secret"_s);
    else
        world.directory.addApp(u"orders"_s, u"old~secret"_s);
    if (!servicePrincipal)
        world.directory.principals.clear();
    const Ended ended = run(program, request());
    QVERIFY(ended.error);
    QCOMPARE(ended.error->code, u"NameTaken"_s);
    QCOMPARE(world.directory.apps.size(), 1);
    QCOMPARE(world.directory.apps.constFirst().passwords.size(), 1);
    for (const Http::Request &one : std::as_const(world.directory.requests))
        QCOMPARE(one.verb, QByteArray("GET"));
}

void RegisterApplicationTest::refusesWhatCannotBeMeant_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("days");
    QTest::newRow("no name") << u"  "_s << 180;
    QTest::newRow("a name too long") << QString(121, u'x') << 180;
    QTest::newRow("more than 24 months") << u"orders"_s << 731;
    QTest::newRow("no time at all") << u"orders"_s << 0;
}

void RegisterApplicationTest::refusesWhatCannotBeMeant()
{
    QFETCH(QString, name);
    QFETCH(int, days);
    World world;
    Program program(world);
    RegisterApplication::Request wanted = request();
    wanted.name = name;
    wanted.lifetimeDays = days;
    const Ended ended = run(program, wanted);
    QVERIFY(ended.error);
    QCOMPARE(ended.error->kind, Error::Kind::InvalidInput);
    QVERIFY(!ended.error->nextStep.isEmpty());
    QCOMPARE(world.directory.requests.size(), 0);
}

void RegisterApplicationTest::registersACertificate()
{
    World world;
    Program program(world);
    RegisterApplication::Request wanted = request();
    wanted.certificate = RegisterApplication::Certificate{
        "DER", Core::Secret("PEM"), world.clock.now(), world.clock.now().addDays(30)};
    // The fake directory knows no assertions: what is sent and kept is what counts here.
    const Ended ended = run(program, wanted);
    QVERIFY(ended.outcome);
    QCOMPARE(ended.outcome->principal.credential, ServicePrincipal::Credential::Certificate);
    QCOMPARE(ended.outcome->principal.credentialExpiresAt, world.clock.now().addDays(30));
    QCOMPARE(program.secretOf(ended.outcome->principal), QByteArray("PEM"));
    const auto &requests = world.directory.requests;
    const auto created = std::find_if(requests.cbegin(), requests.cend(),
                                      [](const auto &one) { return one.verb == "POST"; });
    QVERIFY(created->body.contains("\"key\":\"REVS\"") && !created->body.contains("PEM"));
    QVERIFY(!world.directory.log().join(u' ').contains(u"addPassword"));
}

void RegisterApplicationTest::keepsWhatDoesNotWorkYet()
{
    World world;
    world.directory.newPasswordRefusals = 1000;
    Program program(world);
    const Ended ended = run(program, request());
    QVERIFY(ended.outcome);
    QVERIFY(!ended.outcome->works);
    QVERIFY(program.vault.find(u"orders"_s));
}

void RegisterApplicationTest::warnsOfOtherEnvironments()
{
    ServicePrincipal production, test, same;
    production.id = u"1"_s, production.name = u"orders"_s,
    production.environment = {u"production"_s}, production.clientId = u"AAA"_s;
    test.id = u"2"_s, test.name = u"orders-test"_s, test.environment = {u"test"_s},
    test.clientId = u"aaa"_s;
    same.id = u"3"_s, same.name = u"orders-2"_s, same.environment = {u"Production"_s},
    same.clientId = u"aaa"_s;
    const QStringList warnings =
        Lifecycle::sharedWithOtherEnvironments(test, {production, test, same});
    QCOMPARE(warnings.size(), 2);
    QVERIFY(warnings.constFirst().contains(u"orders") &&
            warnings.constFirst().contains(u"production"));
    QCOMPARE(Lifecycle::sharedWithOtherEnvironments(production, {production, same}), QStringList());
    test.clientId = u"bbb"_s;
    QCOMPARE(Lifecycle::sharedWithOtherEnvironments(test, {production, same}), QStringList());
    test.name = u"ORDERS"_s;
    QCOMPARE(Lifecycle::sharedWithOtherEnvironments(test, {production, same}).size(), 1);
}

QTEST_GUILESS_MAIN(RegisterApplicationTest)
#include "tst_registerapplication.moc"
