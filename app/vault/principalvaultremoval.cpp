#include "core/deliver.h"
#include "vault/principalvaultprivate.h"

// Removes a principal: first its keychain entries, then its line in the index, which says meanwhile that the removal is unfinished.
namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

void PrincipalVault::remove(const QString &id, QObject *context, Core::Done<void> done)
{
    QStringList keys;
    const Result<void> marked = d->change([&](PrincipalIndex &index) -> Result<void> {
        if (!index.byId(id))
            return Error{.kind = Error::Kind::NotFound,
                         .message = u"There is no principal with the ID “%1”."_s.arg(id.left(100)),
                         .code = u"UnknownPrincipal"_s,
                         .nextStep = u"See rolescope-cli principal list."_s};
        // The current secret goes last: whoever gives up on the removal still has it.
        for (const QString &key : {index.spares.value(id), index.keys.value(id)}) {
            if (!key.isEmpty())
                keys.append(key);
        }
        index.removals.insert(id, u"It was interrupted."_s);
        return {};
    });
    if (!marked)
        return Core::deliver(context, std::move(done), marked.error());
    if (keys.isEmpty())
        QMetaObject::invokeMethod(context, [this, id, context, done] { removeEntries(id, {}, context, done); }, Qt::QueuedConnection);
    else
        removeEntries(id, keys, context, std::move(done));
}

void PrincipalVault::removeEntries(const QString &id, QStringList keys, QObject *context, const Core::Done<void> &done)
{
    if (keys.isEmpty()) {
        return done(d->change([&](PrincipalIndex &index) -> Result<void> {
            index.take(id);
            return {};
        }));
    }
    const QString key = keys.takeFirst();
    d->secrets.remove(key, context, [this, id, keys, context, done](const Result<void> &removed) {
        if (removed)
            return removeEntries(id, keys, context, done);
        const Result<void> noted = d->change([&](PrincipalIndex &index) -> Result<void> {
            if (index.byId(id))
                index.removals.insert(id, removed.error().message);
            return {};
        });
        done(noted ? removed.error() : noted.error());
    });
}

Result<QHash<QString, QString>> PrincipalVault::unfinishedRemovals() const
{
    const Result<PrincipalIndex> index = d->file.read();
    if (!index)
        return index.error();
    return index->removals;
}

} // namespace Vault
