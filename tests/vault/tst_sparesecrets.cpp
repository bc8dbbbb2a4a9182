#include "support/manualclock.h"
#include "support/memorysecretstore.h"
#include "vault/principalvault.h"
#include "vault/sparesecrets.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;
using Vault::PrincipalVault;
using Vault::SpareSecrets;

class SpareSecretsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void keepsTwoAndSwapsThem();
    void survivesTheProgramThatKnewIt();
    void isNoOrphan();
    void refusesASecondSpare();
    void leavesNothingWhereTheKeychainRefuses();
    void makesNothingElseCurrent();
    void goesWithItsPrincipal();
    void usesNoEntryOfAnother();

private:
    template<typename T, typename Call>
    Result<T> wait(const Call &call)
    {
        QObject context;
        std::optional<Result<T>> got;
        call(&context, [&](const Result<T> &result) { got = result; });
        return QTest::qWaitFor([&] { return got.has_value(); })
                   ? *got
                   : Result<T>(Error{.message = u"never"_s});
    }
    Result<QString> put(const char *secret)
    {
        return wait<QString>([&](QObject *context, auto done) {
            m_spares->put(m_principal, Secret(secret), context, done);
        });
    }
    QByteArray spare()
    {
        const auto read = wait<std::optional<Secret>>(
            [&](QObject *context, auto done) { m_spares->read(m_principal, Identity::Cloud::azurePublic(), context, done); });
        return read && *read ? (*read)->reveal().toByteArray() : QByteArray("none");
    }
    QByteArray current()
    {
        const auto read = wait<Secret>(
            [&](QObject *context, auto done) { m_vault->secret(m_principal, context, done); });
        return read ? read->reveal().toByteArray() : QByteArray("none");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Test::MemorySecretStore> m_store;
    std::unique_ptr<PrincipalVault> m_vault;
    std::unique_ptr<SpareSecrets> m_spares;
    Test::ManualClock m_clock;
    ServicePrincipal m_principal;
};

void SpareSecretsTest::init()
{
    m_vault.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<Test::MemorySecretStore>();
    m_vault = std::make_unique<PrincipalVault>(m_folder->path(), *m_store, m_clock);
    m_spares = std::make_unique<SpareSecrets>(m_folder->path(), *m_store);
    ServicePrincipal principal;
    principal.name = u"orders"_s;
    const auto saved = wait<ServicePrincipal>([&](QObject *context, auto done) {
        m_vault->save(principal, Secret("old"), context, done);
    });
    QVERIFY(saved);
    m_principal = *saved;
}

void SpareSecretsTest::keepsTwoAndSwapsThem()
{
    QCOMPARE(spare(), QByteArray("none"));
    const auto key = put("new");
    QVERIFY(key);
    QCOMPARE(current(), QByteArray("old"));
    QCOMPARE(spare(), QByteArray("new"));
    const QDateTime expires = m_clock.now().addDays(180);
    for (int twice = 0; twice < 2;
         ++twice) { // the second time changes nothing: a resumed rotation says it again
        QVERIFY(m_spares->makeCurrent(m_principal.id, *key, u"KEY"_s, expires));
        QCOMPARE(current(), QByteArray("new"));
        QCOMPARE(spare(), QByteArray("old"));
    }
    QCOMPARE(m_vault->find(u"orders"_s)->credentialKeyId, u"KEY"_s);
    QCOMPARE(m_vault->find(u"orders"_s)->credentialExpiresAt, expires);
    QVERIFY(wait<void>(
        [&](QObject *context, auto done) { m_spares->drop(m_principal.id, context, done); }));
    QCOMPARE(spare(), QByteArray("none"));
    QCOMPARE(current(), QByteArray("new"));
    QCOMPARE(m_store->entries.size(), 1);
}

void SpareSecretsTest::survivesTheProgramThatKnewIt()
{
    QVERIFY(put("new"));
    m_spares = std::make_unique<SpareSecrets>(m_folder->path(), *m_store);
    QCOMPARE(spare(), QByteArray("new"));
    QFile index(m_folder->filePath(u"principals.json"_s));
    QVERIFY(index.open(QIODevice::ReadOnly));
    QVERIFY(!index.readAll().contains("new"));
    QVERIFY(m_vault->rename(u"orders"_s, u"orders2"_s)); // another change of the index keeps it
    QCOMPARE(spare(), QByteArray("new"));
}

void SpareSecretsTest::isNoOrphan()
{
    QVERIFY(put("new"));
    const auto orphans = wait<QList<Vault::Orphan>>(
        [&](QObject *context, auto done) { m_vault->findOrphans(context, done); });
    QVERIFY(orphans);
    QCOMPARE(orphans->size(), 0);
}

void SpareSecretsTest::refusesASecondSpare()
{
    QVERIFY(put("new"));
    const auto second = put("newer");
    QVERIFY(!second);
    QCOMPARE(second.error().code, u"RotationUnderWay"_s);
    QCOMPARE(spare(), QByteArray("new"));
}

void SpareSecretsTest::leavesNothingWhereTheKeychainRefuses()
{
    m_store->failure = Error{.kind = Error::Kind::KeychainLocked, .message = u"locked"_s};
    QVERIFY(!put("new"));
    m_store->failure.reset();
    QCOMPARE(*m_spares->spareKey(m_principal.id), QString());
    QVERIFY(put("new"));
}

void SpareSecretsTest::makesNothingElseCurrent()
{
    QVERIFY(put("new"));
    QVERIFY(!m_spares->makeCurrent(m_principal.id, u"else"_s, {}, {}));
    QVERIFY(!m_spares->makeCurrent(m_principal.id, {}, {}, {}));
    QVERIFY(!m_spares->makeCurrent(u"nobody"_s, *m_spares->spareKey(m_principal.id), {}, {}));
    QCOMPARE(current(), QByteArray("old"));
}

void SpareSecretsTest::goesWithItsPrincipal()
{
    QVERIFY(put("new"));
    QVERIFY(wait<void>(
        [&](QObject *context, auto done) { m_vault->remove(m_principal.id, context, done); }));
    QCOMPARE(m_store->entries.size(), 0);
}

void SpareSecretsTest::usesNoEntryOfAnother()
{
    const QString currentKey = m_store->entries.firstKey();
    const auto key = put("new");
    QVERIFY(key);
    const Secret right = m_store->entries[*key];
    m_store->entries[*key] = m_store->entries[currentKey];
    QCOMPARE(spare(), QByteArray("none"));
    m_store->entries[*key] = Secret("new");
    QCOMPARE(spare(), QByteArray("none"));
    m_store->entries[*key] = right;
    QCOMPARE(spare(), QByteArray("new"));
    m_principal.cloud = u"AzureChina"_s;
    const auto elsewhere = wait<std::optional<Secret>>([&](QObject *context, auto done) {
        m_spares->read(m_principal, *Identity::Cloud::load(u"AzureChina"_s), context, done);
    });
    QCOMPARE(elsewhere.error().code, u"SecretBoundElsewhere"_s);
}

QTEST_GUILESS_MAIN(SpareSecretsTest)
#include "tst_sparesecrets.moc"
