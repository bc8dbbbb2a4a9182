#include "azure/graphobjects.h"

#include <QJsonArray>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Error missing(const QString &what, const QString &member)
{
    return {.kind = Error::Kind::BadResponse,
            .message = u"Microsoft Graph named a %1 without “%2”."_s.arg(what, member)};
}

QDateTime timeOf(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

KeyCredential keyFromJson(const QJsonObject &object)
{
    return {.keyId = object[u"keyId"].toString(),
            .displayName = object[u"displayName"].toString(),
            .certificate = QByteArray::fromBase64(object[u"key"].toString().toLatin1()),
            .thumbprint = object[u"customKeyIdentifier"].toString(),
            .startsAt = timeOf(object[u"startDateTime"]),
            .endsAt = timeOf(object[u"endDateTime"]),
            .asListed = object};
}

} // namespace

Result<PasswordCredential> passwordCredentialFromJson(const QJsonObject &object)
{
    PasswordCredential password{.keyId = object[u"keyId"].toString(),
                                .displayName = object[u"displayName"].toString(),
                                .hint = object[u"hint"].toString(),
                                .startsAt = timeOf(object[u"startDateTime"]),
                                .endsAt = timeOf(object[u"endDateTime"])};
    if (password.keyId.isEmpty())
        return missing(u"client secret"_s, u"keyId"_s);
    return password;
}

Result<Application> applicationFromJson(const QJsonObject &object)
{
    Application application{object[u"id"].toString(),
                            object[u"appId"].toString(),
                            object[u"displayName"].toString(),
                            {},
                            {}};
    if (application.id.isEmpty())
        return missing(u"application"_s, u"id"_s);
    if (application.appId.isEmpty())
        return missing(u"application"_s, u"appId"_s);
    const QJsonArray passwords = object[u"passwordCredentials"].toArray();
    for (const QJsonValue &one : passwords) {
        Result<PasswordCredential> password = passwordCredentialFromJson(one.toObject());
        if (!password)
            return password.error();
        application.passwords.append(*password);
    }
    const QJsonArray keys = object[u"keyCredentials"].toArray();
    for (const QJsonValue &one : keys)
        application.keys.append(keyFromJson(one.toObject()));
    return application;
}

Result<DirectoryPrincipal> directoryPrincipalFromJson(const QJsonObject &object)
{
    DirectoryPrincipal principal{object[u"id"].toString(), object[u"appId"].toString(),
                                 object[u"displayName"].toString(),
                                 object[u"accountEnabled"].toBool(true)};
    if (principal.displayName.isEmpty())
        principal.displayName = object[u"appDisplayName"].toString();
    if (principal.id.isEmpty())
        return missing(u"service principal"_s, u"id"_s);
    return principal;
}

Result<FederatedCredential> federatedCredentialFromJson(const QJsonObject &object)
{
    FederatedCredential credential{object[u"id"].toString(),          object[u"name"].toString(),
                                   object[u"issuer"].toString(),      object[u"subject"].toString(),
                                   object[u"description"].toString(), {}};
    const QJsonArray audiences = object[u"audiences"].toArray();
    for (const QJsonValue &one : audiences)
        credential.audiences.append(one.toString());
    if (credential.id.isEmpty())
        return missing(u"federated credential"_s, u"id"_s);
    return credential;
}

} // namespace Azure
