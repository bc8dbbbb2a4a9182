#pragma once

#include "sandbox/directory.h"

namespace Sandbox {

/// Whoever calls Graph, by what its token says.
struct GraphCaller
{
    QString tenant;
    QString objectId;
    QString appId;
    bool isUser = false;
};

/// What a caller may do in the directory. Users may read it and register applications, which they
/// then own (Entra's default); the rest follows from directory roles and application permissions.
class DirectoryRights final
{
public:
    DirectoryRights(const Scenario &scenario, const GraphCaller &caller);

    bool mayReadAll() const { return m_readAll; }
    bool mayRead(const DirectoryObject &object) const;
    bool mayChangeAll() const { return m_writeAll; }
    bool mayCreate() const { return m_writeAll || m_writeOwn; }
    bool mayChange(const DirectoryObject &object) const;
    /// Whether what the caller creates becomes its own.
    bool ownsWhatItCreates() const { return m_writeOwn; }

private:
    QString m_objectId;
    bool m_readAll = false;
    bool m_writeAll = false;
    bool m_writeOwn = false;
};

/// The names that a scenario may give.
const QStringList &directoryRoles();
const QStringList &graphPermissions();

} // namespace Sandbox
