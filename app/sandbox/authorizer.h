#pragma once

#include "access/bloboperation.h"
#include "access/roleevaluator.h"
#include "sandbox/entraendpoint.h"
#include "sandbox/scenario.h"

#include <map>
#include <memory>

namespace Sandbox {

struct BlobPlace;

/// What the scenario's role assignments, conditions, deny assignments, groups and ACLs allow.
class Authorizer final
{
public:
    /// \a startedAt: assignments that take their time count from then.
    Authorizer(const Scenario &scenario, const QDateTime &startedAt);

    /// A request to Resource Manager, where assignments count at once.
    bool allows(const QString &objectId, const QString &action, const Azure::Scope &scope,
                const QDateTime &now) const;
    /// A request to the data, where an assignment may still be on its way. What cannot be decided
    /// is a no.
    bool allows(const QString &objectId, const Account &account, const Access::BlobOperation &operation,
                const BlobPlace &place, const Incoming &request, const QDateTime &now) const;

    /// Whether all of \a permissions are granted at the account, with no condition in between.
    bool allowsAll(const QString &objectId, const Account &account,
                   const QList<Access::RequiredPermission> &permissions) const;

    /// The object ID and those of the groups it is a member of.
    QStringList identities(const QString &objectId) const;
    QDateTime startedAt() const { return m_startedAt; }

private:
    const Access::RoleEvaluator &effective(const QDateTime &now) const;
    Access::Circumstances circumstances(const QString &objectId, const Account &account,
                                        const Access::BlobOperation &operation, const BlobPlace &place,
                                        const Incoming &request, const QDateTime &now) const;

    const Scenario &m_scenario;
    QDateTime m_startedAt;
    Access::RoleEvaluator m_all;
    /// By the number of assignments that are effective.
    mutable std::map<qsizetype, std::unique_ptr<Access::RoleEvaluator>> m_effective;
};

} // namespace Sandbox
