#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QStringList>
#include <optional>

class QObject;

namespace Vault {

/// Where secrets are kept, by key. A missing one is std::nullopt, never an error; locked, absent and dismissed are
/// errors of their own kind (KeychainLocked, KeychainAbsent, KeychainDenied) with the next step.
/// Done arrives once through the event loop; never after \a context died. A pending operation is never torn down.
class SecretStore
{
public:
    /// Bytes above this are refused (InvalidInput): no credential is that long, and keychains break on long values.
    static constexpr qsizetype maxSize = 64 * 1024;

    virtual ~SecretStore() = default;
    virtual void read(const QString &key, QObject *context, Core::Done<std::optional<Core::Secret>> done) = 0;
    /// What was written has been read back and compared when \a done says success.
    virtual void write(const QString &key, Core::Secret secret, QObject *context, Core::Done<void> done) = 0;
    /// Success means that it is not there any more.
    virtual void remove(const QString &key, QObject *context, Core::Done<void> done) = 0;
    /// The keys that begin with \a prefix. Unsupported where the platform's keychain cannot enumerate.
    virtual void keys(const QString &prefix, QObject *context, Core::Done<QStringList> done) = 0;
};

} // namespace Vault
