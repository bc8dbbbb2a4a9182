#pragma once

#include "sandbox/directory.h"

#include <QJsonArray>

namespace Sandbox {

// What Microsoft Graph v1.0 says of the directory's objects, in the shape of its recorded answers.

/// \a domain: the tenant's first one.
QJsonObject applicationDocument(const DirectoryObject &application, const QString &domain);
/// \a application is its application, where there is one in the tenant.
QJsonObject servicePrincipalDocument(const DirectoryObject &principal,
                                     const DirectoryObject *application);
QJsonObject userDocument(const User &user);
QJsonObject groupDocument(const DirectoryObject &group);
QJsonObject organizationDocument(const Tenant &tenant);
QJsonObject federatedCredentialDocument(const FederatedCredential &credential);
/// With the secret in it: of the answer that tells it, never of another.
QJsonObject newPasswordDocument(const PasswordCredential &password, bool ofApplication);

/// The members that a request may write; others are refused.
const QStringList &writableMembers(DirectoryObject::Kind kind);

/// "2026-01-02T03:04:05Z".
QString graphTime(const QDateTime &time);

} // namespace Sandbox
