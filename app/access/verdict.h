#pragma once

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
    /// What one reason is about, for those who act on it.
    enum class Kind { Other, Grants, NotIncluded, NoDataActions, OtherService, Scope, Condition, Deny, UnknownRole, Group, ManagementGroup, Databricks, Acl, NoAssignment };
    struct Because {
        QString assignment; ///< resource ID; may be empty
        QString role;       ///< name
        QString scope;      ///< resource ID
        QString why;        ///< one sentence
        Kind kind = Kind::Other;
        bool operator==(const Because &) const = default;
    };
    Decision decision = Decision::Undecided;
    QList<Because> because; ///< what granted, or the nearest misses
    bool operator==(const Verdict &) const = default;
};

/// The verdict where all are needed: the worst decides, and says why.
Verdict allOf(const QList<Verdict> &verdicts);
/// The verdict where one suffices: the best decides; where none allows, all of them say why.
Verdict anyOf(const QList<Verdict> &verdicts);

/// The reasons of a verdict that does not allow, nearest first: what would allow it but for a condition before a role that is
/// assigned elsewhere, that before one which lacks the permission, and last those that have nothing to do with such data.
void putNearestFirst(Verdict &verdict);

/// The verdict where it is not known which of the two applies; where they differ, \a question says what decides.
Verdict eitherWay(const Verdict &one, const Verdict &other, const QString &question);

/// Whether \a pattern (one or more *, each for any characters, slashes too) covers \a action; case-insensitive.
bool matchesAction(QStringView pattern, QStringView action);

/// An action without the part that all of Blob storage's have in common: "containers/blobs/read".
QString shortAction(const QString &action);

} // namespace Access
