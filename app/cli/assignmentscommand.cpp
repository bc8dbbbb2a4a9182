#include "cli/lifecycle.h"
#include "core/commandtext.h"
#include "services/rolenames.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <algorithm>

namespace Cli {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Core::Result;

namespace {

struct Options
{
    std::string principal, id;
    std::shared_ptr<std::string> actor = std::make_shared<std::string>();
};

/// By the GUIDs of their definitions.
using RoleNames = QHash<QString, QString>;
using Listed =
    std::function<void(const Identity::Cloud &, const Lifecycle::Parts &, const QString &objectId,
                       const Services::FoundAssignments &, const RoleNames &)>;

void read(const Options &options, Context &context, const Listed &then)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto cloud = Identity::Cloud::load(principal->cloud);
    if (!cloud)
        return context.fail(cloud.error());
    const auto parts = partsFor(context, principal->cloud, principal->tenant, *options.actor);
    if (!parts)
        return;
    Services::objectIdOf(
        context.services(), *parts, *principal, &context, [=, &context](const Result<QString> &id) {
            if (!id)
                return context.fail(id.error());
            Services::assignmentsEverywhere(
                *parts, *cloud, *id, &context, [=, &context](const auto &found) {
                    if (!found)
                        return context.fail(found.error());
                    for (const QString &one : found->unread)
                        context.note(
                            u"the assignments of the subscription “%1” may not be listed; of those only what is to be seen at its storage accounts is there"_s
                                .arg(one));
                    Services::roleNames(*parts, *cloud, found->assignments, &context,
                                        [=](const Result<RoleNames> &names) {
                                            then(*cloud, *parts, *id, *found,
                                                 names ? *names : RoleNames());
                                        });
                });
        });
}

void list(const Options &options, Context &context)
{
    read(
        options, context,
        [&context](const auto &, const auto &, const QString &objectId,
                   const Services::FoundAssignments &found, const RoleNames &names) {
            const QList<RoleAssignment> &assignments = found.assignments;
            const QStringList commands{Core::Command{u"az", u"role", u"assignment", u"list", u"--all"}
                                           .option(u"--assignee", objectId)
                                           .text()};
            QJsonArray array;
            for (const RoleAssignment &one : assignments) {
                const QString role = names.value(one.roleDefinitionId, one.roleDefinitionId);
                array.append(toJson(one, role));
                if (context.json)
                    continue;
                context.printRow(role.leftJustified(34) + u"  "_s + one.scope.id());
                if (!one.condition.isEmpty())
                    context.printRow(u"    if "_s + one.condition.simplified());
                context.printRow(u"    "_s + one.id);
            }
            if (context.json)
                context.printJson({{u"objectId"_s, objectId},
                                   {u"assignments"_s, array},
                                   {u"unread"_s, QJsonArray::fromStringList(found.unread)},
                                   {u"az"_s, QJsonArray::fromStringList(commands)}});
            else if (assignments.isEmpty())
                context.print(
                    u"No role assignment names it, as far as the operator sees. Roles of its groups are not listed here."_s);
            if (!context.json)
                printCommands(context, commands);
            context.finish(Done);
        });
}

// Only one that is the principal's: an ID that was copied from elsewhere is refused.
void remove(const Options &options, Context &context)
{
    read(options, context,
         [options, &context](const Identity::Cloud &cloud, const Lifecycle::Parts &parts,
                             const QString &, const Services::FoundAssignments &seen,
                             const RoleNames &names) {
             const QList<RoleAssignment> &all = seen.assignments;
             const QString asked = text(options.id);
             const auto found =
                 std::find_if(all.cbegin(), all.cend(), [&](const RoleAssignment &one) {
                     return one.id.compare(asked, Qt::CaseInsensitive) == 0 ||
                            one.id.section(u'/', -1).compare(asked, Qt::CaseInsensitive) == 0;
                 });
             if (found == all.cend())
                 return context.fail(
                     {.kind = Core::Error::Kind::NotFound,
                      .message =
                          u"“%1” is no role assignment of this principal."_s.arg(asked.left(200)),
                      .code = u"UnknownAssignment"_s,
                      .nextStep = u"See rolescope-cli assignments list."_s});
             parts.operatorToken(
                 cloud.armScope(), &context,
                 [=, one = *found,
                  role = names.value(found->roleDefinitionId, found->roleDefinitionId),
                  &context](const Result<Identity::AccessToken> &token) {
                     if (!token)
                         return context.fail(token.error());
                     auto arm = std::make_shared<Azure::ArmClient>(parts.transport, cloud);
                     arm->deleteAssignment(
                         *token, one.id, &context,
                         [arm, one, role, &context](const Result<void> &removed) {
                             if (!removed)
                                 return context.fail(removed.error());
                             const QStringList commands{Azure::azDeleteAssignment(one.id)};
                             if (context.json) {
                                 context.printJson(
                                     {{u"removed"_s, toJson(one, role)},
                                      {u"az"_s, QJsonArray::fromStringList(commands)}});
                             } else {
                                 context.print(u"Removed “%1” at %2."_s.arg(role, one.scope.id()));
                                 printCommands(context, commands);
                             }
                             context.finish(Done);
                         });
                 });
         });
}

} // namespace

void addAssignments(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("assignments", "the role assignments that name a principal");
    command->require_subcommand(1);
    CLI::App *listing = command->add_subcommand("list", "all that the operator sees");
    CLI::App *removing = command->add_subcommand("remove", "take one away");
    for (CLI::App *one : {listing, removing}) {
        one->add_option("PRINCIPAL", options->principal)->required();
        addActor(*one, options->actor);
        addJson(*one, context);
    }
    removing->add_option("ID", options->id, "the assignment's resource ID or name")
        ->required()
        ->check(notEmpty());
    listing->callback(
        [options, &context] { context.run = [options, &context] { list(*options, context); }; });
    removing->callback(
        [options, &context] { context.run = [options, &context] { remove(*options, context); }; });
}

} // namespace Cli
