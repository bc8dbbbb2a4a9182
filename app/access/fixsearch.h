#pragma once

#include "access/smallestfix.h"

#include <QHash>

namespace Access {

/// What one role assignment more would change, for many questions about the same rights. What was
/// worked out for one is kept for the next.
class FixSearch final
{
public:
    /// \a facts is copied; conditions are judged at \a now.
    FixSearch(const AuthorizationFacts &facts, const QDateTime &now);

    /// As smallestFixes().
    QList<Fix> find(const QList<WantedCell> &wanted, qsizetype limit);
    bool allows(const WantedCell &cell) const; ///< with the assignments as they are
    /// With \a roleId assigned at \a scope besides, whether any of \a cells would be allowed.
    bool wouldAllowAny(const QString &roleId, const Azure::Scope &scope,
                       const QList<WantedCell> &cells) const;

private:
    struct Candidate
    {
        Fix fix;
        qsizetype powers = 0;
        qsizetype weight = 0;
    };

    QList<qsizetype> rolesFor(const WantedCell &cell); ///< indices in the facts' definitions
    std::optional<Candidate> tryRole(const Azure::RoleDefinition &role, const Azure::Scope &scope,
                                     const QList<WantedCell> &wanted,
                                     const QList<WantedCell> &open) const;

    AuthorizationFacts m_facts;
    QDateTime m_now;
    RoleEvaluator m_before;
    QHash<QString, QList<qsizetype>> m_rolesFor; ///< by operation
};

/// All that the matrix knows at a scope: of a container its row, of an \a account its own row and
/// any container's, which \a anyContainer stands for.
QList<WantedCell> cellsAt(bool account, const QString &anyContainer);
QStringList inWords(const QList<WantedCell> &cells); ///< each operation once

} // namespace Access
