#include "support/manualclock.h"
#include "support/memorysecretstore.h"
#include "vault/principalindex.h"
#include "vault/principalvault.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;
using Vault::Orphan;
using Vault::PrincipalVault;

namespace {

/// Answers until a given operation, and then never again: what a kill at that moment leaves behind.
class DyingStore final : public Vault::SecretStore
{
public:
    DyingStore(Test::MemorySecretStore &inner, int survives) : m_inner(inner), m_left(survives) {}
    void read(const QString &key, QObject *context, Core::Done<std::optional<Secret>> done) override
    {
        if (lives())
            m_inner.read(key, context, done);
    }
    void write(const QString &key, Secret secret, QObject *context, Core::Done<void> done) override
    {
        if (lives())
            m_inner.write(key, secret, context, done);
    }
    void remove(const QString &key, QObject *context, Core::Done<void> done) override
    {
        if (lives())
            m_inner.remove(key, context, done);
    }
    void keys(const QString &prefix, QObject *context, Core::Done<QStringList> done) override { m_inner.keys(prefix, context, done); }

private:
    bool lives() { return m_left-- > 0; }
    Test::MemorySecretStore &m_inner;
    int m_left;
};

} // namespace

class PrincipalVaultTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void keepsTheSecretOutOfTheIndex();
    void replacesASecretAndRemovesTheOldOne();
    void keepsTheSecretOfAnEditedPrincipal();
    void forgetsTheSecretOfOneThatNeedsNoneNow();
    void refusesATakenName();
    void findsNearNames();
    void removesBoth();
    void removesNothingWhenTheKeychainIsLocked();
    void marksARemovalThatIsRefused();
    void reportsAMissingSecret();
    void isOldOrNewWhereverItStops_data();
    void isOldOrNewWhereverItStops();
    void usesASecretOnlyWhereItWasStoredFor_data();
    void usesASecretOnlyWhereItWasStoredFor();
    void usesNoEntryThatTheKeychainMistook();
    void followsNoCloudFileToAnotherAuthority();
    void readsTheEntriesOfEarlierVersions();
    void refusesAnEntryThatItDoesNotUnderstand_data();
    void refusesAnEntryThatItDoesNotUnderstand();
    void needsTheSecretAgainForAnotherTarget_data();
    void needsTheSecretAgainForAnotherTarget();
    void restoresAnOrphan();
    void removesOrphans();
    void noticesAChangeFromOutside();
    void carriesKeychainErrorsThrough_data();
    void carriesKeychainErrorsThrough();

private:
    std::unique_ptr<PrincipalVault> vault() { return std::make_unique<PrincipalVault>(m_folder->path(), m_store, m_clock); }
    template<typename T>
    static Result<T> wait(const std::function<void(QObject *, Core::Done<T>)> &start)
    {
        std::optional<Result<T>> got;
        QObject context;
        start(&context, [&](Result<T> result) { got = std::move(result); });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 300))
            return Error{.kind = Error::Kind::Timeout};
        return *got;
    }
    static Result<ServicePrincipal> save(PrincipalVault &vault, const ServicePrincipal &principal, std::optional<Secret> secret)
    {
        return wait<ServicePrincipal>([&](QObject *context, Core::Done<ServicePrincipal> done) { vault.save(principal, secret, context, done); });
    }
    static QByteArray secretOf(PrincipalVault &vault, const QString &name)
    {
        const auto principal = vault.find(name);
        if (!principal)
            return "(no principal)";
        const auto secret = wait<Secret>([&](QObject *context, Core::Done<Secret> done) { vault.secret(*principal, context, done); });
        return secret ? secret->reveal().toByteArray() : QByteArray("(no secret)");
    }
    static Error errorOf(PrincipalVault &vault, const ServicePrincipal &principal)
    {
        const auto secret = wait<Secret>([&](QObject *context, Core::Done<Secret> done) { vault.secret(principal, context, done); });
        return secret ? Error{.message = u"(a secret)"_s} : secret.error();
    }
    QString cloudFile(const QString &name, const QString &authority)
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("{\"name\":\"Other\",\"authorityHost\":\"" + authority.toUtf8() + "\"}") < 0)
            return {};
        return file.fileName();
    }
    static QList<Orphan> orphans(PrincipalVault &vault)
    {
        return *wait<QList<Orphan>>([&](QObject *context, Core::Done<QList<Orphan>> done) { vault.findOrphans(context, done); });
    }
    static ServicePrincipal named(const QString &name)
    {
        ServicePrincipal principal;
        principal.name = name;
        principal.tenant = u"contoso.com"_s;
        principal.clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
        return principal;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    Test::MemorySecretStore m_store;
    Test::ManualClock m_clock;
};

void PrincipalVaultTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_store.entries.clear();
    m_store.failure.reset();
}

void PrincipalVaultTest::keepsTheSecretOutOfTheIndex()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("mark3r"));
    QVERIFY(saved);
    QVERIFY(!saved->id.isEmpty());
    QCOMPARE(saved->addedAt, m_clock.now());
    QCOMPARE(secretOf(*v, u"A"_s), QByteArray("mark3r"));
    QFile index(m_folder->filePath(u"principals.json"_s));
    QVERIFY(index.open(QIODevice::ReadOnly));
    const QByteArray text = index.readAll();
    QVERIFY(!text.contains("mark3r") && !text.contains(QByteArray("mark3r").toBase64()));
    const QByteArray bytes("\0\xFF=~\n", 5);
    QVERIFY(save(*v, named(u"bytes"_s), Secret(bytes)));
    QCOMPARE(secretOf(*v, u"bytes"_s), bytes);
}

void PrincipalVaultTest::replacesASecretAndRemovesTheOldOne()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("old"));
    QVERIFY(save(*v, *saved, Secret("new")));
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("new"));
    QCOMPARE(m_store.entries.size(), 1);
    QVERIFY(orphans(*v).isEmpty());
}

void PrincipalVaultTest::keepsTheSecretOfAnEditedPrincipal()
{
    const auto v = vault();
    auto principal = *save(*v, named(u"a"_s), Secret("s"));
    principal.environment.name = u"production"_s;
    QVERIFY(save(*v, principal, std::nullopt));
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("s"));
    QVERIFY(v->rename(u"a"_s, u"b"_s));
    QCOMPARE(secretOf(*v, u"b"_s), QByteArray("s"));
    QVERIFY(!save(*v, named(u"new without one"_s), std::nullopt));
}

void PrincipalVaultTest::forgetsTheSecretOfOneThatNeedsNoneNow()
{
    const auto v = vault();
    auto principal = *save(*v, named(u"pod"_s), Secret("old~secret"));
    principal.credential = ServicePrincipal::Credential::FederatedToken;
    principal.credentialFile = u"/var/run/token"_s;
    QVERIFY(save(*v, principal, std::nullopt));
    QVERIFY2(m_store.entries.isEmpty(), "the keychain holds a secret that nobody looks for");
    QCOMPARE(secretOf(*v, u"pod"_s), QByteArray());
    QVERIFY(orphans(*v).isEmpty());
    // Back again: the old one is not there to be taken up.
    principal.credential = ServicePrincipal::Credential::Secret;
    QVERIFY(!save(*v, principal, std::nullopt));
    QVERIFY(save(*v, principal, Secret("new~secret")));
    QCOMPARE(secretOf(*v, u"pod"_s), QByteArray("new~secret"));
}

void PrincipalVaultTest::refusesATakenName()
{
    const auto v = vault();
    QVERIFY(save(*v, named(u"a"_s), Secret("1")));
    const auto again = save(*v, named(u"A"_s), Secret("2"));
    QVERIFY(!again);
    QCOMPARE(again.error().kind, Error::Kind::Conflict);
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("1"));
    QCOMPARE(m_store.entries.size(), 1);
    QVERIFY(save(*v, named(u"b"_s), Secret("2")));
    QCOMPARE(v->rename(u"b"_s, u"a"_s).error().kind, Error::Kind::Conflict);
    QVERIFY(v->rename(u"a"_s, u"A"_s)); // another spelling of its own name
    QVERIFY(!v->rename(u"b"_s, u" "_s));
}

