#pragma once

#include "access/authorizationfacts.h"

namespace Access {

/// A cell of the matrix by its place.
struct WantedCell {
    QString container; ///< empty: the account's row
    QString operation;
    bool operator==(const WantedCell &) const = default;
};

/// One role assignment that would allow what is wanted, and what else it would.
struct Fix {
    QString roleId; ///< GUID
    QString role;   ///< name
    Azure::Scope scope;
    QStringList alsoAllows; ///< in words: "delete blobs"; of the operations that the matrix knows
    int beyondStorage = 0;  ///< permissions of the role outside Microsoft.Storage; * counts as 1000
    QString command;        ///< az role assignment create …

    QString words() const; ///< "would also allow: …", or that it allows nothing else
    Fix movedTo(const Azure::Scope &place, const AuthorizationFacts &facts) const; ///< the same role at another place
    bool operator==(const Fix &) const = default;
};

/// The roles that, assigned once at the narrowest scope, would allow all of \a wanted: the one that grants least else first.
/// Empty where none of the known roles would, as under a deny assignment. At most \a limit.
QList<Fix> smallestFixes(const AuthorizationFacts &facts, const QList<WantedCell> &wanted, const QDateTime &now, qsizetype limit = 5);

/// One role assignment without which an operation would not be allowed.
struct OverGrant {
    QString assignment;       ///< resource ID; several, where only dropping all of them takes it away, are separate entries
    QString role;
    Azure::Scope scope;
    QStringList alsoLost;     ///< what dropping it takes besides, in words
    QString command;          ///< az role assignment delete --ids …
    std::optional<Fix> narrower; ///< what to assign in its place, so that \a alsoLost stays but the operation does not

    QString words() const; ///< the next step: to drop it, or what to assign in its place first
    bool operator==(const OverGrant &) const = default;
};

/// The assignments that allow any of \a unwanted, each with what dropping it would take besides. Empty where nothing allows them.
QList<OverGrant> overGrants(const AuthorizationFacts &facts, const QList<WantedCell> &unwanted, const QDateTime &now);

/// "read blobs", for an operation of the matrix; \a operation itself where it is not known.
QString operationInWords(const QString &operation);

} // namespace Access
