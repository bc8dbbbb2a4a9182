#include "core/deliver.h"
#include "vault/keychainentry.h"
#include "vault/principalvaultprivate.h"

#include <QUuid>
#include <algorithm>

// What a crash, or a keychain's own tool, has left of a principal: named, and mended.
namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

void PrincipalVault::findOrphans(QObject *context, Core::Done<QList<Orphan>> done)
{
    const Result<PrincipalIndex> index = d->file.read();
    if (!index)
        return Core::deliver(context, std::move(done), index.error());
    d->secrets.keys(index->id + u'/', context, [this, index = *index, context, done = std::move(done)](const Result<QStringList> &keys) {
        if (!keys)
            return done(keys.error());
        auto orphans = std::make_shared<QList<Orphan>>();
        for (auto it = index.keys.cbegin(); it != index.keys.cend(); ++it) {
            if (!keys->contains(it.value()))
                orphans->append({Orphan::Side::Index, it.value(), *index.byId(it.key())});
        }
        const QStringList known = index.keys.values() + index.spares.values();
        QStringList unknown;
        std::copy_if(keys->cbegin(), keys->cend(), std::back_inserter(unknown), [&](const QString &key) { return !known.contains(key); });
        describeOrphans(unknown, orphans, context, done);
    });
}

void PrincipalVault::describeOrphans(QStringList keys, std::shared_ptr<QList<Orphan>> orphans, QObject *context,
                                     Core::Done<QList<Orphan>> done)
{
    if (keys.isEmpty())
        return done(*orphans);
    const QString key = keys.takeFirst();
    d->secrets.read(key, context, [this, key, keys, orphans, context, done](const Result<std::optional<Secret>> &entry) {
        if (!entry)
            return done(entry.error());
        Orphan orphan{Orphan::Side::Keychain, key, std::nullopt};
        // Another entry than the one asked for says nothing of this one.
        if (*entry) {
            const Result<KeychainEntry> unpacked = KeychainEntry::unpacked(**entry);
            if (unpacked && (unpacked->key.isEmpty() || unpacked->key == key))
                orphan.principal = unpacked->principal;
        }
        orphans->append(orphan);
        describeOrphans(keys, orphans, context, done);
    });
}

void PrincipalVault::repair(const Orphan &orphan, bool restore, QObject *context, Core::Done<void> done)
{
    if (orphan.side == Orphan::Side::Index) {
        if (restore)
            return Core::deliver(context, std::move(done),
                                 Error{.kind = Error::Kind::Unsupported,
                                       .message = u"The secret is gone from the keychain and cannot be restored."_s,
                                       .nextStep = u"Enter it again, or remove the principal."_s});
        const Result<void> taken = d->change([&](PrincipalIndex &index) -> Result<void> {
            index.take(orphan.principal->id);
            return {};
        });
        return Core::deliver(context, std::move(done), taken);
    }
    if (!restore)
        return d->secrets.remove(orphan.key, context, std::move(done));
    const Result<void> put = d->change([&](PrincipalIndex &index) -> Result<void> {
        if (!orphan.principal || orphan.principal->name.isEmpty())
            return Error{.kind = Error::Kind::InvalidInput,
                         .message = u"Nothing is known of this entry but its secret."_s,
                         .nextStep = u"Remove it."_s};
        ServicePrincipal principal = *orphan.principal;
        // The same principal may live on with a newer secret; what is restored stands beside it.
        if (index.byId(principal.id))
            principal.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        const QString name = principal.name;
        for (int number = 1; index.byName(principal.name); ++number)
            principal.name = name + (number == 1 ? u" (restored)"_s : u" (restored %1)"_s.arg(number));
        index.put(principal, orphan.key);
        return {};
    });
    Core::deliver(context, std::move(done), put);
}

} // namespace Vault
