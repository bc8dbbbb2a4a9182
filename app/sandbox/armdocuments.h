#pragma once

#include "sandbox/roleregister.h"

#include <QJsonObject>

namespace Sandbox {

// What Resource Manager says about the scenario's things, in the shape of its recorded answers.

QJsonObject tenantDocument(const Tenant &tenant);
QJsonObject subscriptionDocument(const Subscription &subscription);
QJsonObject resourceGroupDocument(const ResourceGroup &group);
/// \a blobEndpoint without trailing slash.
QJsonObject storageAccountDocument(const Account &account, const QString &blobEndpoint);
QJsonObject containerDocument(const Account &account, const Container &container);
/// \a subscription is the ID in whose name a built-in role is shown; empty: of none.
QJsonObject roleDefinitionDocument(const Azure::RoleDefinition &role, const QString &subscription,
                                   const RoleRegister::History &history);
QJsonObject roleAssignmentDocument(const Azure::RoleAssignment &assignment,
                                   const RoleRegister::History &history);
QJsonObject managementGroupDocument(const ManagementGroup &group);
QJsonObject denyAssignmentDocument(const Azure::DenyAssignment &deny);
QJsonObject permissionDocument(const Azure::Permission &permission);

} // namespace Sandbox
