#include "cli/principals.h"
#include "core/commandtext.h"
#include "identity/expiry.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Identity::ServicePrincipal;

namespace {

void show(const std::string &name, Context &context)
{
    const auto principal = context.principal(name);
    if (!principal)
        return;
    QJsonObject object = Identity::toJson(*principal);
    const auto expiry = Identity::expiryOf(*principal, context.services().clock.now(), std::chrono::seconds(0));
    if (expiry.state != Identity::Expiry::State::Unknown)
        object[u"expiresInDays"_s] = expiry.days;
    const auto removals = context.services().vault.unfinishedRemovals();
    if (!removals)
        return context.fail(removals.error());
    if (const QString why = removals->value(principal->id); !why.isEmpty())
        object[u"removalUnfinished"_s] = u"%1 Retry with: %2"_s.arg(why, removalCommand(principal->name));
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

QString removalCommand(const QString &name)
{
    return Core::Command{u"rolescope-cli", u"principal", u"remove"}.argument(name).text();
}

void addPrincipal(CLI::App &app, Context &context)
{
    CLI::App *principal = app.add_subcommand("principal", "the service principals kept here");
    principal->require_subcommand(1);
    addPrincipalAdd(*principal, context);

    addPrincipalList(*principal, context);
    addPrincipalCertificate(*principal, context);
    addPrincipalExpiry(*principal, context);

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
