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
// A keychain may ask the user to confirm meanwhile.
constexpr std::chrono::seconds patience{60};
// How often a service is asked during an operation whether it is still alive.
constexpr std::chrono::seconds pulse{3};

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

// The entry is there and open, yet the keychain did not give it.
Error keptBack()
{
    Error error = refused(u"the entry is there, but was not handed out"_s);
    error.code = u"KeptBack"_s;
    return error;
}

} // namespace

struct KeychainStore::Private {
    SecretService service;

    // Runs \a job to its end, whoever still waits, since QtKeychain crashes when one is deleted before. \a done gets it when the context
    // lives; \a late gets the error when the service hangs or the deadline has passed.
    void run(QKeychain::Job *job, QObject *context, std::function<void(QKeychain::Job *)> done, std::function<void(const Error &)> late)
    {
        job->setAutoDelete(true);
        auto *waiting = new QObject(context); // dies with the context, or when somebody was told
        QObject::connect(job, &QKeychain::Job::finished, waiting, [waiting, done = std::move(done)](QKeychain::Job *finished) {
            waiting->deleteLater();
            done(finished);
        });
        const auto giveUp = [waiting, job, late = std::move(late)](const Error &error) {
            QObject::disconnect(job, nullptr, waiting, nullptr);
            waiting->deleteLater();
            late(error);
        };
        QTimer::singleShot(patience, waiting, [giveUp] { giveUp(notAnswering()); });
#ifdef Q_OS_LINUX
        auto *alive = new QTimer(waiting);
        QObject::connect(alive, &QTimer::timeout, waiting, [this, waiting, giveUp] {
            service.ping(waiting, [giveUp](const Result<void> &answered) {
                if (!answered && answered.error().code == u"KeychainHung")
                    giveUp(answered.error());
            });
        });
        alive->start(pulse);
#endif
        job->start();
    }

    // Calls \a then when the keychain answers and is unlocked, for which it may show its dialog.
    template<typename T>
    void whenOpen(QObject *context, Core::Done<T> done, std::function<void()> then)
    {
        if (!glibRuns())
            return Core::deliver(context, std::move(done),
                                 keychainAbsent(u"the program runs without GLib's event loop, see QT_NO_GLIB"_s));
#ifdef Q_OS_LINUX
        service.unlock(context, [done = std::move(done), then = std::move(then)](const Result<void> &open) {
            if (!open)
                return done(open.error());
            then();
        });
#else
        then();
#endif
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
        service.isLocked(context, [this, key, context, done = std::move(done)](const Result<bool> &locked) {
            // In a locked keyring nobody can know what is not in there.
            if (!locked || *locked)
                return done(locked ? keychainLocked() : locked.error());
            service.search(serviceName, key, context, [key, done](const Result<QList<SecretService::Entry>> &entries) {
                if (!entries)
                    return done(entries.error());
                for (const SecretService::Entry &entry : *entries) {
                    // One entry stays locked in an open keyring where its use was not confirmed.
                    if (entry.key == key)
                        return done(entry.locked ? keychainCancelled() : keptBack());
                }
                done(std::optional<Secret>());
            });
        });
#else
        Core::deliver(context, std::move(done), std::optional<Secret>());
#endif
    }

    // The functions below try again, \a attempts times in all, where the transport between program and keychain failed: KWallet's key
    // exchange does so about once in a hundred times. Each operation leaves the same behind however often it is done.
    void read(const QString &key, int attempts, QObject *context, Core::Done<std::optional<Secret>> done)
    {
        auto *job = new QKeychain::ReadPasswordJob(serviceName);
        job->setKey(key);
        run(
            job, context,
            [this, key, attempts, context, done](QKeychain::Job *finished) {
                switch (finished->error()) {
                case QKeychain::NoError:
                    return done(std::optional(Secret::take(static_cast<QKeychain::ReadPasswordJob *>(finished)->binaryData())));
                case QKeychain::EntryNotFound:
                    return missing(key, context,
                                   [this, key, attempts, context, done](const Result<std::optional<Secret>> &gone) {
                                       if (!gone && gone.error().code == u"KeptBack" && attempts > 1)
                                           return read(key, attempts - 1, context, done);
                                       done(gone);
                                   });
                case QKeychain::AccessDenied:
                case QKeychain::AccessDeniedByUser: return explain(finished->errorString(), context, done);
                default:
                    if (attempts > 1)
                        return read(key, attempts - 1, context, done);
                    return explain(finished->errorString(), context, done);
                }
            },
            [done](const Error &error) { done(error); });
    }