void PrincipalVaultTest::findsNearNames()
{
    const auto v = vault();
    QVERIFY(save(*v, named(u"orders"_s), Secret("1")));
    const auto missing = v->find(u"order"_s);
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, Error::Kind::NotFound);
    QVERIFY(missing.error().nextStep.contains(u"orders"));
}

void PrincipalVaultTest::removesBoth()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("1"));
    QVERIFY(wait<void>([&](QObject *context, Core::Done<void> done) { v->remove(saved->id, context, done); }));
    QVERIFY(v->list()->isEmpty());
    QVERIFY(m_store.entries.isEmpty());
    QVERIFY(!wait<void>([&](QObject *context, Core::Done<void> done) { v->remove(saved->id, context, done); }));
}

void PrincipalVaultTest::removesNothingWhenTheKeychainIsLocked()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("1"));
    m_store.failure = Error{.kind = Error::Kind::KeychainLocked};
    const auto removed = wait<void>([&](QObject *context, Core::Done<void> done) { v->remove(saved->id, context, done); });
    QCOMPARE(removed.error().kind, Error::Kind::KeychainLocked);
    m_store.failure.reset();
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("1"));
}

void PrincipalVaultTest::marksARemovalThatIsRefused()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("1"));
    const auto remove = [&] { return wait<void>([&](QObject *context, Core::Done<void> done) { v->remove(saved->id, context, done); }); };
    m_store.failure = Error{.kind = Error::Kind::KeychainDenied, .message = u"Refused."_s};
    QCOMPARE(remove().error().message, u"Refused."_s);
    QCOMPARE(v->list()->size(), 1);
    QCOMPARE(vault()->unfinishedRemovals()->value(saved->id), u"Refused."_s);
    m_store.failure.reset();
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("1"));
    QVERIFY(remove());
    QVERIFY(v->list()->isEmpty());
    QVERIFY(v->unfinishedRemovals()->isEmpty());
    QVERIFY(m_store.entries.isEmpty());
}

void PrincipalVaultTest::reportsAMissingSecret()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("1"));
    m_store.entries.clear();
    const auto secret = wait<Secret>([&](QObject *context, Core::Done<Secret> done) { v->secret(*saved, context, done); });
    QCOMPARE(secret.error().code, u"SecretMissing"_s);
    QCOMPARE(orphans(*v).constFirst().side, Orphan::Side::Index);
}

void PrincipalVaultTest::isOldOrNewWhereverItStops_data()
{
    QTest::addColumn<int>("survives");
    QTest::newRow("before the new secret is written") << 0;
    QTest::newRow("after it, before the old one is removed") << 1;
    QTest::newRow("after everything") << 2;
}

void PrincipalVaultTest::isOldOrNewWhereverItStops()
{
    QFETCH(int, survives);
    const auto saved = save(*vault(), named(u"a"_s), Secret("old"));
    {
        DyingStore dying(m_store, survives);
        PrincipalVault v(m_folder->path(), dying, m_clock);
        (void)save(v, *saved, Secret("new"));
    }
    const auto v = vault();
    const QByteArray now = secretOf(*v, u"a"_s);
    QVERIFY2(now == "old" || now == "new", now.constData());
    QCOMPARE(v->list()->size(), 1);
    const QList<Orphan> left = orphans(*v);
    QCOMPARE(m_store.entries.size(), 1 + left.size());
    for (const Orphan &orphan : left)
        QVERIFY(wait<void>([&](QObject *context, Core::Done<void> done) { v->repair(orphan, false, context, done); }));
    QCOMPARE(secretOf(*v, u"a"_s), now);
    QVERIFY(orphans(*v).isEmpty());
}

