#include "services/operatorsessionprivate.h"

#include "core/commandtext.h"
#include "core/deliver.h"
#include "core/logging.h"
#include "identity/credentiallint.h"
#include "identity/tokenprotocol.h"
#include "services/azsession.h"
#include "services/signin.h"

#include <QPointer>
#include <QUuid>
#include <algorithm>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;

namespace {

Error notSignedIn(const QString &tenant, const QList<Operator> &all)
{
    QStringList others;
    for (const Operator &one : all)
        others.append(one.tenantId.isEmpty() ? one.tenant : one.tenantId);
    others.removeDuplicates();
    Core::Command signIn{u"rolescope-cli", u"operator", u"sign-in"};
    if (!tenant.isEmpty())
        signIn.option(u"--tenant", tenant);
    return {.kind = Error::Kind::NotFound,
            .message = others.isEmpty()
                           ? u"Nobody is signed in as operator."_s
                           : u"Nobody is signed in as operator to tenant %1, only to: %2."_s.arg(
                                 tenant, others.join(u", "_s)),
            .code = u"NoOperator"_s,
            .nextStep = u"Sign in, with --browser, --device-code or --az added: "_s + signIn.text()};
}

Error signInAgain(const Operator &who, Error error)
{
    if (error.message.isEmpty())
        error.message = u"The keychain holds no refresh token for this sign-in."_s;
    error.kind = Error::Kind::Unauthenticated;
    error.nextStep = u"Sign in again: "_s +
                     Core::Command{u"rolescope-cli", u"operator", u"sign-in"}
                         .option(u"--tenant", who.tenant)
                         .flag(who.way == Operator::Way::Browser ? u"--browser" : u"--device-code")
                         .text();
    return error;
}

} // namespace

OperatorSession::OperatorSession(Http::Transport &transport, Vault::SecretStore &secrets,
                                 const Core::Clock &clock, const QString &folder, QObject *parent)
    : QObject(parent)
    , d(new Private{transport, secrets, clock, OperatorsFile(folder)})
{
}

OperatorSession::~OperatorSession() = default;

Result<QList<Operator>> OperatorSession::list() const
{
    const Result<Operators> all = d->file.read();
    return all ? Result<QList<Operator>>(all->signedIn) : all.error();
}

Result<Operator> OperatorSession::find(const QString &cloud, const QString &tenant) const
{
    const Result<QList<Operator>> all = list();
    if (!all)
        return all.error();
    QList<Operator> here;
    std::copy_if(all->cbegin(), all->cend(), std::back_inserter(here),
                 [&](const Operator &one) { return one.cloud == cloud; });
    const QString id = d->tenants.value(Private::place(cloud, tenant));
    for (const Operator &one : std::as_const(here)) {
        if (tenant.isEmpty() || one.isFor(tenant) || one.isFor(id))
            return one;
    }
    return notSignedIn(tenant, here);
}

void OperatorSession::forget(const Secret &token)
{
    d->kept.removeIf([&](const auto &entry) { return entry.value().value == token; });
}

void OperatorSession::token(const QString &cloud, const QString &tenant, const QString &scope,
                            QObject *context, Core::Done<AccessToken> done)
{
    const Result<Operator> who = find(cloud, tenant);
    if (who)
        return token(*who, scope, context, std::move(done));
    const Result<QList<Operator>> all = list();
    const bool somebody = all && std::any_of(all->cbegin(), all->cend(), [&](const Operator &one) {
                              return one.cloud == cloud;
                          });
    if (!somebody || !Identity::isDomainName(tenant))
        return Core::deliver(context, std::move(done), who.error());
    // Signed in to by the tenant's GUID, perhaps, or by another of its domains.
    resolve(cloud, tenant, context,
            [=, this, nobody = who.error(), done = std::move(done)](const Result<QString> &id) {
                const Result<Operator> meant = id ? find(cloud, *id) : nobody;
                meant ? token(*meant, scope, context, done) : done(nobody);
            });
}

void OperatorSession::token(const Operator &who, const QString &scopeName, QObject *context,
                            Core::Done<AccessToken> done)
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(who.cloud);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());
    const QString scope = scopeNamed(scopeName, *cloud);
    const auto found = d->kept.constFind(who.id + u'|' + scope);
    if (found != d->kept.cend() && d->clock.now().addSecs(300) < found->expiresAt)
        return Core::deliver(context, std::move(done), *found);
    if (who.way == Operator::Way::Az)
        return askAz(who, scope, context, std::move(done));
    // The tenant that the sign-in led to: under "organizations" a token would be for the user's
    // home each time.
    refresh(who, {*cloud, who.tenantId.isEmpty() ? who.tenant : who.tenantId, who.clientId}, scope,
            context, std::move(done));
}

void OperatorSession::askAz(const Operator &who, const QString &scope, QObject *context,
                            Core::Done<AccessToken> done)
{
    auto *az = new AzSession(
        d->clock, {.scope = scope, .tenant = who.tenantId.isEmpty() ? who.tenant : who.tenantId},
        context);
    connect(az, &AzSession::finished, context,
            [this, self = QPointer(this), az, who, done = std::move(done)](const auto &token) {
                az->deleteLater();
                if (!token)
                    return done(token.error());
                if (self)
                    d->remember(who, token->access);
                done(token->access);
            });
    az->start();
}

