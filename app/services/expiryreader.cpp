#include "services/expiryreader.h"

#include "azure/graphclient.h"
#include "core/deliver.h"
#include "services/services.h"

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Identity::ServicePrincipal;

namespace {

constexpr qsizetype hintLength = 3;

QList<ListedCredential> candidates(const Azure::Application &application,
                                   const ServicePrincipal &principal, const Secret &secret)
{
    QList<ListedCredential> found;
    if (principal.credential == ServicePrincipal::Credential::Certificate) {
        for (const Azure::KeyCredential &one : application.keys) {
            if (one.thumbprint.compare(principal.credentialThumbprint, Qt::CaseInsensitive) == 0 ||
                one.keyId == principal.credentialKeyId)
                found.append({one.keyId, one.endsAt});
        }
        return found;
    }
    for (const Azure::PasswordCredential &one : application.passwords) {
        if (!principal.credentialKeyId.isEmpty() && one.keyId == principal.credentialKeyId)
            return {{one.keyId, one.endsAt}};
    }
    const QByteArray hint =
        secret.reveal().first(std::min(hintLength, secret.size())).toByteArray();
    for (const Azure::PasswordCredential &one : application.passwords) {
        if (!one.hint.isEmpty() && one.hint.toUtf8() == hint)
            found.append({one.keyId, one.endsAt});
    }
    return found;
}

} // namespace

Result<ListedCredential> credentialOf(const Azure::Application &application,
                                      const ServicePrincipal &principal, const Secret &secret)
{
    const QList<ListedCredential> found = candidates(application, principal, secret);
    if (found.size() == 1 && found.first().endsAt.isValid())
        return found.first();
    if (found.size() > 1)
        return Error{
            .kind = Error::Kind::Conflict,
            .message =
                u"%1 of the application's secrets begin alike, so which one is kept here cannot be told."_s
                    .arg(found.size()),
            .code = u"CredentialAmbiguous"_s,
            .nextStep =
                u"Look the end up in the portal, and enter it: rolescope-cli principal expiry NAME DATE"_s};
    return Error{
        .kind = Error::Kind::NotFound,
        .message = u"The application lists no credential like the one that is kept here."_s,
        .code = u"CredentialNotListed"_s,
        .nextStep =
            u"It may have been removed: get a token with it to see, and rotate it if it is refused."_s};
}

void readExpiry(Services &services, const ServicePrincipal &principal, QObject *context,
                Core::Done<ServicePrincipal> done)
{
    if (principal.credential == ServicePrincipal::Credential::FederatedToken)
        return Core::deliver(
            context, std::move(done),
            Error{
                .kind = Error::Kind::InvalidInput,
                .message =
                    u"A federated token is renewed by its provider; it has no end to be kept."_s});
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return Core::deliver(context, std::move(done), cloud.error());
    const auto keep = [&services, principal, done](const Azure::Application &application,
                                                   const Secret &secret) {
        const Result<ListedCredential> listed = credentialOf(application, principal, secret);
        if (!listed)
            return done(listed.error());
        ServicePrincipal known = principal;
        known.credentialKeyId = listed->keyId;
        known.credentialExpiresAt = listed->endsAt;
        const Result<void> updated = services.vault.update(known);
        done(updated ? Result<ServicePrincipal>(known) : updated.error());
    };
    const auto graph = std::make_shared<Azure::GraphClient>(services.transport, *cloud);
    services.operators.token(principal.cloud, principal.tenant, u"graph"_s, context,
                             [=, &services](const Result<AccessToken> &token) {
                                 if (!token)
                                     return done(token.error());
                                 graph->applicationOf(
                                     *token, principal.clientId, context,
                                     [=, &services](const Result<Azure::Application> &application) {
                                         (void)graph; // alive until it has answered
                                         if (!application)
                                             return done(application.error());
                                         services.vault.secret(principal, context,
                                                               [=](const Result<Secret> &secret) {
                                                                   if (!secret)
                                                                       return done(secret.error());
                                                                   keep(*application, *secret);
                                                               });
                                     });
                             });
}

} // namespace Services
