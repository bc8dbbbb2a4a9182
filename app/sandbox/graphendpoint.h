#pragma once

#include "sandbox/entraendpoint.h"

namespace Sandbox {

/// Microsoft Graph, as far as a service principal is looked up by its application or object ID.
class GraphEndpoint final
{
public:
    GraphEndpoint(const Scenario &scenario, const TokenIssuer &issuer, Endpoints endpoints);

    Answer answer(const Incoming &request, const QDateTime &now) const;

private:
    bool isAuthentic(const Incoming &request, const QDateTime &now, QString &tenant) const;

    const Scenario &m_scenario;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
};

} // namespace Sandbox
