#pragma once

#include "access/accessreport.h"
#include "access/roleevaluator.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace Access {

/// What was read about a principal's rights at an account, and by whose eyes: the ground of a prediction.
struct AuthorizationFacts {
    QString by;              ///< "the principal itself", "the operator signed in to az", "the file roles.json"
    Azure::Scope account;    ///< the storage account's resource ID
    QStringList principalIds; ///< its object ID first, then what is known of its groups
    QString applicationId;   ///< the client ID, to find roles that were assigned to it by mistake; may be empty
    QString applicationObjectId; ///< the object ID of the application (not of its service principal), where it is known
    bool groupsKnown = false;
    QStringList managementGroups;
    bool managementGroupsKnown = false;
    QList<Azure::RoleAssignment> assignments;
    QList<Azure::RoleDefinition> definitions; ///< built-in and custom
    QList<Azure::DenyAssignment> denies;
    std::optional<bool> hierarchicalNamespace;
    std::optional<bool> subscriptionContainsDatabricks;
    std::optional<bool> sharedKeyAllowed;    ///< whether the account accepts its keys; Azure does where it does not say
    std::optional<bool> publicAccessAllowed; ///< whether containers may be open to everybody
    bool networkRestricted = false;
    QList<Azure::Permission> asked; ///< Resource Manager's list of the caller's permissions at the account
    bool askedAnswered = false;     ///< whether there is such a list
    QList<Finding> notes;           ///< what could not be read
};

/// The request that \a probe sends to \a container ("" for the account's row), as the evaluator wants it.
EvaluationInput inputFor(const AuthorizationFacts &facts, const QString &operation, const QString &container, const QDateTime &now);

/// The computed witness for one cell. An operation that no probe measures is Undecided.
Verdict predict(const AuthorizationFacts &facts, const RoleEvaluator &roles, const QString &operation, const QString &container,
                const QDateTime &now);

/// Puts what the roles promise beside what was observed: predictions, what Resource Manager said when asked, and a finding
/// where they differ or where the reason for a refusal is now known.
void addPrediction(AccessReport &report, const AuthorizationFacts &facts);

} // namespace Access
