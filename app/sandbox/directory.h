#pragma once

#include "sandbox/directoryobject.h"
#include "sandbox/scenario.h"

#include <functional>

namespace Sandbox {

/// The tenants' directories as they are now: what the scenario put there, and what Graph was told
/// since. Pointers to objects hold until the next change.
class Directory final
{
public:
    /// Who looks: each service has its own replica, which may lag behind.
    enum class Replica { Graph, ResourceManager, SignIn };
    using Kind = DirectoryObject::Kind;

    Directory(const Scenario &scenario, const QDateTime &startedAt);

    /// Called after each change.
    void onChange(std::function<void()> changed) { m_changed = std::move(changed); }

    /// Whether what happened at \a when has reached \a replica.
    bool hasReached(Replica replica, const QDateTime &when, const QDateTime &now) const;
    /// By object ID, without regard to case; deleted ones are not found. nullptr where there is
    /// none, or not yet.
    const DirectoryObject *object(Replica replica, const QString &id, const QDateTime &now) const;
    /// The application or service principal that has this client ID in \a tenant.
    const DirectoryObject *ofClient(Replica replica, Kind kind, const QString &tenant,
                                    const QString &appId, const QDateTime &now) const;
    /// In the order in which they came.
    QList<const DirectoryObject *> list(const QString &tenant, Kind kind,
                                        const QDateTime &now) const;
    QList<const DirectoryObject *> deleted(const QString &tenant) const;
    const DirectoryObject *deletedObject(const QString &id) const;

    /// All of all tenants, deleted ones too.
    const QList<DirectoryObject> &objects() const { return m_objects; }
    void replaceObjects(const QList<DirectoryObject> &objects) { m_objects = objects; }

    void add(const DirectoryObject &object);
    /// Changes the object with this ID; does nothing where there is none.
    void change(const QString &id, const std::function<void(DirectoryObject &)> &edit);
    /// An application takes its service principal of the same tenant along.
    void remove(const QString &id, const QDateTime &now);
    void restore(const QString &id, const QDateTime &now);
    void purge(const QString &id);

private:
    DirectoryObject *byId(const QString &id);
    void seed(const Principal &principal, const QDateTime &startedAt);
    void tellChange() const;

    const Scenario &m_scenario;
    QList<DirectoryObject> m_objects;
    std::function<void()> m_changed;
};

/// A secret's value in the form of Entra ID's, from random numbers.
QString newSecretValue();
QString newId();

} // namespace Sandbox
