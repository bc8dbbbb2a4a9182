#pragma once

#include "core/result.h"

#include <QObject>
#include <QStringList>

namespace Vault {

/// The few questions to org.freedesktop.secrets that QtKeychain cannot answer: is it there, is it locked, is an entry really (not)
/// there, which entries are there. Asynchronous, each with a deadline. Freedesktop Secret Service API, draft 0.2.
class SecretService final : public QObject
{
    Q_OBJECT
public:
    explicit SecretService(QObject *parent = nullptr);

    struct Entry {
        QString key;
        bool locked = false;
    };
    /// The entries of \a service whose key begins with \a prefix (all where it is empty). Errors: KeychainAbsent.
    void search(const QString &service, const QString &prefix, QObject *context, Core::Done<QList<Entry>> done);
    /// Whether the default collection is locked; false where the service has no default collection yet. A service that has no
    /// collection at all (KeePassXC without an open database) is the error KeychainLocked: nobody can know what it would hold.
    /// Errors: KeychainAbsent, KeychainLocked, KeychainDenied with code KeychainHung (the service does not answer).
    void isLocked(QObject *context, Core::Done<bool> done);
    /// Unlocks the default collection; the service may show its password dialog. Succeeds at once where nothing is locked.
    /// Errors: as isLocked(), and KeychainDenied with code KeychainCancelled (the dialog was dismissed).
    void unlock(QObject *context, Core::Done<void> done);
    /// Fails with code KeychainHung where the service does not answer, and with KeychainAbsent where it is gone.
    void ping(QObject *context, Core::Done<void> done);
};

/// The error for a keychain that does not answer, with the next step.
Core::Error keychainAbsent(const QString &detail);
Core::Error keychainLocked();
/// The error for a dialog of the keychain that was dismissed.
Core::Error keychainCancelled();

} // namespace Vault
