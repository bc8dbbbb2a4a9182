#pragma once

#include "core/clock.h"
#include "core/secret.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

#include <QHash>
#include <QObject>
#include <memory>

namespace Identity {

/// Tokens by client credentials, kept by authority, tenant, client, secret and scope. However many ask for one at the
/// same time, one request is made.
class TokenClient final : public QObject
{
    Q_OBJECT
public:
    TokenClient(Http::Transport &transport, const Core::Clock &clock, QObject *parent = nullptr);
    ~TokenClient() override;

    /// A token for \a scope, e.g. cloud.storageScope(); the previous one while it lasts at least five more minutes.
    /// Deleting \a context cancels for that caller only: \a done is then never called.
    /// \a secret is what the vault keeps: a client secret, a certificate's PEM, nothing for a federated token (its file is read at each
    /// request). Errors: as tokenRequest(), readFederatedToken(), parseTokenResponse(), and the transport's.
    void acquire(const Cloud &cloud, const ServicePrincipal &principal, Core::Secret secret, const QString &scope,
                 QObject *context, Core::Done<AccessToken> done);

    /// Forgets \a token, which a service refused (401: revoked, or a claims challenge), however long it claims to last.
    void forget(const Core::Secret &token);
    /// Whether \a token is still what acquire() would give.
    bool keeps(const AccessToken &token) const;
    /// Forgets every token of \a principal, e.g. after its roles or its secret changed.
    void forget(const ServicePrincipal &principal);
    /// Forgets all of them, whoever's.
    void forgetAll();

signals:
    /// By forgetAll(): who holds a copy drops it too.
    void forgotten();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Identity
