#include "cli/handover.h"

#include "core/symlinkguard.h"
#include "handover/savewarnings.h"

#include <QFileInfo>
#include <QJsonArray>
#include <cstdio>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using EnvFile::Variables;

namespace {

void show(const Format &format, QByteArrayView text, bool masked, Context &context)
{
    if (context.json)
        context.printJson({{u"format"_s, format.id},
                           {u"masked"_s, masked},
                           {u"text"_s, QString::fromUtf8(text)}});
    else
        std::fwrite(text.data(), 1, static_cast<size_t>(text.size()), stdout);
    context.finish(Done);
}

void showMasked(const Format &format, const Variables &variables,
                const QList<QByteArray> &secretNames, Context &context)
{
    const auto preview = EnvFile::preview(format, variables, secretNames);
    if (!preview)
        return context.fail(preview.error());
    context.note(
        u"Secrets are masked. Write %1 with --output PATH, or show them with --reveal."_s.arg(
            format.shape == Format::Shape::Folder ? u"the folder"_s : u"the file"_s));
    show(format, *preview, true, context);
}

void showPlain(const Format &format, const Variables &variables, Context &context)
{
    if (format.shape == Format::Shape::Folder) {
        const auto preview = EnvFile::preview(format, variables, {});
        return preview ? show(format, *preview, false, context) : context.fail(preview.error());
    }
    const auto text = EnvFile::write(format, variables);
    return text ? show(format, text->reveal(), false, context) : context.fail(text.error());
}

void saveAndReport(const Format &format, const Variables &variables, const HandoverOptions &options,
                   Context &context)
{
    const QString path = text(options.output);
    if (const auto place = Core::refuseForeignLinks(path); !place)
        return context.fail(place.error());
    const QStringList warnings = Handover::saveWarnings(path, format, variables);
    if (const auto saved = Handover::save(path, format, variables); !saved) {
        if (options.failed)
            options.failed();
        return context.fail(saved.error());
    }
    for (const QString &warning : warnings)
        context.note(u"warning: "_s + warning);
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (options.written)
        options.written(absolute);
    if (!format.caution.isEmpty())
        context.note(u"note: "_s + format.caution);
    if (context.json) {
        QJsonArray names;
        for (const auto &[name, value] : variables)
            names.append(QString::fromUtf8(name));
        context.printJson(
            {{u"format"_s, format.id}, {u"path"_s, absolute}, {u"variables"_s, names}});
    } else {
        context.print(u"Written to %1, for its owner only.\n%2"_s.arg(
            absolute, EnvFile::usage(format, absolute)));
    }
    context.finish(Done);
}

} // namespace

void addHandoverOptions(CLI::App &command, HandoverOptions &options)
{
    command
        .add_option("--output", options.output,
                    "the file (for some formats: the folder) to write, for its owner only")
        ->check(notEmpty());
    command.add_flag("--reveal", options.reveal, "show what is secret");
}

Core::Result<void> checkHandOver(const Format &format, const Variables &variables,
                                 const HandoverOptions &options)
{
    if (const auto possible = EnvFile::preview(format, variables, {}); !possible)
        return possible.error();
    return options.output.empty() ? Core::Result<void>()
                                  : Core::refuseForeignLinks(text(options.output));
}

void handOver(const Format &format, const Variables &variables,
              const QList<QByteArray> &secretNames, const HandoverOptions &options,
              Context &context)
{
    if (!options.output.empty())
        return saveAndReport(format, variables, options, context);
    const bool pipe = options.isFilter && !context.json && ::isatty(STDOUT_FILENO) == 0;
    if (options.reveal || (pipe && format.shape == Format::Shape::File))
        return showPlain(format, variables, context);
    showMasked(format, variables, secretNames, context);
}

void addTokenCredentials(CLI::App &command, Identity::TokenCredentials &how)
{
    using enum Identity::TokenCredentials;
    static const std::map<std::string, Identity::TokenCredentials> words{{"prod", Prod},
                                                                         {"exact", Exact}};
    command
        .add_option(
            "--token-credentials", how,
            "narrow DefaultAzureCredential by AZURE_TOKEN_CREDENTIALS, where the SDK knows it: "
            "prod (no developer's tools) or exact (only the credential that reads these "
            "variables)")
        ->transform(CLI::Transformer(words, CLI::ignore_case))
        ->check(CLI::IsMember(std::vector<int>{static_cast<int>(Prod), static_cast<int>(Exact)}))
        ->type_name("prod|exact");
}

void noteTokenCredentials(Identity::TokenCredentials how, Context &context)
{
    if (how != Identity::TokenCredentials::Any)
        context.note(
            u"note: AZURE_TOKEN_CREDENTIALS is read by the SDKs from these versions on: %1."_s.arg(
                Identity::tokenCredentialsKnownTo(how)));
}

std::set<std::string> formatNames()
{
    std::set<std::string> names;
    for (const Format &format : EnvFile::formats()) {
        names.insert(format.id.toStdString());
        for (const QString &alias : format.aliases)
            names.insert(alias.toStdString());
    }
    return names;
}

} // namespace Cli
