#include "vault/principalvault.h"

#include "core/deliver.h"
#include "vault/keychainentry.h"
#include "vault/principalvaultprivate.h"

#include <QDir>
#include <QStandardPaths>
#include <QUuid>
#include <algorithm>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

Error nameTaken(const QString &name)
{
    return {.kind = Error::Kind::Conflict,
            .message = u"There is already a principal named “%1”."_s.arg(name),
            .code = u"NameTaken"_s,
            .nextStep = u"Choose another name, or remove or rename the other one first."_s};
}

Error notFound(const QString &name, const QList<ServicePrincipal> &all)
{
    QStringList near;
    for (const ServicePrincipal &one : all) {
        if (near.size() < 8)
            near.append(one.name);
    }
    return {.kind = Error::Kind::NotFound,
            .message = u"There is no principal named “%1”."_s.arg(name.left(100)),
            .code = u"UnknownPrincipal"_s,
            .nextStep = near.isEmpty() ? u"Add one first."_s : u"There are: %1."_s.arg(near.join(u", "_s))};
}

Error secretNeeded(const ServicePrincipal &before)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The secret of “%1” was stored for client ID %2 of tenant %3 (%4), and stays with them."_s.arg(
                before.name, before.clientId, before.tenant, before.cloud),
            .code = u"SecretNeeded"_s,
            .nextStep = u"Enter the secret again to change cloud, tenant or client ID."_s};
}

bool needsSecret(const ServicePrincipal &principal)
{
    return principal.credential != ServicePrincipal::Credential::FederatedToken;
}

// A kept secret is not led elsewhere by an edit.
Result<void> keepsTarget(const PrincipalIndex &index, const ServicePrincipal &edited)
{
    const ServicePrincipal *before = index.byId(edited.id);
    const bool hasSecret = index.keys.contains(edited.id) || index.spares.contains(edited.id);
    return before && hasSecret && !sameTarget(*before, edited) ? Result<void>(secretNeeded(*before)) : Result<void>();
}

} // namespace

PrincipalVault::PrincipalVault(QString folder, SecretStore &secrets, const Core::Clock &clock, QObject *parent)
    : QObject(parent), d(new Private{.folder = folder, .file = IndexFile(folder), .secrets = secrets, .clock = clock})
{
    d->seen = d->stamp();
    d->settle.setSingleShot(true);
    d->settle.setInterval(50);
    connect(&d->settle, &QTimer::timeout, this, [this] {
        const QByteArray now = d->stamp();
        if (std::exchange(d->seen, now) != now)
            emit changed();
    });
    connect(&d->watcher, &QFileSystemWatcher::directoryChanged, &d->settle, qOverload<>(&QTimer::start));
    d->watch();
}

PrincipalVault::~PrincipalVault() = default;

QString PrincipalVault::defaultFolder()
{
    const QString own = qEnvironmentVariable("ROLESCOPE_CONFIG_DIR");
    if (!own.isEmpty())
        return QDir(own).absolutePath();
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/rolescope"_s;
}

QString PrincipalVault::folder() const
{
    return d->folder;
}

Result<QList<ServicePrincipal>> PrincipalVault::list() const
{
    Result<PrincipalIndex> index = d->file.read();
    if (!index)
        return index.error();
    std::stable_sort(index->principals.begin(), index->principals.end(), [](const auto &a, const auto &b) {
        const int environment = QString::localeAwareCompare(a.environment.name, b.environment.name);
        return environment != 0 ? environment < 0 : QString::localeAwareCompare(a.name, b.name) < 0;
    });
    return index->principals;
}

Result<ServicePrincipal> PrincipalVault::find(const QString &nameOrId) const
{
    const Result<PrincipalIndex> index = d->file.read();
    if (!index)
        return index.error();
    const ServicePrincipal *found = index->byName(nameOrId);
    if (!found)
        found = index->byId(nameOrId);
    return found ? Result<ServicePrincipal>(*found) : notFound(nameOrId, index->principals);
}

