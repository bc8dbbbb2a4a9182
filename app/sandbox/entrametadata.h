#pragma once

#include "sandbox/entraendpoint.h"

namespace Sandbox {

/// Entra ID's public documents: OpenID configuration, keys, instance discovery and user realms.
class EntraMetadata final
{
public:
    EntraMetadata(const Scenario &scenario, const TokenIssuer &issuer, Endpoints endpoints);

    /// Nothing where the path is none of these.
    std::optional<Answer> answer(const Incoming &request, const QDateTime &now) const;

private:
    Answer configuration(const QStringList &path, const QDateTime &now) const;
    Answer instanceDiscovery(const Incoming &request, const QDateTime &now) const;
    Answer userRealm(const QString &name, const QDateTime &now) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
};

} // namespace Sandbox
