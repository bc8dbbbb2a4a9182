#pragma once

#include "azure/graphobjects.h"
#include "http/message.h"
#include "identity/cloud.h"

#include <QJsonArray>

namespace Azure::Graph {

/// The requests of Microsoft Graph v1.0 that the life cycle of a service principal needs, as
/// Microsoft's own `az` sends them (Microsoft Graph REST API v1.0: application, servicePrincipal,
/// directory/deletedItems). Without a token; pure.
using Request = Http::Request;
using Identity::Cloud;

Request applicationsNamed(const Cloud &cloud,
                          const QString &prefix); ///< whose display name begins so
Request applicationsOf(const Cloud &cloud, const QString &clientId);
Request application(const Cloud &cloud, const QString &objectId);
Request servicePrincipalsNamed(const Cloud &cloud, const QString &displayName);
Request servicePrincipalsOf(const Cloud &cloud, const QString &clientId);
Request servicePrincipal(const Cloud &cloud, const QString &objectId);

/// \a keys: what stands in keyCredentials, as keyCredential() makes it; az sends the empty list
/// too.
Request createApplication(const Cloud &cloud, const QString &displayName,
                          const QJsonArray &keys = {});
Request createServicePrincipal(const Cloud &cloud, const QString &clientId);
Request deleteApplication(const Cloud &cloud, const QString &objectId);
Request deleteServicePrincipal(const Cloud &cloud, const QString &objectId);
Request restoreDeleted(const Cloud &cloud, const QString &objectId);
Request purgeDeleted(const Cloud &cloud, const QString &objectId);

struct PasswordWish
{
    QString displayName;
    QDateTime startsAt, endsAt; ///< left out where invalid: Graph then takes now and two years
};
/// \a on: "applications" or "servicePrincipals".
Request addPassword(const Cloud &cloud, const QString &on, const QString &objectId,
                    const PasswordWish &wish);
Request removePassword(const Cloud &cloud, const QString &on, const QString &objectId,
                       const QString &keyId);
/// One member of keyCredentials, a certificate's public half.
QJsonObject keyCredential(const QByteArray &certificateDer, const QDateTime &startsAt,
                          const QDateTime &endsAt, const QString &displayName);
/// Replaces the whole list.
Request setKeys(const Cloud &cloud, const QString &objectId, const QJsonArray &keys);

Request federatedCredentials(const Cloud &cloud, const QString &objectId);
Request addFederatedCredential(const Cloud &cloud, const QString &objectId,
                               const FederatedCredential &credential);
Request removeFederatedCredential(const Cloud &cloud, const QString &objectId, const QString &id);

/// The secret out of addPassword's answer; the body in \a response is wiped. Errors: as armError(),
/// BadResponse.
Core::Result<NewPassword> parseNewPassword(Http::Response &response);

} // namespace Azure::Graph