void PrincipalVaultTest::usesASecretOnlyWhereItWasStoredFor_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QString>("value");
    QTest::newRow("cloud") << u"cloud"_s << u"AzureChina"_s;
    QTest::newRow("cloud file") << u"cloud"_s << u"FILE"_s;
    QTest::newRow("tenant") << u"tenant"_s << u"evil.example"_s;
    QTest::newRow("kind") << u"credential"_s << u"certificate"_s;
    QTest::newRow("client ID") << u"clientId"_s << u"99999999-aaaa-2222-bbbb-3333cccc4444"_s;
}

// The index was edited by somebody else, or the caller was misled.
void PrincipalVaultTest::usesASecretOnlyWhereItWasStoredFor()
{
    QFETCH(QString, member);
    QFETCH(QString, value);
    const auto v = vault();
    QVERIFY(save(*v, named(u"orders"_s), Secret("mark3r")));
    // Also where the other cloud's file names the very same authority: its certificates are its own.
    const QString other = value == u"FILE" ? cloudFile(u"cloud.json"_s, u"https://login.microsoftonline.com"_s) : value;
    QFile index(m_folder->filePath(u"principals.json"_s));
    QVERIFY(index.open(QIODevice::ReadWrite));
    QJsonObject all = QJsonDocument::fromJson(index.readAll()).object();
    QJsonObject one = all[u"principals"][0].toObject();
    one[member] = other;
    all[u"principals"_s] = QJsonArray{one};
    index.resize(0);
    index.seek(0);
    index.write(QJsonDocument(all).toJson());
    index.close();
    const Error error = errorOf(*v, *v->find(u"orders"_s));
    QCOMPARE(error.code, u"SecretBoundElsewhere"_s);
    QVERIFY2(error.message.contains(u"“orders”") && error.message.contains(other) && error.message.contains(u"contoso.com"), qPrintable(error.message));
    QVERIFY(!Core::describe(error).contains(u"mark3r"));
}

void PrincipalVaultTest::usesNoEntryThatTheKeychainMistook()
{
    const auto v = vault();
    ServicePrincipal other = named(u"billing"_s);
    other.clientId = u"99999999-aaaa-2222-bbbb-3333cccc4444"_s;
    QVERIFY(save(*v, named(u"orders"_s), Secret("s1")));
    QVERIFY(save(*v, other, Secret("s2")));
    QVERIFY(save(*v, named(u"orders again"_s), Secret("s3"))); // the same client, with a secret of its own
    QCOMPARE(m_store.entries.size(), 3);
    const QMap<QString, Secret> whole = m_store.entries;
    for (const QString &asked : whole.keys()) {
        for (const QString &given : whole.keys()) {
            m_store.entries = whole;
            m_store.entries[asked] = whole[given];
            int right = 0;
            for (const QString &name : {u"orders"_s, u"billing"_s, u"orders again"_s}) {
                const Error error = errorOf(*v, *v->find(name));
                if (error.code == u"SecretBoundElsewhere")
                    QVERIFY2(error.message.contains(u'“' + name + u'”'), qPrintable(error.message));
                else
                    right += error.message == u"(a secret)";
            }
            QCOMPARE(right, asked == given ? 3 : 2);
        }
    }
}

void PrincipalVaultTest::followsNoCloudFileToAnotherAuthority()
{
    const auto v = vault();
    ServicePrincipal principal = named(u"orders"_s);
    principal.cloud = cloudFile(u"cloud.json"_s, u"https://login.example:8443"_s);
    QVERIFY(save(*v, principal, Secret("s")));
    principal = *v->find(u"orders"_s);
    QCOMPARE(secretOf(*v, u"orders"_s), QByteArray("s"));
    cloudFile(u"cloud.json"_s, u"https://LOGIN.example:8443/"_s);
    QCOMPARE(secretOf(*v, u"orders"_s), QByteArray("s"));
    for (const QString &authority : {u"https://login.example"_s, u"https://login.example:8444"_s, u"https://login.example.evil:8443"_s}) {
        cloudFile(u"cloud.json"_s, authority);
        const Error error = errorOf(*v, principal);
        QCOMPARE(error.code, u"SecretBoundElsewhere"_s);
        QVERIFY2(error.message.contains(authority) && error.message.contains(u"https://login.example:8443"), qPrintable(error.message));
    }
    // The caller's cloud counts, whatever the file says by now.
    cloudFile(u"cloud.json"_s, u"https://login.example:8443"_s);
    Identity::Cloud used = *Identity::Cloud::load(principal.cloud);
    used.authorityHost = QUrl(u"https://evil.example"_s);
    const auto secret = wait<Secret>([&](QObject *context, Core::Done<Secret> done) { v->secret(principal, used, context, done); });
    QCOMPARE(secret.error().code, u"SecretBoundElsewhere"_s);
    QFile::remove(principal.cloud);
    QVERIFY(!errorOf(*v, principal).message.contains(u"a secret"));
}

