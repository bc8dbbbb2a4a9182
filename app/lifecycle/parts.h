#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "identity/tokenclient.h"
#include "vault/principalvault.h"
#include "vault/sparesecrets.h"

#include <QTimer>
#include <functional>

namespace Lifecycle {

/// A token of the signed-in operator for a scope, e.g. cloud.graphScope(). Asked for at each step,
/// since a rotation may wait for days.
using TokenSource = std::function<void(const QString &scope, QObject *context,
                                       Core::Done<Identity::AccessToken> done)>;

/// How long to wait for Entra ID's replicas: what was made at one is unknown to another for
/// seconds, seldom minutes.
struct Patience
{
    int attempts = 20;
    std::chrono::milliseconds first{1000};
    std::chrono::milliseconds longest{10'000};

    std::chrono::milliseconds before(int attempt) const
    {
        return std::min(longest, first * (1 << std::min(attempt - 1, 10)));
    }
};

/// What the flows are made of; they own nothing of it.
struct Parts
{
    Http::Transport &transport;
    Identity::TokenClient &tokens;
    Vault::PrincipalVault &vault;
    Vault::SpareSecrets &spares;
    const Core::Clock &clock;
    TokenSource operatorToken;
    Patience patience{};
};

/// An error that time mends: not replicated yet, or asked too often. Microsoft documents neither
/// how long replication takes nor all codes it shows by; these are the recorded and reported ones.
bool mendsItself(const Core::Error &error);

/// Takes \a step, and again while its error mends itself, as patiently as \a patience says; the
/// last outcome goes to \a done.
template<typename T>
void insist(const Patience &patience, QObject *context,
            const std::function<void(Core::Done<T>)> &step, const Core::Done<T> &done,
            bool (*again)(const Core::Error &) = mendsItself, int attempt = 1)
{
    step([=](const Core::Result<T> &result) {
        if (result || attempt >= patience.attempts || !again(result.error()))
            return done(result);
        QTimer::singleShot(patience.before(attempt), context,
                           [=] { insist<T>(patience, context, step, done, again, attempt + 1); });
    });
}

/// One line about a step before it is taken, for the person who watches.
struct Announcement
{
    QString step; ///< e.g. "createApplication", for programs
    QString text;
};

} // namespace Lifecycle
