#include "services/signin.h"

#include "access/remedies.h"
#include "core/deliver.h"
#include "services/services.h"

#include <optional>

namespace Services {

using namespace Qt::StringLiterals;

// A resource such as "https://vault.azure.net" is what people know; the v2.0 endpoint wants it with "/.default".
QString scopeNamed(const QString &name, const Identity::Cloud &cloud)
{
    if (name == u"storage")
        return cloud.storageScope();
    if (name == u"arm")
        return cloud.armScope();
    if (name == u"graph")
        return cloud.graphScope();
    if (name.endsWith(u"/.default"))
        return name;
    return name.endsWith(u'/') ? name + u".default"_s : name + u"/.default"_s;
}

namespace {

// Another program may have rotated the credential between our reading it and its being used.
std::optional<Identity::ServicePrincipal> renewed(Services &services, const Identity::ServicePrincipal &used, const Core::Error &error)
{
    if (error.kind != Core::Error::Kind::Unauthenticated)
        return std::nullopt;
    const auto now = services.vault.find(used.id);
    const bool same = !now || (now->credentialKeyId == used.credentialKeyId && now->credentialThumbprint == used.credentialThumbprint);
    return same ? std::nullopt : std::optional(*now);
}

void attempt(Services &services, const Identity::Cloud &cloud, const Identity::ServicePrincipal &principal, const QString &scope,
             bool last, QObject *context, Core::Done<SignedIn> done)
{
    services.vault.secret(
        principal, cloud, context,
        [&services, principal, cloud, scope, last, context,
         done = std::move(done)](Core::Result<Core::Secret> secret) mutable {
            if (!secret)
                return done(secret.error());
            services.tokens.acquire(
                cloud, principal, *secret, scopeNamed(scope, cloud), context,
                [&services, principal, cloud, scope, last, context,
                 done = std::move(done)](Core::Result<Identity::AccessToken> token) {
                    if (token)
                        return done(SignedIn{cloud, principal, *token});
                    const auto again = last ? std::nullopt : renewed(services, principal, token.error());
                    if (!again)
                        return done(Access::withRemedy(token.error()));
                    attempt(services, cloud, *again, scope, true, context, done);
                });
        });
}

} // namespace

void signIn(Services &services, const Identity::ServicePrincipal &principal, const QString &scope,
            QObject *context, Core::Done<SignedIn> done)
{
    const Core::Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());
    attempt(services, *cloud, principal, scope, false, context, std::move(done));
}

Storage::TokenSource tokensFor(Services &services, const Identity::ServicePrincipal &principal, const QString &scope)
{
    return [&services, principal, scope, last = std::make_shared<std::optional<Identity::AccessToken>>()](
               QObject *context, Core::Done<Identity::AccessToken> done) {
        if (*last && services.tokens.keeps(**last))
            return Core::deliver(context, std::move(done), **last);
        signIn(services, principal, scope, context, [last, done = std::move(done)](const Core::Result<SignedIn> &session) {
            if (!session)
                return done(session.error());
            *last = session->token;
            done(session->token);
        });
    };
}

} // namespace Services
