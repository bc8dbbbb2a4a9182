#pragma once

#include "sandbox/graphcredentials.h"

namespace Sandbox {

/// Graph's applications and servicePrincipals.
class GraphObjects final
{
public:
    GraphObjects(const Scenario &scenario, Directory &directory);

    /// \a call's path begins with "applications" or "servicePrincipals".
    Answer answer(const GraphCall &call, DirectoryObject::Kind kind);
    /// What Graph says of an object of whatever kind.
    QJsonObject document(const DirectoryObject &object, const QDateTime &now) const;

private:
    using Kind = DirectoryObject::Kind;

    Answer list(const GraphCall &call, Kind kind) const;
    Answer create(const GraphCall &call, Kind kind);
    Answer createApplication(const GraphCall &call, DirectoryObject object);
    Answer createPrincipal(const GraphCall &call, DirectoryObject object);
    Answer object(const GraphCall &call, const DirectoryObject &object);
    Answer patch(const GraphCall &call, const DirectoryObject &object);
    Answer owners(const GraphCall &call, const DirectoryObject &object);
    const DirectoryObject *find(const GraphCall &call, Kind kind) const;

    const Scenario &m_scenario;
    Directory &m_directory;
    GraphCredentials m_credentials;
};

} // namespace Sandbox
