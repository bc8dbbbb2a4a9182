#pragma once

#include "sandbox/armauthorization.h"
#include "sandbox/armgroups.h"
#include "sandbox/armstorage.h"
#include "sandbox/tokenissuer.h"

namespace Sandbox {

/// Resource Manager: tenants, management groups, subscriptions, resource groups, storage accounts
/// and their containers are read, role assignments, definitions and empty groups are written too;
/// lists come in pages where the scenario says so. Every answer depends on the caller's own roles.
class ArmEndpoint final
{
public:
    ArmEndpoint(const Scenario &scenario, const Authorizer &authorizer, RoleRegister &roles,
                const Directory &directory, const TokenIssuer &issuer, Endpoints endpoints);

    Answer answer(const Incoming &request, const QDateTime &now);

private:
    std::variant<ArmCaller, Answer> authenticate(const Incoming &request,
                                                 const QDateTime &now) const;
    ArmFound find(const Incoming &request, const ArmCaller &caller);
    std::optional<ArmFailure> wrongSubscription(const QString &id, const ArmCaller &caller) const;
    ArmFound resource(const QStringList &path, const Incoming &request, const ArmCaller &caller);
    ArmFound tenants(const ArmCaller &caller) const;
    ArmFound managementGroups(const ArmCaller &caller) const;
    ArmFound subscriptions(const ArmCaller &caller) const;
    QJsonObject page(QJsonObject document, const Incoming &request) const;
    bool allows(const ArmCaller &caller, const QString &action, const Azure::Scope &scope) const;
    bool hasAnythingIn(const ArmCaller &caller, const Subscription &subscription) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    const RoleRegister &m_roles;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
    ArmAuthorization m_authorization;
    ArmStorage m_storage;
    ArmGroups m_groups;
};

} // namespace Sandbox
