#pragma once

#include "access/authorizationfacts.h"

#include <algorithm>

namespace Test {

const QString accountId = QStringLiteral("/subscriptions/11112222-bbbb-3333-cccc-4444dddd5555/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/contosoprod");
const QString objectId = QStringLiteral("5213137e-16ac-5567-85d2-40639f02fb0d");
const QString applicationId = QStringLiteral("d90df336-0000-4000-8000-000000000001");

inline QString roleId(const QString &name)
{
    const auto &roles = Azure::builtInRoles();
    const auto found = std::find_if(roles.cbegin(), roles.cend(), [&](const Azure::RoleDefinition &one) { return one.name == name; });
    return found == roles.cend() ? QString() : found->id;
}

/// \a role at \a scope (a resource ID), for the principal itself.
inline Azure::RoleAssignment assignment(const QString &role, const QString &scope = accountId, const QString &principal = objectId)
{
    Azure::RoleAssignment one;
    one.id = scope + QStringLiteral("/providers/Microsoft.Authorization/roleAssignments/") + role;
    one.roleDefinitionId = roleId(role);
    one.principalId = principal;
    one.principalType = QStringLiteral("ServicePrincipal");
    one.scope = *Azure::Scope::parse(scope);
    return one;
}

/// All there is to know, with \a assignments.
inline Access::AuthorizationFacts facts(const QList<Azure::RoleAssignment> &assignments)
{
    Access::AuthorizationFacts facts;
    facts.by = QStringLiteral("the principal itself");
    facts.account = *Azure::Scope::parse(accountId);
    facts.principalIds = {objectId};
    facts.applicationId = applicationId;
    facts.groupsKnown = true;
    facts.managementGroupsKnown = true;
    facts.hierarchicalNamespace = false;
    facts.subscriptionContainsDatabricks = false;
    facts.sharedKeyAllowed = false;
    facts.publicAccessAllowed = false;
    facts.definitions = Azure::builtInRoles();
    facts.assignments = assignments;
    return facts;
}

} // namespace Test
