#pragma once

#include "core/deliver.h"
#include "vault/secretstore.h"

#include <QMap>

namespace Test {

/// A keychain in memory. \c failure, where set, is what every operation then reports.
class MemorySecretStore final : public Vault::SecretStore
{
public:
    void read(const QString &key, QObject *context, Core::Done<std::optional<Core::Secret>> done) override
    {
        if (failure)
            return Core::deliver(context, std::move(done), *failure);
        const auto found = entries.constFind(key);
        Core::deliver(context, std::move(done),
                      found == entries.cend() ? std::optional<Core::Secret>() : std::optional(*found));
    }
    void write(const QString &key, Core::Secret secret, QObject *context, Core::Done<void> done) override
    {
        if (failure)
            return Core::deliver(context, std::move(done), *failure);
        entries.insert(key, std::move(secret));
        Core::deliver(context, std::move(done), {});
    }
    void remove(const QString &key, QObject *context, Core::Done<void> done) override
    {
        if (failure)
            return Core::deliver(context, std::move(done), *failure);
        entries.remove(key);
        Core::deliver(context, std::move(done), {});
    }
    void keys(const QString &prefix, QObject *context, Core::Done<QStringList> done) override
    {
        if (failure)
            return Core::deliver(context, std::move(done), *failure);
        QStringList found;
        for (auto it = entries.cbegin(); it != entries.cend(); ++it) {
            if (it.key().startsWith(prefix))
                found.append(it.key());
        }
        Core::deliver(context, std::move(done), found);
    }

    QMap<QString, Core::Secret> entries;
    std::optional<Core::Error> failure;
};

} // namespace Test
