#include "vault/secretservice.h"

#include "core/deliver.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <memory>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Attributes = QMap<QString, QString>;

namespace {

constexpr int answerTimeout = 8000;
const QString service = u"org.freedesktop.secrets"_s;
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
        // An item may go away between the search and this question.
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

} // namespace

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
            return done(keychainAbsent(reply.errorMessage()));
        auto reader = std::make_shared<AttributeReader>(prefix, context, done);
        for (int i = 0; i < 2; ++i)
            reader->add(qdbus_cast<QList<QDBusObjectPath>>(reply.arguments().at(i).value<QDBusArgument>()), i == 1);
        reader->next();
    });
}

void SecretService::isLocked(QObject *context, Core::Done<bool> done)
{
    if (!QDBusConnection::sessionBus().isConnected())
        return Core::deliver(context, std::move(done), keychainAbsent(u"there is no D-Bus session"_s));
    watch(propertyCall(u"/org/freedesktop/secrets/aliases/default"_s, u"org.freedesktop.Secret.Collection"_s, u"Locked"_s), context,
          [done = std::move(done)](const QDBusMessage &reply) {
              if (reply.type() == QDBusMessage::ReplyMessage && !reply.arguments().isEmpty())
                  return done(reply.arguments().constFirst().value<QDBusVariant>().variant().toBool());
              // The service is there but has no default collection yet: there is nothing that could be locked.
              if (reply.errorName().endsWith(u"UnknownObject") || reply.errorName().endsWith(u"UnknownMethod")
                  || reply.errorName().endsWith(u"NoSuchObject"))
                  return done(false);
              done(keychainAbsent(reply.errorMessage()));
          });
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

} // namespace Vault