void PrincipalVaultTest::readsTheEntriesOfEarlierVersions()
{
    const auto v = vault();
    QVERIFY(save(*v, named(u"orders"_s), Secret("s")));
    QJsonObject entry = QJsonDocument::fromJson(m_store.entries.first().reveal().toByteArray()).object();
    QVERIFY(!entry.take(u"authority"_s).toString().isEmpty() && !entry.take(u"key"_s).toString().isEmpty());
    m_store.entries.first() = Secret(QJsonDocument(entry).toJson());
    QCOMPARE(secretOf(*v, u"orders"_s), QByteArray("s"));
    ServicePrincipal led = *v->find(u"orders"_s);
    led.cloud = u"AzureChina"_s;
    QCOMPARE(errorOf(*v, led).code, u"SecretBoundElsewhere"_s);
    led = *v->find(u"orders"_s);
    led.cloud = u"AzureCloud"_s; // another name of the same
    led.tenant = led.tenant.toUpper();
    QCOMPARE(errorOf(*v, led).message, u"(a secret)"_s);
}

void PrincipalVaultTest::refusesAnEntryThatItDoesNotUnderstand_data()
{
    QTest::addColumn<QByteArray>("entry");
    const QByteArray principal = R"("principal":{"id":"x","name":"orders","cloud":"AzurePublic","tenant":"contoso.com","clientId":"00001111-aaaa-2222-bbbb-3333cccc4444"})";
    QTest::newRow("a newer version") << "{\"v\":2," + principal + R"(,"secret":"bWFyazNy"})";
    QTest::newRow("a refresh token") << QByteArray("0.AXmark3r");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("no principal") << QByteArray(R"({"v":1,"secret":"bWFyazNy"})");
    QTest::newRow("no cloud") << QByteArray(R"({"v":1,"principal":{"tenant":"contoso.com","clientId":"00001111-aaaa-2222-bbbb-3333cccc4444"},"secret":"bWFyazNy"})");
    QTest::newRow("no secret") << "{\"v\":1," + principal + "}";
    QTest::newRow("no base64") << "{\"v\":1," + principal + R"(,"secret":"mark3r!"})";
    QTest::newRow("a number as the authority") << "{\"v\":1," + principal + R"(,"authority":1,"secret":"bWFyazNy"})";
    QTest::newRow("two secrets") << "{\"v\":1," + principal + R"(,"secret":"bWFyazNy","secret":"bWFyazNy"})";
}

void PrincipalVaultTest::refusesAnEntryThatItDoesNotUnderstand()
{
    QFETCH(QByteArray, entry);
    const auto v = vault();
    QVERIFY(save(*v, named(u"orders"_s), Secret("s")));
    m_store.entries.first() = Secret(entry);
    const Error error = errorOf(*v, *v->find(u"orders"_s));
    QCOMPARE(error.code, u"EntryUnreadable"_s);
    QVERIFY(error.message.contains(u"“orders”"));
    QVERIFY(!Core::describe(error).contains(u"mark3r") && !Core::describe(error).contains(u"bWFyazNy"));
}

void PrincipalVaultTest::needsTheSecretAgainForAnotherTarget_data()
{
    QTest::addColumn<QString>("cloud");
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("clientId");
    const ServicePrincipal kept = named({});
    QTest::newRow("cloud") << u"AzureChina"_s << kept.tenant << kept.clientId;
    QTest::newRow("tenant") << kept.cloud << u"fabrikam.com"_s << kept.clientId;
    QTest::newRow("client ID") << kept.cloud << kept.tenant << u"99999999-aaaa-2222-bbbb-3333cccc4444"_s;
}

