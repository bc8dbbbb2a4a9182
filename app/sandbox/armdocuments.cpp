#include "sandbox/armdocuments.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_created = u"2026-01-05T08:30:00.0000000Z"_s;

QJsonArray array(const QStringList &strings)
{
    return QJsonArray::fromStringList(strings);
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

/// createdOn, updatedOn, createdBy and updatedBy.
void addHistory(QJsonObject &properties, const RoleRegister::History &history)
{
    const auto time = [](const QDateTime &when) {
        return when.isValid() ? when.toUTC().toString(u"yyyy-MM-dd'T'hh:mm:ss.zzz'0000Z'"_s)
                              : QString(s_created);
    };
    properties.insert(u"createdOn"_s, time(history.created));
    properties.insert(u"updatedOn"_s, time(history.updated));
    properties.insert(u"createdBy"_s, orNull(history.createdBy));
    properties.insert(u"updatedBy"_s, orNull(history.updatedBy));
}

} // namespace

QJsonObject managementGroupDocument(const ManagementGroup &group)
{
    return {{u"id"_s, group.scope().id()},
            {u"type"_s, u"Microsoft.Management/managementGroups"_s},
            {u"name"_s, group.name},
            {u"properties"_s,
             QJsonObject{{u"tenantId"_s, group.tenant}, {u"displayName"_s, group.displayName}}}};
}

QJsonObject tenantDocument(const Tenant &tenant)
{
    return {{u"id"_s, u"/tenants/"_s + tenant.id}, {u"tenantId"_s, tenant.id},
            {u"countryCode"_s, u"DE"_s},           {u"displayName"_s, tenant.name},
            {u"domains"_s, array(tenant.domains)}, {u"defaultDomain"_s, tenant.domains.value(0)},
            {u"tenantCategory"_s, u"Home"_s}};
}

QJsonObject subscriptionDocument(const Subscription &subscription)
{
    return {
        {u"id"_s, u"/subscriptions/"_s + subscription.id},
        {u"authorizationSource"_s, u"RoleBased"_s},
        {u"managedByTenants"_s, QJsonArray()},
        {u"subscriptionId"_s, subscription.id},
        {u"tenantId"_s, subscription.tenant},
        {u"displayName"_s, subscription.name},
        {u"state"_s, u"Enabled"_s},
        {u"subscriptionPolicies"_s, QJsonObject{{u"locationPlacementId"_s, u"Public_2014-09-01"_s},
                                                {u"quotaId"_s, u"PayAsYouGo_2014-09-01"_s},
                                                {u"spendingLimit"_s, u"Off"_s}}}};
}

QJsonObject resourceGroupDocument(const ResourceGroup &group)
{
    return {{u"id"_s, group.scope().id()},
            {u"name"_s, group.name},
            {u"type"_s, u"Microsoft.Resources/resourceGroups"_s},
            {u"location"_s, group.location},
            {u"properties"_s, QJsonObject{{u"provisioningState"_s, u"Succeeded"_s}}}};
}

QJsonObject storageAccountDocument(const Account &account, const QString &blobEndpoint)
{
    const QJsonObject network{{u"ipv6Rules"_s, QJsonArray()},
                              {u"bypass"_s, u"AzureServices"_s},
                              {u"virtualNetworkRules"_s, QJsonArray()},
                              {u"ipRules"_s, QJsonArray()},
                              {u"defaultAction"_s, account.firewall ? u"Deny"_s : u"Allow"_s}};
    return {{u"sku"_s, QJsonObject{{u"name"_s, u"Standard_LRS"_s}, {u"tier"_s, u"Standard"_s}}},
            {u"kind"_s, u"StorageV2"_s},
            {u"id"_s, account.scope().id()},
            {u"name"_s, account.name},
            {u"type"_s, u"Microsoft.Storage/storageAccounts"_s},
            {u"location"_s, account.location},
            {u"tags"_s, QJsonObject{{u"environment"_s, account.environment}}},
            {u"properties"_s,
             QJsonObject{{u"publicNetworkAccess"_s, u"Enabled"_s},
                         {u"allowCrossTenantReplication"_s, false},
                         {u"privateEndpointConnections"_s, QJsonArray()},
                         {u"minimumTlsVersion"_s, u"TLS1_2"_s},
                         {u"allowBlobPublicAccess"_s, false},
                         {u"allowSharedKeyAccess"_s, false},
                         {u"isHnsEnabled"_s, account.hierarchicalNamespace},
                         {u"networkAcls"_s, network},
                         {u"supportsHttpsTrafficOnly"_s, true},
                         {u"accessTier"_s, u"Hot"_s},
                         {u"provisioningState"_s, u"Succeeded"_s},
                         {u"creationTime"_s, s_created},
                         {u"primaryEndpoints"_s, QJsonObject{{u"blob"_s, blobEndpoint + u'/'}}},
                         {u"primaryLocation"_s, account.location},
                         {u"statusOfPrimary"_s, u"available"_s}}}};
}

