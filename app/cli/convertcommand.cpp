#include "cli/handover.h"
#include "cli/input.h"
#include "envfile/guess.h"
#include "envfile/inspection.h"
#include "envfile/jsonvariables.h"
#include "handover/folderfiles.h"

namespace Cli {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using EnvFile::Reading;
using EnvFile::Variables;

namespace {

struct Options
{
    std::string to, from, file;
    bool repair = false;
    HandoverOptions handover{.isFilter = true};
};

Core::Error notCertain(const Format &format, const QByteArray &name)
{
    return {.kind = Core::Error::Kind::InvalidInput,
            .message = u"%1 depends on other variables or on a command in the format %2."_s.arg(
                QString::fromUtf8(name), format.id),
            .code = u"NotCertain"_s,
            .nextStep = u"See what each consumer makes of it: rolescope-cli inspect FILE."_s};
}

Core::Result<Variables> variablesOf(const Reading &reading, const Format &format)
{
    if (!reading.refusal.isEmpty())
        return Core::Error{
            .kind = Core::Error::Kind::InvalidInput,
            .message =
                u"The format %1 does not read this file. %2"_s.arg(format.id, reading.refusal),
            .code = u"NotReadable"_s,
            .nextStep = u"See what each consumer makes of it: rolescope-cli inspect FILE."_s};
    Variables variables;
    for (const EnvFile::ReadVariable &one : reading.variables) {
        if (!one.certain)
            return notCertain(format, one.name);
        variables.append({one.name, one.value});
    }
    return variables;
}

Core::Result<Variables> readAs(const std::string &from, const QByteArray &bytes, Context &context)
{
    if (from == "json")
        return EnvFile::variablesFromJson(bytes);
    const Format &format = *EnvFile::findFormat(text(from));
    const Reading reading = format.read(bytes);
    for (const EnvFile::Remark &remark : reading.remarks)
        context.note(u"note: line %1: %2"_s.arg(remark.line).arg(remark.text));
    return variablesOf(reading, format);
}

Core::Result<Variables> fromFolder(const std::string &from, const std::string &path,
                                   Context &context)
{
    const Format &format = *EnvFile::findFormat(text(from.empty() ? "envdir" : from));
    const auto files = Handover::filesIn(text(path));
    if (!files)
        return files.error();
    const Reading reading = EnvFile::readFolder(format, *files);
    for (const EnvFile::Remark &remark : reading.remarks)
        context.note(u"note: "_s + remark.text);
    return variablesOf(reading, format);
}

// What was meant, rather than what a consumer makes of it.
Core::Result<Variables> repairedFrom(const Options &options, Context &context)
{
    const Format *format = options.from.empty() ? nullptr : EnvFile::findFormat(text(options.from));
    EnvFile::Inspection inspection;
    if (isFolder(options.file)) {
        const auto files = Handover::filesIn(text(options.file));
        if (!files)
            return files.error();
        inspection = EnvFile::inspectFolder(*files, format);
    } else {
        Core::Result<QByteArray> bytes = readEnvironmentFile(options.file);
        if (!bytes)
            return bytes.error();
        inspection = EnvFile::inspect(*bytes, format);
        Core::wipe(*bytes);
        if (!inspection.refusal.isEmpty())
            return tooMuch(inspection.refusal);
    }
    if (!inspection.uncertain.isEmpty())
        return notCertain(format ? *format : *EnvFile::findFormat(u"python-dotenv"_s),
                          inspection.uncertain.first());
    for (const EnvFile::Remark &defect : inspection.defects)
        context.note(u"repaired: "_s + defect.text);
    return inspection.meant;
}

Core::Result<Variables> fromFile(const Options &options, Context &context)
{
    // JSON is read at once, and its whole may be larger than one environment.
    Core::Result<QByteArray> bytes =
        options.from == "json" ? readInput(options.file) : readEnvironmentFile(options.file);
    if (!bytes)
        return bytes.error();
    std::string from = options.from;
    if (from.empty()) {
        const auto guess = EnvFile::guessFormat(*bytes);
        if (!guess)
            return guess.error();
        from = guess->toStdString();
        context.note(u"note: read as %1."_s.arg(*guess));
    }
    auto variables = readAs(from, *bytes, context);
    Core::wipe(*bytes);
    return variables;
}

bool readsFolders(const std::string &format)
{
    return format != "json" && EnvFile::findFormat(text(format))->shape == Format::Shape::Folder;
}

void run(const Options &options, Context &context)
{
    const bool folder = isFolder(options.file);
    if (!options.from.empty() && folder != readsFolders(options.from))
        return context.fail(
            {.kind = Core::Error::Kind::InvalidInput,
             .message = u"%1 is %2."_s.arg(text(options.file),
                                           folder ? u"a folder, and that format a file"_s
                                                  : u"a file, and that format a folder"_s),
             .code = u"NotReadable"_s});
    const auto variables = options.repair ? repairedFrom(options, context)
                           : folder       ? fromFolder(options.from, options.file, context)
                                          : fromFile(options, context);
    if (!variables)
        return context.fail(variables.error());
    if (variables->isEmpty())
        return context.fail({.kind = Core::Error::Kind::InvalidInput,
                             .message = u"There is no variable in it."_s,
                             .code = u"NotReadable"_s,
                             .nextStep = u"Name the format that it is in with --from."_s});
    QList<QByteArray> names;
    for (const auto &[name, value] : *variables)
        names.append(name); // what is secret in somebody else's file is not known, so all of it is
    handOver(*EnvFile::findFormat(text(options.to)), *variables, names, options.handover, context);
}

std::set<std::string> readableNames()
{
    std::set<std::string> names{"json"};
    for (const std::string &name : formatNames()) {
        const Format *format = EnvFile::findFormat(text(name));
        if (format->read)
            names.insert(name);
    }
    return names;
}

} // namespace

void addConvert(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand(
        "convert", "write the variables of an environment file, or of JSON, in another format");
    command->add_option("--to", options->to, "the format to write")
        ->required()
        ->check(CLI::IsMember(formatNames()));
    command
        ->add_option("--from", options->from,
                     "the format it is in; guessed where the consumers agree")
        ->check(CLI::IsMember(readableNames()));
    command
        ->add_option("FILE", options->file,
                     "the file to read, or envdir's folder; - for standard input")
        ->required()
        ->check(notEmpty());
    command->add_flag(
        "--repair", options->repair,
        "write what was meant: without byte order mark, carriage returns and what else "
        "`inspect` names");
    addHandoverOptions(*command, options->handover);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
