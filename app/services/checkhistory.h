#pragma once

#include "access/accessreport.h"
#include "access/drift.h"
#include "core/result.h"
#include "identity/serviceprincipal.h"

#include <QString>
#include <QUrl>
#include <optional>

namespace Services {

/// The last check of each principal at each account: one JSON file each, as `check --json` prints it, in the folder "checks" below
/// the folder of the index. For the owner only, replaced atomically, nothing secret in it.
class CheckHistory final
{
public:
    /// \a configFolder: PrincipalVault::folder().
    explicit CheckHistory(const QString &configFolder);

    /// The check that was kept last; nothing where there is none. Errors: File, InvalidInput (a damaged file: it is named).
    Core::Result<std::optional<Access::AccessReport>> last(const Identity::ServicePrincipal &principal, const QUrl &account) const;

    /// What changed since the check that was kept last, nothing where there is none, and keeps \a report in its place. Of a check
    /// of some containers only, or one that was cancelled, what it observed is kept, and the rest as it was. A damaged file is
    /// moved aside (to NAME.damaged, or the next free name), and \a setAside then says so in a sentence for the user; one of a newer
    /// version is left as it is. Errors: File, InvalidInput (of a newer version).
    Core::Result<std::optional<Access::Drift>> keep(const Identity::ServicePrincipal &principal, const Access::AccessReport &report,
                                                    QString *setAside = nullptr) const;

    /// Of a principal that was removed.
    void forget(const QString &principalId) const;

private:
    QString pathFor(const Identity::ServicePrincipal &principal, const QUrl &account) const;

    QString m_folder;
};

} // namespace Services
