#include "cli/principals.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Vault::Orphan;

namespace {

// Repairs one after the other; without a choice it only tells.
void repairNext(QList<Orphan> orphans, const std::string &choice, Context &context)
{
    if (orphans.isEmpty()) {
        if (context.json)
            context.printJson({{u"orphans"_s, QJsonArray()}});
        return context.finish(Done);
    }
    const Orphan orphan = orphans.takeFirst();
    const bool restore = choice == "restore";
    if (restore && orphan.side == Orphan::Side::Index) {
        // Its secret is gone, perhaps only from this session's keychain: what is left must not go
        // too.
        context.note(u"kept: "_s + orphanText(orphan) +
                     u"; add it again, or repair with “remove”"_s);
        return repairNext(orphans, choice, context);
    }
    context.services().vault.repair(orphan, restore, &context, [=, &context](const Result<void> &repaired) {
        if (!repaired)
            return context.fail(repaired.error());
        context.note((restore ? u"restored: "_s : u"removed: "_s) + orphanText(orphan));
        repairNext(orphans, choice, context);
    });
}

void repair(const std::string &choice, Context &context)
{
    context.services().vault.findOrphans(&context, [=, &context](const Result<QList<Orphan>> &orphans) {
        if (!orphans)
            return context.fail(orphans.error());
        if (!choice.empty())
            return repairNext(*orphans, choice, context);
        QJsonArray array;
        for (const Orphan &orphan : *orphans) {
            array.append(QJsonObject{{u"side"_s, orphan.side == Orphan::Side::Keychain ? u"keychain"_s : u"index"_s},
                                     {u"name"_s, orphan.principal ? QJsonValue(orphan.principal->name) : QJsonValue()}});
            if (!context.json)
                context.print(orphanText(orphan));
        }
        if (context.json)
            context.printJson({{u"orphans"_s, array}});
        else if (orphans->isEmpty())
            context.print(u"Index and keychain agree."_s);
        context.finish(orphans->isEmpty() ? Done : No);
    });
}

} // namespace

QString orphanText(const Orphan &orphan)
{
    const QString name = orphan.principal ? u"“%1”"_s.arg(orphan.principal->name) : u"an unknown principal"_s;
    return orphan.side == Orphan::Side::Keychain ? u"the keychain has a secret of %1 that the index does not name"_s.arg(name)
                                                 : u"the index names %1, but the keychain has no secret for it"_s.arg(name);
}

void addPrincipalRepair(CLI::App &principal, Context &context)
{
    const auto name = std::make_shared<std::string>();
    CLI::App *repairCommand = principal.add_subcommand("repair", "show where index and keychain disagree (exit code 1), or repair it");
    repairCommand->add_option("CHOICE", *name, "restore (what can be) or remove")->check(CLI::IsMember({"restore", "remove"}));
    addJson(*repairCommand, context);
    repairCommand->callback([name, &context] { context.run = [name, &context] { repair(*name, context); }; });
}

} // namespace Cli
