#include "access/remedies.h"
#include "cli/command.h"
#include "cli/input.h"

#include <CLI/CLI.hpp>
#include <QRegularExpression>

namespace Cli {

using namespace Qt::StringLiterals;

namespace {

struct Options {
    std::string code, body, headers;
    int status = 0;
};

// One "Name: value" a line; a status line or what is no header is passed over.
Http::Headers parseHeaders(const QByteArray &text)
{
    Http::Headers headers;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("HTTP/"))
            headers.append({line.left(colon).trimmed(), line.mid(colon + 1).trimmed()});
    }
    return headers;
}

void show(const Access::Remedy &remedy, Context &context)
{
    if (context.json) {
        context.printJson(Access::toJson(remedy));
    } else {
        context.print(u"%1 (%2)\n  %3"_s.arg(remedy.code, remedy.service, remedy.meaning));
        if (remedy.cause != remedy.meaning)
            context.print(u"  Cause: "_s + remedy.cause);
        context.print(u"  Next:  "_s + remedy.nextStep);
        if (remedy.transient)
            context.print(u"  Asking again later may help."_s);
    }
    context.finish(Done);
}

void run(const Options &options, Context &context)
{
    if (options.status == 0) {
        if (const auto remedy = Access::remedyFor(text(options.code)))
            return show(*remedy, context);
        static const QRegularExpression number(u"\\A(?:AADSTS)?([0-9]{4,8})\\z"_s, QRegularExpression::CaseInsensitiveOption);
        const auto entra = number.match(text(options.code).trimmed());
        const QString look = entra.hasMatch()
            ? u" Or look it up at https://login.microsoftonline.com/error?code="_s + entra.captured(1)
            : QString();
        const Core::Error unknown{.kind = Core::Error::Kind::NotFound,
                                  .message = u"The code “%1” is not known here."_s.arg(text(options.code).left(100)),
                                  .code = u"UnknownCode"_s,
                                  .nextStep = u"Give the whole answer instead: --status N --body FILE [--headers FILE]."_s + look};
        if (context.json)
            context.printJson(errorJson(unknown));
        context.note(u"undecided: "_s + Core::describe(unknown));
        return context.finish(Undecided);
    }
    const auto body = readInput(options.body);
    const auto headers = readInput(options.headers);
    if (!body || !headers)
        return context.fail(!body ? body.error() : headers.error());
    show(Access::explainResponse(options.status, parseHeaders(*headers), *body), context);
}

} // namespace

void addExplain(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("explain", "say what an error code, or a whole answer, means and what to do");
    CLI::Option *code = command->add_option("CODE", options->code, "e.g. AADSTS7000215 or AuthorizationPermissionMismatch");
    CLI::Option *status = command->add_option("--status", options->status, "the answer's HTTP status")->check(CLI::Range(100, 599))->excludes(code);
    command->add_option("--body", options->body, "a file with the answer's body; - for standard input")->needs(status);
    command->add_option("--headers", options->headers, "a file with its headers, one \"Name: value\" a line")->needs(status);
    addJson(*command, context);
    command->callback([options, &context] {
        if (options->code.empty() && options->status == 0)
            throw CLI::ValidationError("explain", "a code, or --status and --body, is needed");
        context.run = [options, &context] { run(*options, context); };
    });
}

} // namespace Cli
