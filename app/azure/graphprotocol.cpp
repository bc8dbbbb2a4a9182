#include "azure/graphprotocol.h"

#include "azure/armclient.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace Azure::Graph {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Request request(const Cloud &cloud, const QByteArray &verb, const QString &path,
                const QString &filter = {})
{
    Request asked;
    asked.verb = verb;
    asked.url = cloud.graph;
    asked.url.setPath(u"/v1.0/"_s + path);
    if (!filter.isEmpty())
        asked.url.setQuery(u"$filter="_s + QString::fromLatin1(QUrl::toPercentEncoding(filter)),
                           QUrl::StrictMode);
    asked.headers = {{"Accept", "application/json"}};
    asked.trust = cloud.trust;
    return asked;
}

// What creates something must not be sent twice: each time would make another one.
Request post(const Cloud &cloud, const QString &path, const QJsonObject &body)
{
    Request asked = request(cloud, "POST", path);
    asked.headers.emplace_back("Content-Type", "application/json");
    asked.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    asked.retryable = false;
    return asked;
}

// OData 4.01, URL conventions: a quote inside a string literal is doubled.
QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', u"''"_s) + u'\'';
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyy-MM-dd'T'HH:mm:ss'Z'"_s);
}

} // namespace

Request applicationsNamed(const Cloud &cloud, const QString &prefix)
{
    return request(cloud, "GET", u"applications"_s,
                   u"startswith(displayName,%1)"_s.arg(quoted(prefix)));
}

Request applicationsOf(const Cloud &cloud, const QString &clientId)
{
    return request(cloud, "GET", u"applications"_s, u"appId eq "_s + quoted(clientId));
}

Request application(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "GET", u"applications/"_s + objectId);
}

Request servicePrincipalsNamed(const Cloud &cloud, const QString &displayName)
{
    return request(cloud, "GET", u"servicePrincipals"_s,
                   u"displayName eq "_s + quoted(displayName));
}

Request servicePrincipalsOf(const Cloud &cloud, const QString &clientId)
{
    return request(cloud, "GET", u"servicePrincipals"_s,
                   u"servicePrincipalNames/any(c:c eq %1)"_s.arg(quoted(clientId)));
}

Request servicePrincipal(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "GET", u"servicePrincipals/"_s + objectId);
}

Request createApplication(const Cloud &cloud, const QString &displayName, const QJsonArray &keys)
{
    return post(cloud, u"applications"_s,
                {{u"displayName"_s, displayName}, {u"keyCredentials"_s, keys}});
}

Request createServicePrincipal(const Cloud &cloud, const QString &clientId)
{
    return post(cloud, u"servicePrincipals"_s,
                {{u"appId"_s, clientId}, {u"accountEnabled"_s, true}});
}

Request deleteApplication(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "DELETE", u"applications/"_s + objectId);
}

Request deleteServicePrincipal(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "DELETE", u"servicePrincipals/"_s + objectId);
}

Request restoreDeleted(const Cloud &cloud, const QString &objectId)
{
    return post(cloud, u"directory/deletedItems/%1/restore"_s.arg(objectId), {});
}

Request purgeDeleted(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "DELETE", u"directory/deletedItems/"_s + objectId);
}

Request addPassword(const Cloud &cloud, const QString &on, const QString &objectId,
                    const PasswordWish &wish)
{
    QJsonObject password{{u"displayName"_s, wish.displayName}};
    if (wish.startsAt.isValid())
        password[u"startDateTime"_s] = timeText(wish.startsAt);
    if (wish.endsAt.isValid())
        password[u"endDateTime"_s] = timeText(wish.endsAt);
    return post(cloud, u"%1/%2/addPassword"_s.arg(on, objectId),
                {{u"passwordCredential"_s, password}});
}

Request removePassword(const Cloud &cloud, const QString &on, const QString &objectId,
                       const QString &keyId)
{
    return post(cloud, u"%1/%2/removePassword"_s.arg(on, objectId), {{u"keyId"_s, keyId}});
}

QJsonObject keyCredential(const QByteArray &certificateDer, const QDateTime &startsAt,
                          const QDateTime &endsAt, const QString &displayName)
{
    return {{u"type"_s, u"AsymmetricX509Cert"_s},
            {u"usage"_s, u"Verify"_s},
            {u"displayName"_s, displayName},
            {u"startDateTime"_s, timeText(startsAt)},
            {u"endDateTime"_s, timeText(endsAt)},
            {u"key"_s, QString::fromLatin1(certificateDer.toBase64())}};
}

Request setKeys(const Cloud &cloud, const QString &objectId, const QJsonArray &keys)
{
    Request asked = post(cloud, u"applications/"_s + objectId, {{u"keyCredentials"_s, keys}});
    asked.verb = "PATCH";
    asked.retryable = true; // the same list again is the same list
    return asked;
}

Request federatedCredentials(const Cloud &cloud, const QString &objectId)
{
    return request(cloud, "GET", u"applications/%1/federatedIdentityCredentials"_s.arg(objectId));
}

Request addFederatedCredential(const Cloud &cloud, const QString &objectId,
                               const FederatedCredential &credential)
{
    return post(cloud, u"applications/%1/federatedIdentityCredentials"_s.arg(objectId),
                {{u"name"_s, credential.name},
                 {u"issuer"_s, credential.issuer},
                 {u"subject"_s, credential.subject},
                 {u"description"_s, credential.description},
                 {u"audiences"_s, QJsonArray::fromStringList(credential.audiences)}});
}

Request removeFederatedCredential(const Cloud &cloud, const QString &objectId, const QString &id)
{
    return request(cloud, "DELETE",
                   u"applications/%1/federatedIdentityCredentials/%2"_s.arg(objectId, id));
}

Result<NewPassword> parseNewPassword(Http::Response &response)
{
    if (!response.isSuccess())
        return armError(response);
    const QJsonObject object = QJsonDocument::fromJson(response.body).object();
    Core::wipe(response.body);
    Result<PasswordCredential> credential = passwordCredentialFromJson(object);
    QByteArray text = object[u"secretText"].toString().toUtf8();
    if (!credential || text.isEmpty()) {
        return Error{
            .kind = Error::Kind::BadResponse,
            .message = u"Microsoft Graph made a client secret, but its answer does not hold it."_s,
            .code = u"SecretTextMissing"_s,
            .requestId = QString::fromLatin1(response.requestId()),
            .status = response.status};
    }
    return NewPassword{*credential, Core::Secret::take(std::move(text))};
}

} // namespace Azure::Graph
