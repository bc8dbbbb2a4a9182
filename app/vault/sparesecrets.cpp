#include "vault/sparesecrets.h"

#include "core/deliver.h"
#include "vault/keychainentry.h"

#include <QUuid>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

Error unknown()
{
    return {
        .kind = Error::Kind::NotFound,
        .message =
            u"The principal, or the secret that was to be its current one, is not in the index any more."_s,
        .code = u"UnknownPrincipal"_s,
        .nextStep = u"See rolescope-cli principal list."_s};
}

} // namespace

SpareSecrets::SpareSecrets(QString folder, SecretStore &secrets)
    : m_file(std::move(folder))
    , m_secrets(secrets)
{
}

void SpareSecrets::put(const Identity::ServicePrincipal &principal, Secret secret, QObject *context,
                       Core::Done<QString> done)
{
    Result<KeychainEntry> entry = KeychainEntry::bound(principal, std::move(secret), {});
    if (!entry)
        return Core::deliver(context, std::move(done), entry.error());
    QString key;
    const Result<void> named = m_file.change([&](PrincipalIndex &index) -> Result<void> {
        if (!index.byId(principal.id))
            return unknown();
        if (index.spares.contains(principal.id)) {
            return Error{
                .kind = Error::Kind::Conflict,
                .message =
                    u"“%1” has a second secret already, from a rotation that is not finished."_s
                        .arg(principal.name),
                .code = u"RotationUnderWay"_s,
                .nextStep = u"Resume or abandon that one first."_s};
        }
        key = index.id + u'/' + QUuid::createUuid().toString(QUuid::WithoutBraces);
        index.spares.insert(principal.id, key);
        return {};
    });
    if (!named)
        return Core::deliver(context, std::move(done), named.error());
    entry->key = key;
    m_secrets.write(
        key, entry->packed(), context,
        [this, id = principal.id, key, done = std::move(done)](const Result<void> &written) {
            if (written)
                return done(key);
            (void)m_file.change([&](PrincipalIndex &index) -> Result<void> {
                index.spares.remove(id);
                return {};
            });
            done(written.error());
        });
}

void SpareSecrets::read(const Identity::ServicePrincipal &principal, const Identity::Cloud &cloud, QObject *context,
                        Core::Done<std::optional<Secret>> done)
{
    const Result<QString> key = spareKey(principal.id);
    if (!key)
        return Core::deliver(context, std::move(done), key.error());
    if (key->isEmpty())
        return Core::deliver(context, std::move(done), std::optional<Secret>());
    m_secrets.read(*key, context,
                   [wanted = bindingOf(principal, cloud, *key),
                    done = std::move(done)](const Result<std::optional<Secret>> &entry) {
                       if (!entry)
                           return done(entry.error());
                       if (!*entry)
                           return done(std::optional<Secret>());
                       const Result<Secret> secret = KeychainEntry::secretFor(wanted, **entry);
                       done(secret ? Result<std::optional<Secret>>(*secret) : secret.error());
                   });
}

Result<QString> SpareSecrets::spareKey(const QString &principalId) const
{
    const Result<PrincipalIndex> index = m_file.read();
    if (!index)
        return index.error();
    return index->spares.value(principalId);
}

Result<QString> SpareSecrets::currentKey(const QString &principalId) const
{
    const Result<PrincipalIndex> index = m_file.read();
    if (!index)
        return index.error();
    return index->keys.value(principalId);
}

Result<void> SpareSecrets::makeCurrent(const QString &principalId, const QString &key,
                                       const QString &keyId, const QDateTime &expiresAt,
                                       const QString &thumbprint)
{
    return m_file.change([&](PrincipalIndex &index) -> Result<void> {
        const Identity::ServicePrincipal *found = index.byId(principalId);
        const QString current = index.keys.value(principalId);
        if (!found || key.isEmpty() || (key != current && key != index.spares.value(principalId)))
            return unknown();
        Identity::ServicePrincipal principal = *found;
        principal.credentialKeyId = keyId;
        principal.credentialExpiresAt = expiresAt;
        principal.credentialThumbprint = thumbprint;
        index.put(principal, key);
        if (key != current)
            index.spares.insert(principalId, current);
        return {};
    });
}

void SpareSecrets::drop(const QString &principalId, QObject *context, Core::Done<void> done)
{
    const Result<QString> key = spareKey(principalId);
    if (!key || key->isEmpty())
        return Core::deliver(context, std::move(done),
                             key ? Result<void>() : Result<void>(key.error()));
    m_secrets.remove(*key, context,
                     [this, principalId, done = std::move(done)](const Result<void> &removed) {
                         if (!removed)
                             return done(removed.error());
                         done(m_file.change([&](PrincipalIndex &index) -> Result<void> {
                             index.spares.remove(principalId);
                             return {};
                         }));
                     });
}

} // namespace Vault
