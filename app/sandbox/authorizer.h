#pragma once

#include "access/roleevaluator.h"
#include "sandbox/message.h"
#include "sandbox/roleregister.h"

#include <memory>

namespace Sandbox {

struct BlobRequest;

/// What the scenario's role assignments, conditions, deny assignments, groups and ACLs allow.
class Authorizer final
{
public:
    Authorizer(const Scenario &scenario, const RoleRegister &roles);

    /// A request to Resource Manager, where assignments count at once.
    bool allows(const QString &objectId, const QString &action, const Azure::Scope &scope,
                const QDateTime &now) const;
    /// A request to the data, where an assignment may still be on its way. What cannot be decided
    /// is a no.
    bool allows(const QString &objectId, const Account &account, const BlobRequest &request,
                const QDateTime &now) const;

    /// Whether all of \a permissions are granted at the account, with no condition in between.
    bool allowsAll(const QString &objectId, const Account &account,
                   const QList<Access::RequiredPermission> &permissions) const;

    /// The object ID and those of the groups it is a member of.
    QStringList identities(const QString &objectId) const;
    /// Whether what is assigned at \a above counts at \a scope, by way of management groups too.
    bool reaches(const Azure::Scope &above, const Azure::Scope &scope) const;

private:
    /// An evaluator, made once for the assignments it knows.
    struct Prepared
    {
        quint64 revision = 0;
        QList<Azure::RoleAssignment> assignments;
        std::unique_ptr<const Access::RoleEvaluator> evaluator;
    };
    const Access::RoleEvaluator &all() const;
    const Access::RoleEvaluator &effective(const QDateTime &now) const;
    const Access::RoleEvaluator &prepared(Prepared &kept,
                                          const QList<Azure::RoleAssignment> &assignments) const;
    Access::Circumstances circumstances(const QString &objectId, const Account &account,
                                        const BlobRequest &request, const QDateTime &now) const;

    const Scenario &m_scenario;
    const RoleRegister &m_roles;
    mutable Prepared m_all;
    mutable Prepared m_effective;
};

} // namespace Sandbox
