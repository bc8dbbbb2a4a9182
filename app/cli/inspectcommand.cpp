#include "cli/credentialview.h"
#include "cli/handover.h"
#include "cli/input.h"
#include "core/commandtext.h"
#include "envfile/inspection.h"
#include "handover/folderfiles.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QStringDecoder>

namespace Cli {

using namespace Qt::StringLiterals;
using EnvFile::ConsumerView;
using EnvFile::Format;
using EnvFile::Inspection;

namespace {

struct Options
{
    std::string file, as, cloud;
    bool reveal = false, offline = false;
};

QJsonArray jsonOf(const QList<EnvFile::Remark> &remarks)
{
    QJsonArray array;
    for (const EnvFile::Remark &remark : remarks)
        array.append(
            QJsonObject{{u"line"_s, remark.line > 0 ? QJsonValue(remark.line) : QJsonValue()},
                        {u"text"_s, remark.text}});
    return array;
}

// QString::fromUtf8() drops a byte order mark, which here is what it is about.
QString exactText(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    return decoder.decode(bytes);
}

// A piece of a secret may stand where a name should.
QString nameOf(QByteArrayView name, bool reveal)
{
    return reveal ? exactText(name) : EnvFile::shownName(name);
}

QJsonObject jsonOf(const ConsumerView &consumer, bool reveal)
{
    QJsonArray variables;
    for (const EnvFile::ReadVariable &one : consumer.reading.variables) {
        QJsonObject object{{u"name"_s, nameOf(one.name, reveal)},
                           {u"length"_s, one.value.size()},
                           {u"certain"_s, one.certain},
                           {u"asMeant"_s, !consumer.astray.contains(one.name)}};
        if (reveal)
            object[u"value"_s] = exactText(one.value.reveal());
        variables.append(object);
    }
    QJsonArray astray;
    for (const QByteArray &name : consumer.astray)
        astray.append(nameOf(name, reveal));
    const QString &refusal = consumer.reading.refusal;
    return {{u"format"_s, consumer.format->id},
            {u"title"_s, consumer.format->title},
            {u"asMeant"_s, consumer.asMeant()},
            {u"refusal"_s, refusal.isEmpty() ? QJsonValue() : QJsonValue(refusal)},
            {u"variables"_s, variables},
            {u"astray"_s, astray},
            {u"remarks"_s, jsonOf(consumer.reading.remarks)}};
}

// The format to repair into: the one that was asked about, the file's own form, or systemd's.
const Format &repairFormat(const Inspection &inspection, const Format *as)
{
    if (as)
        return *as;
    const Format *first =
        inspection.consumers.isEmpty() ? nullptr : inspection.consumers.first().format;
    return first ? *first : *EnvFile::findFormat(u"systemd-envfile"_s);
}

Core::Result<QByteArray> repairedText(const Inspection &inspection, const Format &format,
                                      bool reveal)
{
    QList<QByteArray> names;
    for (const auto &[name, value] : inspection.meant)
        names.append(name);
    return EnvFile::preview(format, inspection.meant, reveal ? QList<QByteArray>() : names);
}

void printConsumer(const ConsumerView &consumer, bool reveal, Context &context)
{
    context.print(
        u"%1  %2"_s.arg(consumer.asMeant() ? u"reads it as meant"_s : u"READS IT OTHERWISE"_s,
                        consumer.format->id));
    if (!consumer.reading.refusal.isEmpty())
        context.print(u"    refuses the file: %1"_s.arg(consumer.reading.refusal));
    for (const QByteArray &name : consumer.astray) {
        const EnvFile::ReadVariable *read = consumer.reading.find(name);
        context.print(u"    %1: %2"_s.arg(
            nameOf(name, reveal), !read ? u"is not seen"_s
                                  : reveal
                                      ? QString::fromUtf8(read->value.reveal())
                                      : u"is read otherwise (%1 bytes)"_s.arg(read->value.size())));
    }
    for (const EnvFile::Remark &remark : consumer.reading.remarks)
        context.print(remark.line > 0 ? u"    line %1: %2"_s.arg(remark.line).arg(remark.text)
                                      : u"    "_s + remark.text);
}

void printAll(const Inspection &inspection, const CredentialView &credential, bool reveal,
              Context &context)
{
    for (const EnvFile::Remark &defect : inspection.defects)
        context.print(u"defect: "_s +
                      (defect.line > 0 ? u"line %1: "_s.arg(defect.line) : QString()) +
                      defect.text);
    for (const ConsumerView &consumer : inspection.consumers)
        printConsumer(consumer, reveal, context);
    for (const QString &line : sentencesOf(credential))
        context.print(line);
}

struct Report
{
    Inspection inspection;
    const Format *as = nullptr;
    CredentialView credential;

