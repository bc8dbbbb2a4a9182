#pragma once

#include "azure/roles.h"

#include <optional>

namespace Access {

/// How much a role puts at stake, by what it allows: a mark to look twice, not a judgement.
enum class Risk {
    Low,    ///< reads only, and no secrets
    Medium, ///< changes or deletes something
    High,   ///< everything of a provider, or reads keys that open more
    Highest ///< gives rights to others, or allows everything
};

/// What there is to say of a role at a glance.
struct RoleSummary
{
    int permissions = 0; ///< patterns that allow, management and data
    int wildcards = 0;   ///< of these, those with *
    Risk risk = Risk::Low;
    QString why;              ///< one sentence, for the mark
    bool reachesData = false; ///< has dataActions
    bool operator==(const RoleSummary &) const = default;
};
RoleSummary summaryOf(const Azure::RoleDefinition &role);
QString riskName(Risk risk); ///< "low", "medium", "high", "highest"

/// The roles whose name, description or ID holds all words of \a text, best names first; all of
/// them, by name, for an empty text. A word with a slash is an operation: the roles that allow it,
/// those that allow least first.
QList<Azure::RoleDefinition> searchRoles(const QList<Azure::RoleDefinition> &roles,
                                         const QString &text);
/// Whether \a operation is one on data, which its name does not say: where dataActions match it and
/// no action names it in full. Nothing where no role tells.
std::optional<bool> isDataAction(const QList<Azure::RoleDefinition> &roles,
                                 const QString &operation);
/// The roles that allow \a operation, as an action or as a data action; those with the fewest
/// permissions first.
QList<Azure::RoleDefinition> rolesAllowing(const QList<Azure::RoleDefinition> &roles,
                                           const QString &operation);
/// By name (case-insensitive), GUID or resource ID. Nothing where there is none.
std::optional<Azure::RoleDefinition> findRole(const QList<Azure::RoleDefinition> &roles,
                                              const QString &nameOrId);

} // namespace Access
