#include "identity/tokenclient.h"

#include "core/deliver.h"
#include "identity/clientassertion.h"
#include "identity/tokenprotocol.h"

#include <QCryptographicHash>
#include <QPointer>
#include <algorithm>
#include <vector>

namespace Identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 renewBeforeSeconds = 5 * 60;

struct Waiting {
    QPointer<QObject> context;
    Core::Done<AccessToken> done;
};

// One request, and everybody who waits for it. It is the request's context: deleting it aborts.
class Acquisition final : public QObject
{
public:
    using QObject::QObject;
    std::vector<Waiting> waiting;
};

// The other provider's token is read for each request: it is renewed in its file.
Core::Result<Http::Request> requestFor(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                                       const QString &scope, const QDateTime &now)
{
    if (principal.credential != ServicePrincipal::Credential::FederatedToken)
        return tokenRequest(cloud, principal, secret, scope, now);
    const Core::Result<Core::Secret> token = readFederatedToken(principal.credentialFile);
    return token ? tokenRequest(cloud, principal, *token, scope, now) : Core::Result<Http::Request>(token.error());
}

// What the refused token says of itself, for comparison with what the application trusts. Nothing of it is secret.
Core::Error explained(Core::Error error, const ServicePrincipal &principal)
{
    if (principal.credential != ServicePrincipal::Credential::FederatedToken || error.kind != Core::Error::Kind::Unauthenticated)
        return error;
    const Core::Result<Core::Secret> token = readFederatedToken(principal.credentialFile);
    const auto claims = token ? TokenClaims::decode(*token) : std::nullopt;
    if (!claims)
        return error;
    error.message += u" The token in “%1”: issuer “%2”, subject “%3”, audience “%4”, valid until %5."_s.arg(
        principal.credentialFile, claims->issuer.left(200), claims->all[u"sub"].toString().left(200), claims->audience.left(200),
        claims->expiresAt.isValid() ? claims->expiresAt.toString(Qt::ISODate) : u"it does not say"_s);
    return error;
}

} // namespace

struct TokenClient::Private {
    Http::Transport &transport;
    const Core::Clock &clock;

    struct Kept {
        AccessToken token;
        QDateTime renewAt;
        QString principalKey;
    };
    QHash<QByteArray, Kept> kept;
    QHash<QByteArray, Acquisition *> running;

    static QString principalKey(const ServicePrincipal &principal)
    {
        return principal.tenant.toLower() + u'|' + principal.clientId.toLower();
    }
    static QByteArray key(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret,
                          const QString &scope)
    {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        for (const QString &part : {cloud.authorityHost.toString(), principalKey(principal), principal.credentialFile, scope}) {
            hash.addData(part.toUtf8());
            hash.addData(QByteArrayView("\0", 1));
        }
        hash.addData(secret.reveal());
        return hash.result();
    }
    void finish(const QByteArray &key, const QString &principal, const Core::Result<AccessToken> &token);
};

TokenClient::TokenClient(Http::Transport &transport, const Core::Clock &clock, QObject *parent)
    : QObject(parent), d(new Private{transport, clock, {}, {}})
{
}

TokenClient::~TokenClient() = default;

void TokenClient::acquire(const Cloud &cloud, const ServicePrincipal &principal, Core::Secret secret,
                          const QString &scope, QObject *context, Core::Done<AccessToken> done)
{
    const QByteArray key = Private::key(cloud, principal, secret, scope);
    if (const auto found = d->kept.constFind(key); found != d->kept.cend()) {
        if (d->clock.now() < found->renewAt)
            return Core::deliver(context, std::move(done), found->token);
        d->kept.erase(found);
    }

    const auto running = d->running.constFind(key);
    Acquisition *acquisition = running == d->running.cend() ? nullptr : *running;
    const bool first = !acquisition;
    if (first) {
        acquisition = new Acquisition(this);
        d->running.insert(key, acquisition);
    }
    acquisition->waiting.push_back({context, std::move(done)});
    // When the last who waits has gone, so does the request.
    connect(context, &QObject::destroyed, acquisition, [this, acquisition, key] {
        const bool nobody = std::none_of(acquisition->waiting.cbegin(), acquisition->waiting.cend(),
                                         [](const Waiting &one) { return !one.context.isNull(); });
        if (nobody) {
            d->running.remove(key);
            acquisition->deleteLater();
        }
    });
    if (!first)
        return;

    Core::Result<Http::Request> request = requestFor(cloud, principal, secret, scope, d->clock.now());
    const QString who = Private::principalKey(principal);
    if (!request) {
        Core::deliver<AccessToken>(acquisition, [this, key, who](Core::Result<AccessToken> token) { d->finish(key, who, token); },
                                   request.error());
        return;
    }
    d->transport.send(std::move(*request), acquisition, [this, key, who, scope, principal](Core::Result<Http::Response> response) {
        const auto token = response ? parseTokenResponse(*response, scope, d->clock.now()) : Core::Result<AccessToken>(response.error());
        d->finish(key, who, token ? token : explained(token.error(), principal));
    });
}

void TokenClient::Private::finish(const QByteArray &key, const QString &principal, const Core::Result<AccessToken> &token)
{
    Acquisition *acquisition = running.take(key);
    if (!acquisition)
        return;
    if (token) {
        const QDateTime now = clock.now();
        // A token that hardly outlasts the margin is used for half of its life.
        const qint64 life = now.secsTo(token->expiresAt);
        const qint64 margin = std::min(renewBeforeSeconds, life / 2);
        kept.insert(key, {*token, token->expiresAt.addSecs(-margin), principal});
    }
    acquisition->deleteLater();
    for (const Waiting &one : std::exchange(acquisition->waiting, {})) {
        if (one.context)
            Core::deliver(one.context.data(), one.done, token);
    }
}

void TokenClient::forget(const Core::Secret &token)
{
    d->kept.removeIf([&](const auto &entry) { return entry.value().token.value == token; });
}

bool TokenClient::keeps(const AccessToken &token) const
{
    return std::any_of(d->kept.cbegin(), d->kept.cend(),
                       [&](const Private::Kept &one) { return one.token.value == token.value && d->clock.now() < one.renewAt; });
}

void TokenClient::forget(const ServicePrincipal &principal)
{
    const QString who = Private::principalKey(principal);
    d->kept.removeIf([&](const auto &entry) { return entry.value().principalKey == who; });
}

void TokenClient::forgetAll()
{
    d->kept.clear();
    emit forgotten();
}

} // namespace Identity
