#pragma once

#include "sandbox/armanswer.h"
#include "sandbox/authorizer.h"

namespace Sandbox {

/// Resource groups: those of the scenario, which are only read, and those that are made while the
/// sandbox runs, which are empty and can be deleted again.
class ArmGroups final
{
public:
    ArmGroups(const Scenario &scenario, const Authorizer &authorizer);

    /// \a asked: the group's name; empty for the list.
    ArmFound answer(const Incoming &request, const Azure::Scope &subscription, const QString &asked,
                    const ArmCaller &caller);
    /// Of a deletion that goes on; \a subscription: its ID. 202 until it is over.
    ArmFound operation(const QString &subscription, const QString &id, const ArmCaller &caller);

private:
    struct Made
    {
        ResourceGroup group;
        QJsonObject tags;
        QString operation; ///< of its deletion
        QDateTime gone;    ///< invalid until it is deleted
    };
    ArmFound read(const Azure::Scope &subscription, const QString &asked, const ArmCaller &caller);
    ArmFound put(const Incoming &request, const Azure::Scope &at, const QString &name);
    ArmFound remove(const Azure::Scope &at, const QString &name, const ArmCaller &caller);
    Made *made(const QString &subscription, const QString &name);
    static QJsonObject document(const Made &one);
    bool isOfScenario(const QString &subscription, const QString &name) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    QList<Made> m_made;
};

} // namespace Sandbox
