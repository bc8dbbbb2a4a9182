#include "identity/serviceprincipal.h"

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

QList<Export> exportsFromJson(const QJsonArray &array)
{
    QList<Export> exports;
    for (const QJsonValue &one : array)
        exports.append({one[u"path"].toString(), one[u"format"].toString(), QDateTime::fromString(one[u"at"].toString(), Qt::ISODate),
                        one[u"tokenCredentials"].toString()});
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

ServicePrincipal servicePrincipalFromJson(const QJsonObject &object)
{
    ServicePrincipal principal;
    principal.id = object[u"id"].toString();
    principal.name = object[u"name"].toString();
    principal.environment.name = object[u"environment"].toString();
    principal.cloud = object[u"cloud"].toString(u"AzurePublic"_s);
    principal.tenant = object[u"tenant"].toString();
    principal.clientId = object[u"clientId"].toString();
    const QString kind = object[u"credential"].toString();
    if (kind == u"certificate")
        principal.credential = ServicePrincipal::Credential::Certificate;
    else if (kind == u"federatedToken")
        principal.credential = ServicePrincipal::Credential::FederatedToken;
    principal.credentialFile = object[u"credentialFile"].toString();
    principal.credentialThumbprint = object[u"credentialThumbprint"].toString();
    principal.credentialExpiresAt = QDateTime::fromString(object[u"credentialExpiresAt"].toString(), Qt::ISODate);
    principal.credentialKeyId = object[u"credentialKeyId"].toString();
    principal.exports = exportsFromJson(object[u"exports"].toArray());
    principal.addedAt = QDateTime::fromString(object[u"addedAt"].toString(), Qt::ISODate);
    const QJsonArray accounts = object[u"accounts"].toArray();
    for (const QJsonValue &account : accounts)
        principal.accounts.append(QUrl(account.toString()));
    return principal;
}

} // namespace Identity
