#pragma once

#include "vault/secretstore.h"

#include <QObject>
#include <memory>

namespace Vault {

/// SecretStore over QtKeychain, service name "rolescope". No plaintext fallback. Because QtKeychain 0.13 on the Secret
/// Service reports a locked keyring as "not found" and a failed delete as success, the Secret Service itself is asked
/// (org.freedesktop.Secret.Service.SearchItems) before "not found" or "deleted" is believed.
class KeychainStore final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    explicit KeychainStore(QObject *parent = nullptr);
    ~KeychainStore() override;

    void read(const QString &key, QObject *context, Core::Done<std::optional<Core::Secret>> done) override;
    void write(const QString &key, Core::Secret secret, QObject *context, Core::Done<void> done) override;
    void remove(const QString &key, QObject *context, Core::Done<void> done) override;
    void keys(const QString &prefix, QObject *context, Core::Done<QStringList> done) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Vault
