#pragma once

#include "access/circumstances.h"
#include "access/verdict.h"

#include <optional>

namespace Access {

/// A condition as it stands in an assignment or a definition: none, parsed, or one that cannot be read.
class GivenCondition final
{
public:
    GivenCondition() = default;
    GivenCondition(const QString &text, const QString &version);

    bool isNone() const { return !m_condition && m_trouble.isEmpty(); }

    /// Allowed where it holds for \a required or there is none; Undecided where it cannot be read, where something it asks for
    /// is not known, or where it stands against an action that conditions are not documented for. \a whose begins the reasons:
    /// "The assignment's".
    Verdict holds(const RequiredPermission &required, const Circumstances &circumstances, const Azure::Scope &scope,
                  const Azure::Scope &assignedAt, const QString &whose) const;

private:
    std::optional<Condition> m_condition;
    QString m_trouble;
};

} // namespace Access
