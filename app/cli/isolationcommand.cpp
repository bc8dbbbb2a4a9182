#include "cli/command.h"
#include "cli/reportoutput.h"
#include "services/isolationrun.h"

#include <CLI/CLI.hpp>
#include <QSet>
#include <cstdio>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::Isolation;

namespace {

struct Options {
    std::vector<std::string> pairs, containers;
    std::string format = "table", output;
};

// A principal's name may hold an equals sign; an account's address begins after one.
std::pair<std::string, std::string> split(const std::string &pair)
{
    for (const char *start : {"=https://", "=http://"}) {
        if (const size_t at = pair.find(start); at != std::string::npos)
            return {pair.substr(0, at), pair.substr(at + 1)};
    }
    const size_t at = pair.rfind('=');
    return at == std::string::npos ? std::pair(std::string(), std::string()) : std::pair(pair.substr(0, at), pair.substr(at + 1));
}

CLI::Validator isPair()
{
    return CLI::Validator(
        [](const std::string &value) {
            const auto [principal, account] = split(value);
            return principal.empty() || account.empty() ? std::string("must be PRINCIPAL=ACCOUNT-URL") : std::string();
        },
        "PRINCIPAL=ACCOUNT-URL");
}

void deliver(const Options &options, const Isolation &isolation, Context &context)
{
    const QString format = context.json ? u"json"_s : text(options.format);
    const auto bytes = rendered(format, isolation);
    if (!bytes)
        return context.fail(bytes.error());
    if (!put(*bytes, format, text(options.output), context))
        return;
    if (format != u"table" || !options.output.empty()) {
        for (const Access::Finding &warning : isolation.warnings)
            context.note(u"warning: %1: %2"_s.arg(warning.id, warning.cause));
    }
    const Isolation::State state = isolation.state();
    context.finish(state == Isolation::State::Kept ? Done : state == Isolation::State::Broken ? No : Undecided);
}

void run(const Options &options, Context &context)
{
    QList<Services::IsolationRun::Party> parties;
    for (const std::string &pair : options.pairs) {
        const auto [name, url] = split(pair);
        const auto principal = context.principal(name);
        if (!principal)
            return;
        const auto account = context.account(*principal, url);
        if (!account)
            return;
        parties.append({*principal, *account});
    }
    QStringList containers;
    for (const std::string &container : options.containers)
        containers.append(text(container));
    auto *isolation = new Services::IsolationRun(context.services(), parties, containers, &context);
    if (isolation->isolation().places.size() < 2)
        return context.fail({.kind = Core::Error::Kind::InvalidInput, .message = u"There is only one account, so there is nothing to keep apart."_s,
                             .nextStep = u"Name a principal and an account for each environment."_s});
    QObject::connect(isolation, &Services::IsolationRun::finished, &context,
                     [options, &context](const Isolation &result) { deliver(options, result, context); });
    if (::isatty(STDERR_FILENO)) {
        QObject::connect(isolation, &Services::IsolationRun::progress, &context,
                         [](int done, int total) { std::fprintf(stderr, done == total ? "\r\033[K" : "\r%d of %d ", done, total); });
    }
    isolation->start();
}

} // namespace

void addIsolation(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("isolation", "try each principal at each environment's account: its own must be allowed, all else denied");
    command->add_option("PAIR", options->pairs, "PRINCIPAL=ACCOUNT-URL, once for each environment or account")->required()->expected(2, 1000)->check(isPair());
    command
        ->add_option("--container", options->containers, "a container that everybody is tried at, besides those that can be listed (can be repeated)")
        ->allow_extra_args(false)
        ->check(containerName());
    command->add_option("--format", options->format, "table, json, html or pdf")->check(CLI::IsMember({"table", "json", "html", "pdf"}));
    command->add_option("--output", options->output, "write to this file, for the owner only")->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        context.json = context.json || options->format == "json";
        context.run = [options, &context] { run(*options, context); };
    });
}

} // namespace Cli
