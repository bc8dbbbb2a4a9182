#include "cli/command.h"
#include "cli/matrixtable.h"
#include "core/atomicfile.h"
#include "services/accesscheck.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>
#include <cstdio>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Observation;

namespace {

struct Options {
    std::string principal, account, format = "table", output, predict;
    std::vector<std::string> containers;
};

int exitCode(const AccessReport &report)
{
    if (report.count(Observation::Denied) > 0)
        return No;
    return report.count(Observation::Undecided) + report.count(Observation::Skipped) > 0 ? Undecided : Done;
}

void deliver(const Options &options, const AccessReport &report, Context &context)
{
    const bool json = context.json || options.format == "json";
    const QByteArray bytes = json ? QJsonDocument(Access::toJson(report)).toJson() : terminalSafe(matrixTable(report)).toUtf8();
    if (!options.output.empty()) {
        if (const Core::Result<void> written = Core::writeFileAtomically(text(options.output), bytes); !written)
            return context.fail(written.error());
        context.note(u"Written to %1."_s.arg(text(options.output)));
    } else {
        std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
    }
    if (report.finding)
        context.note(u"%1: %2\n  next: %3"_s.arg(report.finding->id, report.finding->cause, report.finding->nextStep));
    context.finish(exitCode(report));
}

void run(const Options &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto account = context.account(*principal, options.account);
    if (!account)
        return;
    Services::AccessCheck::Request request{.principal = *principal, .account = *account};
    for (const std::string &container : options.containers)
        request.containers.append(text(container));
    if (!options.predict.empty())
        request.predict = Services::RightsSource::named(text(options.predict));
    auto *check = new Services::AccessCheck(context.services(), request, &context);
    QObject::connect(check, &Services::AccessCheck::failed, &context, [&context](const Core::Error &error) { context.fail(error); });
    QObject::connect(check, &Services::AccessCheck::finished, &context,
                     [options, &context](const AccessReport &report) { deliver(options, report, context); });
    if (::isatty(STDERR_FILENO)) {
        QObject::connect(check, &Services::AccessCheck::progress, &context, [](int done, int total) {
            std::fprintf(stderr, done == total ? "\r\033[K" : "\r%d of %d ", done, total);
        });
    }
    check->start();
}

} // namespace

void addCheck(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("check", "observe what a principal may do, by requests that cannot change data");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--account", options->account, "the account's blob endpoint, or its name")->required();
    command
        ->add_option("--container", options->containers,
                     "only this container (can be repeated); without it, all that can be listed")
        ->allow_extra_args(false)
        ->check(containerName());
    command
        ->add_option("--predict", options->predict,
                     "put beside it what the roles promise, as read by the principal (self), by whoever is signed in to az (az), or "
                     "from a file with role assignments")
        ->check(notEmpty());
    command->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
    command->add_option("--output", options->output, "write to this file, for the owner only")
        ->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        context.json = context.json || options->format == "json";
        context.run = [options, &context] { run(*options, context); };
    });
}

} // namespace Cli
