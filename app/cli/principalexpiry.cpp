#include "cli/principals.h"
#include "identity/expiry.h"
#include "services/expiryreader.h"

#include <CLI/CLI.hpp>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Identity::ServicePrincipal;

namespace {

struct Options
{
    std::string name, date;
    bool fromGraph = false, unknown = false;
};

void tell(const ServicePrincipal &principal, Context &context)
{
    if (context.json)
        context.printJson({{u"principal"_s, Identity::toJson(principal)}});
    else if (principal.credentialExpiresAt.isValid())
        context.print(u"The credential of “%1” ends on %2."_s.arg(
            principal.name, principal.credentialExpiresAt.toString(Qt::ISODate)));
    else
        context.print(u"When the credential of “%1” ends is not known."_s.arg(principal.name));
    context.finish(Done);
}

void run(const Options &options, Context &context)
{
    auto principal = context.principal(options.name);
    if (!principal)
        return;
    if (options.fromGraph)
        return Services::readExpiry(context.services(), *principal, &context,
                                    [&context](const Result<ServicePrincipal> &known) {
                                        if (!known)
                                            return context.fail(known.error());
                                        tell(*known, context);
                                    });
    if (options.date.empty() && !options.unknown)
        return tell(*principal, context);
    principal->credentialExpiresAt =
        options.unknown ? QDateTime() : *Identity::parseExpiry(text(options.date));
    if (const Result<void> kept = context.services().vault.update(*principal); !kept)
        return context.fail(kept.error());
    tell(*principal, context);
}

} // namespace

CLI::Validator expiryDate()
{
    return CLI::Validator(
        [](const std::string &value) {
            return Identity::parseExpiry(text(value))
                       ? std::string()
                       : std::string("an end is a day such as 2026-03-01, or a moment in ISO 8601");
        },
        "DATE");
}

void addPrincipalExpiry(CLI::App &principal, Context &context)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = principal.add_subcommand(
        "expiry", "when its credential ends: show, enter, or read from Microsoft Graph");
    command->add_option("NAME", options->name)->required();
    CLI::Option *date =
        command->add_option("DATE", options->date, "the end to keep")->check(expiryDate());
    CLI::Option *graph = command
                             ->add_flag("--from-graph", options->fromGraph,
                                        "read it, as the operator who is signed in to its tenant")
                             ->excludes(date);
    command->add_flag("--unknown", options->unknown, "forget it")->excludes(date)->excludes(graph);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
