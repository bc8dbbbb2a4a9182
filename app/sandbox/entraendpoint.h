#pragma once

#include "sandbox/message.h"
#include "sandbox/scenario.h"
#include "sandbox/tokenissuer.h"

#include <QDateTime>

namespace Sandbox {

/// Where the sandbox's services answer; no trailing slashes.
struct Endpoints
{
    QString authority;
    QString resourceManager;
    QString graph;
    QMap<QString, QString> accounts; ///< name to blob endpoint
};

/// Entra ID: metadata, keys and the token endpoint for client credentials, v1.0 and v2.0. Each
/// request is answered from itself and the scenario alone.
class EntraEndpoint final
{
public:
    EntraEndpoint(const Scenario &scenario, const TokenIssuer &issuer, Endpoints endpoints);

    Answer answer(const Incoming &request, const QDateTime &now) const;

private:
    struct TokenRequest;
    Answer metadata(const QStringList &path, const QDateTime &now) const;
    Answer instanceDiscovery(const Incoming &request, const QDateTime &now) const;
    Answer token(const Incoming &request, const QString &tenant, bool v2,
                 const QDateTime &now) const;
    Answer issue(const TokenRequest &request, const Principal &principal, const QString &resource,
                 const QDateTime &now) const;
    bool isKnownResource(const QString &resource) const;
    const Principal *authenticated(const TokenRequest &request, const Tenant &tenant,
                                   const QDateTime &now, Answer &refusal) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
};

} // namespace Sandbox