void PrincipalVaultTest::needsTheSecretAgainForAnotherTarget()
{
    QFETCH(QString, cloud);
    QFETCH(QString, tenant);
    QFETCH(QString, clientId);
    const auto v = vault();
    const ServicePrincipal kept = *save(*v, named(u"orders"_s), Secret("s"));
    ServicePrincipal edited = kept;
    edited.cloud = cloud;
    edited.tenant = tenant;
    edited.clientId = clientId;
    QCOMPARE(save(*v, edited, std::nullopt).error().code, u"SecretNeeded"_s);
    QCOMPARE(v->update(edited).error().code, u"SecretNeeded"_s);
    QVERIFY(*v->find(u"orders"_s) == kept);
    QVERIFY(save(*v, edited, Secret("new")));
    QCOMPARE(secretOf(*v, u"orders"_s), QByteArray("new"));
}

void PrincipalVaultTest::restoresAnOrphan()
{
    const auto saved = save(*vault(), named(u"a"_s), Secret("s"));
    // The index loses it, as when an old copy of the file is put back.
    QVERIFY(Vault::IndexFile(m_folder->path()).change([&](Vault::PrincipalIndex &index) -> Result<void> {
        index.take(saved->id);
        return {};
    }));
    const auto v = vault();
    QVERIFY(v->list()->isEmpty());
    const QList<Orphan> left = orphans(*v);
    QCOMPARE(left.size(), 1);
    QCOMPARE(left.constFirst().side, Orphan::Side::Keychain);
    QCOMPARE(left.constFirst().principal->name, u"a"_s);
    QVERIFY(wait<void>([&](QObject *context, Core::Done<void> done) { v->repair(left.constFirst(), true, context, done); }));
    QCOMPARE(secretOf(*v, u"a"_s), QByteArray("s"));
    QVERIFY(orphans(*v).isEmpty());
}

void PrincipalVaultTest::removesOrphans()
{
    const auto v = vault();
    const auto saved = save(*v, named(u"a"_s), Secret("s"));
    m_store.entries.clear();
    const QList<Orphan> left = orphans(*v);
    QVERIFY(!wait<void>([&](QObject *context, Core::Done<void> done) { v->repair(left.constFirst(), true, context, done); }));
    QVERIFY(wait<void>([&](QObject *context, Core::Done<void> done) { v->repair(left.constFirst(), false, context, done); }));
    QVERIFY(v->list()->isEmpty());
}

void PrincipalVaultTest::noticesAChangeFromOutside()
{
    const auto v = vault();
    QVERIFY(save(*v, named(u"a"_s), Secret("s")));
    QTest::qWait(120);
    QSignalSpy changed(v.get(), &PrincipalVault::changed);
    const auto other = vault();
    QVERIFY(save(*other, named(u"b"_s), Secret("s")));
    QTRY_VERIFY(changed.count() >= 1);
    QCOMPARE(v->list()->size(), 2);
}

void PrincipalVaultTest::carriesKeychainErrorsThrough_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("locked") << static_cast<int>(Error::Kind::KeychainLocked);
    QTest::newRow("absent") << static_cast<int>(Error::Kind::KeychainAbsent);
    QTest::newRow("dismissed") << static_cast<int>(Error::Kind::KeychainDenied);
}

void PrincipalVaultTest::carriesKeychainErrorsThrough()
{
    QFETCH(int, kind);
    const auto v = vault();
    m_store.failure = Error{.kind = static_cast<Error::Kind>(kind), .message = u"m"_s};
    const auto saved = save(*v, named(u"a"_s), Secret("s"));
    QVERIFY(!saved);
    QCOMPARE(static_cast<int>(saved.error().kind), kind);
    QVERIFY(v->list()->isEmpty());
}

QTEST_GUILESS_MAIN(PrincipalVaultTest)
#include "tst_principalvault.moc"
