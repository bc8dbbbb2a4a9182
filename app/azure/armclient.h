#pragma once

#include "azure/newassignment.h"
#include "azure/roles.h"
#include "azure/storageaccount.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "identity/cloud.h"

#include <QJsonArray>
#include <QObject>

namespace Azure {

/// Reads from Azure Resource Manager, and writes role assignments; follows nextLink (only on the same origin, never twice the same).
/// Errors: Unauthenticated, Forbidden ("AuthorizationFailed"), NotFound, Throttled, BadResponse and the transport's.
class ArmClient final
{
public:
    ArmClient(Http::Transport &transport, Identity::Cloud cloud);

    struct Subscription {
        QString id; ///< GUID
        QString name;
        QString state;
        bool operator==(const Subscription &) const = default;
    };

    void subscriptions(const Identity::AccessToken &token, QObject *context, Core::Done<QList<Subscription>> done);
    void storageAccounts(const Identity::AccessToken &token, const QString &subscriptionId, QObject *context,
                         Core::Done<QList<StorageAccount>> done);
    /// The assignments at, above and below \a scope; with \a principalId only those that reach it (assignedTo).
    void roleAssignments(const Identity::AccessToken &token, const Scope &scope, const QString &principalId,
                         QObject *context, Core::Done<QList<RoleAssignment>> done);
    /// The assignments that name \a principalId itself, at, above and below \a scope.
    void assignmentsOf(const Identity::AccessToken &token, const Scope &scope, const QString &principalId, QObject *context,
                       Core::Done<QList<RoleAssignment>> done);
    /// Errors besides: Conflict ("RoleAssignmentExists": another name has the same scope, role and principal), InvalidInput
    /// ("PrincipalNotFound": not there, or not yet).
    void createAssignment(const Identity::AccessToken &token, const NewAssignment &wanted, QObject *context, Core::Done<RoleAssignment> done);
    /// Success also where there is none any more. Errors besides: InvalidInput.
    void deleteAssignment(const Identity::AccessToken &token, const QString &id, QObject *context, Core::Done<void> done);
    void roleDefinitions(const Identity::AccessToken &token, const Scope &scope, QObject *context,
                         Core::Done<QList<RoleDefinition>> done);

    /// The deny assignments at and above \a scope.
    void denyAssignments(const Identity::AccessToken &token, const Scope &scope, QObject *context,
                         Core::Done<QList<DenyAssignment>> done);
    /// What the caller itself may do at \a scope: its roles' permissions, without conditions and deny assignments.
    void permissions(const Identity::AccessToken &token, const Scope &scope, QObject *context, Core::Done<QList<Permission>> done);
    /// The IDs of a subscription's resources of one type, e.g. "Microsoft.Databricks/workspaces".
    void resources(const Identity::AccessToken &token, const QString &subscriptionId, const QString &type, QObject *context,
                   Core::Done<QStringList> done);

private:
    void list(const Identity::AccessToken &token, const QString &path, const QString &apiVersion, const QString &filter,
              QObject *context, Core::Done<QJsonArray> done);

    Http::Transport &m_transport;
    Identity::Cloud m_cloud;
};

/// Whether a 401 asks for a token with further claims (Continuous Access Evaluation): the old one was revoked, or a policy changed.
bool asksForClaims(const Http::Response &response);

/// ARM's or Graph's error body, or what can be said from status and headers alone. Of an answer whose code only says that something
/// was wrong, the first of its details.
Core::Error armError(const Http::Response &response);

} // namespace Azure
