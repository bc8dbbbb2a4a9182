#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <functional>

namespace Services {

/// A person's sign-in to one tenant, apart from the principals: through whose rights applications
/// are registered and roles assigned. Nothing here is secret; a refresh token is in the keychain.
struct Operator
{
    enum class Way { Az, DeviceCode, Browser };

    QString id; ///< this program's own
    Way way = Way::Az;
    QString cloud =
        QStringLiteral("AzurePublic"); ///< a well-known name or a cloud file's absolute path
    QString tenant;                    ///< as asked for; "organizations" where none was named
    QString tenantId;                  ///< of the token; empty where it did not say
    QString username;                  ///< for display; may be empty
    QString objectId;                  ///< of the user, or of az's service principal; may be empty
    QString clientId;                  ///< the public client; empty for az
    QDateTime signedInAt;              ///< UTC

    /// Whether a token of this sign-in is for \a tenantOrDomain, as far as is known without asking.
    bool isFor(const QString &tenantOrDomain) const;

    bool operator==(const Operator &) const = default;
};

QString wayName(Operator::Way way); ///< "az", "deviceCode", "browser"
QJsonObject toJson(const Operator &one);

/// What "operators.json" says: who is signed in, newest first, and which public client to use.
struct Operators
{
    QString id; ///< a UUID; the keychain keys of this file begin with "operator/" and it
    QString publicClientId; ///< a setting; empty for the well-known one
    QList<Operator> signedIn;
    QJsonObject unknown{}; ///< what a newer version wrote beside these, kept as it is
    QHash<QString, QJsonObject> unknownOf{}; ///< the same of each operator, by id

    bool operator==(const Operators &) const = default;
};

/// The file "operators.json" in a folder: owner-only, replaced atomically, changed under a lock.
class OperatorsFile
{
public:
    explicit OperatorsFile(QString folder);

    QString path() const;
    /// What it says, or empty ones with a fresh id where there is no file. Errors: File,
    /// InvalidInput (damaged, or of another version: the message names the member; the file is left
    /// as it is).
    Core::Result<Operators> read() const;
    /// Errors: those of read() and \a change; Conflict (somebody holds the lock for ten seconds),
    /// File.
    Core::Result<void> change(const std::function<Core::Result<void>(Operators &)> &change) const;

private:
    QString m_folder;
};

} // namespace Services
