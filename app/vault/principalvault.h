#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"
#include "vault/secretstore.h"

#include <QHash>
#include <QObject>
#include <memory>
#include <optional>

namespace Vault {

/// A keychain entry without a principal, or a principal without its keychain entry.
struct Orphan {
    enum class Side { Keychain, Index };
    Side side = Side::Keychain;
    QString key;                                           ///< the keychain key
    std::optional<Identity::ServicePrincipal> principal;   ///< what is known of it, so that it can be restored
};

/// The principals: everything but the secret in a JSON index (PrincipalIndex, one file, atomic, owner-only), the secret
/// in a SecretStore. The keychain entry is written first under a new key, then the index is replaced, then the old entry
/// is removed: a crash at any moment leaves the old or the new principal, and at most an orphan that findOrphans() names.
/// Two programs may use one index: each change is made under a lock file on the index as it is then, and a change from
/// outside is noticed (changed()).
class PrincipalVault final : public QObject
{
    Q_OBJECT
public:
    /// \a folder is created (0700) when the first principal is saved.
    PrincipalVault(QString folder, SecretStore &secrets, const Core::Clock &clock, QObject *parent = nullptr);
    ~PrincipalVault() override;

    /// ROLESCOPE_CONFIG_DIR, else $XDG_CONFIG_HOME/rolescope, else ~/.config/rolescope.
    static QString defaultFolder();
    QString folder() const;

    /// The principals as the index has them now, by environment and name. Errors: File, InvalidInput (a damaged index:
    /// it is named and left as it is).
    Core::Result<QList<Identity::ServicePrincipal>> list() const;
    /// By name (case-insensitive) or id. Errors: NotFound (lists near names), and those of list().
    Core::Result<Identity::ServicePrincipal> find(const QString &nameOrId) const;

    /// Adds, or replaces the one with the same id. Errors: Conflict (another has the name), keychain kinds, File.
    /// Without \a secret the kept one stays, or goes where the principal signs in with a token's file now; only one that has a secret
    /// or needs none is saved so. A kept secret stays with its cloud, tenant and client ID: where one of them changes, the secret is
    /// needed again (InvalidInput with the code SecretNeeded).
    void save(Identity::ServicePrincipal principal, std::optional<Core::Secret> secret, QObject *context,
              Core::Done<Identity::ServicePrincipal> done);
    /// Removes its keychain entries, then its line in the index. Where the keychain refuses, the principal stays, marked
    /// (unfinishedRemovals()), and a second call completes the removal; saving it takes the mark away. Errors: NotFound, keychain
    /// kinds, File.
    void remove(const QString &id, QObject *context, Core::Done<void> done);
    /// The IDs of the principals whose removal has not been finished, each with the reason in words. Errors: those of list().
    Core::Result<QHash<QString, QString>> unfinishedRemovals() const;
    Core::Result<void> rename(const QString &oldName, const QString &newName);
    /// Changes members that concern no secret (accounts, environment, expiry), at once. Errors besides: InvalidInput with the code
    /// SecretNeeded where cloud, tenant or client ID change.
    Core::Result<void> update(const Identity::ServicePrincipal &principal);

    /// The secret of \a principal, to be sent to \a cloud's authority, which is compared with what the secret was stored for; see
    /// checkBinding(). Errors: NotFound (the keychain has none: an orphan, with the repair as next step), Conflict with the code
    /// SecretBoundElsewhere, InvalidInput with the code EntryUnreadable, keychain kinds.
    void secret(const Identity::ServicePrincipal &principal, const Identity::Cloud &cloud, QObject *context,
                Core::Done<Core::Secret> done);
    /// The same for the principal's cloud as it can be loaded now. Errors besides: those of Cloud::load().
    void secret(const Identity::ServicePrincipal &principal, QObject *context, Core::Done<Core::Secret> done);

    void findOrphans(QObject *context, Core::Done<QList<Orphan>> done);
    /// Puts a keychain orphan back into the index, or removes it; removes an index orphan. \a restore as far as known.
    void repair(const Orphan &orphan, bool restore, QObject *context, Core::Done<void> done);

signals:
    void changed();

private:
    void removeEntries(const QString &id, QStringList keys, QObject *context, const Core::Done<void> &done);
    void describeOrphans(QStringList keys, std::shared_ptr<QList<Orphan>> orphans, QObject *context, Core::Done<QList<Orphan>> done);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Vault
