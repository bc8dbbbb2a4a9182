#pragma once

#include "azure/graphprotocol.h"
#include "http/transport.h"
#include "identity/accesstoken.h"

#include <QJsonArray>
#include <QObject>

namespace Azure {

/// Applications and service principals in Microsoft Graph, for a signed-in operator. Errors:
/// Unauthenticated
/// ("InvalidAuthenticationToken"), Forbidden ("Authorization_RequestDenied"), NotFound
/// ("Request_ResourceNotFound", also for a while after something was made), Throttled, BadResponse
/// and the transport's.
class GraphClient final
{
public:
    using Token = Identity::AccessToken;

    GraphClient(Http::Transport &transport, Identity::Cloud cloud);
    const Identity::Cloud &cloud() const { return m_cloud; }

    void applications(const Token &token, const Http::Request &list, QObject *context,
                      Core::Done<QList<Application>> done);
    void servicePrincipals(const Token &token, const Http::Request &list, QObject *context,
                           Core::Done<QList<DirectoryPrincipal>> done);
    void federatedCredentials(const Token &token, const QString &applicationId, QObject *context,
                              Core::Done<QList<FederatedCredential>> done);

    /// The application with this client ID in the operator's tenant. Errors: NotFound
    /// ("ApplicationNotHere").
    void applicationOf(const Token &token, const QString &clientId, QObject *context,
                       Core::Done<Application> done);
    void servicePrincipalOf(const Token &token, const QString &clientId, QObject *context,
                            Core::Done<DirectoryPrincipal> done);
    void application(const Token &token, const QString &objectId, QObject *context,
                     Core::Done<Application> done);

    void createApplication(const Token &token, const QString &displayName, const QJsonArray &keys,
                           QObject *context, Core::Done<Application> done);
    void createServicePrincipal(const Token &token, const QString &clientId, QObject *context,
                                Core::Done<DirectoryPrincipal> done);
    /// On the application, as `az ad sp create-for-rbac` does it.
    void addPassword(const Token &token, const QString &applicationId,
                     const Graph::PasswordWish &wish, QObject *context,
                     Core::Done<NewPassword> done);
    void removePassword(const Token &token, const QString &applicationId, const QString &keyId,
                        QObject *context, Core::Done<void> done);
    /// Sends what answers without a body: DELETE, PATCH, restore. Of something that is not there:
    /// NotFound.
    void perform(const Token &token, const Http::Request &request, QObject *context,
                 Core::Done<void> done);

private:
    void send(const Token &token, Http::Request request, QObject *context,
              Core::Done<Http::Response> done);
    void list(const Token &token, Http::Request request, QObject *context,
              Core::Done<QJsonArray> done);
    template<typename T>
    void one(const Token &token, Http::Request request,
             Core::Result<T> (*parse)(const QJsonObject &), QObject *context, Core::Done<T> done);

    Http::Transport &m_transport;
    Identity::Cloud m_cloud;
};

} // namespace Azure
