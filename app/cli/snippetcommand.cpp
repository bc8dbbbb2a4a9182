#include "cli/command.h"
#include "handover/snippets.h"

#include <CLI/CLI.hpp>
#include <set>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

struct Options {
    std::string language, account = "https://ACCOUNT.blob.core.windows.net", credential = "default";
};

void run(const Options &options, Context &context)
{
    const Handover::Snippet &snippet = *Handover::findSnippet(text(options.language));
    const QString code = snippet.code(options.credential == "default" ? Handover::SnippetCredential::Default
                                                                      : Handover::SnippetCredential::Environment,
                                      text(options.account));
    if (context.json) {
        context.printJson({{u"language"_s, snippet.id}, {u"install"_s, snippet.install}, {u"code"_s, code}});
    } else {
        context.note(u"Install: "_s + snippet.install);
        std::fwrite(code.toUtf8().constData(), 1, static_cast<size_t>(code.toUtf8().size()), stdout);
    }
    context.finish(Done);
}

} // namespace

void addSnippet(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    std::set<std::string> ids;
    for (const Handover::Snippet &snippet : Handover::snippets())
        ids.insert(snippet.id.toStdString());
    CLI::App *command = app.add_subcommand("snippet", "show a program that signs in from the exported variables and lists containers");
    command->add_option("LANGUAGE", options->language)->required()->check(CLI::IsMember(ids));
    command->add_option("--account", options->account, "the account's blob endpoint");
    command->add_option("--credential", options->credential, "default: DefaultAzureCredential; environment: EnvironmentCredential")
        ->check(CLI::IsMember({"default", "environment"}));
    addJson(*command, context);
    command->callback([options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
