#include "access/condition.h"
#include "access/conditionbuilder.h"
#include "cli/lifecycle.h"
#include "lifecycle/assignrole.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::ConditionForm;
using Core::Error;
using Core::Result;
using Lifecycle::AssignRole;

namespace {

struct Options
{
    std::string principal, role, scope, condition, pathPrefix, tag, container, description;
    std::shared_ptr<std::string> actor = std::make_shared<std::string>();
};

Result<QString> conditionOf(const Options &options, Context &context)
{
    if (!options.condition.empty()) {
        // What this program cannot read Azure may; but a slip is found sooner here than there.
        if (const auto parsed = Access::Condition::parse(text(options.condition)); !parsed)
            context.note(
                u"warning: the condition is not understood here (%1); Azure decides."_s.arg(
                    parsed.error().message));
        return text(options.condition);
    }
    ConditionForm form;
    if (!options.pathPrefix.empty()) {
        form = {ConditionForm::Kind::PathPrefix, {}, text(options.pathPrefix)};
    } else if (!options.tag.empty()) {
        form = {ConditionForm::Kind::Tag, text(options.tag).section(u'=', 0, 0),
                text(options.tag).section(u'=', 1)};
    } else if (!options.container.empty()) {
        form = {ConditionForm::Kind::Container, {}, text(options.container)};
    } else {
        return QString();
    }
    if (const QString remark = Access::conditionRemark(form); !remark.isEmpty())
        context.note(u"note: "_s + remark);
    return Access::conditionText(form);
}

void report(const AssignRole::Outcome &outcome, const Azure::NewAssignment &wanted,
            const QString &role, Context &context)
{
    const QString command = Azure::azCommand(wanted, role);
    if (context.json) {
        context.printJson({{u"created"_s, outcome.created},
                           {u"assignment"_s, toJson(outcome.assignment, role)},
                           {u"az"_s, QJsonArray{command}}});
    } else {
        context.print(outcome.created
                          ? u"Assigned “%1” at %2."_s.arg(role, wanted.scope.id())
                          : u"“%1” is assigned at %2 already; nothing was changed."_s.arg(
                                role, wanted.scope.id()));
        context.print(u"It can take some minutes until it works everywhere."_s);
        printCommands(context, {command});
    }
    context.finish(Done);
}

void assign(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
            const Azure::NewAssignment &wanted, const QString &role, Context &context)
{
    auto *flow = new AssignRole(parts, cloud, wanted, &context);
    QObject::connect(flow, &AssignRole::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(flow, &AssignRole::failed, &context,
                     [&context](const Error &error) { context.fail(error); });
    QObject::connect(flow, &AssignRole::finished, &context, [=, &context](const auto &outcome) {
        report(outcome, wanted, role, context);
    });
    flow->start();
}

void run(const Options &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto cloud = Identity::Cloud::load(principal->cloud);
    const auto scope = Azure::Scope::parse(text(options.scope));
    if (!cloud || !scope)
        return context.fail(cloud ? scope.error() : cloud.error());
    const Result<QString> condition = conditionOf(options, context);
    if (!condition)
        return context.fail(condition.error());
    const auto parts = partsFor(context, principal->cloud, principal->tenant, *options.actor);
    if (!parts)
        return;
    Services::findRoleAt(*parts, *cloud, *scope, text(options.role), &context,
                         [=, &context](const Result<Azure::RoleDefinition> &role) {
                             if (!role)
                                 return context.fail(role.error());
                             Services::objectIdOf(
                                 context.services(), *parts, *principal, &context,
                                 [=, role = *role, &context](const Result<QString> &id) {
                                     if (!id)
                                         return context.fail(id.error());
                                     const Azure::NewAssignment wanted{
                                         *scope,     role.id,
                                         *id,        u"ServicePrincipal"_s,
                                         *condition, text(options.description)};
                                     assign(*parts, *cloud, wanted, role.name, context);
                                 });
                         });
}

} // namespace

void addAssign(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("assign", "give a principal a role; a repeat changes nothing");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--role", options->role, "name or ID")->required()->check(notEmpty());
    command
        ->add_option("--scope", options->scope,
                     "the resource ID of a management group, subscription, resource group, account "
                     "or container")
        ->required()
        ->check(notEmpty());
    CLI::Option *condition =
        command
            ->add_option("--condition", options->condition, "a condition, as text of version 2.0")
            ->check(notEmpty());
    CLI::Option *path =
        command->add_option("--path-prefix", options->pathPrefix, "only blobs whose path begins so")
            ->check(notEmpty());
    CLI::Option *tag =
        command->add_option("--tag", options->tag, "only blobs with this index tag: KEY=VALUE")
            ->check(notEmpty());
    CLI::Option *container =
        command->add_option("--in-container", options->container, "only blobs of this container")
            ->check(notEmpty());
    const QList<CLI::Option *> ways{condition, path, tag, container};
    for (CLI::Option *one : ways) {
        for (CLI::Option *other : ways) {
            if (one != other)
                one->excludes(other);
        }
    }
    command->add_option("--description", options->description, "kept with the assignment")
        ->check(notEmpty());
    addActor(*command, options->actor);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
