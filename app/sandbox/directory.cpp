#include "sandbox/directory.h"

#include <QRandomGenerator>
#include <QUuid>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

bool same(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

/// The same at every start, so that a state folder stays true.
QString derivedId(const QString &kind, const QString &of)
{
    static const QUuid space(u"5b1a6f0e-3c1e-4d0c-9a55-5e1c7a40b6de"_s);
    return QUuid::createUuidV5(space, kind + u'/' + of).toString(QUuid::WithoutBraces);
}

} // namespace

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

QString newSecretValue()
{
    static const QString alphabet =
        u"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.~_-"_s;
    QString value;
    for (int index = 0; index < 37; ++index)
        value +=
            alphabet[QRandomGenerator::system()->bounded(index < 3 ? 62 : int(alphabet.size()))];
    return value.insert(3, u"8Q~"_s);
}

Directory::Directory(const Scenario &scenario, const QDateTime &startedAt)
    : m_scenario(scenario)
{
    for (const Principal &principal : scenario.principals)
        seed(principal, startedAt);
    for (const Group &group : scenario.groups)
        m_objects.append({.kind = Kind::Group,
                          .id = group.id,
                          .tenant = scenario.tenants.value(0).id,
                          .displayName = group.name});
}

void Directory::seed(const Principal &principal, const QDateTime &startedAt)
{
    DirectoryObject application{
        .kind = Kind::Application,
        .id = derivedId(u"application"_s, principal.tenant + u'/' + principal.clientId),
        .tenant = principal.tenant,
        .appId = principal.clientId,
        .displayName = principal.name};
    for (const ClientSecret &secret : principal.secrets)
        application.passwords.append({.keyId = secret.id,
                                      .displayName = principal.name,
                                      .value = secret.value,
                                      .start = startedAt.addDays(-180),
                                      .end = startedAt.addDays(secret.expired ? -1 : 180)});
    m_objects.append(application);
    m_objects.append({.kind = Kind::ServicePrincipal,
                      .id = principal.objectId,
                      .tenant = principal.tenant,
                      .appId = principal.clientId,
                      .displayName = principal.name});
}

bool Directory::hasReached(Replica replica, const QDateTime &when, const QDateTime &now) const
{
    if (!when.isValid()) // from the beginning
        return true;
    const Replication &delays = m_scenario.replication;
    const qint64 seconds = replica == Replica::Graph    ? delays.graph
                           : replica == Replica::SignIn ? delays.signIn
                                                        : delays.resourceManager;
    return when.secsTo(now) >= seconds;
}

const DirectoryObject *Directory::object(Replica replica, const QString &id,
                                         const QDateTime &now) const
{
    for (const DirectoryObject &one : m_objects) {
        if (same(one.id, id) && !one.deleted.isValid() && hasReached(replica, one.created, now))
            return &one;
    }
    return nullptr;
}

const DirectoryObject *Directory::ofClient(Replica replica, Kind kind, const QString &tenant,
                                           const QString &appId, const QDateTime &now) const
{
    for (const DirectoryObject &one : m_objects) {
        if (one.kind == kind && !one.deleted.isValid() && same(one.tenant, tenant) &&
            same(one.appId, appId) && hasReached(replica, one.created, now))
            return &one;
    }
    return nullptr;
}

QList<const DirectoryObject *> Directory::list(const QString &tenant, Kind kind,
                                               const QDateTime &now) const
{
    QList<const DirectoryObject *> found;
    for (const DirectoryObject &one : m_objects) {
        if (one.kind == kind && !one.deleted.isValid() && same(one.tenant, tenant) &&
            hasReached(Replica::Graph, one.created, now))
            found.append(&one);
    }
    return found;
}

QList<const DirectoryObject *> Directory::deleted(const QString &tenant) const
{
    QList<const DirectoryObject *> found;
    for (const DirectoryObject &one : m_objects) {
        if (one.deleted.isValid() && same(one.tenant, tenant))
            found.append(&one);
    }
    return found;
}

const DirectoryObject *Directory::deletedObject(const QString &id) const
{
    const auto found = std::find_if(m_objects.begin(), m_objects.end(), [&](const auto &one) {
        return same(one.id, id) && one.deleted.isValid();
    });
    return found == m_objects.end() ? nullptr : &*found;
}

DirectoryObject *Directory::byId(const QString &id)
{
    const auto found = std::find_if(m_objects.begin(), m_objects.end(),
                                    [&](const auto &one) { return same(one.id, id); });
    return found == m_objects.end() ? nullptr : &*found;
}

void Directory::add(const DirectoryObject &object)
{
    m_objects.append(object);
    tellChange();
}

void Directory::change(const QString &id, const std::function<void(DirectoryObject &)> &edit)
{
    DirectoryObject *object = byId(id);
    if (!object)
        return;
    edit(*object);
    tellChange();
}

void Directory::remove(const QString &id, const QDateTime &now)
{
    const DirectoryObject *gone = byId(id);
    if (!gone)
        return;
    const DirectoryObject copy = *gone;
    for (DirectoryObject &one : m_objects) {
        const bool belongs = copy.kind == Kind::Application && one.kind == Kind::ServicePrincipal &&
                             one.appId == copy.appId && one.tenant == copy.tenant;
        if (!one.deleted.isValid() && (same(one.id, id) || belongs))
            one.deleted = now;
    }
    tellChange();
}

void Directory::restore(const QString &id, const QDateTime &now)
{
    change(id, [&](DirectoryObject &object) {
        object.deleted = {};
        object.created = object.created.isValid() ? object.created : now;
    });
}

void Directory::purge(const QString &id)
{
    m_objects.removeIf([&](const DirectoryObject &one) { return same(one.id, id); });
    tellChange();
}

void Directory::tellChange() const
{
    if (m_changed)
        m_changed();
}

} // namespace Sandbox
