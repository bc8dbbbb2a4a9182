#include "vault/binding.h"

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

bool sameText(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

// A well-known cloud has several names (AzureCloud, AzurePublic); a cloud file has one path.
bool sameCloud(const QString &a, const QString &b)
{
    if (a == b)
        return true;
    const auto first = Identity::Cloud::load(a), second = Identity::Cloud::load(b);
    return first && second && first->isWellKnown() && second->isWellKnown() && first->name == second->name;
}

QString described(const Binding &one)
{
    const QString place = one.authority.isEmpty() || one.authority == one.cloud ? one.cloud : u"%1, %2"_s.arg(one.cloud, one.authority);
    return u"the %1 of client ID %2 of tenant %3 (%4)"_s.arg(one.kind == u"refreshToken" ? u"refresh token"_s : one.kind, one.clientId.isEmpty() ? u"(none)"_s : one.clientId.left(200),
                                                   one.tenant.isEmpty() ? u"(none)"_s : one.tenant.left(200), place.left(600));
}

} // namespace

QString authorityOf(const Identity::Cloud &cloud)
{
    const QUrl &url = cloud.authorityHost;
    const int usual = url.scheme() == u"http" ? 80 : 443;
    const QString host = url.host().contains(u':') ? u'[' + url.host() + u']' : url.host();
    const QString port = url.port(usual) == usual ? QString() : u":%1"_s.arg(url.port());
    return (url.scheme() + u"://"_s + host + port).toLower();
}

QString kindOf(const Identity::ServicePrincipal &principal)
{
    return Identity::toJson(principal)[u"credential"].toString();
}

Binding bindingOf(const Identity::ServicePrincipal &principal, const Identity::Cloud &cloud, const QString &key)
{
    return {principal.name, principal.cloud, authorityOf(cloud), principal.tenant, principal.clientId, kindOf(principal), key};
}

bool sameTarget(const Identity::ServicePrincipal &a, const Identity::ServicePrincipal &b)
{
    return a.credential == b.credential && sameCloud(a.cloud, b.cloud) && sameText(a.tenant, b.tenant) && sameText(a.clientId, b.clientId);
}

Result<void> checkBinding(const Binding &stored, const Binding &wanted)
{
    const bool same = sameCloud(stored.cloud, wanted.cloud) && sameText(stored.tenant, wanted.tenant)
        && sameText(stored.clientId, wanted.clientId) && stored.kind == wanted.kind && (stored.authority.isEmpty() || stored.authority == wanted.authority);
    const Error::Kind kind = Error::Kind::Conflict;
    const QString code = u"SecretBoundElsewhere"_s;
    if (!same)
        return Error{.kind = kind,
                     .message = u"The keychain’s entry for “%1” was stored for “%2”, %3. It is not used for %4."_s.arg(
                         wanted.name, stored.name.left(200), described(stored), described(wanted)),
                     .code = code,
                     .nextStep = u"If somebody else changed principals.json or the cloud file, restore it. If the new values are right, "
                                 "enter the secret again."_s};
    if (!stored.key.isEmpty() && stored.key != wanted.key)
        return Error{.kind = kind,
                     .message = u"The keychain returned another entry than the one asked for: that of “%1”, %2, in place of “%3”."_s.arg(
                         stored.name.left(200), described(stored), wanted.name),
                     .code = code,
                     .nextStep = u"Nothing was sent. Try again; if it stays so, the keychain’s entries were changed: enter the secret again."_s};
    return {};
}

} // namespace Vault
