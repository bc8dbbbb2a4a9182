#include "lifecycle/program.h"
#include "lifecycle/rotatecredential.h"

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::Certificate;
using Identity::ServicePrincipal;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;
using Test::Fate;
using Test::Program;
using Test::World;
using Step = Lifecycle::Rotation::Step;

/// The rotation of a certificate: at no moment without one that works, whatever happens.
class RotateCertificateTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void replacesTheCertificateWithOverlap();
    void survivesBeingKilledAnywhere_data();
    void survivesBeingKilledAnywhere();
    void survivesALostNetworkAnywhere_data();
    void survivesALostNetworkAnywhere();
    void takesBack();
    void waitsForAListThatIsOld();
    void changesNothingByAListThatStaysOld();
    void keepsTheOldOneWhileItsFileIsLocked();
    void leavesFederatedTokensAlone();

private:
    struct Ended
    {
        std::optional<Rotation> finished, waiting;
        std::optional<Error> failed;
        QStringList remarks;
    };
    static Ended run(Program &program, const ServicePrincipal &principal, bool removeOld = false,
                     bool abandon = false)
    {
        Ended ended;
        RotateCredential::Options options;
        options.removeOld = removeOld;
        RotateCredential rotate(program.parts(), *program.vault.find(principal.id), options, {});
        const auto keep = [&ended](std::optional<Rotation> Ended::*which) {
            return [&ended, which](const Rotation &one, const QStringList &remarks) {
                ended.*which = one;
                ended.remarks = remarks;
            };
        };
        connect(&rotate, &RotateCredential::finished, keep(&Ended::finished));
        connect(&rotate, &RotateCredential::confirmationNeeded, keep(&Ended::waiting));
        connect(&rotate, &RotateCredential::failed,
                [&](const Error &error, const Rotation &) { ended.failed = error; });
        abandon ? rotate.abandon() : rotate.start();
        (void)QTest::qWaitFor(
            [&] { return ended.finished || ended.waiting || ended.failed || program.fate.dead(); },
            20'000);
        return ended;
    }
    // An application that reads its certificate from a file.
    ServicePrincipal add(Program &program, const QString &path = {})
    {
        ServicePrincipal principal;
        principal.name = u"batch"_s;
        principal.tenant = u"contoso.com"_s;
        principal.credential = ServicePrincipal::Credential::Certificate;
        principal.credentialFile = path;
        principal.credentialThumbprint = QString::fromLatin1(m_old.thumbprint);
        principal.clientId = program.world.directory.addCertifiedApp(u"batch"_s, m_old.der).appId;
        QObject context;
        bool saved = false;
        program.vault.save(principal, m_old.pem, &context,
                           [&](const Result<ServicePrincipal> &result) {
                               saved = true;
                               principal = *result;
                           });
        if (!QTest::qWaitFor([&] { return saved; }))
            qFatal("not saved");
        if (QFile file(path); !path.isEmpty() && (!file.open(QIODevice::WriteOnly) ||
                                                  file.write(m_old.pem.reveal().toByteArray()) < 0))
            qFatal("no file");
        return principal;
    }
    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool works(World &world, const ServicePrincipal &principal, const QByteArray &pem)
    {
        return world.directory.accepts(principal.clientId, pem);
    }

    Certificate m_old;
};

void RotateCertificateTest::initTestCase()
{
    const auto made = Identity::makeCertificate(u"batch"_s, 90, Test::ManualClock().now());
    QVERIFY(made);
    m_old = *made;
}

void RotateCertificateTest::replacesTheCertificateWithOverlap()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"batch.pem"_s);
    const ServicePrincipal principal = add(program, path);
    const Ended waiting = run(program, principal);
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

    QVERIFY(run(program, principal, true).finished);
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

void RotateCertificateTest::survivesBeingKilledAnywhere_data()
{
    QTest::addColumn<Fate::Moment>("moment");
    QTest::newRow("before it has its effect") << Fate::Moment::Before;
    QTest::newRow("after, the answer lost") << Fate::Moment::After;
}

