#include "services/rolenames.h"

#include "access/rolecatalogue.h"
#include "azure/armclient.h"
#include "core/deliver.h"

#include <memory>

namespace Services {

using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Core::Result;
using Identity::AccessToken;

namespace {

using Names = QHash<QString, QString>;

// Asks at one scope after the other, as long as a role there has no name yet.
struct Search : std::enable_shared_from_this<Search>
{
    Search(const Lifecycle::Parts &parts, const Identity::Cloud &cloud)
        : arm(parts.transport, cloud)
    {
    }

    void next()
    {
        while (!left.isEmpty() && names.contains(left.constFirst().roleDefinitionId))
            left.removeFirst();
        if (left.isEmpty())
            return done(names);
        const Azure::Scope scope = left.takeFirst().scope;
        arm.roleDefinitions(token, scope, context, [self = shared_from_this()](const auto &roles) {
            if (roles) {
                for (const RoleDefinition &one : *roles)
                    self->names.insert(one.id, one.name);
            }
            self->next();
        });
    }

    Azure::ArmClient arm;
    AccessToken token;
    QObject *context = nullptr;
    Core::Done<Names> done;
    QList<RoleAssignment> left; ///< of roles that are not known yet
    Names names;
};

} // namespace

void roleNames(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
               const QList<RoleAssignment> &assignments, QObject *context, Core::Done<Names> done)
{
    auto search = std::make_shared<Search>(parts, cloud);
    for (const RoleAssignment &one : assignments) {
        if (const auto builtIn = Access::findRole(Azure::builtInRoles(), one.roleDefinitionId))
            search->names.insert(one.roleDefinitionId, builtIn->name);
        else
            search->left.append(one);
    }
    if (search->left.isEmpty())
        return Core::deliver(context, std::move(done), search->names);
    search->context = context;
    search->done = std::move(done);
    parts.operatorToken(cloud.armScope(), context, [search](const Result<AccessToken> &token) {
        if (!token)
            return search->done(search->names);
        search->token = *token;
        search->next();
    });
}

} // namespace Services
