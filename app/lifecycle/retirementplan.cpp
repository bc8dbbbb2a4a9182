#include "azure/newassignment.h"
#include "core/commandtext.h"
#include "lifecycle/retireprincipal.h"

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;

namespace {

// What a custom role is called is not known here.
QString roleName(const QString &id)
{
    for (const Azure::RoleDefinition &role : Azure::builtInRoles()) {
        if (role.id == id)
            return u"“%1”"_s.arg(role.name);
    }
    return id;
}

} // namespace

QStringList RetirePrincipal::Plan::inWords() const
{
    QStringList lines;
    for (const RoleAssignment &one : assignments)
        lines.append(u"role assignment at %1 (role %2)"_s.arg(one.scope.id(),
                                                              roleName(one.roleDefinitionId)));
    if (application) {
        for (const Azure::PasswordCredential &one : application->passwords)
            lines.append(u"client secret “%1” (%2)"_s.arg(one.displayName, one.keyId));
        for (const Azure::KeyCredential &one : application->keys)
            lines.append(u"certificate “%1” (%2)"_s.arg(one.displayName, one.keyId));
    }
    if (directory)
        lines.append(
            u"service principal “%1” (object %2)"_s.arg(directory->displayName, directory->id));
    if (application)
        lines.append(
            u"application “%1” (client %2)"_s.arg(application->displayName, application->appId));
    lines.append(u"keychain entry of “%1”"_s.arg(principal.name));
    return lines;
}

QStringList RetirePrincipal::Plan::azCommands() const
{
    QStringList commands;
    for (const RoleAssignment &one : assignments)
        commands.append(Azure::azDeleteAssignment(one.id));
    if (application) {
        for (const Azure::PasswordCredential &one : application->passwords)
            commands.append(Core::Command{u"az", u"ad", u"app", u"credential", u"delete"}
                                .option(u"--id", application->id)
                                .option(u"--key-id", one.keyId)
                                .text());
        for (const Azure::KeyCredential &one : application->keys)
            commands.append(Core::Command{u"az", u"ad", u"app", u"credential", u"delete", u"--cert"}
                                .option(u"--id", application->id)
                                .option(u"--key-id", one.keyId)
                                .text());
    }
    if (directory)
        commands.append(Core::Command{u"az", u"ad", u"sp", u"delete"}.option(u"--id", directory->id).text());
    if (application)
        commands.append(Core::Command{u"az", u"ad", u"app", u"delete"}.option(u"--id", application->id).text());
    return commands;
}

} // namespace Lifecycle
