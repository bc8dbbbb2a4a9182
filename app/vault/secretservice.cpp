#include "vault/secretservice.h"

#include "core/deliver.h"
#include "vault/unlockprompt.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QTimer>
#include <chrono>
#include <memory>
#include <utility>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Attributes = QMap<QString, QString>;

namespace {

// Each question is one that a working service answers at once, also while it shows a dialog.
constexpr int answerTimeout = 5000;
// A person types a password meanwhile.
constexpr std::chrono::seconds dialogTimeout{60};
const QString service = u"org.freedesktop.secrets"_s;
const QString promptInterface = u"org.freedesktop.Secret.Prompt"_s;
const QString properties = u"org.freedesktop.DBus.Properties"_s;

QDBusMessage propertyCall(const QString &path, const QString &interface, const QString &name)
{
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, properties, u"Get"_s);
    call << interface << name;
    return call;
}

void watch(const QDBusMessage &call, QObject *context, std::function<void(const QDBusMessage &)> done)
{
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, answerTimeout), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, done = std::move(done)] {
        watcher->deleteLater();
        done(watcher->reply());
    });
}

// The service is on the bus, but says nothing.
Error keychainHung()
{
    return {.kind = Error::Kind::KeychainDenied,
            .message = u"The keychain service does not answer (asked for %1 seconds)."_s.arg(answerTimeout / 1000),
            .code = u"KeychainHung"_s,
            .nextStep = u"Restart the keychain service (gnome-keyring, KWallet or KeePassXC), then try again. Nothing was changed."_s};
}

// What a question that was not answered as expected says of the service.
Error failureOf(const QDBusMessage &reply)
{
    const QString name = reply.errorName();
    if (name.endsWith(u".NoReply") || name.endsWith(u".Timeout") || name.endsWith(u".TimedOut"))
        return keychainHung();
    if (name.endsWith(u".IsLocked"))
        return keychainLocked();
    return keychainAbsent(reply.errorMessage());
}

// Asks for the attributes of one item after the other; the keys end up in the entries.
class AttributeReader final : public std::enable_shared_from_this<AttributeReader>
{
public:
    AttributeReader(QString prefix, QObject *context, Core::Done<QList<SecretService::Entry>> done)
        : m_prefix(std::move(prefix)), m_context(context), m_done(std::move(done))
    {
    }
    void add(const QList<QDBusObjectPath> &paths, bool locked)
    {
        for (const QDBusObjectPath &path : paths)
            m_open.append({path.path(), locked});
    }
    void next()
    {
        if (m_open.isEmpty())
            return m_done(m_found);
        const auto [path, locked] = m_open.takeFirst();
        watch(propertyCall(path, u"org.freedesktop.Secret.Item"_s, u"Attributes"_s), m_context,
              [self = shared_from_this(), isLocked = locked](const QDBusMessage &reply) { self->received(reply, isLocked); });
    }

private:
    void received(const QDBusMessage &reply, bool locked)
    {
        // An item may go away between the search and this question; a service that says nothing has not said that it did.
        if (const Error failure = failureOf(reply); reply.type() == QDBusMessage::ErrorMessage && failure.code == u"KeychainHung")
            return m_done(failure);
        if (reply.type() == QDBusMessage::ReplyMessage && !reply.arguments().isEmpty()) {
            const QVariant value = reply.arguments().constFirst().value<QDBusVariant>().variant();
            const Attributes attributes = qdbus_cast<Attributes>(value.value<QDBusArgument>());
            const QString key = attributes.value(u"user"_s);
            if (key.startsWith(m_prefix))
                m_found.append({key, locked});
        }
        next();
    }

    QString m_prefix;
    QObject *m_context;
    Core::Done<QList<SecretService::Entry>> m_done;
    QList<std::pair<QString, bool>> m_open;
    QList<SecretService::Entry> m_found;
};

QDBusMessage serviceCall(const QString &method)
{
    return QDBusMessage::createMethodCall(service, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s, method);
}

// Finds the default collection's path, "/" where there is none.
template<typename T>
void withDefault(QObject *context, Core::Done<T> done, std::function<void(const QString &, const Core::Done<T> &)> then)
{
    if (!QDBusConnection::sessionBus().isConnected())
        return Core::deliver(context, std::move(done), keychainAbsent(u"there is no D-Bus session"_s));
    QDBusMessage call = serviceCall(u"ReadAlias"_s);
    call << u"default"_s;
    watch(call, context, [done = std::move(done), then = std::move(then)](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return done(failureOf(reply));
        then(reply.arguments().constFirst().value<QDBusObjectPath>().path(), done);
    });
}

// gnome-keyring without a keyring has its session's collection still, and nothing is locked. A service with no collection at all has
// none open.
void withoutDefault(QObject *context, const Core::Done<bool> &done)
{
    watch(propertyCall(u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s, u"Collections"_s), context,
          [done](const QDBusMessage &reply) {
              if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
                  return done(failureOf(reply));
              const QVariant value = reply.arguments().constFirst().value<QDBusVariant>().variant();
              if (!qdbus_cast<QList<QDBusObjectPath>>(value.value<QDBusArgument>()).isEmpty())
                  return done(false);
              Error error = keychainLocked();
              error.message = u"The keychain has no open wallet or database."_s;
              error.nextStep = u"Open it in its manager (KWallet, KeePassXC), or make one there, then try again. Nothing was lost."_s;
              done(error);
          });
}

bool displayIsThere()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

} // namespace

