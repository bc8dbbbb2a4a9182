#include "sandbox/roleregister.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

template<typename List>
auto byId(List &list, const QString &id)
{
    return std::find_if(list.begin(), list.end(), [&](const auto &one) {
        return one.id.compare(id, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

RoleRegister::RoleRegister(const Scenario &scenario, const QDateTime &startedAt)
    : m_delay(scenario.assignmentDelay)
    , m_startedAt(startedAt)
    , m_delays(scenario.delays)
    , m_assignments(scenario.assignments)
    , m_definitions(scenario.definitions)
{
    for (auto it = m_delays.begin(); it != m_delays.end(); ++it)
        m_history.insert(it.key().toLower(), {startedAt, startedAt, {}, {}});
}

const Azure::RoleDefinition *RoleRegister::definition(const QString &id) const
{
    const auto found = byId(m_definitions, id);
    return found == m_definitions.end() ? nullptr : &*found;
}

const Azure::RoleAssignment *RoleRegister::assignment(const QString &id) const
{
    const auto found = byId(m_assignments, id);
    return found == m_assignments.end() ? nullptr : &*found;
}

QList<Azure::RoleAssignment> RoleRegister::effective(const QDateTime &now) const
{
    QList<Azure::RoleAssignment> all;
    for (const Azure::RoleAssignment &one : m_assignments) {
        const QDateTime created = history(one.id).created;
        const qint64 delay = m_delays.contains(one.id) ? m_delays.value(one.id) : m_delay;
        if (!created.isValid() || created.secsTo(now) >= delay)
            all.append(one);
    }
    for (const Leaving &one : m_leaving) {
        if (now < one.until)
            all.append(one.assignment);
    }
    return all;
}

void RoleRegister::note(const QString &id, const QString &by, const QDateTime &now)
{
    History &history = m_history[id.toLower()];
    if (!history.created.isValid())
        history = {now, now, by, by};
    history.updated = now;
    history.updatedBy = by;
}

void RoleRegister::assign(const Azure::RoleAssignment &assignment, const QString &by,
                          const QDateTime &now)
{
    const auto found = byId(m_assignments, assignment.id);
    if (found == m_assignments.end())
        m_assignments.append(assignment);
    else
        *found = assignment;
    note(assignment.id, by, now);
    tellChange();
}

void RoleRegister::unassign(const QString &id, const QDateTime &now)
{
    const auto found = byId(m_assignments, id);
    if (found == m_assignments.end())
        return;
    m_leaving.removeIf([&](const Leaving &one) { return one.until <= now; });
    if (m_delay > 0)
        m_leaving.append({*found, now.addSecs(m_delay)});
    m_history.remove(id.toLower());
    m_assignments.erase(found);
    tellChange();
}

void RoleRegister::define(const Azure::RoleDefinition &definition, const QString &by,
                          const QDateTime &now)
{
    const auto found = byId(m_definitions, definition.id);
    if (found == m_definitions.end())
        m_definitions.append(definition);
    else
        *found = definition;
    note(definition.id, by, now);
    tellChange();
}

void RoleRegister::undefine(const QString &id)
{
    m_definitions.removeIf(
        [&](const auto &one) { return one.id.compare(id, Qt::CaseInsensitive) == 0; });
    m_history.remove(id.toLower());
    tellChange();
}

void RoleRegister::tellChange()
{
    ++m_revision;
    if (m_changed)
        m_changed();
}

} // namespace Sandbox
