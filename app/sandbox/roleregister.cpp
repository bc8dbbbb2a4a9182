#include "sandbox/roleregister.h"

#include "sandbox/armdocuments.h"

#include <QJsonArray>
#include <QJsonDocument>
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

QJsonObject RoleRegister::saved() const
{
    QJsonArray assignments, definitions;
    QJsonObject histories;
    for (const Azure::RoleAssignment &one : m_assignments)
        assignments.append(roleAssignmentDocument(one, history(one.id)));
    for (const Azure::RoleDefinition &one : m_definitions) {
        if (one.type == u"CustomRole")
            definitions.append(roleDefinitionDocument(one, {}, history(one.id)));
    }
    for (auto it = m_history.begin(); it != m_history.end(); ++it)
        histories.insert(it.key(), QJsonArray{it->created.toString(Qt::ISODateWithMs),
                                              it->updated.toString(Qt::ISODateWithMs),
                                              it->createdBy, it->updatedBy});
    return {{u"assignments"_s, assignments},
            {u"definitions"_s, definitions},
            {u"histories"_s, histories}};
}

bool RoleRegister::restore(const QJsonObject &saved)
{
    const auto assignments = Azure::roleAssignmentsFromJson(
        QJsonDocument(saved[u"assignments"_s].toArray()).toJson(QJsonDocument::Compact));
    const auto definitions = Azure::roleDefinitionsFromJson(
        QJsonDocument(saved[u"definitions"_s].toArray()).toJson(QJsonDocument::Compact));
    if (!saved.contains(u"assignments"_s) || !assignments || !definitions)
        return false;
    m_assignments = assignments->entries;
    for (Azure::RoleAssignment &one : m_assignments)
        one.updatedOn = {}; // the history tells that
    m_definitions.removeIf([](const auto &one) { return one.type == u"CustomRole"; });
    m_definitions += definitions->entries;
    m_history.clear();
    const QJsonObject histories = saved[u"histories"_s].toObject();
    for (auto it = histories.begin(); it != histories.end(); ++it) {
        const auto time = [&](int at) {
            return QDateTime::fromString(it.value()[at].toString(), Qt::ISODateWithMs).toUTC();
        };
        m_history.insert(it.key(),
                         {time(0), time(1), it.value()[2].toString(), it.value()[3].toString()});
    }
    ++m_revision;
    return true;
}

} // namespace Sandbox
