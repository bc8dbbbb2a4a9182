#pragma once

#include "sandbox/graphobjects.h"
#include "sandbox/permissiongrants.h"

namespace Sandbox {

/// Microsoft Graph v1.0, as far as applications and their service principals are registered, looked
/// up, changed, deleted and restored.
class GraphEndpoint final
{
public:
    GraphEndpoint(const Scenario &scenario, Directory &directory, const TokenIssuer &issuer,
                  Endpoints endpoints);

    Answer answer(const Incoming &request, const QDateTime &now);

private:
    std::variant<GraphCaller, Answer> authenticate(const Incoming &request,
                                                   const QDateTime &now) const;
    Answer route(const GraphCall &call);
    Answer me(const GraphCall &call) const;
    Answer users(const GraphCall &call) const;
    Answer organization(const GraphCall &call) const;
    Answer byIds(const GraphCall &call) const;
    Answer deletedItems(const GraphCall &call);
    Answer deletedItem(const GraphCall &call, const DirectoryObject &object);

    const Scenario &m_scenario;
    Directory &m_directory;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
    GraphObjects m_objects;
    PermissionGrants m_grants;
};

} // namespace Sandbox
