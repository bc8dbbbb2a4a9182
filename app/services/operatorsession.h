#pragma once

#include "core/clock.h"
#include "http/transport.h"
#include "identity/usertoken.h"
#include "services/operators.h"
#include "vault/secretstore.h"

#include <QObject>
#include <memory>

namespace Services {

struct RefreshTokenEntry;

/// The operator's sign-ins and the tokens they yield. Refresh tokens are in the keychain, and
/// nowhere else.
class OperatorSession final : public QObject
{
    Q_OBJECT
public:
    OperatorSession(Http::Transport &transport, Vault::SecretStore &secrets,
                    const Core::Clock &clock, const QString &folder, QObject *parent = nullptr);
    ~OperatorSession() override;

    /// Who is signed in, newest first. Errors: as OperatorsFile::read().
    Core::Result<QList<Operator>> list() const;
    /// The sign-in for \a tenant (a GUID or domain) in \a cloud (as ServicePrincipal::cloud keeps
    /// it); with an empty \a tenant the newest one. Errors: NotFound, with how to sign in as next
    /// step.
    Core::Result<Operator> find(const QString &cloud, const QString &tenant) const;

    /// All sign-ins to \a tenant, of any cloud; a domain means the same tenant as its GUID, for
    /// which the authority may have to be asked. Errors: those of list(); what the authority cannot
    /// say is no error, and finds nothing.
    void signInsTo(const QString &tenant, QObject *context, Core::Done<QList<Operator>> done);

    /// An operator's token for \a scope ("arm", "graph", "storage", or a scope in full) in \a
    /// tenant (a GUID or a domain of it, whichever it was signed in to by); the previous one while
    /// it lasts five more minutes. Errors: those of find(); Unauthenticated (the sign-in has ended:
    /// sign in again), Conflict with the code SecretBoundElsewhere (the refresh token was stored for
    /// another authority, tenant or client), keychain kinds, the transport's.
    void token(const QString &cloud, const QString &tenant, const QString &scope, QObject *context,
               Core::Done<Identity::AccessToken> done);
    void token(const Operator &who, const QString &scope, QObject *context,
               Core::Done<Identity::AccessToken> done);

    /// Forgets \a token, which a service refused, however long it claims to last.
    void forget(const Core::Secret &token);
    /// Forgets the tokens that are at hand; the next one comes by the refresh token in the keychain.
    void forgetTokens();

    /// Keeps a sign-in, in place of an older one for the same cloud, tenant and user. Errors:
    /// keychain kinds, File.
    void keep(Operator who, Core::Secret refreshToken, QObject *context, Core::Done<Operator> done);
    /// Forgets it and its refresh token. That the token is void from then on only Entra ID could
    /// say: it is not revoked there.
    void signOut(const Operator &who, QObject *context, Core::Done<void> done);

    /// A refresh token in the keychain that no sign-in names.
    struct Orphan
    {
        QString key; ///< in the keychain
        bool elsewhere =
            false; ///< of another list of sign-ins, which may be in use in another folder
        bool operator==(const Orphan &) const = default;
    };
    /// What a crash, or a list that was deleted, left behind. Errors: keychain kinds, Unsupported.
    void findOrphans(QObject *context, Core::Done<QList<Orphan>> done);
    void removeOrphan(const Orphan &orphan, QObject *context, Core::Done<void> done);

    /// The public client to sign in to: the setting, or the well-known one.
    Core::Result<QString> publicClientId() const;
    /// Empty for the well-known one. Errors: InvalidInput (no GUID), File.
    Core::Result<void> setPublicClientId(const QString &id);

signals:
    void changed();

private:
    void resolve(const QString &cloud, const QString &domain, QObject *context,
                 Core::Done<QString> done);
    void askAz(const Operator &who, const QString &scope, QObject *context,
               Core::Done<Identity::AccessToken> done);
    void refresh(const Operator &who, const Identity::PublicClient &client, const QString &scope,
                 QObject *context, Core::Done<Identity::AccessToken> done);
    void redeem(const Operator &who, const Identity::PublicClient &client, const QString &scope,
                const RefreshTokenEntry &entry, QObject *context,
                Core::Done<Identity::AccessToken> done);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Services
