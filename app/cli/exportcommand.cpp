#include "cli/command.h"
#include "core/atomicfile.h"
#include "envfile/format.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <cstdio>
#include <set>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Secret;

namespace {

struct Options {
    std::string principal, format, output;
    bool reveal = false;
};

void writeOut(const Options &options, const EnvFile::Format &format, const EnvFile::Variables &variables, Context &context)
{
    // Masked, except for a file or where asked for.
    if (options.output.empty() && !options.reveal) {
        const auto preview = EnvFile::preview(format, variables, {"AZURE_CLIENT_SECRET"});
        if (!preview)
            return context.fail(preview.error());
        if (context.json)
            context.printJson({{u"format"_s, format.id}, {u"masked"_s, true}, {u"text"_s, QString::fromUtf8(*preview)}});
        else
            std::fwrite(preview->constData(), 1, static_cast<size_t>(preview->size()), stdout);
        context.note(u"The secret is masked. Write the file with --output FILE, or show it with --reveal."_s);
        return context.finish(Done);
    }
    const Core::Result<Secret> file = EnvFile::write(format, variables);
    if (!file)
        return context.fail(file.error());
    if (options.output.empty()) {
        if (context.json)
            context.printJson({{u"format"_s, format.id}, {u"masked"_s, false}, {u"text"_s, QString::fromUtf8(file->reveal())}});
        else
            std::fwrite(file->reveal().data(), 1, static_cast<size_t>(file->size()), stdout);
        return context.finish(Done);
    }
    const QString path = text(options.output);
    if (const Core::Result<void> written = Core::writeFileAtomically(path, file->reveal()); !written)
        return context.fail(written.error());
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (context.json)
        context.printJson({{u"format"_s, format.id}, {u"path"_s, absolute}});
    else
        context.print(u"Written to %1, for its owner only.\n%2"_s.arg(
            absolute, EnvFile::usage(format, absolute)));
    context.finish(Done);
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
                                        writeOut(options, format, Identity::environmentVariables(cloud, principal, *secret), context);
                                    });
}

} // namespace

void addExport(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    std::set<std::string> ids;
    for (const EnvFile::Format &format : EnvFile::formats())
        ids.insert(format.id.toStdString());
    CLI::App *command = app.add_subcommand("export", "write the environment file from which an application signs in");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--format", options->format)->required()->check(CLI::IsMember(ids));
    command
        ->add_option("--output", options->output,
                     "the file to write, for its owner only; without it the text is shown, masked")
        ->check(notEmpty());
    command->add_flag("--reveal", options->reveal, "show the secret");
    addJson(*command, context);
    command->callback([options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
