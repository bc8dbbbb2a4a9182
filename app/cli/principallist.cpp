#include "cli/principals.h"
#include "core/atomicfile.h"
#include "core/counted.h"
#include "identity/expiry.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QJsonArray>
#include <cstdio>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Identity::Expiry;
using Identity::ServicePrincipal;

namespace {

struct Options
{
    std::string within, format = "table", output;
};

QString expiryText(const Expiry &expiry)
{
    const QString date = expiry.principal.credentialExpiresAt.toString(u"yyyy-MM-dd"_s);
    switch (expiry.state) {
    case Expiry::State::Expired: return u"expired %1"_s.arg(date);
    case Expiry::State::Soon:
    case Expiry::State::Later: return u"expires %1, in %2"_s.arg(date, Core::counted(expiry.days, u"%1 day"_s, u"%1 days"_s));
    case Expiry::State::Unknown: break;
    }
    return {};
}

void print(const QList<ServicePrincipal> &principals, const QHash<QString, QString> &removals, Context &context)
{
    const QDateTime now = context.services().clock.now();
    for (const ServicePrincipal &one : principals) {
        const QString end = expiryText(Identity::expiryOf(one, now, std::chrono::seconds(0)));
        context.printRow(
            (one.environment.name.isEmpty() ? u"-"_s : one.environment.name).leftJustified(14) +
            u"  "_s + one.name.leftJustified(28) +
            u"  tenant %1  client %2"_s.arg(one.tenant, one.clientId) +
            (end.isEmpty() ? end : u"  "_s + end));
        if (const QString why = removals.value(one.id); !why.isEmpty())
            context.printRow(u"    removal unfinished: %1 Retry with: %2"_s.arg(why, removalCommand(one.name)));
    }
}

void printJson(const QList<ServicePrincipal> &principals, const QHash<QString, QString> &removals, Context &context)
{
    const QDateTime now = context.services().clock.now();
    QJsonArray array;
    for (const ServicePrincipal &one : principals) {
        QJsonObject object = Identity::toJson(one);
        const Expiry expiry = Identity::expiryOf(one, now, std::chrono::seconds(0));
        if (expiry.state != Expiry::State::Unknown)
            object[u"expiresInDays"_s] = expiry.days;
        if (const QString why = removals.value(one.id); !why.isEmpty())
            object[u"removalUnfinished"_s] = QJsonObject{{u"reason"_s, why}, {u"retry"_s, removalCommand(one.name)}};
        array.append(object);
    }
    context.printJson({{u"principals"_s, array}});
}

Result<void> writeCalendar(const QList<ServicePrincipal> &principals, const std::string &output,
                           Context &context)
{
    const QByteArray calendar = Identity::calendarOf(principals, context.services().clock.now());
    if (output.empty()) {
        std::fwrite(calendar.constData(), 1, static_cast<size_t>(calendar.size()), stdout);
        return {};
    }
    const QString path = QFileInfo(text(output)).absoluteFilePath();
    const Result<void> written = Core::writeFileAtomically(path, calendar);
    if (written && context.json)
        context.printJson({{u"path"_s, path}});
    else if (written)
        context.print(u"Written to %1."_s.arg(path));
    return written;
}

void list(const Options &options, Context &context)
{
    const auto all = context.services().vault.list();
    if (!all)
        return context.fail(all.error());
    const auto removals = context.services().vault.unfinishedRemovals();
    if (!removals)
        return context.fail(removals.error());
    QList<ServicePrincipal> chosen = *all;
    int code = Done;
    if (!options.within.empty()) {
        chosen.clear();
        const auto ending = Identity::expiring(*all, context.services().clock.now(),
                                               *Identity::parseSpan(text(options.within)));
        for (const Expiry &one : ending)
            chosen.append(one.principal);
        code = chosen.isEmpty() ? Done : No;
    }
    if (options.format == "ics") {
        if (const Result<void> written = writeCalendar(chosen, options.output, context); !written)
            return context.fail(written.error());
    } else if (context.json) {
        printJson(chosen, *removals, context);
    } else if (all->isEmpty()) {
        context.print(
            u"There are no principals yet. Add one: rolescope-cli principal add --help\n"
            "If there were some: rolescope-cli principal repair finds their secrets in the keychain."_s);
    } else if (chosen.isEmpty()) {
        context.print(u"No credential ends within %1, as far as their ends are known."_s.arg(
            text(options.within)));
    } else {
        print(chosen, *removals, context);
    }
    context.finish(code);
}

CLI::Validator span()
{
    return CLI::Validator(
        [](const std::string &value) {
            return Identity::parseSpan(text(value))
                       ? std::string()
                       : std::string("a span is a number of hours, days or weeks, e.g. 30d");
        },
        "SPAN");
}

} // namespace

void addPrincipalList(CLI::App &principal, Context &context)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = principal.add_subcommand("list", "all of them, by environment");
    command
        ->add_option("--expiring", options->within,
                     "only those whose credential has ended or ends within e.g. 30d; exit code 1 "
                     "when there is one")
        ->check(span());
    command
        ->add_option("--format", options->format, "table, or ics: an iCalendar file with the ends")
        ->check(CLI::IsMember({"table", "ics"}));
    command->add_option("--output", options->output, "the iCalendar file to write")
        ->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        if (!options->output.empty() && options->format != "ics")
            throw CLI::ValidationError("principal list", "--output needs --format ics");
        context.run = [options, &context] { list(*options, context); };
    });
}

} // namespace Cli
