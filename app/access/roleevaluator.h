#pragma once

#include "azure/roles.h"
#include "azure/scope.h"

#include <QList>
#include <QString>

namespace Access {

/// One permission that an operation needs, matched against actions or dataActions.
struct RequiredPermission {
    QString action; ///< e.g. "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    bool isDataAction = true;
    bool operator==(const RequiredPermission &) const = default;
};

/// What an operation needs: one inner list suffices, all of its members are needed. Empty means nothing is needed.
using Requirement = QList<QList<RequiredPermission>>;

enum class Decision { Allowed, Denied, Undecided };

struct Verdict {
    struct Because {
        QString assignment; ///< resource ID; may be empty
        QString role;       ///< name
        QString scope;      ///< resource ID
        QString why;        ///< one sentence
        bool operator==(const Because &) const = default;
    };
    Decision decision = Decision::Undecided;
    QList<Because> because; ///< what granted, or the nearest misses
    bool operator==(const Verdict &) const = default;
};

struct EvaluationInput {
    QStringList principalIds; ///< the principal's object ID and its groups', lower case
    Requirement requirement;
    Azure::Scope scope;       ///< where the operation happens: account or container
    QStringList managementGroups; ///< resource IDs of the groups that contain the subscription
};

/// What the role assignments say. Pure. An assignment with a condition that would decide gives Undecided here; reading
/// conditions is another unit's work.
Verdict evaluate(const EvaluationInput &input, const QList<Azure::RoleAssignment> &assignments,
                 const QList<Azure::RoleDefinition> &definitions, const QList<Azure::DenyAssignment> &denies = {});

/// Whether \a pattern (one or more *, each for any characters, slashes too) covers \a action; case-insensitive.
bool matchesAction(QStringView pattern, QStringView action);

} // namespace Access
