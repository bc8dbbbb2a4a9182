#include "sandbox/directoryrights.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

// Microsoft Entra built-in roles: the first three may manage all aspects of applications.
constexpr qsizetype s_rolesThatWrite = 3;
// Microsoft Graph permissions reference: what an application may be granted.
constexpr qsizetype s_permissionsThatWrite = 2;
const QString s_owned = u"Application.ReadWrite.OwnedBy"_s;

bool anyOf(const QStringList &given, const QStringList &wanted)
{
    return std::any_of(given.begin(), given.end(),
                       [&](const QString &one) { return wanted.contains(one); });
}

} // namespace

const QStringList &directoryRoles()
{
    static const QStringList names{u"Global Administrator"_s, u"Application Administrator"_s,
                                   u"Cloud Application Administrator"_s, u"Global Reader"_s,
                                   u"Directory Readers"_s};
    return names;
}

const QStringList &graphPermissions()
{
    static const QStringList names{u"Application.ReadWrite.All"_s, u"Directory.ReadWrite.All"_s,
                                   u"Application.Read.All"_s, u"Directory.Read.All"_s, s_owned};
    return names;
}

DirectoryRights::DirectoryRights(const Scenario &scenario, const GraphCaller &caller)
    : m_objectId(caller.objectId)
{
    const auto addRoles = [this](const QStringList &roles) {
        m_readAll = m_readAll || !roles.isEmpty();
        m_writeAll = m_writeAll || anyOf(roles, directoryRoles().first(s_rolesThatWrite));
    };
    if (const User *user = scenario.userOfObject(caller.objectId)) {
        m_readAll = true;
        m_writeOwn = true;
        addRoles(user->directoryRoles);
    }
    if (const Principal *principal = scenario.principalOfObject(caller.objectId)) {
        const QStringList &permissions = principal->graphPermissions;
        addRoles(principal->directoryRoles);
        m_writeAll =
            m_writeAll || anyOf(permissions, graphPermissions().first(s_permissionsThatWrite));
        m_writeOwn = permissions.contains(s_owned);
        m_readAll = m_readAll || m_writeAll ||
                    anyOf(permissions, {u"Application.Read.All"_s, u"Directory.Read.All"_s});
    }
}

bool DirectoryRights::mayRead(const DirectoryObject &object) const
{
    return m_readAll || mayChange(object);
}

bool DirectoryRights::mayChange(const DirectoryObject &object) const
{
    return m_writeAll || (m_writeOwn && object.owners.contains(m_objectId, Qt::CaseInsensitive));
}

} // namespace Sandbox
