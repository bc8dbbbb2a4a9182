#include "identity/serviceprincipal.h"

#include "core/storedjson.h"

#include <QJsonArray>

namespace Identity {

using namespace Qt::StringLiterals;

namespace {

QString kindName(ServicePrincipal::Credential kind)
{
    switch (kind) {
    case ServicePrincipal::Credential::Certificate: return u"certificate"_s;
    case ServicePrincipal::Credential::FederatedToken: return u"federatedToken"_s;
    case ServicePrincipal::Credential::Secret: break;
    }
    return u"secret"_s;
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

QJsonObject exportToJson(const Export &one)
{
    QJsonObject object{{u"path"_s, one.path}, {u"format"_s, one.format}, {u"at"_s, timeText(one.at)}};
    if (!one.tokenCredentials.isEmpty())
        object[u"tokenCredentials"_s] = one.tokenCredentials;
    return object;
}

QJsonArray exportsToJson(const QList<Export> &exports)
{
    QJsonArray array;
    for (const Export &one : exports)
        array.append(exportToJson(one));
    return array;
}

ServicePrincipal::Credential readKind(Core::StoredJson &stored)
{
    using enum ServicePrincipal::Credential;
    const QString name = stored.text(u"credential"_s, kindName(Secret));
    for (const auto kind : {Secret, Certificate, FederatedToken}) {
        if (kindName(kind) == name)
            return kind;
    }
    stored.fail(u"credential"_s, u"must be secret, certificate or federatedToken"_s);
    return Secret;
}

QList<Export> readExports(Core::StoredJson &stored)
{
    QList<Export> exports;
    QList<Core::StoredJson> all = stored.objects(u"exports"_s);
    for (Core::StoredJson &one : all)
        exports.append({one.neededText(u"path"_s), one.text(u"format"_s), one.time(u"at"_s), one.text(u"tokenCredentials"_s)});
    return exports;
}

} // namespace

ServicePrincipal withExport(ServicePrincipal principal, const Export &exported)
{
    principal.exports.removeIf([&](const Export &one) { return one.path == exported.path; });
    principal.exports.prepend(exported);
    return principal;
}

QJsonObject toJson(const ServicePrincipal &principal)
{
    QJsonArray accounts;
    for (const QUrl &account : principal.accounts)
        accounts.append(account.toString());
    QJsonObject object{{u"id"_s, principal.id},
                       {u"name"_s, principal.name},
                       {u"environment"_s, principal.environment.name},
                       {u"cloud"_s, principal.cloud},
                       {u"tenant"_s, principal.tenant},
                       {u"clientId"_s, principal.clientId},
                       {u"credential"_s, kindName(principal.credential)},
                       {u"accounts"_s, accounts},
                       {u"addedAt"_s, timeText(principal.addedAt)}};
    if (!principal.credentialFile.isEmpty())
        object[u"credentialFile"_s] = principal.credentialFile;
    if (!principal.credentialThumbprint.isEmpty())
        object[u"credentialThumbprint"_s] = principal.credentialThumbprint;
    if (principal.credentialExpiresAt.isValid())
        object[u"credentialExpiresAt"_s] = timeText(principal.credentialExpiresAt);
    if (!principal.credentialKeyId.isEmpty())
        object[u"credentialKeyId"_s] = principal.credentialKeyId;
    if (!principal.exports.isEmpty())
        object[u"exports"_s] = exportsToJson(principal.exports);
    return object;
}

ServicePrincipal readServicePrincipal(Core::StoredJson &stored)
{
    ServicePrincipal principal;
    principal.id = stored.text(u"id"_s);
    principal.name = stored.text(u"name"_s);
    principal.environment.name = stored.text(u"environment"_s);
    principal.cloud = stored.text(u"cloud"_s, u"AzurePublic"_s);
    if (principal.cloud.isEmpty())
        stored.fail(u"cloud"_s, u"must not be empty"_s);
    principal.tenant = stored.text(u"tenant"_s);
    principal.clientId = stored.text(u"clientId"_s);
    principal.credential = readKind(stored);
    principal.credentialFile = stored.text(u"credentialFile"_s);
    principal.credentialThumbprint = stored.text(u"credentialThumbprint"_s);
    principal.credentialExpiresAt = stored.time(u"credentialExpiresAt"_s);
    principal.credentialKeyId = stored.text(u"credentialKeyId"_s);
    principal.exports = readExports(stored);
    principal.addedAt = stored.time(u"addedAt"_s);
    const QStringList accounts = stored.texts(u"accounts"_s);
    for (const QString &account : accounts) {
        const QUrl url(account);
        if (!url.isValid())
            stored.fail(u"accounts"_s, u"has an address that is not a URL"_s);
        principal.accounts.append(url);
    }
    return principal;
}

} // namespace Identity