void OperatorSession::refresh(const Operator &who, const Identity::PublicClient &client,
                              const QString &scope, QObject *context, Core::Done<AccessToken> done)
{
    const Result<QString> key = d->key(who);
    if (!key)
        return Core::deliver(context, std::move(done), key.error());
    d->secrets.read(*key, context,
                    [=, this, done = std::move(done)](const Result<std::optional<Secret>> &read) {
                        if (!read)
                            return done(read.error());
                        if (!*read)
                            return done(signInAgain(who, {.code = u"SecretMissing"_s}));
                        redeem(who, client, scope, **read, context, done);
                    });
}

void OperatorSession::redeem(const Operator &who, const Identity::PublicClient &client,
                             const QString &scope, const Secret &refreshToken, QObject *context,
                             Core::Done<AccessToken> done)
{
    d->transport.send(
        Identity::refreshRequest(client, refreshToken, scope), context,
        [=, this, done = std::move(done)](const Result<Http::Response> &response) {
            if (!response)
                return done(response.error());
            const auto tokens = Identity::parseUserTokens(*response, scope, d->clock.now());
            if (!tokens) {
                const QString oauth = Identity::oauthError(*response);
                const bool over = oauth == u"invalid_grant" || oauth == u"interaction_required";
                return done(over ? signInAgain(who, tokens.error()) : tokens.error());
            }
            d->remember(who, tokens->access);
            const Result<QString> key = d->key(who);
            if (tokens->refresh.isEmpty() || tokens->refresh == refreshToken || !key)
                return done(tokens->access);
            // The old one goes on working (Microsoft identity platform: refresh tokens), so a
            // keychain that refuses the new one spoils nothing.
            d->secrets.write(*key, tokens->refresh, context,
                             [done, access = tokens->access](const Result<void> &written) {
                                 if (!written)
                                     qCWarning(Core::lcVault,
                                               "a new refresh token was not kept: %s",
                                               qPrintable(written.error().message));
                                 done(access);
                             });
        });
}

void OperatorSession::forgetTokens()
{
    d->kept.clear();
}

void OperatorSession::keep(Operator who, Secret refreshToken, QObject *context,
                           Core::Done<Operator> done)
{
    const auto same = [](const Operator &a, const Operator &b) {
        const QString &tenant = a.tenantId.isEmpty() ? a.tenant : a.tenantId;
        return a.cloud == b.cloud && b.isFor(tenant) && a.objectId == b.objectId && a.way == b.way;
    };
    const Result<void> first = d->file.change([&](Operators &all) -> Result<void> {
        // The older sign-in's place in the keychain is taken over: nothing is left behind there.
        const auto older = std::find_if(all.signedIn.cbegin(), all.signedIn.cend(),
                                        [&](const Operator &one) { return same(who, one); });
        who.id = older == all.signedIn.cend() ? QUuid::createUuid().toString(QUuid::WithoutBraces)
                                              : older->id;
        return {};
    });
    if (!first)
        return Core::deliver(context, std::move(done), first.error());
    const auto list = [this, who, done] {
        const Result<void> put = d->file.change([&](Operators &all) -> Result<void> {
            all.signedIn.removeIf([&](const Operator &one) { return one.id == who.id; });
            all.signedIn.prepend(who);
            return {};
        });
        if (!put)
            return done(put.error());
        d->kept.removeIf([&](const auto &entry) { return entry.key().startsWith(who.id); });
        emit changed();
        done(who);
    };
    const Result<QString> key = d->key(who);
    if (!key || refreshToken.isEmpty()) {
        QMetaObject::invokeMethod(context, list, Qt::QueuedConnection);
        return;
    }
    d->secrets.write(*key, std::move(refreshToken), context,
                     [list, done](const Result<void> &written) {
                         if (!written)
                             return done(written.error());
                         list();
                     });
}

void OperatorSession::signOut(const Operator &who, QObject *context, Core::Done<void> done)
{
    const auto takeFromList = [this, who, done] {
        const Result<void> taken = d->file.change([&](Operators &all) -> Result<void> {
            all.signedIn.removeIf([&](const Operator &one) { return one.id == who.id; });
            return {};
        });
        d->kept.removeIf([&](const auto &entry) { return entry.key().startsWith(who.id); });
        emit changed();
        done(taken);
    };
    const Result<QString> key = d->key(who);
    if (!key)
        return Core::deliver(context, std::move(done), key.error());
    if (who.way == Operator::Way::Az) {
        QMetaObject::invokeMethod(context, takeFromList, Qt::QueuedConnection);
        return;
    }
    // The token goes first: where the keychain is locked, the list still names what is in it.
    d->secrets.remove(*key, context, [takeFromList, done](const Result<void> &removed) {
        if (!removed)
            return done(removed.error());
        takeFromList();
    });
}

Result<QString> OperatorSession::publicClientId() const
{
    const Result<Operators> all = d->file.read();
    if (!all)
        return all.error();
    return all->publicClientId.isEmpty() ? Identity::wellKnownPublicClient() : all->publicClientId;
}

Result<void> OperatorSession::setPublicClientId(const QString &id)
{
    if (!id.isEmpty() && !Identity::isGuid(id))
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"A public client’s ID is a GUID."_s};
    return d->file.change([&](Operators &all) -> Result<void> {
        all.publicClientId = id.toLower();
        return {};
    });
}

} // namespace Services
