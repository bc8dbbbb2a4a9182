#include "access/simulation.h"
#include "cli/command.h"
#include "cli/input.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

struct Options {
    std::string assignments, definitions, denies, request;
};

// One file read into its list; says whether it went well.
template<typename List>
bool read(const std::string &path, Core::Result<List> (*parse)(const QByteArray &), List *list, Context &context)
{
    if (path.empty())
        return true;
    const Core::Result<QByteArray> bytes = readInput(path);
    Core::Result<List> parsed = bytes ? parse(*bytes) : Core::Result<List>(bytes.error());
    if (parsed) {
        *list = *std::move(parsed);
        return true;
    }
    Core::Error error = parsed.error();
    error.message.prepend(text(path) + u": "_s);
    context.fail(error);
    return false;
}

void run(const Options &options, Context &context)
{
    Access::Simulation simulation;
    if (!read(options.assignments, Azure::roleAssignmentsFromJson, &simulation.assignments, context)
        || !read(options.definitions, Azure::roleDefinitionsFromJson, &simulation.definitions, context)
        || !read(options.denies, Azure::denyAssignmentsFromJson, &simulation.denies, context))
        return;
    const Core::Result<QByteArray> request = readInput(options.request);
    if (!request)
        return context.fail(request.error());
    if (const Core::Result<void> understood = simulation.readRequest(*request); !understood)
        return context.fail(understood.error());
    const Access::Verdict verdict = simulation.run();
    context.printJson(Access::toJson(verdict));
    context.finish(verdict.decision == Access::Decision::Allowed ? Done : verdict.decision == Access::Decision::Denied ? No : Undecided);
}

} // namespace

void addSimulate(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("simulate", "say what role assignments would allow, asking nobody");
    command->add_option("--assignments", options->assignments, "what `az role assignment list -o json` printed, or ARM; - for standard input")
        ->required()
        ->check(notEmpty());
    command->add_option("--definitions", options->definitions, "what `az role definition list -o json` printed; built-in roles are known")
        ->check(notEmpty());
    command->add_option("--deny", options->denies, "deny assignments as Resource Manager lists them")->check(notEmpty());
    command->add_option("--request", options->request, "the request, a JSON object")->required()->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        const auto inputs = {options->assignments, options->definitions, options->denies, options->request};
        if (std::count(inputs.begin(), inputs.end(), "-") > 1)
            throw CLI::ValidationError("only one file can be read from standard input");
        context.json = true; // there is nothing else to print
        context.run = [options, &context] { run(*options, context); };
    });
}

} // namespace Cli
