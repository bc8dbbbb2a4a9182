#include "cli/principals.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Identity::ServicePrincipal;
using Vault::Orphan;

namespace {

void listAll(Context &context)
{
    const auto principals = context.services().vault.list();
    if (!principals)
        return context.fail(principals.error());
    if (context.json) {
        QJsonArray array;
        for (const ServicePrincipal &one : *principals)
            array.append(Identity::toJson(one));
        context.printJson({{u"principals"_s, array}});
    } else if (principals->isEmpty()) {
        context.print(u"There are no principals yet. Add one: rolescope-cli principal add --help"_s);
    } else {
        for (const ServicePrincipal &one : *principals)
            context.printRow(
                (one.environment.name.isEmpty() ? u"-"_s : one.environment.name).leftJustified(14) +
                u"  "_s + one.name.leftJustified(28) +
                u"  tenant %1  client %2"_s.arg(one.tenant, one.clientId));
    }
    // Asked last, and never a reason to fail: without a keychain the list is still the list.
    context.services().vault.findOrphans(&context, [&context](const Result<QList<Orphan>> &orphans) {
        if (orphans) {
            for (const Orphan &orphan : *orphans)
                context.note(u"warning: "_s + orphanText(orphan) + u"; see rolescope-cli principal repair"_s);
        }
        context.finish(Done);
    });
}

void show(const std::string &name, Context &context)
{
    const auto principal = context.principal(name);
    if (!principal)
        return;
    const QJsonObject object = Identity::toJson(*principal);
    if (context.json) {
        context.printJson({{u"principal"_s, object}});
    } else {
        const QStringList keys = object.keys();
        for (const QString &key : keys) {
            const QJsonValue value = object[key];
            QStringList texts;
            const QJsonArray array = value.toArray();
            for (const QJsonValue &one : array)
                texts.append(one.toString());
            context.print(u"%1  %2"_s.arg(key, -20).arg(value.isArray() ? texts.join(u", "_s) : value.toVariant().toString()));
        }
    }
    context.finish(Done);
}

void removeOne(const std::string &name, Context &context)
{
    const auto principal = context.principal(name);
    if (!principal)
        return;
    context.services().vault.remove(principal->id, &context, [&context, name = principal->name](const Result<void> &removed) {
        if (!removed)
            return context.fail(removed.error());
        if (context.json)
            context.printJson({{u"removed"_s, name}});
        else
            context.print(u"Removed “%1” and its secret. The application in Entra ID is untouched."_s.arg(name));
        context.finish(Done);
    });
}

void renameOne(const std::string &from, const std::string &to, Context &context)
{
    const Result<void> renamed = context.services().vault.rename(text(from), text(to));
    if (!renamed)
        return context.fail(renamed.error());
    if (context.json)
        context.printJson({{u"renamed"_s, text(from)}, {u"name"_s, text(to)}});
    else
        context.print(u"“%1” is now “%2”."_s.arg(text(from), text(to)));
    context.finish(Done);
}

} // namespace

void addPrincipal(CLI::App &app, Context &context)
{
    CLI::App *principal = app.add_subcommand("principal", "the service principals kept here");
    principal->require_subcommand(1);
    addPrincipalAdd(*principal, context);

    CLI::App *list = principal->add_subcommand("list", "all of them, by environment");
    addJson(*list, context);
    list->callback([&context] { context.run = [&context] { listAll(context); }; });

    const auto name = std::make_shared<std::string>();
    const auto other = std::make_shared<std::string>();
    CLI::App *showCommand = principal->add_subcommand("show", "one of them; the secret is not shown");
    showCommand->add_option("NAME", *name)->required();
    addJson(*showCommand, context);
    showCommand->callback([name, &context] { context.run = [name, &context] { show(*name, context); }; });

    CLI::App *remove = principal->add_subcommand("remove", "forget it and its secret; nothing in Azure is changed");
    remove->add_option("NAME", *name)->required();
    addJson(*remove, context);
    remove->callback([name, &context] { context.run = [name, &context] { removeOne(*name, context); }; });

    CLI::App *rename = principal->add_subcommand("rename", "call it otherwise here");
    rename->add_option("OLD", *name)->required();
    rename->add_option("NEW", *other)->required();
    addJson(*rename, context);
    rename->callback([name, other, &context] { context.run = [name, other, &context] { renameOne(*name, *other, context); }; });
    addPrincipalRepair(*principal, context);
}

} // namespace Cli
