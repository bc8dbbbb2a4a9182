#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace Lifecycle {

/// How far the rotation of a principal's secret or certificate has come: IDs only, nothing secret.
struct Rotation
{
    /// Each says what is done.
    enum class Step {
        Begun,     ///< nothing yet, or a new secret was made whose text never arrived here
        Stored,    ///< the new secret is in the keychain, beside the old one
        Current,   ///< it has been proven by a token, and is the current one here
        Exported,  ///< the environment files hold it
        Confirmed, ///< somebody said that the old one may go
        Removed,   ///< Entra ID has removed the old one
        Abandoned, ///< somebody said that the new one may go
    };

    QString principalId;
    QString applicationId; ///< object ID in Entra ID
    QString marker;        ///< the new secret's display name there, by which it is known again
    QString oldKeyId;      ///< empty where Entra ID has none of the old one any more
    QString oldSpareKey;   ///< keychain key of the old secret
    QDateTime oldExpiresAt;
    QString newKeyId;
    QString newSpareKey; ///< keychain key of the new secret
    QDateTime newExpiresAt;
    /// Of certificates, SHA-1 in upper-case hex; empty in the rotation of a secret.
    QString oldThumbprint, newThumbprint;
    int lifetimeDays = 0;
    Step step = Step::Begun;
    QStringList written; ///< environment files that hold the new secret
    QDateTime startedAt;
    QJsonObject unknown; ///< what a newer version wrote beside these, kept as it is

    bool isOfCertificate() const { return !oldThumbprint.isEmpty(); }
    QString noun() const; ///< "secret" or "certificate"
    bool operator==(const Rotation &) const = default;
};

/// As it stands in the journal and in JSON output.
QString stepName(Rotation::Step step);

/// The az commands that would do the same, as far as the IDs are known.
QStringList azCommands(const Rotation &rotation);

/// The journals of a folder, one file "rotation-<principal>.json" each, owner-only and replaced
/// atomically.
class RotationJournal
{
public:
    explicit RotationJournal(QString folder);

    /// Nothing where no rotation is under way. Errors: File, InvalidInput (damaged, or of another
    /// version: the message names the member; it is left as it is).
    Core::Result<std::optional<Rotation>> read(const QString &principalId) const;
    Core::Result<void> write(const Rotation &rotation) const;
    Core::Result<void> remove(const QString &principalId) const;
    /// The principals of whom there is one.
    QStringList underWay() const;

private:
    QString path(const QString &principalId) const;
    QString m_folder;
};

} // namespace Lifecycle