void PrincipalVault::save(ServicePrincipal principal, std::optional<Secret> secret, QObject *context, Core::Done<ServicePrincipal> done)
{
    principal.name = principal.name.trimmed();
    if (principal.id.isEmpty())
        principal.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (!principal.addedAt.isValid())
        principal.addedAt = d->clock.now();

    // Also makes the index where there is none yet: its id, which the keychain key begins with, must last.
    QString indexId;
    const Result<void> possible = d->change([&](PrincipalIndex &index) -> Result<void> {
        indexId = index.id;
        const ServicePrincipal *other = index.byName(principal.name);
        if (principal.name.isEmpty())
            return Error{.kind = Error::Kind::InvalidInput, .message = u"The principal has no name."_s};
        if (other && other->id != principal.id)
            return nameTaken(principal.name);
        if (!secret && needsSecret(principal) && index.keys.value(principal.id).isEmpty())
            return Error{.kind = Error::Kind::InvalidInput, .message = u"The principal has no secret."_s};
        if (!secret && needsSecret(principal))
            return keepsTarget(index, principal);
        return {};
    });
    if (!possible)
        return Core::deliver(context, std::move(done), possible.error());

    const QString key = secret ? indexId + u'/' + QUuid::createUuid().toString(QUuid::WithoutBraces) : QString();
    // Who signs in with a token's file leaves no secret behind that nobody would look for.
    const bool keepsOld = !secret && needsSecret(principal);
    const auto putIntoIndex = [this, principal, key, keepsOld, context, done] {
        QString old;
        const Result<void> put = d->change([&](PrincipalIndex &index) -> Result<void> {
            const ServicePrincipal *other = index.byName(principal.name);
            if (other && other->id != principal.id)
                return nameTaken(principal.name);
            if (const Result<void> kept = keepsOld ? keepsTarget(index, principal) : Result<void>(); !kept)
                return kept;
            old = index.keys.value(principal.id);
            index.put(principal, keepsOld ? old : key);
            index.removals.remove(principal.id); // who saves it wants to keep it
            return {};
        });
        if (!put) // the new entry is of no use
            return d->discard(key, context, [done, error = put.error()] { done(error); });
        d->discard(keepsOld ? QString() : old, context, [done, principal] { done(principal); });
    };
    if (!secret) {
        QMetaObject::invokeMethod(context, putIntoIndex, Qt::QueuedConnection);
        return;
    }
    const Result<KeychainEntry> entry = KeychainEntry::bound(principal, *secret, key);
    if (!entry)
        return Core::deliver(context, std::move(done), entry.error());
    d->secrets.write(key, entry->packed(), context, [putIntoIndex, done](const Result<void> &written) {
        if (!written)
            return done(written.error());
        putIntoIndex();
    });
}

Result<void> PrincipalVault::rename(const QString &oldName, const QString &newName)
{
    return d->change([&](PrincipalIndex &index) -> Result<void> {
        const ServicePrincipal *found = index.byName(oldName);
        if (!found)
            return notFound(oldName, index.principals);
        const ServicePrincipal *other = index.byName(newName.trimmed());
        if (other && other->id != found->id)
            return nameTaken(newName.trimmed());
        if (newName.trimmed().isEmpty())
            return Error{.kind = Error::Kind::InvalidInput, .message = u"The new name is empty."_s};
        ServicePrincipal renamed = *found;
        renamed.name = newName.trimmed();
        index.put(renamed, index.keys.value(renamed.id));
        return {};
    });
}

Result<void> PrincipalVault::update(const ServicePrincipal &principal)
{
    return d->change([&](PrincipalIndex &index) -> Result<void> {
        if (!index.byId(principal.id))
            return notFound(principal.name, index.principals);
        const ServicePrincipal *other = index.byName(principal.name);
        if (other && other->id != principal.id)
            return nameTaken(principal.name);
        if (const Result<void> kept = keepsTarget(index, principal); !kept)
            return kept;
        index.put(principal, index.keys.value(principal.id));
        return {};
    });
}

void PrincipalVault::secret(const ServicePrincipal &principal, QObject *context, Core::Done<Secret> done)
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());
    secret(principal, *cloud, context, std::move(done));
}

void PrincipalVault::secret(const ServicePrincipal &principal, const Identity::Cloud &cloud, QObject *context, Core::Done<Secret> done)
{
    const Result<PrincipalIndex> index = d->file.read();
    if (!index)
        return Core::deliver(context, std::move(done), index.error());
    const QString key = index->keys.value(principal.id);
    const Error missing{.kind = Error::Kind::NotFound,
                        .message = u"The keychain holds no secret for “%1”."_s.arg(principal.name),
                        .code = u"SecretMissing"_s,
                        .nextStep = u"Enter its secret again, or remove the principal."_s};
    if (key.isEmpty())
        return Core::deliver(context, std::move(done), needsSecret(principal) ? Result<Secret>(missing) : Result<Secret>(Secret()));
    d->secrets.read(key, context,
                    [done = std::move(done), missing, wanted = bindingOf(principal, cloud, key)](const Result<std::optional<Secret>> &read) {
                        if (!read)
                            return done(read.error());
                        if (!*read)
                            return done(missing);
                        done(KeychainEntry::secretFor(wanted, **read));
                    });
}

} // namespace Vault
