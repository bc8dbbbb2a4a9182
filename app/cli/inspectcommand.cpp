#include "cli/handover.h"
#include "cli/input.h"
#include "envfile/inspection.h"
#include "identity/credentiallint.h"

#include <QFileInfo>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using EnvFile::ConsumerView;
using EnvFile::Format;
using EnvFile::Inspection;

namespace {

struct Options
{
    std::string file, as;
    bool reveal = false;
};

/// Whether a file holds what EnvironmentCredential signs in with.
struct CredentialView
{
    bool any = false;
    QStringList missing;
    QList<Identity::LintFinding> findings;

    bool isGood() const
    {
        return missing.isEmpty() &&
               std::none_of(findings.cbegin(), findings.cend(),
                            [](const Identity::LintFinding &one) {
                                return one.severity == Identity::LintFinding::Severity::Error;
                            });
    }
};

Core::Secret valueOf(const EnvFile::Variables &variables, QByteArrayView name)
{
    for (const auto &[key, value] : variables) {
        if (QByteArrayView(key) == name)
            return value;
    }
    return {};
}

CredentialView credentialIn(const EnvFile::Variables &variables)
{
    CredentialView view;
    const Core::Secret tenant = valueOf(variables, "AZURE_TENANT_ID"),
                       client = valueOf(variables, "AZURE_CLIENT_ID"),
                       secret = valueOf(variables, "AZURE_CLIENT_SECRET");
    const bool other = !valueOf(variables, "AZURE_CLIENT_CERTIFICATE_PATH").isEmpty() ||
                       !valueOf(variables, "AZURE_FEDERATED_TOKEN_FILE").isEmpty();
    view.any = !tenant.isEmpty() || !client.isEmpty() || !secret.isEmpty() || other;
    if (tenant.isEmpty())
        view.missing.append(u"AZURE_TENANT_ID"_s);
    if (client.isEmpty())
        view.missing.append(u"AZURE_CLIENT_ID"_s);
    if (secret.isEmpty() && !other)
        view.missing.append(u"AZURE_CLIENT_SECRET"_s);
    view.findings = Identity::lint(
        {QString::fromUtf8(tenant.reveal()), QString::fromUtf8(client.reveal()), secret});
    return view;
}

QJsonArray jsonOf(const QList<EnvFile::Remark> &remarks)
{
    QJsonArray array;
    for (const EnvFile::Remark &remark : remarks)
        array.append(
            QJsonObject{{u"line"_s, remark.line > 0 ? QJsonValue(remark.line) : QJsonValue()},
                        {u"text"_s, remark.text}});
    return array;
}

QJsonObject jsonOf(const ConsumerView &consumer, bool reveal)
{
    QJsonArray variables;
    for (const EnvFile::ReadVariable &one : consumer.reading.variables) {
        QJsonObject object{{u"name"_s, QString::fromUtf8(one.name)},
                           {u"length"_s, one.value.size()},
                           {u"certain"_s, one.certain},
                           {u"asMeant"_s, !consumer.astray.contains(one.name)}};
        if (reveal)
            object[u"value"_s] = QString::fromUtf8(one.value.reveal());
        variables.append(object);
    }
    QJsonArray astray;
    for (const QByteArray &name : consumer.astray)
        astray.append(QString::fromUtf8(name));
    const QString &refusal = consumer.reading.refusal;
    return {{u"format"_s, consumer.format->id},
            {u"title"_s, consumer.format->title},
            {u"asMeant"_s, consumer.asMeant()},
            {u"refusal"_s, refusal.isEmpty() ? QJsonValue() : QJsonValue(refusal)},
            {u"variables"_s, variables},
            {u"astray"_s, astray},
            {u"remarks"_s, jsonOf(consumer.reading.remarks)}};
}

QJsonValue jsonOf(const CredentialView &credential)
{
    if (!credential.any)
        return {};
    QJsonArray findings;
    for (const Identity::LintFinding &one : credential.findings)
        findings.append(QJsonObject{
            {u"id"_s, one.id},
            {u"severity"_s,
             one.severity == Identity::LintFinding::Severity::Error ? u"error"_s : u"warning"_s},
            {u"message"_s, one.message}});
    return QJsonObject{{u"complete"_s, credential.missing.isEmpty()},
                       {u"missing"_s, QJsonArray::fromStringList(credential.missing)},
                       {u"findings"_s, findings}};
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
            QString::fromUtf8(name),
            !read    ? u"is not seen"_s
            : reveal ? QString::fromUtf8(read->value.reveal())
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
    if (!credential.any)
        context.print(u"credential: there is none of the Azure SDKs' variables in it."_s);
    else if (!credential.missing.isEmpty())
        context.print(
            u"credential: incomplete, without %1."_s.arg(credential.missing.join(u", "_s)));
    else
        context.print(
            u"credential: complete. Whether it works: rolescope-cli principal add --from FILE, then token."_s);
    for (const Identity::LintFinding &one : credential.findings)
        context.print(u"credential: "_s + one.message);
}

void run(const Options &options, Context &context)
{
    Core::Result<QByteArray> bytes = readInput(options.file);
    if (!bytes)
        return context.fail(bytes.error());
    const Format *as = options.as.empty() ? nullptr : EnvFile::findFormat(text(options.as));
    const Inspection inspection = EnvFile::inspect(*bytes, as);
    Core::wipe(*bytes);
    const CredentialView credential = credentialIn(inspection.meant);
    const Format &format = repairFormat(inspection, as);
    const auto repair = repairedText(inspection, format, options.reveal);
    const bool asked = !as || inspection.consumers.first().asMeant();
    const bool good =
        inspection.defects.isEmpty() && asked && (!credential.any || credential.isGood());
    if (context.json) {
        QJsonArray consumers;
        for (const ConsumerView &consumer : inspection.consumers)
            consumers.append(jsonOf(consumer, options.reveal));
        const QJsonObject repairObject{
            {u"format"_s, format.id},
            {u"masked"_s, !options.reveal},
            {u"text"_s, repair ? QJsonValue(QString::fromUtf8(*repair)) : QJsonValue()},
            {u"refusal"_s, repair ? QJsonValue() : QJsonValue(repair.error().message)}};
        context.printJson({{u"file"_s, text(options.file)},
                           {u"good"_s, good},
                           {u"defects"_s, jsonOf(inspection.defects)},
                           {u"consumers"_s, consumers},
                           {u"credential"_s, jsonOf(credential)},
                           {u"repaired"_s, repairObject}});
    } else {
        printAll(inspection, credential, options.reveal, context);
        context.print(
            repair
                ? u"\nRepaired, for %1 (write it with: rolescope-cli convert --to %1 --output FILE …):\n%2"_s
                      .arg(format.id, QString::fromUtf8(*repair))
                : u"\nIt cannot be repaired for %1: %2"_s.arg(format.id, repair.error().message));
    }
    context.finish(good ? Done : No);
}

} // namespace

void addInspect(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("inspect", "say what each consumer would read from an environment file");
    command->add_option("FILE", options->file, "the file; - for standard input")
        ->required()
        ->check(notEmpty());
    std::set<std::string> names;
    for (const std::string &name : formatNames()) {
        if (EnvFile::findFormat(text(name))->shape == Format::Shape::File)
            names.insert(name);
    }
    command->add_option("--as", options->as, "the one consumer to ask")
        ->check(CLI::IsMember(names));
    command->add_flag("--reveal", options->reveal, "show the values");
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
