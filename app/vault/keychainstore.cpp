#include "vault/keychainstore.h"

#include "core/deliver.h"
#include "core/logging.h"
#include "vault/secretservice.h"

#include <QAbstractEventDispatcher>
#include <QPointer>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

const QString serviceName = u"rolescope"_s;
// A keychain may ask the user for its password meanwhile.
constexpr std::chrono::seconds patience{90};

// QtKeychain's backend runs on GLib's loop; without that its jobs never finish.
bool glibRuns()
{
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    return dispatcher && QByteArrayView(dispatcher->metaObject()->className()).contains("Glib");
}

Error notAnswering()
{
    return {.kind = Error::Kind::KeychainDenied,
            .message = u"The keychain did not answer within %1 seconds."_s.arg(patience.count()),
            .nextStep = u"Look for its password dialog; if there is none, restart the keychain service."_s};
}

Error refused(const QString &detail)
{
    return {.kind = Error::Kind::KeychainDenied,
            .message = u"The keychain refused (%1)."_s.arg(detail.simplified().left(200)),
            .nextStep = u"Try again and confirm the keychain's dialog."_s};
}

} // namespace

struct KeychainStore::Private {
    SecretService service;

    // Runs \a job to its end, whoever still waits, since QtKeychain crashes when one is deleted before; \a done gets it when the context lives and the deadline has not passed.
    void run(QKeychain::Job *job, QObject *context, std::function<void(QKeychain::Job *)> done, std::function<void()> late)
    {
        job->setAutoDelete(true);
        auto *waiting = new QObject(context); // dies with the context, or when somebody was told
        QObject::connect(job, &QKeychain::Job::finished, waiting, [waiting, done = std::move(done)](QKeychain::Job *finished) {
            waiting->deleteLater();
            done(finished);
        });
        QTimer::singleShot(patience, waiting, [waiting, job, late = std::move(late)] {
            QObject::disconnect(job, nullptr, waiting, nullptr);
            waiting->deleteLater();
            late();
        });
        job->start();
    }

    // Distinguishes what QtKeychain calls by one name, by asking the service itself.
    template<typename T>
    void explain(const QString &detail, QObject *context, Core::Done<T> done)
    {
#ifdef Q_OS_LINUX
        service.isLocked(context, [detail, done = std::move(done)](const Result<bool> &locked) {
            done(!locked ? locked.error() : *locked ? keychainLocked() : refused(detail));
        });
#else
        Core::deliver(context, std::move(done), refused(detail));
#endif
    }

    // What a read finds missing may only be locked away.
    void missing(const QString &key, QObject *context, Core::Done<std::optional<Secret>> done)
    {
#ifdef Q_OS_LINUX
        service.search(serviceName, key, context, [this, key, context, done = std::move(done)](const Result<QList<SecretService::Entry>> &entries) {
            if (!entries)
                return done(entries.error());
            for (const SecretService::Entry &entry : *entries) {
                if (entry.key == key)
                    return done(entry.locked ? keychainLocked() : refused(u"the entry is there, but was not handed out"_s));
            }
            service.isLocked(context, [done](const Result<bool> &locked) {
                // In a locked keyring nobody can know what is not in there.
                if (locked && *locked)
                    return done(keychainLocked());
                done(std::optional<Secret>());
            });
        });
#else
        Core::deliver(context, std::move(done), std::optional<Secret>());
#endif
    }
};

KeychainStore::KeychainStore(QObject *parent) : QObject(parent), d(new Private) {}

KeychainStore::~KeychainStore() = default;

