#pragma once

#include "core/result.h"
#include "identity/serviceprincipal.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <functional>

namespace Vault {

/// The index as it stands in its file: each principal with the key of its keychain entry, nothing secret. What this version does
/// not know of is kept, at every level.
struct PrincipalIndex {
    static constexpr int version = 1;
    static constexpr qsizetype maxSize = 16 << 20; ///< bytes of a file that is read or written

    QString id; ///< a UUID; keychain keys of this index begin with it
    QList<Identity::ServicePrincipal> principals;
    QHash<QString, QString> keys; ///< principal's id to keychain key; absent where it has no secret
    QHash<QString, QString> spares; ///< the same for the second secret of one that is being rotated; see SpareSecrets
    QHash<QString, QString> removals; ///< principal's id to why its removal has not been finished

    const Identity::ServicePrincipal *byId(const QString &id) const;
    const Identity::ServicePrincipal *byName(const QString &name) const; ///< case-insensitive
    void put(const Identity::ServicePrincipal &principal, const QString &key);
    void take(const QString &id);

    QByteArray toJson() const;
    /// Errors: InvalidInput for a damaged file or one of another version: a member of the wrong type, two principals with one ID,
    /// name or keychain key. The message names the member; \a path is for the message.
    static Core::Result<PrincipalIndex> parse(const QByteArray &json, const QString &path);

private:
    QJsonObject m_unknown;
    QHash<QString, QJsonObject> m_unknownOf; ///< by principal's id
    QHash<QString, QHash<QString, QJsonObject>> m_unknownOfExports; ///< by principal's id and the export's path
};

/// The file "principals.json" in a folder. Readers see a whole index at any time; changes are made one after the other, also between
/// programs, each on the index as it then is.
class IndexFile
{
public:
    explicit IndexFile(QString folder);

    QString path() const;
    /// The index, or an empty one with a fresh id where there is no file.
    Core::Result<PrincipalIndex> read() const;
    /// Applies \a change under the lock; nothing is written when it fails. Errors: those of \a change, Conflict (somebody holds the
    /// lock for ten seconds), File.
    Core::Result<void> change(const std::function<Core::Result<void>(PrincipalIndex &)> &change) const;

private:
    QString m_folder;
};

} // namespace Vault
