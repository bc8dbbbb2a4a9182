#include "sandbox/graphdocuments.h"

#include "sandbox/certificates.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QJsonValue s_null(QJsonValue::Null);
const QJsonArray s_empty;

QJsonObject info()
{
    return {{u"logoUrl"_s, s_null},
            {u"marketingUrl"_s, s_null},
            {u"privacyStatementUrl"_s, s_null},
            {u"supportUrl"_s, s_null},
            {u"termsOfServiceUrl"_s, s_null}};
}

QJsonObject verifiedPublisher()
{
    return {{u"displayName"_s, s_null},
            {u"verifiedPublisherId"_s, s_null},
            {u"addedDateTime"_s, s_null}};
}

QJsonObject web()
{
    return {{u"homePageUrl"_s, s_null},
            {u"logoutUrl"_s, s_null},
            {u"redirectUris"_s, s_empty},
            {u"implicitGrantSettings"_s, QJsonObject{{u"enableAccessTokenIssuance"_s, false},
                                                     {u"enableIdTokenIssuance"_s, false}}},
            {u"redirectUriSettings"_s, s_empty}};
}

/// Only an application's secrets show their first three characters.
QJsonArray passwords(const DirectoryObject &object)
{
    QJsonArray all;
    for (const PasswordCredential &one : object.passwords) {
        QJsonObject document =
            newPasswordDocument(one, object.kind == DirectoryObject::Kind::Application);
        document.insert(u"secretText"_s, s_null);
        all.append(document);
    }
    return all;
}

QJsonArray keys(const DirectoryObject &object)
{
    QJsonArray all;
    for (const KeyCredential &one : object.keys)
        all.append(QJsonObject{{u"customKeyIdentifier"_s,
                                QString::fromLatin1(thumbprint(one.certificate).toHex().toUpper())},
                               {u"displayName"_s, one.displayName},
                               {u"endDateTime"_s, graphTime(one.end)},
                               {u"key"_s, s_null},
                               {u"keyId"_s, one.keyId},
                               {u"startDateTime"_s, graphTime(one.start)},
                               {u"type"_s, u"AsymmetricX509Cert"_s},
                               {u"usage"_s, u"Verify"_s}});
    return all;
}

QJsonObject merged(QJsonObject document, const QJsonObject &written)
{
    for (auto it = written.begin(); it != written.end(); ++it) {
        const QJsonValue there = document.value(it.key());
        document.insert(it.key(), there.isObject() && it.value().isObject()
                                      ? QJsonValue(merged(there.toObject(), it.value().toObject()))
                                      : it.value());
    }
    return document;
}

QJsonValue timeOrNull(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(graphTime(time)) : s_null;
}

} // namespace

QString graphTime(const QDateTime &time)
{
    return time.toUTC().toString(u"yyyy-MM-dd'T'hh:mm:ss'Z'"_s);
}

QJsonObject newPasswordDocument(const PasswordCredential &password, bool ofApplication)
{
    return {{u"customKeyIdentifier"_s, s_null},
            {u"displayName"_s,
             password.displayName.isEmpty() ? s_null : QJsonValue(password.displayName)},
            {u"endDateTime"_s, graphTime(password.end)},
            {u"hint"_s, ofApplication ? QJsonValue(password.value.left(3)) : s_null},
            {u"keyId"_s, password.keyId},
            {u"secretText"_s, password.value},
            {u"startDateTime"_s, graphTime(password.start)}};
}

