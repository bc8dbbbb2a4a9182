#include "lifecycle/rotation.h"

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::Certificate;
using Identity::ServicePrincipal;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;
using Test::content;
using Test::Ended;
using Test::Program;
using Test::World;
using Step = Lifecycle::Rotation::Step;

/// The rotation of a certificate. What it survives, tst_rotationsurvives shows.
class RotateCertificateTest : public QObject
{
    Q_OBJECT
private slots:
    void replacesTheCertificateWithOverlap();
    void takesBack();
    void waitsForAListThatIsOld();
    void changesNothingByAListThatStaysOld();
    void keepsTheOldOneWhileItsFileIsLocked();
    void leavesFederatedTokensAlone();

private:
    static ServicePrincipal add(Program &program, const QString &path = {})
    {
        return Test::Rotated(Test::Rotated::Kind::Certificate).add(program, path);
    }
    static bool works(World &world, const ServicePrincipal &principal, const QByteArray &pem)
    {
        return world.directory.accepts(principal.clientId, pem);
    }

    const Certificate &m_old = Test::Rotated::oldCertificate();
};

void RotateCertificateTest::replacesTheCertificateWithOverlap()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"batch.pem"_s);
    const ServicePrincipal principal = add(program, path);
    const Ended waiting = rotate(program, principal);
    QVERIFY2(waiting.waiting, waiting.failed ? qPrintable(Core::describe(*waiting.failed)) : "");
    QCOMPARE(waiting.waiting->step, Step::Exported);
    QCOMPARE(waiting.waiting->written, QStringList{path});
    QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 2);
    QVERIFY(works(world, principal, m_old.pem.reveal().toByteArray()));
    const QByteArray pem = program.secretOf(principal);
    QVERIFY(pem != m_old.pem.reveal().toByteArray() && works(world, principal, pem));
    const auto read = Identity::readCertificate(content(path));
    QVERIFY(read && works(world, principal, read->pem.reveal().toByteArray()));
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());

    QVERIFY(rotateToTheEnd(program, principal).finished);
    const auto keys = world.directory.app(principal.clientId)->keys;
    QCOMPARE(keys.size(), 1);
    QCOMPARE(keys.constFirst().der, read->der);
    const ServicePrincipal kept = *program.vault.find(principal.id);
    QCOMPARE(kept.credentialThumbprint, QString::fromLatin1(read->thumbprint));
    QCOMPARE(kept.credentialKeyId, keys.constFirst().keyId);
    QCOMPARE(kept.credentialExpiresAt, read->notAfter);
    QCOMPARE(world.keychain.size(), 1);
    for (const QString &name : QDir(world.folder.path()).entryList(QDir::Files)) {
        if (name != u"batch.pem")
            QVERIFY2(!content(world.folder.filePath(name)).contains("PRIVATE KEY"),
                     qPrintable(name));
    }
}

void RotateCertificateTest::takesBack()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"batch.pem"_s);
    const ServicePrincipal principal = add(program, path);
    QVERIFY(rotate(program, principal).waiting);
    const Ended back = takeBack(program, principal);
    QVERIFY2(back.finished, back.failed ? qPrintable(Core::describe(*back.failed)) : "nothing");
    QCOMPARE(back.finished->step, Step::Abandoned);
    QCOMPARE(program.secretOf(principal), m_old.pem.reveal().toByteArray());
    const auto read = Identity::readCertificate(content(path));
    QVERIFY(read);
    QCOMPARE(read->der, m_old.der);
    QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 1);
    QCOMPARE(program.vault.find(principal.id)->credentialThumbprint,
             QString::fromLatin1(m_old.thumbprint));
}

void RotateCertificateTest::waitsForAListThatIsOld()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    QVERIFY(rotate(program, principal).waiting);
    world.directory.keysLag = 3;
    QVERIFY(rotateToTheEnd(program, principal).finished);
    QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 1);
    QVERIFY(works(world, principal, program.secretOf(principal)));
}

void RotateCertificateTest::changesNothingByAListThatStaysOld()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    QVERIFY(rotate(program, principal).waiting);
    world.directory.keysLag = 1000;
    const Ended failed = rotateToTheEnd(program, principal);
    QVERIFY(failed.failed);
    QCOMPARE(failed.failed->code, u"ListIsOld"_s);
    QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 2);
    QVERIFY(works(world, principal, program.secretOf(principal)));
}

void RotateCertificateTest::keepsTheOldOneWhileItsFileIsLocked()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"batch.pem"_s);
    const ServicePrincipal principal = add(program, path);
    const auto locked = Identity::certificateForFile(m_old.pem, Secret("passphrase"));
    QVERIFY(locked);
    Test::put(path, locked->reveal().toByteArray());
    const Ended waiting = rotateToTheEnd(program, principal);
    QVERIFY(waiting.waiting);
    QVERIFY2(waiting.remarks.join(u' ').contains(u"--protect-key"),
             qPrintable(waiting.remarks.join(u' ')));
    QVERIFY(works(world, principal, m_old.pem.reveal().toByteArray()));
    QVERIFY(content(path).contains("ENCRYPTED"));
}

void RotateCertificateTest::leavesFederatedTokensAlone()
{
    World world;
    Program program(world);
    ServicePrincipal principal = add(program);
    principal.credential = ServicePrincipal::Credential::FederatedToken;
    principal.credentialFile = u"/var/run/token"_s;
    bool saved = false;
    QObject context;
    program.vault.save(principal, std::nullopt, &context, [&](const auto &result) { saved = result.has_value(); });
    QVERIFY(QTest::qWaitFor([&] { return saved; }));
    const Ended failed = rotate(program, principal);
    QVERIFY(failed.failed);
    QCOMPARE(failed.failed->kind, Error::Kind::Unsupported);
    QCOMPARE(failed.failed->code, u"NothingToRotate"_s);
    QVERIFY(world.directory.requests.isEmpty());
}

QTEST_GUILESS_MAIN(RotateCertificateTest)
#include "tst_rotatecertificate.moc"