    bool isGood() const
    {
        const bool asked = !as || inspection.consumers.first().asMeant();
        return inspection.defects.isEmpty() && asked && (!credential.any || credential.isGood());
    }
    int exitCode() const
    {
        if (!isGood())
            return No;
        const bool unknown = credential.isComplete() && credential.tried &&
                             credential.outcome == Services::SignInOutcome::Unknown;
        return unknown ? Undecided : Done;
    }
};

void printJson(const Options &options, const Report &report, const Format &format,
               const Core::Result<QByteArray> &repair, Context &context)
{
    QJsonArray consumers;
    for (const ConsumerView &consumer : report.inspection.consumers)
        consumers.append(jsonOf(consumer, options.reveal));
    const QJsonObject repairObject{
        {u"format"_s, format.id},
        {u"masked"_s, !options.reveal},
        {u"text"_s, repair ? QJsonValue(QString::fromUtf8(*repair)) : QJsonValue()},
        {u"refusal"_s, repair ? QJsonValue() : QJsonValue(repair.error().message)},
        {u"alternative"_s, repair ? QJsonValue() : QJsonValue(repair.error().nextStep)}};
    context.printJson({{u"file"_s, text(options.file)},
                       {u"good"_s, report.isGood()},
                       {u"defects"_s, jsonOf(report.inspection.defects)},
                       {u"consumers"_s, consumers},
                       {u"credential"_s, jsonOf(report.credential)},
                       {u"repaired"_s, repairObject}});
}

void show(const Options &options, const Report &report, Context &context)
{
    const Format &format = repairFormat(report.inspection, report.as);
    const auto repair = repairedText(report.inspection, format, options.reveal);
    if (options.file != "-" && !report.isGood())
        context.note(u"To write it repaired: "_s +
                     Core::Command{u"rolescope-cli", u"convert", u"--repair"}
                         .option(u"--to", format.id)
                         .option(u"--output", u"FILE"_s)
                         .file(text(options.file))
                         .text());
    if (context.json) {
        printJson(options, report, format, repair, context);
    } else {
        printAll(report.inspection, report.credential, options.reveal, context);
        context.print(repair
                          ? u"\nRepaired, for %1:\n%2"_s.arg(format.id, QString::fromUtf8(*repair))
                          : u"\nIt cannot be repaired for %1: %2 %3"_s.arg(
                                format.id, repair.error().message, repair.error().nextStep));
    }
    context.finish(report.exitCode());
}

// The file's own words name only a well-known cloud; where else its secret goes, the user says.
void tryIt(const Options &options, Report report, Context &context)
{
    report.credential.tried = true;
    const auto found = Services::fileCredential(report.inspection.meant, text(options.cloud),
                                                context.services().clock.now());
    if (!found) {
        report.credential.failure = found.error();
        if (found.error().kind == Core::Error::Kind::NotFound && options.cloud.empty() &&
            found.error().nextStep.isEmpty())
            report.credential.failure->nextStep = u"Name the cloud with --cloud."_s;
        return show(options, report, context);
    }
    report.credential.cloud = found->cloud.name;
    Services::trySignIn(context.services(), *found, &context,
                        [=, &context](const Core::Result<Identity::AccessToken> &token) mutable {
                            report.credential.outcome = Services::outcomeOf(token);
                            if (!token)
                                report.credential.failure = token.error();
                            show(options, report, context);
                        });
}

Core::Result<Inspection> inspected(const Options &options, const Format *as)
{
    if (isFolder(options.file)) {
        const auto files = Handover::filesIn(text(options.file));
        return files ? Core::Result<Inspection>(EnvFile::inspectFolder(*files, as)) : files.error();
    }
    if (as && as->shape == Format::Shape::Folder)
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"%1 reads a folder, and this is a file."_s.arg(as->id),
                           .code = u"NotReadable"_s};
    Core::Result<QByteArray> bytes = readEnvironmentFile(options.file);
    if (!bytes)
        return bytes.error();
    Inspection inspection = EnvFile::inspect(*bytes, as);
    Core::wipe(*bytes);
    return inspection;
}

void run(const Options &options, Context &context)
{
    const Format *as = options.as.empty() ? nullptr : EnvFile::findFormat(text(options.as));
    const auto inspection = inspected(options, as);
    if (!inspection)
        return context.fail(inspection.error());
    const Report report{*inspection, as, {Services::credentialIn(inspection->meant)}};
    const bool worthTrying = report.credential.isGood();
    options.offline || !worthTrying ? show(options, report, context)
                                    : tryIt(options, report, context);
}

} // namespace

void addInspect(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("inspect", "say what each consumer would read from an environment file");
    command->add_option("FILE", options->file, "the file, or envdir's folder; - for standard input")
        ->required()
        ->check(notEmpty());
    command->add_option("--as", options->as, "the one consumer to ask")
        ->check(CLI::IsMember(formatNames()));
    CLI::Option *cloud = command->add_option(
        "--cloud", options->cloud,
        "where to try the credential: a cloud's name or file; else the file's own authority, if it "
        "is a well-known one");
    command->add_flag("--offline", options->offline, "do not try whether the credential works")
        ->excludes(cloud);
    command->add_flag("--reveal", options->reveal, "show the values");
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