UnlockPrompt::UnlockPrompt(QString path, QObject *context, Core::Done<void> done)
    : QObject(context), m_path(std::move(path)), m_done(std::move(done))
{
    QDBusConnection::sessionBus().connect(service, m_path, promptInterface, u"Completed"_s, this, SLOT(completed(bool)));
    m_gone.setConnection(QDBusConnection::sessionBus());
    m_gone.setWatchMode(QDBusServiceWatcher::WatchForUnregistration);
    m_gone.addWatchedService(service);
    connect(&m_gone, &QDBusServiceWatcher::serviceUnregistered, this,
            [this] { finish(keychainAbsent(u"the keychain service ended while its dialog was open"_s)); });
    QTimer::singleShot(dialogTimeout, this, [this] {
        QDBusConnection::sessionBus().asyncCall(QDBusMessage::createMethodCall(service, m_path, promptInterface, u"Dismiss"_s));
        Error error = keychainLocked();
        error.message = u"The keychain is locked, and its password dialog was not answered within %1 seconds."_s.arg(dialogTimeout.count());
        finish(error);
    });
    QDBusMessage call = QDBusMessage::createMethodCall(service, m_path, promptInterface, u"Prompt"_s);
    call << QString();
    watch(call, this, [this](const QDBusMessage &reply) {
        if (reply.type() == QDBusMessage::ErrorMessage)
            finish(failureOf(reply));
    });
}

void UnlockPrompt::completed(bool dismissed)
{
    if (!dismissed)
        return finish({});
    // Without a display no dialog can be shown, so nobody has dismissed one.
    finish(displayIsThere() ? keychainCancelled() : keychainLocked());
}

void UnlockPrompt::finish(const Result<void> &result)
{
    deleteLater();
    if (const auto done = std::exchange(m_done, {}))
        done(result);
}

SecretService::SecretService(QObject *parent) : QObject(parent)
{
    qDBusRegisterMetaType<Attributes>();
}

void SecretService::search(const QString &server, const QString &prefix, QObject *context, Core::Done<QList<Entry>> done)
{
    if (!QDBusConnection::sessionBus().isConnected())
        return Core::deliver(context, std::move(done), keychainAbsent(u"there is no D-Bus session"_s));
    QDBusMessage call = QDBusMessage::createMethodCall(service, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s,
                                                       u"SearchItems"_s);
    call << QVariant::fromValue(Attributes{{u"server"_s, server}});
    watch(call, context, [prefix, context, done = std::move(done)](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().size() != 2)
            return done(failureOf(reply));
        auto reader = std::make_shared<AttributeReader>(prefix, context, done);
        for (int i = 0; i < 2; ++i)
            reader->add(qdbus_cast<QList<QDBusObjectPath>>(reply.arguments().at(i).value<QDBusArgument>()), i == 1);
        reader->next();
    });
}

void SecretService::isLocked(QObject *context, Core::Done<bool> done)
{
    withDefault<bool>(context, std::move(done), [context](const QString &path, const Core::Done<bool> &answer) {
        if (path == u"/")
            return withoutDefault(context, answer);
        watch(propertyCall(path, u"org.freedesktop.Secret.Collection"_s, u"Locked"_s), context, [answer](const QDBusMessage &reply) {
            if (reply.type() == QDBusMessage::ReplyMessage && !reply.arguments().isEmpty())
                return answer(reply.arguments().constFirst().value<QDBusVariant>().variant().toBool());
            answer(failureOf(reply));
        });
    });
}

void SecretService::unlock(QObject *context, Core::Done<void> done)
{
    isLocked(context, [context, done = std::move(done)](const Result<bool> &locked) {
        if (!locked || !*locked)
            return done(locked ? Result<void>() : Result<void>(locked.error()));
        withDefault<void>(context, done, [context](const QString &path, const Core::Done<void> &answer) {
            QDBusMessage call = serviceCall(u"Unlock"_s);
            call << QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(path)});
            watch(call, context, [context, answer](const QDBusMessage &reply) {
                if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().size() != 2)
                    return answer(failureOf(reply));
                const QString prompt = reply.arguments().at(1).value<QDBusObjectPath>().path();
                if (prompt == u"/")
                    return answer({});
                new UnlockPrompt(prompt, context, answer);
            });
        });
    });
}

void SecretService::ping(QObject *context, Core::Done<void> done)
{
    withDefault<void>(context, std::move(done), [](const QString &, const Core::Done<void> &answer) { answer({}); });
}

Error keychainAbsent(const QString &detail)
{
    return {.kind = Error::Kind::KeychainAbsent,
            .message = u"No keychain answers (%1)."_s.arg(detail.simplified().left(200)),
            .nextStep = u"Start a Secret Service: gnome-keyring, KWallet or KeePassXC. On a server without a desktop: dbus-run-session, "
                        "then gnome-keyring-daemon --unlock in it. Secrets are never written to a plain file instead."_s};
}

Error keychainLocked()
{
    return {.kind = Error::Kind::KeychainLocked,
            .message = u"The keychain is locked."_s,
            .nextStep = u"Unlock it (sign in to the desktop, or open its manager), then try again. Nothing was lost."_s};
}

Error keychainCancelled()
{
    return {.kind = Error::Kind::KeychainDenied,
            .message = u"The keychain's dialog was cancelled."_s,
            .code = u"KeychainCancelled"_s,
            .nextStep = u"Try again and confirm the keychain's dialog. Nothing was lost."_s};
}

} // namespace Vault
