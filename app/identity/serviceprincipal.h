#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUrl>

namespace Core {
class StoredJson;
}

namespace Identity {

/// Production, test and development are known by word and colour; any other word is an environment too.
struct Environment {
    QString name; ///< as the user wrote it, trimmed; empty means none was given

    bool isProduction() const { return name.compare(u"production", Qt::CaseInsensitive) == 0; }
    bool isTest() const { return name.compare(u"test", Qt::CaseInsensitive) == 0; }
    bool isDevelopment() const { return name.compare(u"development", Qt::CaseInsensitive) == 0; }
    bool operator==(const Environment &) const = default;
};

/// An environment file that holds a principal's secret; what a rotation has to write again. Not the secret itself.
struct Export {
    QString path;   ///< absolute
    QString format; ///< a key of EnvFile::formats()
    QDateTime at;   ///< UTC
    QString tokenCredentials; ///< of AZURE_TOKEN_CREDENTIALS in it; empty: the variable is not there
    bool operator==(const Export &) const = default;
};

/// An application's identity in a tenant, as the index keeps it: nothing here is secret.
struct ServicePrincipal {
    enum class Credential { Secret, Certificate, FederatedToken };

    QString id;            ///< this program's own, a UUID without braces; never shown to a service
    QString name;          ///< unique in the index, case-insensitively
    Environment environment;
    QString cloud = QStringLiteral("AzurePublic"); ///< a well-known name or a cloud file's absolute path
    QString tenant;        ///< a GUID or a verified domain name
    QString clientId;      ///< a GUID, lower case
    Credential credential = Credential::Secret;
    QString credentialFile; ///< the federated token's file; or the PEM file that an application reads the exported certificate from
    QString credentialThumbprint; ///< of a certificate: SHA-1, upper-case hex, as Azure's portal shows it
    QDateTime credentialExpiresAt; ///< UTC; invalid where unknown
    QString credentialKeyId; ///< Entra ID's ID of the secret or certificate; empty where unknown
    QList<Export> exports;   ///< where it was written to, newest first
    QList<QUrl> accounts;  ///< blob endpoints the user has worked with, newest first
    QDateTime addedAt;     ///< UTC

    bool operator==(const ServicePrincipal &) const = default;
};

/// \a principal with one more export; an earlier one of the same path is replaced.
ServicePrincipal withExport(ServicePrincipal principal, const Export &exported);

QJsonObject toJson(const ServicePrincipal &principal);
/// What toJson() wrote. Absent members are empty, an absent cloud is AzurePublic; a member of the wrong type, an unknown credential
/// and a time that is none are problems of \a stored.
ServicePrincipal readServicePrincipal(Core::StoredJson &stored);

} // namespace Identity