void RotateCertificateTest::survivesBeingKilledAnywhere()
{
    QFETCH(Fate::Moment, moment);
    int dieAt = 1;
    for (;; ++dieAt) {
        World world;
        const QString path = world.folder.filePath(u"batch.pem"_s);
        ServicePrincipal principal;
        {
            Program before(world);
            principal = add(before, path);
        }
        Program dying(world, dieAt, moment);
        const Ended ended = run(dying, principal, true);
        if (!dying.fate.dead()) {
            QVERIFY(ended.finished);
            break;
        }
        const QByteArray step = "moment " + QByteArray::number(dieAt);
        Program next(world);
        QVERIFY2(works(world, principal, next.secretOf(principal)), step.constData());
        QVERIFY2(works(world, principal, content(path)), step.constData());
        const Ended resumed = run(next, principal, true);
        QVERIFY2(resumed.finished,
                 qPrintable(QString::fromLatin1(step) + u": "_s +
                            (resumed.failed ? Core::describe(*resumed.failed) : u"nothing"_s)));
        QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 1);
        QVERIFY2(works(world, principal, next.secretOf(principal)), step.constData());
        QVERIFY2(works(world, principal, content(path)), step.constData());
        QVERIFY(!works(world, principal, m_old.pem.reveal().toByteArray()));
        QCOMPARE(world.keychain.size(), 1);
    }
    QVERIFY2(dieAt > 15, qPrintable(u"only %1 moments"_s.arg(dieAt)));
}

void RotateCertificateTest::survivesALostNetworkAnywhere_data()
{
    QTest::addColumn<bool>("answerLost");
    QTest::newRow("the request is lost") << false;
    QTest::newRow("its answer is lost") << true;
}

void RotateCertificateTest::survivesALostNetworkAnywhere()
{
    QFETCH(bool, answerLost);
    int loseAt = 1;
    for (bool met = true; met; ++loseAt) {
        World world;
        Program program(world);
        const QString path = world.folder.filePath(u"batch.pem"_s);
        const ServicePrincipal principal = add(program, path);
        program.line.loseAt = loseAt;
        program.line.losesAnswer = answerLost;
        Ended ended = run(program, principal, true);
        met = program.line.sent >= loseAt;
        const QByteArray step = "request " + QByteArray::number(loseAt);
        QVERIFY2(works(world, principal, program.secretOf(principal)) &&
                     works(world, principal, content(path)),
                 step.constData());
        QVERIFY2(ended.finished || (met && ended.failed), step.constData());
        if (!ended.finished) // the network is back
            ended = run(program, principal, true);
        QVERIFY2(ended.finished, step.constData());
        QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 1);
        QCOMPARE(world.keychain.size(), 1);
        QVERIFY2(works(world, principal, program.secretOf(principal)) &&
                     works(world, principal, content(path)),
                 step.constData());
    }
    QVERIFY2(loseAt > 7, qPrintable(u"only %1 requests"_s.arg(loseAt)));
}

void RotateCertificateTest::takesBack()
{
    World world;
    Program program(world);
    const QString path = world.folder.filePath(u"batch.pem"_s);
    const ServicePrincipal principal = add(program, path);
    QVERIFY(run(program, principal).waiting);
    const Ended back = run(program, principal, false, true);
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
    QVERIFY(run(program, principal).waiting);
    world.directory.keysLag = 3;
    QVERIFY(run(program, principal, true).finished);
    QCOMPARE(world.directory.app(principal.clientId)->keys.size(), 1);
    QVERIFY(works(world, principal, program.secretOf(principal)));
}

void RotateCertificateTest::changesNothingByAListThatStaysOld()
{
    World world;
    Program program(world);
    const ServicePrincipal principal = add(program);
    QVERIFY(run(program, principal).waiting);
    world.directory.keysLag = 1000;
    const Ended failed = run(program, principal, true);
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
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(locked->reveal().toByteArray());
    }
    const Ended waiting = run(program, principal, true);
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
    QVERIFY(program.vault.update(principal));
    const Ended failed = run(program, principal);
    QVERIFY(failed.failed);
    QCOMPARE(failed.failed->kind, Error::Kind::Unsupported);
    QCOMPARE(failed.failed->code, u"NothingToRotate"_s);
    QVERIFY(world.directory.requests.isEmpty());
}

QTEST_GUILESS_MAIN(RotateCertificateTest)
#include "tst_rotatecertificate.moc"
