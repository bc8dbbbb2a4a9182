#pragma once

#include "sandbox/graphanswer.h"

#include <QMap>

namespace Sandbox {

/// Graph's oauth2PermissionGrants: what people, or a directory's administrator for all of them, let
/// an application do in their name. Nothing here depends on them; they are listed, created,
/// changed and removed.
class PermissionGrants final
{
public:
    PermissionGrants(const Scenario &scenario, const Directory &directory);

    Answer answer(const GraphCall &call);

private:
    Answer listed(const GraphCall &call) const;
    Answer created(const GraphCall &call);
    Answer one(const GraphCall &call, QJsonArray &all, qsizetype at);
    bool isServicePrincipal(const GraphCall &call, const QString &objectId) const;

    const Scenario &m_scenario;
    const Directory &m_directory;
    QMap<QString, QJsonArray> m_grants; ///< by tenant
};

} // namespace Sandbox
