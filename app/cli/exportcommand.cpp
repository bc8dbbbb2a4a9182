#include "cli/handover.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <CLI/CLI.hpp>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Secret;

namespace {

struct Options {
    std::string principal, format;
    HandoverOptions handover;
};

// So that a rotation can write it again.
void remember(const Identity::ServicePrincipal &principal, const QString &path, const QString &format, Context &context)
{
    Services::Services &services = context.services();
    const auto kept = services.vault.update(Identity::withExport(principal, {path, format, services.clock.now()}));
    if (!kept)
        context.note(u"warning: a rotation will not know of this file: "_s + kept.error().message);
}

void run(const Options &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto cloud = Identity::Cloud::load(principal->cloud);
    if (!cloud)
        return context.fail(cloud.error());
    const EnvFile::Format &format = *EnvFile::findFormat(text(options.format));
    context.services().vault.secret(*principal, &context,
                                    [=, &format, cloud = *cloud, principal = *principal, &context](const Core::Result<Secret> &secret) {
                                        if (!secret)
                                            return context.fail(secret.error());
                                        HandoverOptions handover = options.handover;
                                        handover.written = [&](const QString &path) { remember(principal, path, format.id, context); };
                                        handOver(format, Identity::environmentVariables(cloud, principal, *secret), {"AZURE_CLIENT_SECRET"},
                                                 handover, context);
                                    });
}

} // namespace

void addExport(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("export", "write the environment file from which an application signs in");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--format", options->format)->required()->check(CLI::IsMember(formatNames()));
    addHandoverOptions(*command, options->handover);
    addJson(*command, context);
    command->callback([options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