QJsonObject applicationDocument(const DirectoryObject &application, const QString &domain)
{
    const QJsonObject api{{u"acceptMappedClaims"_s, s_null},
                          {u"knownClientApplications"_s, s_empty},
                          {u"requestedAccessTokenVersion"_s, 2},
                          {u"oauth2PermissionScopes"_s, s_empty},
                          {u"preAuthorizedApplications"_s, s_empty}};
    const QJsonObject document{
        {u"id"_s, application.id},
        {u"deletedDateTime"_s, timeOrNull(application.deleted)},
        {u"appId"_s, application.appId},
        {u"applicationTemplateId"_s, s_null},
        {u"disabledByMicrosoftStatus"_s, s_null},
        {u"createdDateTime"_s, timeOrNull(application.created)},
        {u"displayName"_s, application.displayName},
        {u"description"_s, s_null},
        {u"groupMembershipClaims"_s, s_null},
        {u"identifierUris"_s, s_empty},
        {u"isDeviceOnlyAuthSupported"_s, s_null},
        {u"isFallbackPublicClient"_s, s_null},
        {u"notes"_s, s_null},
        {u"publisherDomain"_s, domain},
        {u"serviceManagementReference"_s, s_null},
        {u"signInAudience"_s, u"AzureADandPersonalMicrosoftAccount"_s},
        {u"tags"_s, s_empty},
        {u"tokenEncryptionKeyId"_s, s_null},
        {u"samlMetadataUrl"_s, s_null},
        {u"defaultRedirectUri"_s, s_null},
        {u"certification"_s, s_null},
        {u"optionalClaims"_s, s_null},
        {u"servicePrincipalLockConfiguration"_s, s_null},
        {u"requestSignatureVerification"_s, s_null},
        {u"addIns"_s, s_empty},
        {u"api"_s, api},
        {u"appRoles"_s, s_empty},
        {u"info"_s, info()},
        {u"keyCredentials"_s, keys(application)},
        {u"parentalControlSettings"_s, QJsonObject{{u"countriesBlockedForMinors"_s, s_empty},
                                                   {u"legalAgeGroupRule"_s, u"Allow"_s}}},
        {u"passwordCredentials"_s, passwords(application)},
        {u"publicClient"_s, QJsonObject{{u"redirectUris"_s, s_empty}}},
        {u"requiredResourceAccess"_s, s_empty},
        {u"verifiedPublisher"_s, verifiedPublisher()},
        {u"web"_s, web()},
        {u"spa"_s, QJsonObject{{u"redirectUris"_s, s_empty}}}};
    return merged(document, application.properties);
}

QJsonObject servicePrincipalDocument(const DirectoryObject &principal,
                                     const DirectoryObject *application)
{
    const QJsonObject ofApplication = application ? application->properties : QJsonObject();
    QJsonArray names = ofApplication.value(u"identifierUris"_s).toArray();
    names.append(principal.appId);
    const QString name = application ? application->displayName : principal.displayName;
    const QJsonValue replies = ofApplication.value(u"web"_s).toObject().value(u"redirectUris"_s);
    const QJsonObject document{
        {u"id"_s, principal.id},
        {u"deletedDateTime"_s, timeOrNull(principal.deleted)},
        {u"accountEnabled"_s, true},
        {u"alternativeNames"_s, s_empty},
        {u"appDisplayName"_s, name},
        {u"appDescription"_s, s_null},
        {u"appId"_s, principal.appId},
        {u"applicationTemplateId"_s, s_null},
        {u"appOwnerOrganizationId"_s, principal.tenant},
        {u"appRoleAssignmentRequired"_s, false},
        {u"createdDateTime"_s, timeOrNull(principal.created)},
        {u"description"_s, s_null},
        {u"disabledByMicrosoftStatus"_s, s_null},
        {u"displayName"_s, name},
        {u"homepage"_s, s_null},
        {u"loginUrl"_s, s_null},
        {u"logoutUrl"_s, s_null},
        {u"notes"_s, s_null},
        {u"notificationEmailAddresses"_s, s_empty},
        {u"preferredSingleSignOnMode"_s, s_null},
        {u"preferredTokenSigningKeyThumbprint"_s, s_null},
        {u"replyUrls"_s, replies.isArray() ? replies : QJsonValue(s_empty)},
        {u"servicePrincipalNames"_s, names},
        {u"servicePrincipalType"_s, u"Application"_s},
        {u"signInAudience"_s, ofApplication.value(u"signInAudience"_s)
                                  .toString(u"AzureADandPersonalMicrosoftAccount"_s)},
        {u"tags"_s, s_empty},
        {u"tokenEncryptionKeyId"_s, s_null},
        {u"samlSingleSignOnSettings"_s, s_null},
        {u"addIns"_s, s_empty},
        {u"appRoles"_s, s_empty},
        {u"info"_s, info()},
        {u"keyCredentials"_s, keys(principal)},
        {u"oauth2PermissionScopes"_s, s_empty},
        {u"passwordCredentials"_s, passwords(principal)},
        {u"resourceSpecificApplicationPermissions"_s, s_empty},
        {u"verifiedPublisher"_s, verifiedPublisher()}};
    return merged(document, principal.properties);
}

