#pragma once

#include "azure/newassignment.h"
#include "core/result.h"
#include "identity/serviceprincipal.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace Lifecycle {

/// What was taken away from a principal that was retired, so that it can be restored: nothing
/// secret.
struct Retirement
{
    static constexpr int restorableDays = 30; ///< Entra ID keeps deleted applications that long

    Identity::ServicePrincipal principal;
    QString applicationId; ///< object ID; empty where Entra ID had none
    QString objectId;      ///< of the service principal; empty where there was none
    QList<Azure::NewAssignment> assignments;
    QDateTime at; ///< UTC
    /// What a newer version wrote beside these, of the retirement and of its principal.
    QJsonObject unknown, unknownOfPrincipal;

    QDateTime restorableUntil() const { return at.addDays(restorableDays); }
    bool operator==(const Retirement &) const = default;
};

/// The file "retired.json" in a folder; owner-only, replaced atomically.
class RetirementRecord
{
public:
    explicit RetirementRecord(QString folder);

    /// Newest first. Errors: File, InvalidInput (damaged, or of another version: the message names
    /// the member; it is left as it is).
    Core::Result<QList<Retirement>> list() const;
    Core::Result<Retirement>
    find(const QString &name) const; ///< the newest of that name. Errors besides: NotFound.
    /// Adds, or replaces that of the same principal; those older than 90 days go.
    Core::Result<void> put(const Retirement &retirement) const;
    Core::Result<void> take(const QString &principalId) const;

private:
    struct Content
    {
        QList<Retirement> all;
        QJsonObject unknown;
    };
    Core::Result<Content> read() const;
    Core::Result<void> write(const Content &content) const;
    QString m_path;
};

} // namespace Lifecycle
