#include "support/manualclock.h"
#include "vault/keychainentry.h"
#include "vault/keychainstore.h"
#include "vault/principalvault.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;
using Identity::ServicePrincipal;

/// The principals with the real keychain: what is not needed any more is not in it any more.
class RealVaultTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void keepsOneEntryWhileItIsEdited();
    void leavesNoSecretBehindATokensFile();
    void leavesNoSecretBehindACertificate();

private:
    template<typename T>
    static T wait(const std::function<void(QObject *, Core::Done<T>)> &start)
    {
        std::optional<Core::Result<T>> got;
        QObject context;
        start(&context, [&](const Core::Result<T> &result) { got = result; });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 20'000))
            qFatal("no answer");
        if (!*got)
            qFatal("%s", qPrintable(Core::describe(got->error())));
        return **got;
    }
    ServicePrincipal save(const ServicePrincipal &principal, const std::optional<Secret> &secret)
    {
        return wait<ServicePrincipal>([&](QObject *context, Core::Done<ServicePrincipal> done) {
            m_vault->save(principal, secret, context, done);
        });
    }
    // Every test has an index, and with it a prefix, of its own.
    QList<QByteArray> secrets()
    {
        QList<QByteArray> found;
        for (const QString &key :
             wait<QStringList>([&](QObject *context, Core::Done<QStringList> done) {
                 m_store.keys({}, context, done);
             })) {
            if (m_before.contains(key))
                continue;
            const auto entry = wait<std::optional<Secret>>(
                [&](QObject *context, Core::Done<std::optional<Secret>> done) {
                    m_store.read(key, context, done);
                });
            if (!entry)
                continue;
            const auto unpacked = Vault::KeychainEntry::unpacked(*entry);
            if (unpacked)
                found.append(unpacked->secret.reveal().toByteArray());
        }
        return found;
    }

    Vault::KeychainStore m_store;
    Test::ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Vault::PrincipalVault> m_vault;
    QStringList m_before;
    ServicePrincipal m_orders;
};

void RealVaultTest::init()
{
    m_before = wait<QStringList>(
        [&](QObject *context, Core::Done<QStringList> done) { m_store.keys({}, context, done); });
    m_folder = std::make_unique<QTemporaryDir>();
    m_vault = std::make_unique<Vault::PrincipalVault>(m_folder->path(), m_store, m_clock);
    m_orders = save({.name = u"orders"_s, .tenant = u"contoso.com"_s, .clientId = u"c"_s},
                    Secret("old~secret"));
    const auto all = secrets();
    QVERIFY(all.size() == 1 && all.first() == "old~secret");
}

void RealVaultTest::keepsOneEntryWhileItIsEdited()
{
    m_orders.environment.name = u"test"_s;
    save(m_orders, std::nullopt);
    const auto all = secrets();
    QVERIFY(all.size() == 1 && all.first() == "old~secret");
}

void RealVaultTest::leavesNoSecretBehindATokensFile()
{
    m_orders.credential = ServicePrincipal::Credential::FederatedToken;
    m_orders.credentialFile = u"/var/run/token"_s;
    save(m_orders, std::nullopt);
    QCOMPARE(secrets(), QList<QByteArray>());
}

void RealVaultTest::leavesNoSecretBehindACertificate()
{
    m_orders.credential = ServicePrincipal::Credential::Certificate;
    save(m_orders, Secret("the pem"));
    const auto all = secrets();
    QVERIFY(all.size() == 1 && all.first() == "the pem");
}

QTEST_GUILESS_MAIN(RealVaultTest)
#include "tst_vault.moc"