    void write(const QString &key, const Secret &secret, int attempts, QObject *context, const Core::Done<void> &done)
    {
        auto *job = new QKeychain::WritePasswordJob(serviceName);
        job->setKey(key);
        // Always binary: text is cut at a zero byte, and one key written both ways leaves two entries.
        job->setBinaryData(secret.reveal().toByteArray());
        run(
            job, context,
            [this, key, secret, attempts, context, done](QKeychain::Job *finished) {
                switch (finished->error()) {
                case QKeychain::NoError: break;
                case QKeychain::AccessDenied:
                case QKeychain::AccessDeniedByUser: return explain(finished->errorString(), context, done);
                default:
                    if (attempts > 1)
                        return write(key, secret, attempts - 1, context, done);
                    return explain(finished->errorString(), context, done);
                }
                read(key, 2, context, [this, key, secret, attempts, context, done](const Result<std::optional<Secret>> &back) {
                    if (!back)
                        return done(back.error());
                    if (*back && **back == secret)
                        return done({});
                    // A key exchange that went wrong unnoticed stores something else.
                    if (attempts > 1)
                        return write(key, secret, attempts - 1, context, done);
                    done(refused(u"what was written does not read back"_s));
                });
            },
            [done](const Error &error) { done(error); });
    }

    void remove(const QString &key, int attempts, QObject *context, const Core::Done<void> &done)
    {
        auto *job = new QKeychain::DeletePasswordJob(serviceName);
        job->setKey(key);
        run(
            job, context,
            [this, key, attempts, context, done](QKeychain::Job *finished) {
                switch (finished->error()) {
                case QKeychain::NoError:
                case QKeychain::EntryNotFound: break;
                case QKeychain::AccessDenied:
                case QKeychain::AccessDeniedByUser: return explain(finished->errorString(), context, done);
                default:
                    if (attempts > 1)
                        return remove(key, attempts - 1, context, done);
                    return explain(finished->errorString(), context, done);
                }
                // "Deleted" is believed only when it is not found any more.
                missing(key, context, [done](const Result<std::optional<Secret>> &gone) {
                    if (gone)
                        return done({});
                    done(gone.error().code == u"KeptBack" ? refused(u"the entry is still there"_s) : gone.error());
                });
            },
            [done](const Error &error) { done(error); });
    }
};

KeychainStore::KeychainStore(QObject *parent) : QObject(parent), d(new Private) {}

KeychainStore::~KeychainStore() = default;

void KeychainStore::read(const QString &key, QObject *context, Core::Done<std::optional<Secret>> done)
{
    d->whenOpen(context, done, [this, key, context, done] { d->read(key, 2, context, done); });
}

void KeychainStore::write(const QString &key, Secret secret, QObject *context, Core::Done<void> done)
{
    if (secret.size() > maxSize)
        return Core::deliver(context, std::move(done),
                             Error{.kind = Error::Kind::InvalidInput,
                                   .message = u"The secret has %1 bytes; a keychain takes %2."_s.arg(secret.size()).arg(maxSize)});
    d->whenOpen(context, done, [this, key, secret, context, done] { d->write(key, secret, 2, context, done); });
}

void KeychainStore::remove(const QString &key, QObject *context, Core::Done<void> done)
{
    d->whenOpen(context, done, [this, key, context, done] { d->remove(key, 2, context, done); });
}

void KeychainStore::keys(const QString &prefix, QObject *context, Core::Done<QStringList> done)
{
#ifdef Q_OS_LINUX
    // Asks for no password: who only looks must not have to wait for a dialog.
    d->service.isLocked(context, [this, prefix, context, done = std::move(done)](const Result<bool> &locked) {
        if (!locked || *locked)
            return done(locked ? keychainLocked() : locked.error());
        d->service.search(serviceName, prefix, context, [done](const Result<QList<SecretService::Entry>> &entries) {
            if (!entries)
                return done(entries.error());
            QStringList found;
            for (const SecretService::Entry &entry : *entries)
                found.append(entry.key);
            done(found);
        });
    });
#else
    Q_UNUSED(prefix);
    Core::deliver(context, std::move(done), Error{.kind = Error::Kind::Unsupported, .message = u"This keychain cannot be enumerated."_s});
#endif
}

} // namespace Vault
