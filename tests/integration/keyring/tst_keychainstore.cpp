#include "vault/keychainstore.h"

#include <QDBusConnection>
#include <QDBusInterface>
#include <QDBusObjectPath>
#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Vault::KeychainStore;

/// The real keychain. WITH_KEYRING=none: a session without one, where each operation must say so; empty: one without a keyring yet.
class KeychainStoreTest : public QObject
{
    Q_OBJECT
private slots:
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void knowsWhatIsMissing();
    void replaces();
    void removes();
    void enumerates();
    void refusesWhatIsTooLong();
    void neverTakesLockedForAbsent();
    void saysThatThereIsNone();
    void saysThatThereIsNoKeyringYet();

private:
    static bool present() { return qEnvironmentVariableIsEmpty("WITH_KEYRING"); }
    template<typename T>
    static Result<T> wait(const std::function<void(QObject *, Core::Done<T>)> &start)
    {
        std::optional<Result<T>> got;
        QObject context;
        start(&context, [&](Result<T> result) { got = std::move(result); });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 20'000))
            return Error{.kind = Error::Kind::Timeout, .message = u"the test waited in vain"_s};
        return *got;
    }
    Result<std::optional<Secret>> read(const QString &key)
    {
        return wait<std::optional<Secret>>([&](QObject *context, Core::Done<std::optional<Secret>> done) { m_store.read(key, context, done); });
    }
    Result<void> write(const QString &key, const QByteArray &value)
    {
        return wait<void>([&](QObject *context, Core::Done<void> done) { m_store.write(key, Secret(value), context, done); });
    }
    Result<void> remove(const QString &key)
    {
        return wait<void>([&](QObject *context, Core::Done<void> done) { m_store.remove(key, context, done); });
    }
    static void lock();

    KeychainStore m_store;
};

void KeychainStoreTest::lock()
{
    QDBusInterface service(u"org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s);
    const QList<QDBusObjectPath> collections{QDBusObjectPath(u"/org/freedesktop/secrets/collection/login"_s)};
    const QDBusMessage reply = service.call(u"Lock"_s, QVariant::fromValue(collections));
    QVERIFY2(reply.type() == QDBusMessage::ReplyMessage, qPrintable(reply.errorMessage()));
}

void KeychainStoreTest::readsBackWhatItWrote_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("a secret") << QByteArray("Zq78Q~FAKE~not_a-real.secret~0000abcdefg");
    QTest::newRow("unicode") << QByteArray("größe 日本 🔑");
    QTest::newRow("a zero byte") << QByteArray("a\0b", 3);
    QTest::newRow("all bytes") << [] {
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all.append(static_cast<char>(i));
        return all;
    }();
    QTest::newRow("a PEM of 4 KiB") << "-----BEGIN PRIVATE KEY-----\n" + QByteArray(4096, 'M') + "\n-----END PRIVATE KEY-----\n";
    QTest::newRow("64 KiB") << QByteArray(64 * 1024, 'x');
}

void KeychainStoreTest::readsBackWhatItWrote()
{
    if (!present())
        return;
    QFETCH(QByteArray, value);
    const Result<void> written = write(u"t/one"_s, value);
    QVERIFY2(written, qPrintable(written ? QString() : Core::describe(written.error())));
    const auto back = read(u"t/one"_s);
    QVERIFY(back && *back);
    QCOMPARE((*back)->reveal().toByteArray(), value);
}

void KeychainStoreTest::knowsWhatIsMissing()
{
    if (!present())
        return;
    const auto back = read(u"t/never"_s);
    QVERIFY2(back, qPrintable(back ? QString() : Core::describe(back.error())));
    QVERIFY(!back->has_value());
    QVERIFY(remove(u"t/never"_s));
}

void KeychainStoreTest::replaces()
{
    if (!present())
        return;
    QVERIFY(write(u"t/two"_s, "old"));
    QVERIFY(write(u"t/two"_s, "new"));
    QCOMPARE((*read(u"t/two"_s))->reveal().toByteArray(), QByteArray("new"));
}

void KeychainStoreTest::removes()
{
    if (!present())
        return;
    QVERIFY(write(u"t/three"_s, "x"));
    QVERIFY(remove(u"t/three"_s));
    QVERIFY(!read(u"t/three"_s)->has_value());
}

void KeychainStoreTest::enumerates()
{
    if (!present())
        return;
    QVERIFY(write(u"index-1/a"_s, "x"));
    QVERIFY(write(u"index-1/b"_s, "x"));
    QVERIFY(write(u"index-2/c"_s, "x"));
    auto keys = wait<QStringList>([&](QObject *context, Core::Done<QStringList> done) { m_store.keys(u"index-1/"_s, context, done); });
    QVERIFY(keys);
    keys->sort();
    QCOMPARE(*keys, (QStringList{u"index-1/a"_s, u"index-1/b"_s}));
}

void KeychainStoreTest::refusesWhatIsTooLong()
{
    const Result<void> written = write(u"t/long"_s, QByteArray(64 * 1024 + 1, 'x'));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, Error::Kind::InvalidInput);
}

// Last: there is no way to unlock it again without a person.
void KeychainStoreTest::neverTakesLockedForAbsent()
{
    if (!present())
        return;
    QVERIFY(write(u"t/locked"_s, "still here"));
    lock();
    const auto back = read(u"t/locked"_s);
    QVERIFY(!back);
    QCOMPARE(back.error().kind, Error::Kind::KeychainLocked);
    QVERIFY(!back.error().nextStep.isEmpty());
    const auto missing = read(u"t/not-there"_s);
    QVERIFY2(!missing, "nobody can know what is not in a locked keyring");
    const Result<void> removed = remove(u"t/locked"_s);
    QVERIFY2(!removed, "a deletion that did not happen is not reported as done");
    QCOMPARE(removed.error().kind, Error::Kind::KeychainLocked);
    const Result<void> written = write(u"t/locked"_s, "other");
    QVERIFY(!written);
    QCOMPARE(written.error().kind, Error::Kind::KeychainLocked);
}

void KeychainStoreTest::saysThatThereIsNone()
{
    if (qEnvironmentVariable("WITH_KEYRING") != u"none")
        return;
    const auto back = read(u"t/x"_s);
    QVERIFY(!back);
    QCOMPARE(back.error().kind, Error::Kind::KeychainAbsent);
    QVERIFY(back.error().nextStep.contains(u"gnome-keyring"));
    QCOMPARE(write(u"t/x"_s, "x").error().kind, Error::Kind::KeychainAbsent);
    QCOMPARE(remove(u"t/x"_s).error().kind, Error::Kind::KeychainAbsent);
    const auto keys = wait<QStringList>([&](QObject *context, Core::Done<QStringList> done) { m_store.keys({}, context, done); });
    QCOMPARE(keys.error().kind, Error::Kind::KeychainAbsent);
}

void KeychainStoreTest::saysThatThereIsNoKeyringYet()
{
    if (qEnvironmentVariable("WITH_KEYRING") != u"empty")
        return;
    const auto back = read(u"t/x"_s);
    QVERIFY(back && !back->has_value()); // it truly is not there
    const Result<void> written = write(u"t/x"_s, "x");
    QVERIFY(!written);
    QVERIFY2(written.error().kind == Error::Kind::KeychainAbsent || written.error().kind == Error::Kind::KeychainDenied,
             qPrintable(Core::describe(written.error())));
    QVERIFY(!written.error().nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(KeychainStoreTest)
#include "tst_keychainstore.moc"
