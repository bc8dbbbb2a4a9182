#include "support/manualclock.h"
#include "vault/keychainstore.h"
#include "vault/principalvault.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <functional>
#include <signal.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

/// A real keychain, named by WITH_KEYRING (gnome-keyring where it is empty): open, hung, locked and cancelled.
class KeychainsTest : public QObject
{
    Q_OBJECT
private slots:
    void storesReadsOverwritesAndDeletes();
    void readsAHundredTimes();
    void namesAHungService();
    void keepsAPrincipalWhoseRemovalIsRefused();

private:
    static bool hasDialogs() { return !qEnvironmentVariableIsEmpty("WITH_KEYRING"); }
    template<typename T>
    static Result<T> wait(const std::function<void(QObject *, Core::Done<T>)> &start)
    {
        std::optional<Result<T>> got;
        QObject context;
        start(&context, [&](Result<T> result) { got = std::move(result); });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 100'000))
            return Error{.kind = Error::Kind::Timeout, .message = u"the test waited in vain"_s};
        return *got;
    }
    Result<std::optional<Secret>> read(const QString &key)
    {
        return wait<std::optional<Secret>>([&](QObject *context, auto done) { m_store.read(key, context, done); });
    }
    Result<void> write(const QString &key, const QByteArray &value)
    {
        return wait<void>([&](QObject *context, auto done) { m_store.write(key, Secret(value), context, done); });
    }
    Result<void> remove(const QString &key)
    {
        return wait<void>([&](QObject *context, auto done) { m_store.remove(key, context, done); });
    }
    static void tool(const QString &word)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(qEnvironmentVariable("KEYCHAIN_TOOL"), {word});
        QVERIFY2(process.waitForFinished(90'000) && process.exitCode() == 0, qPrintable(word));
    }
    template<typename T>
    static QString said(const Result<T> &result)
    {
        return result ? u"success"_s : Core::describe(result.error());
    }

    Vault::KeychainStore m_store;
};

/// Presses Escape in every window that the keychain shows, as a person who cancels its dialogs does.
class Canceller
{
public:
    Canceller()
    {
        QObject::connect(&m_timer, &QTimer::timeout, [] {
            QProcess::execute(u"sh"_s, {u"-c"_s, u"for w in $(xdotool search --onlyvisible --name . 2>/dev/null); do"
                                                 " xdotool windowfocus $w key --window $w Escape; done >/dev/null 2>&1"_s});
        });
        m_timer.start(500);
    }

private:
    QTimer m_timer;
};

void KeychainsTest::storesReadsOverwritesAndDeletes()
{
    const auto none = read(u"k/one"_s);
    QVERIFY2(none && !*none, qPrintable(said(none)));
    for (const char *value : {"first", "second"}) {
        const auto written = write(u"k/one"_s, value);
        QVERIFY2(written, qPrintable(said(written)));
        const auto back = read(u"k/one"_s);
        QVERIFY2(back && *back, qPrintable(said(back)));
        QCOMPARE((*back)->reveal().toByteArray(), QByteArray(value));
    }
    const auto keys = wait<QStringList>([&](QObject *context, auto done) { m_store.keys(u"k/"_s, context, done); });
    QVERIFY2(keys, qPrintable(said(keys)));
    QCOMPARE(*keys, QStringList{u"k/one"_s});
    const auto removed = remove(u"k/one"_s);
    QVERIFY2(removed, qPrintable(said(removed)));
    const auto gone = read(u"k/one"_s);
    QVERIFY2(gone && !*gone, qPrintable(said(gone)));
}

void KeychainsTest::readsAHundredTimes()
{
    QVERIFY(write(u"k/many"_s, "value"));
    for (int i = 0; i < 100; ++i) {
        const auto back = read(u"k/many"_s);
        QVERIFY2(back && *back, qPrintable(said(back)));
        QCOMPARE((*back)->reveal().toByteArray(), QByteArray("value"));
    }
}

void KeychainsTest::namesAHungService()
{
    QVERIFY(write(u"k/hung"_s, "value"));
    const uint pid = QDBusConnection::sessionBus().interface()->servicePid(u"org.freedesktop.secrets"_s);
    QVERIFY(pid > 1);
    QCOMPARE(kill(static_cast<pid_t>(pid), SIGSTOP), 0);
    QElapsedTimer clock;
    clock.start();
    const auto back = read(u"k/hung"_s);
    const qint64 took = clock.elapsed();
    const auto removed = remove(u"k/hung"_s);
    const auto keys = wait<QStringList>([&](QObject *context, auto done) { m_store.keys({}, context, done); });
    QCOMPARE(kill(static_cast<pid_t>(pid), SIGCONT), 0);
    QVERIFY(!back && !removed && !keys);
    for (const Error &error : {back.error(), removed.error(), keys.error()})
        QCOMPARE(error.code, u"KeychainHung"_s);
    QVERIFY2(took < 10'000, qPrintable(QString::number(took)));
    const auto again = read(u"k/hung"_s);
    QVERIFY2(again && *again, qPrintable(said(again)));
}

void KeychainsTest::keepsAPrincipalWhoseRemovalIsRefused()
{
    if (!hasDialogs()) // gnome-keyring's lock: see tst_keychainstore
        return;
    QTemporaryDir folder;
    Test::ManualClock clock;
    Vault::PrincipalVault vault(folder.path(), m_store, clock);
    const auto saved = wait<Identity::ServicePrincipal>([&](QObject *context, auto done) {
        vault.save({.name = u"orders"_s, .tenant = u"contoso.com"_s, .clientId = u"c"_s}, Secret("kept"), context, done);
    });
    QVERIFY2(saved, qPrintable(said(saved)));

    tool(u"lock"_s);
    const auto keys = wait<QStringList>([&](QObject *context, auto done) { m_store.keys({}, context, done); });
    QVERIFY(!keys);
    QCOMPARE(keys.error().kind, Error::Kind::KeychainLocked);
    {
        const Canceller canceller;
        const auto back = wait<Secret>([&](QObject *context, auto done) { vault.secret(*saved, context, done); });
        QVERIFY(!back);
        QVERIFY2(back.error().code == u"KeychainCancelled", qPrintable(said(back)));
        const auto removed = wait<void>([&](QObject *context, auto done) { vault.remove(saved->id, context, done); });
        QVERIFY(!removed);
        QVERIFY2(removed.error().code == u"KeychainCancelled", qPrintable(said(removed)));
    }
    QCOMPARE(vault.list()->size(), 1);
    QCOMPARE(vault.unfinishedRemovals()->value(saved->id), u"The keychain's dialog was cancelled."_s);

    tool(u"unlock"_s);
    const auto back = wait<Secret>([&](QObject *context, auto done) { vault.secret(*saved, context, done); });
    QVERIFY2(back, qPrintable(said(back)));
    QCOMPARE(back->reveal().toByteArray(), QByteArray("kept"));
    const auto removed = wait<void>([&](QObject *context, auto done) { vault.remove(saved->id, context, done); });
    QVERIFY2(removed, qPrintable(said(removed)));
    QVERIFY(vault.list()->isEmpty());
    QVERIFY(vault.unfinishedRemovals()->isEmpty());
}

QTEST_GUILESS_MAIN(KeychainsTest)
#include "tst_keychains.moc"
