#pragma once

#include "handover/childenvironment.h"
#include "handover/identityprotocol.h"
#include "serving/httpserver.h"

#include <QObject>

namespace Handover {

/// A managed-identity endpoint as App Service has it, on this machine's loopback, for the one
/// command that is told its address and header. It hands out access tokens, never the credential,
/// and only for the resources it was made for; it is gone when this object goes. Only processes of
/// this user and of root may connect.
class IdentityEndpoint final : public QObject
{
    Q_OBJECT
public:
    /// Acquires a token for a resource, e.g. by Services::signIn().
    using TokenSource = std::function<void(const QString &resource, QObject *context,
                                           Core::Done<Identity::AccessToken> done)>;

    /// \a resources as people write them; see resourceOf().
    IdentityEndpoint(QString clientId, const QStringList &resources, TokenSource source,
                     QObject *parent = nullptr);

    /// On a port that the system chooses. Errors: as HttpServer::listen().
    Core::Result<void> listen();
    quint16 port() const { return m_port; }

    /// IDENTITY_ENDPOINT and IDENTITY_HEADER, as ManagedIdentityCredential reads them.
    Variables variables() const;

private:
    void serve(const Serving::Incoming &request, QObject *context,
               const Serving::HttpServer::Reply &reply);

    IdentityRules m_rules;
    TokenSource m_source;
    Serving::HttpServer m_server;
    quint16 m_port = 0;
};

} // namespace Handover