void KeychainStore::read(const QString &key, QObject *context, Core::Done<std::optional<Secret>> done)
{
    if (!glibRuns())
        return Core::deliver(context, std::move(done), keychainAbsent(u"the program runs without GLib's event loop, see QT_NO_GLIB"_s));
    auto *job = new QKeychain::ReadPasswordJob(serviceName);
    job->setKey(key);
    d->run(
        job, context,
        [this, key, context, done](QKeychain::Job *finished) {
            switch (finished->error()) {
            case QKeychain::NoError:
                return done(std::optional(Secret::take(static_cast<QKeychain::ReadPasswordJob *>(finished)->binaryData())));
            case QKeychain::EntryNotFound: return d->missing(key, context, done);
            case QKeychain::AccessDenied:
            case QKeychain::AccessDeniedByUser: return d->explain(finished->errorString(), context, done);
            default: return done(keychainAbsent(finished->errorString()));
            }
        },
        [done] { done(notAnswering()); });
}

void KeychainStore::write(const QString &key, Secret secret, QObject *context, Core::Done<void> done)
{
    if (secret.size() > maxSize)
        return Core::deliver(context, std::move(done),
                             Error{.kind = Error::Kind::InvalidInput,
                                   .message = u"The secret has %1 bytes; a keychain takes %2."_s.arg(secret.size()).arg(maxSize)});
    if (!glibRuns())
        return Core::deliver(context, std::move(done), keychainAbsent(u"the program runs without GLib's event loop, see QT_NO_GLIB"_s));
    auto *job = new QKeychain::WritePasswordJob(serviceName);
    job->setKey(key);
    // Always binary: text is cut at a zero byte, and one key written both ways leaves two entries.
    job->setBinaryData(secret.reveal().toByteArray());
    d->run(
        job, context,
        [this, key, secret, context, done](QKeychain::Job *finished) {
            switch (finished->error()) {
            case QKeychain::NoError: break;
            case QKeychain::AccessDenied:
            case QKeychain::AccessDeniedByUser: return d->explain(finished->errorString(), context, done);
            default: {
                // A service without any collection says "no such object"; one that is not there cannot be asked.
                return d->explain(finished->errorString(), context, Core::Done<void>([done, text = finished->errorString()](const Result<void> &r) {
                    done(r.error().kind == Error::Kind::KeychainDenied ? keychainAbsent(text) : r.error());
                }));
            }
            }
            read(key, context, [secret, done](const Result<std::optional<Secret>> &back) {
                if (!back)
                    return done(back.error());
                if (!*back || !(**back == secret))
                    return done(refused(u"what was written does not read back"_s));
                done({});
            });
        },
        [done] { done(notAnswering()); });
}

void KeychainStore::remove(const QString &key, QObject *context, Core::Done<void> done)
{
    if (!glibRuns())
        return Core::deliver(context, std::move(done), keychainAbsent(u"the program runs without GLib's event loop, see QT_NO_GLIB"_s));
    auto *job = new QKeychain::DeletePasswordJob(serviceName);
    job->setKey(key);
    d->run(
        job, context,
        [this, key, context, done](QKeychain::Job *finished) {
            const QKeychain::Error error = finished->error();
            if (error != QKeychain::NoError && error != QKeychain::EntryNotFound) {
                if (error == QKeychain::AccessDenied || error == QKeychain::AccessDeniedByUser)
                    return d->explain(finished->errorString(), context, done);
                return done(keychainAbsent(finished->errorString()));
            }
            // "Deleted" is believed only when it is not found any more.
            d->missing(key, context, [done](const Result<std::optional<Secret>> &gone) {
                if (gone)
                    return done({});
                done(gone.error());
            });
        },
        [done] { done(notAnswering()); });
}

void KeychainStore::keys(const QString &prefix, QObject *context, Core::Done<QStringList> done)
{
#ifdef Q_OS_LINUX
    d->service.search(serviceName, prefix, context, [done = std::move(done)](const Result<QList<SecretService::Entry>> &entries) {
        if (!entries)
            return done(entries.error());
        QStringList found;
        for (const SecretService::Entry &entry : *entries)
            found.append(entry.key);
        done(found);
    });
#else
    Q_UNUSED(prefix);
    Core::deliver(context, std::move(done), Error{.kind = Error::Kind::Unsupported, .message = u"This keychain cannot be enumerated."_s});
#endif
}

} // namespace Vault
