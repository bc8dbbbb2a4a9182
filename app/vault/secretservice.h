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
    /// Whether the default collection is locked. Errors: KeychainAbsent (also when there is no collection yet: nothing is locked then,
    /// and the answer is false).
    void isLocked(QObject *context, Core::Done<bool> done);
};

/// The error for a keychain that does not answer, with the next step.
Core::Error keychainAbsent(const QString &detail);
Core::Error keychainLocked();

} // namespace Vault