QJsonObject containerDocument(const Account &account, const Container &container)
{
    return {{u"id"_s, account.scope().container(container.name).id()},
            {u"name"_s, container.name},
            {u"type"_s, u"Microsoft.Storage/storageAccounts/blobServices/containers"_s},
            {u"properties"_s, QJsonObject{{u"publicAccess"_s, u"None"_s},
                                          {u"leaseStatus"_s, u"Unlocked"_s},
                                          {u"leaseState"_s, u"Available"_s},
                                          {u"hasImmutabilityPolicy"_s, false},
                                          {u"hasLegalHold"_s, false},
                                          {u"deleted"_s, false}}}};
}

QJsonObject permissionDocument(const Azure::Permission &permission)
{
    QJsonObject document{{u"actions"_s, array(permission.actions)},
                         {u"notActions"_s, array(permission.notActions)},
                         {u"dataActions"_s, array(permission.dataActions)},
                         {u"notDataActions"_s, array(permission.notDataActions)}};
    if (!permission.condition.isEmpty()) {
        document.insert(u"condition"_s, permission.condition);
        document.insert(u"conditionVersion"_s, u"2.0"_s);
    }
    return document;
}

QJsonObject roleDefinitionDocument(const Azure::RoleDefinition &role, const QString &subscription,
                                   const RoleRegister::History &history)
{
    QJsonArray permissions;
    for (const Azure::Permission &permission : role.permissions)
        permissions.append(permissionDocument(permission));
    QJsonObject properties{{u"roleName"_s, role.name},
                           {u"type"_s, role.type},
                           {u"description"_s, role.description},
                           {u"assignableScopes"_s, array(role.assignableScopes)},
                           {u"permissions"_s, permissions}};
    addHistory(properties, history);
    const QString prefix = subscription.isEmpty() ? QString() : u"/subscriptions/"_s + subscription;
    return {{u"properties"_s, properties},
            {u"id"_s, prefix + u"/providers/Microsoft.Authorization/roleDefinitions/"_s + role.id},
            {u"type"_s, u"Microsoft.Authorization/roleDefinitions"_s},
            {u"name"_s, role.id}};
}

QJsonObject roleAssignmentDocument(const Azure::RoleAssignment &assignment,
                                   const RoleRegister::History &history)
{
    const QString subscription = assignment.scope.subscriptionId();
    const QString prefix = subscription.isEmpty() ? QString() : u"/subscriptions/"_s + subscription;
    QJsonObject properties{
        {u"roleDefinitionId"_s, prefix + u"/providers/Microsoft.Authorization/roleDefinitions/"_s +
                                    assignment.roleDefinitionId},
        {u"principalId"_s, assignment.principalId},
        {u"principalType"_s, assignment.principalType},
        {u"scope"_s, assignment.scope.id()},
        {u"condition"_s, orNull(assignment.condition)},
        {u"conditionVersion"_s, orNull(assignment.conditionVersion)},
        {u"description"_s, orNull(assignment.description)},
        {u"delegatedManagedIdentityResourceId"_s, QJsonValue::Null}};
    addHistory(properties, history);
    return {{u"properties"_s, properties},
            {u"id"_s, assignment.id},
            {u"type"_s, u"Microsoft.Authorization/roleAssignments"_s},
            {u"name"_s, assignment.id.section(u'/', -1)}};
}

QJsonObject denyAssignmentDocument(const Azure::DenyAssignment &deny)
{
    const auto principals = [](const QList<Azure::DenyAssignment::Principal> &all) {
        QJsonArray array;
        for (const Azure::DenyAssignment::Principal &one : all)
            array.append(QJsonObject{{u"id"_s, one.id}, {u"type"_s, one.type}});
        return array;
    };
    QJsonArray permissions;
    for (const Azure::Permission &permission : deny.permissions)
        permissions.append(permissionDocument(permission));
    return {
        {u"properties"_s, QJsonObject{{u"denyAssignmentName"_s, deny.name},
                                      {u"permissions"_s, permissions},
                                      {u"scope"_s, deny.scope.id()},
                                      {u"doNotApplyToChildScopes"_s, deny.doNotApplyToChildScopes},
                                      {u"principals"_s, principals(deny.principals)},
                                      {u"excludePrincipals"_s, principals(deny.excludedPrincipals)},
                                      {u"isSystemProtected"_s, deny.isSystemProtected}}},
        {u"id"_s, deny.id},
        {u"type"_s, u"Microsoft.Authorization/denyAssignments"_s},
        {u"name"_s, deny.id.section(u'/', -1)}};
}

} // namespace Sandbox
