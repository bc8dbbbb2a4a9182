#include "access/missingpermission.h"

#include "access/rolecatalogue.h"

#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

namespace {

// Of Azure's own roles for blobs the one that allows least; many others allow it among much else.
QString smallestBlobRole(const QString &action)
{
    const auto roles = rolesAllowing(Azure::builtInRoles(), action);
    const auto found = std::find_if(roles.cbegin(), roles.cend(), [](const auto &role) {
        return role.name.startsWith(u"Storage Blob Data ");
    });
    return found == roles.cend() ? QString() : found->name;
}

} // namespace

Core::Error withMissingPermission(Core::Error error, const BlobOperation &operation)
{
    if (error.code != u"AuthorizationPermissionMismatch" || operation.anyOf.isEmpty())
        return error;
    QStringList ways;
    for (const auto &together : operation.anyOf) {
        QStringList actions;
        for (const RequiredPermission &one : together)
            actions.append(one.action);
        ways.append(actions.join(u" and "_s));
    }
    error.nextStep = u"“%1” needs %2."_s.arg(operation.name, ways.join(u", or "_s));
    const QString role = smallestBlobRole(operation.anyOf.first().value(0).action);
    if (!role.isEmpty())
        error.nextStep +=
            u" %1 has it: assign that at the container or the account. A new assignment can take up to ten minutes."_s
                .arg(role);
    return error;
}

} // namespace Access
