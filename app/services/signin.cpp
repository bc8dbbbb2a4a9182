#include "services/signin.h"

#include "access/remedies.h"
#include "core/deliver.h"
#include "services/services.h"

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

void signIn(Services &services, const Identity::ServicePrincipal &principal, const QString &scope,
            QObject *context, Core::Done<SignedIn> done)
{
    const Core::Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());

    services.vault.secret(
        principal, context,
        [&services, principal, cloud = *cloud, scope, context,
         done = std::move(done)](Core::Result<Core::Secret> secret) mutable {
            if (!secret)
                return done(secret.error());
            services.tokens.acquire(
                cloud, principal, *secret, scopeNamed(scope, cloud), context,
                [principal, cloud, done = std::move(done)](Core::Result<Identity::AccessToken> token) {
                    if (!token)
                        return done(Access::withRemedy(token.error()));
                    done(SignedIn{cloud, principal, *token});
                });
        });
}

} // namespace Services