QJsonObject userDocument(const User &user)
{
    return {{u"businessPhones"_s, s_empty},
            {u"displayName"_s, user.name},
            {u"givenName"_s, s_null},
            {u"jobTitle"_s, s_null},
            {u"mail"_s, user.userPrincipalName},
            {u"mobilePhone"_s, s_null},
            {u"officeLocation"_s, s_null},
            {u"preferredLanguage"_s, s_null},
            {u"surname"_s, s_null},
            {u"userPrincipalName"_s, user.userPrincipalName},
            {u"id"_s, user.objectId}};
}

QJsonObject groupDocument(const DirectoryObject &group)
{
    return {{u"id"_s, group.id},
            {u"deletedDateTime"_s, s_null},
            {u"displayName"_s, group.displayName},
            {u"description"_s, s_null},
            {u"groupTypes"_s, s_empty},
            {u"mailEnabled"_s, false},
            {u"securityEnabled"_s, true}};
}

QJsonObject organizationDocument(const Tenant &tenant)
{
    QJsonArray domains;
    for (const QString &name : tenant.domains)
        domains.append(QJsonObject{{u"name"_s, name},
                                   {u"isDefault"_s, name == tenant.domains.first()},
                                   {u"isInitial"_s, name.endsWith(u".onmicrosoft.com")},
                                   {u"type"_s, u"Managed"_s},
                                   {u"capabilities"_s, u"Email, OfficeCommunicationsOnline"_s}});
    return {{u"id"_s, tenant.id},
            {u"displayName"_s, tenant.name},
            {u"tenantType"_s, u"AAD"_s},
            {u"verifiedDomains"_s, domains}};
}

QJsonObject federatedCredentialDocument(const FederatedCredential &credential)
{
    const auto orNull = [](const QString &text) {
        return text.isEmpty() ? s_null : QJsonValue(text);
    };
    return {{u"id"_s, credential.id},
            {u"name"_s, credential.name},
            {u"issuer"_s, credential.issuer},
            {u"subject"_s, credential.subject},
            {u"description"_s, orNull(credential.description)},
            {u"audiences"_s, QJsonArray::fromStringList(credential.audiences)}};
}

const QStringList &writableMembers(DirectoryObject::Kind kind)
{
    static const QStringList application{u"description"_s,
                                         u"groupMembershipClaims"_s,
                                         u"identifierUris"_s,
                                         u"isFallbackPublicClient"_s,
                                         u"notes"_s,
                                         u"signInAudience"_s,
                                         u"tags"_s,
                                         u"optionalClaims"_s,
                                         u"addIns"_s,
                                         u"api"_s,
                                         u"appRoles"_s,
                                         u"info"_s,
                                         u"publicClient"_s,
                                         u"requiredResourceAccess"_s,
                                         u"web"_s,
                                         u"spa"_s,
                                         u"parentalControlSettings"_s,
                                         u"isDeviceOnlyAuthSupported"_s,
                                         u"serviceManagementReference"_s,
                                         u"tokenEncryptionKeyId"_s,
                                         u"defaultRedirectUri"_s};
    static const QStringList principal{u"accountEnabled"_s,
                                       u"alternativeNames"_s,
                                       u"appRoleAssignmentRequired"_s,
                                       u"description"_s,
                                       u"homepage"_s,
                                       u"loginUrl"_s,
                                       u"logoutUrl"_s,
                                       u"notes"_s,
                                       u"notificationEmailAddresses"_s,
                                       u"preferredSingleSignOnMode"_s,
                                       u"preferredTokenSigningKeyThumbprint"_s,
                                       u"replyUrls"_s,
                                       u"servicePrincipalNames"_s,
                                       u"servicePrincipalType"_s,
                                       u"tags"_s,
                                       u"tokenEncryptionKeyId"_s};
    return kind == DirectoryObject::Kind::Application ? application : principal;
}

} // namespace Sandbox
