#pragma once

#include "sandbox/scenario.h"

#include <functional>

namespace Sandbox {

/// The role definitions and assignments as they are now: the scenario's, and what Resource Manager
/// was told since.
class RoleRegister final
{
public:
    struct History
    {
        QDateTime created; ///< invalid: with all the scenario
        QDateTime updated;
        QString createdBy; ///< object ID; empty: nobody is told
        QString updatedBy;
    };

    /// \a startedAt: assignments that take their time count from then.
    RoleRegister(const Scenario &scenario, const QDateTime &startedAt);

    /// Called after each change.
    void onChange(std::function<void()> changed) { m_changed = std::move(changed); }
    QDateTime startedAt() const { return m_startedAt; }
    /// Differs after each change.
    quint64 revision() const { return m_revision; }

    const QList<Azure::RoleAssignment> &assignments() const { return m_assignments; }
    const QList<Azure::RoleDefinition> &definitions() const { return m_definitions; }
    /// By GUID, without regard to case.
    const Azure::RoleDefinition *definition(const QString &id) const;
    /// By resource ID, without regard to case.
    const Azure::RoleAssignment *assignment(const QString &id) const;
    /// Of an assignment (by its resource ID) or of a definition (by its GUID).
    History history(const QString &id) const { return m_history.value(id.toLower()); }

    /// What the data plane goes by at \a now: new assignments come and removed ones leave after
    /// their time.
    QList<Azure::RoleAssignment> effective(const QDateTime &now) const;

    /// Replaces an assignment of the same resource ID.
    void assign(const Azure::RoleAssignment &assignment, const QString &by, const QDateTime &now);
    void unassign(const QString &id, const QDateTime &now);
    void define(const Azure::RoleDefinition &definition, const QString &by, const QDateTime &now);
    void undefine(const QString &id);

    /// Assignments, custom roles and their history. What is leaving the data is not in it.
    QJsonObject saved() const;
    /// False, and nothing changed, where \a saved is no such thing.
    bool restore(const QJsonObject &saved);

private:
    struct Leaving
    {
        Azure::RoleAssignment assignment;
        QDateTime until;
    };
    void note(const QString &id, const QString &by, const QDateTime &now);
    void tellChange();

    qint64 m_delay = 0; ///< seconds
    QDateTime m_startedAt;
    QHash<QString, qint64> m_delays;
    QList<Azure::RoleAssignment> m_assignments;
    QList<Azure::RoleDefinition> m_definitions;
    QList<Leaving> m_leaving;
    QHash<QString, History> m_history;
    quint64 m_revision = 0;
    std::function<void()> m_changed;
};

} // namespace Sandbox
