#include "cli/lifecycle.h"
#include "core/commandtext.h"
#include "lifecycle/restoreprincipal.h"
#include "lifecycle/retireprincipal.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::RestorePrincipal;
using Lifecycle::Retirement;
using Lifecycle::RetirePrincipal;

namespace {

struct Options
{
    std::string principal, confirm, lifetime = "180d";
    std::shared_ptr<std::string> actor = std::make_shared<std::string>();
};

void showPlan(const RetirePrincipal::Plan &plan, Context &context)
{
    for (const QString &one : plan.remarks)
        context.note(u"note: "_s + one);
    if (context.json) {
        context.printJson({{u"retired"_s, false},
                           {u"wouldRemove"_s, QJsonArray::fromStringList(plan.inWords())},
                           {u"remarks"_s, QJsonArray::fromStringList(plan.remarks)},
                           {u"az"_s, QJsonArray::fromStringList(plan.azCommands())}});
    } else {
        context.print(u"Retiring “%1” would remove, in this order:"_s.arg(plan.principal.name));
        for (const QString &one : plan.inWords())
            context.printRow(u"  - "_s + one);
        context.printRow(u"Nothing was changed. To do it: "_s +
                         Core::Command{u"rolescope-cli", u"retire"}
                             .argument(plan.principal.name)
                             .option(u"--confirm", plan.principal.name)
                             .text());
        printCommands(context, plan.azCommands());
    }
    context.finish(No);
}

void retired(const Retirement &retirement, const RetirePrincipal::Plan &plan, Context &context)
{
    const QString until = retirement.restorableUntil().toString(u"yyyy-MM-dd");
    if (context.json) {
        context.printJson(
            {{u"retired"_s, true},
             {u"removed"_s, QJsonArray::fromStringList(plan.inWords())},
             {u"restorableUntil"_s, retirement.restorableUntil().toString(Qt::ISODate)},
             {u"az"_s, QJsonArray::fromStringList(plan.azCommands())}});
    } else {
        context.printRow(u"Retired “%1”. Until %2: "_s.arg(retirement.principal.name, until) +
                         Core::Command{u"rolescope-cli", u"restore"}.argument(retirement.principal.name).text());
        printCommands(context, plan.azCommands());
    }
    context.finish(Done);
}

void retire(const Options &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto parts = partsFor(context, principal->cloud, principal->tenant, *options.actor);
    if (!parts)
        return;
    auto *flow = new RetirePrincipal(*parts, *principal, &context);
    auto plan = std::make_shared<RetirePrincipal::Plan>();
    QObject::connect(flow, &RetirePrincipal::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(flow, &RetirePrincipal::planned, &context,
                     [=, &context](const RetirePrincipal::Plan &planned) {
                         *plan = planned;
                         options.confirm.empty() ? showPlan(planned, context)
                                                 : flow->proceed(text(options.confirm));
                     });
    QObject::connect(flow, &RetirePrincipal::finished, &context,
                     [plan, &context](const Retirement &one) { retired(one, *plan, context); });
    QObject::connect(flow, &RetirePrincipal::failed, &context,
                     [&context](const Error &error, const QStringList &left) {
                         for (const QString &one : left)
                             context.note(u"still there: "_s + one);
                         context.fail(error);
                     });
    flow->look();
}

void restore(const Options &options, Context &context)
{
    const auto record = Lifecycle::RetirementRecord(context.services().vault.folder())
                            .find(text(options.principal));
    if (!record)
        return context.fail(record.error());
    const auto parts =
        partsFor(context, record->principal.cloud, record->principal.tenant, *options.actor);
    if (!parts)
        return;
    auto *flow = new RestorePrincipal(*parts, *record, *daysOf(options.lifetime), &context);
    const auto restoring = [](const QString &id) {
        return Core::Command{u"az", u"rest", u"--method", u"POST"}
            .option(u"--url", u"https://graph.microsoft.com/v1.0/directory/deletedItems/"_s + id + u"/restore"_s)
            .text();
    };
    const QStringList commands{restoring(record->applicationId), restoring(record->objectId)};
    QObject::connect(flow, &RestorePrincipal::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(flow, &RestorePrincipal::failed, &context,
                     [&context](const Error &error) { context.fail(error); });
    QObject::connect(
        flow, &RestorePrincipal::finished, &context,
        [commands, &context](const Identity::ServicePrincipal &principal,
                             const QStringList &remarks) {
            for (const QString &one : remarks)
                context.note(u"warning: "_s + one);
            if (context.json) {
                context.printJson({{u"principal"_s, Identity::toJson(principal)},
                                   {u"remarks"_s, QJsonArray::fromStringList(remarks)},
                                   {u"az"_s, QJsonArray::fromStringList(commands)}});
            } else {
                context.print(
                    u"Restored “%1”, with a new secret until %2. Environment files have to be exported again."_s
                        .arg(principal.name,
                             principal.credentialExpiresAt.toString(u"yyyy-MM-dd")));
                printCommands(context, commands);
            }
            context.finish(remarks.isEmpty() ? Done : No);
        });
    flow->start();
}

} // namespace

void addRetire(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("retire", "take a principal out of service: its roles, credentials, "
                                     "service principal, application, keychain entry");
    command->add_option("PRINCIPAL", options->principal)->required();
    command
        ->add_option("--confirm", options->confirm,
                     "its name once more; without it only what would go is shown (exit code 1)")
        ->check(notEmpty());
    addActor(*command, options->actor);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { retire(*options, context); }; });

    CLI::App *back = app.add_subcommand(
        "restore", "bring back a principal that was retired here, within 30 days");
    back->add_option("NAME", options->principal)->required()->check(notEmpty());
    back->add_option("--lifetime", options->lifetime, "how long its new secret lasts")
        ->check(lifetime())
        ->capture_default_str();
    addActor(*back, options->actor);
    addJson(*back, context);
    back->callback(
        [options, &context] { context.run = [options, &context] { restore(*options, context); }; });
}

} // namespace Cli
