#include "cli/command.h"

#include "core/counted.h"
#include "services/operatorsignin.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QProcess>
#include <QTimer>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Services::Operator;
using Services::OperatorSignIn;
using Orphan = Services::OperatorSession::Orphan;

namespace {

struct Options
{
    std::string cloud = "AzurePublic", tenant, clientId;
    bool deviceCode = false, browser = false, az = false, all = false, wellKnown = false;
    bool noOpen = false, elsewhere = false;
    std::string choice; ///< of repair
};

QString tenantOf(const Operator &one)
{
    return one.tenantId.isEmpty() ? one.tenant : one.tenantId;
}

QString nameOf(const Operator &one)
{
    return one.username.isEmpty() ? u"somebody"_s : one.username;
}

void openBrowser(const QUrl &url, bool open, Context &context)
{
    // The address is on this machine and works once, so it may stand in an argument.
    context.note(u"Sign in with the browser of this machine: %1"_s.arg(url.toString()));
    if (!open)
        return;
    const QString browser = qEnvironmentVariable("BROWSER", u"xdg-open"_s);
    if (!QProcess::startDetached(browser, {url.toString()}))
        context.note(
            u"No browser could be started (%1); open the address yourself."_s.arg(browser));
}

void showCode(const Identity::DeviceCode &code, Context &context)
{
    context.note(code.message.isEmpty() ? u"Open %1 in any browser and enter the code %2"_s.arg(
                                              code.verificationUri.toString(), code.userCode)
                                        : code.message);
}

void signIn(const Options &options, Context &context)
{
    OperatorSignIn::Request request{.cloud = text(options.cloud),
                                    .tenant = text(options.tenant),
                                    .clientId = text(options.clientId)};
    if (options.az)
        request.way = Operator::Way::Az;
    else if (options.deviceCode)
        request.way = Operator::Way::DeviceCode;
    // Beside the address that is shown; az shows none.
    const auto nameCloud = [&context, cloud = Identity::Cloud::load(request.cloud)] {
        if (cloud)
            context.nameCloud(*cloud);
    };
    if (options.az)
        nameCloud();
    auto *flow = new OperatorSignIn(context.services(), request, &context);
    QObject::connect(flow, &OperatorSignIn::codeReady, &context,
                     [&context, nameCloud](const Identity::DeviceCode &code) {
                         showCode(code, context);
                         nameCloud();
                     });
    QObject::connect(
        flow, &OperatorSignIn::openBrowser, &context,
        [&context, nameCloud, open = !options.noOpen](const QUrl &url) {
            openBrowser(url, open, context);
            nameCloud();
        });
    QObject::connect(flow, &OperatorSignIn::finished, &context, [&context](const auto &who) {
        if (!who)
            return context.fail(who.error());
        if (context.json)
            context.printJson({{u"operator"_s, Services::toJson(*who)}});
        else
            context.print(u"%1 is signed in to tenant %2. %3"_s.arg(
                nameOf(*who), tenantOf(*who),
                who->way == Operator::Way::Az ? u"az keeps the session."_s
                                              : u"The refresh token is in the keychain."_s));
        context.finish(Done);
    });
    flow->start();
}

void signOutNext(QList<Operator> rest, int done, Context &context)
{
    if (rest.isEmpty()) {
        if (context.json)
            context.printJson({{u"signedOut"_s, done}});
        else
            context.print(Core::counted(done, u"%1 sign-in forgotten."_s, u"%1 sign-ins forgotten."_s));
        return context.finish(Done);
    }
    const Operator who = rest.takeFirst();
    context.services().operators.signOut(who, &context, [=, &context](const Result<void> &out) {
        if (!out)
            return context.fail(out.error());
        if (who.way == Operator::Way::Az)
            context.note(u"note: az itself is still signed in; end that with `az logout`"_s);
        signOutNext(rest, done + 1, context);
    });
}

void signOut(const Options &options, Context &context)
{
    Services::OperatorSession &operators = context.services().operators;
    const auto chosen = [options, &context](const Result<QList<Operator>> &all) {
        if (!all)
            return context.fail(all.error());
        if (all->isEmpty() && !options.all)
            return context.fail(
                {.kind = Core::Error::Kind::NotFound,
                 .message = u"Nobody is signed in to tenant %1."_s.arg(text(options.tenant)),
                 .code = u"NoOperator"_s,
                 .nextStep = u"See: rolescope-cli operator list"_s});
        signOutNext(*all, 0, context);
    };
    options.all ? chosen(operators.list())
                : operators.signInsTo(text(options.tenant), &context, chosen);
}

QString orphanText(const Orphan &one)
{
    return one.elsewhere
               ? u"the keychain has a refresh token of another list of sign-ins, here or gone (%1)"_s
                     .arg(one.key)
               : u"the keychain has a refresh token that no sign-in names (%1)"_s.arg(one.key);
}

void removeNext(QList<Orphan> rest, int done, Context &context)
{
    if (rest.isEmpty()) {
        if (context.json)
            context.printJson({{u"removed"_s, done}});
        else
            context.print(u"%1 refresh token(s) removed from the keychain."_s.arg(done));
        return context.finish(Done);
    }
    const Orphan one = rest.takeFirst();
    context.services().operators.removeOrphan(one, &context, [=, &context](const auto &removed) {
        removed ? removeNext(rest, done + 1, context) : context.fail(removed.error());
    });
}

void repair(const Options &options, Context &context)
{
    context.services().operators.findOrphans(
        &context, [options, &context](const Result<QList<Orphan>> &all) {
            if (!all)
                return context.fail(all.error());
            QList<Orphan> orphans = *all;
            if (!options.elsewhere)
                orphans.removeIf([](const Orphan &one) { return one.elsewhere; });
            if (!options.choice.empty())
                return removeNext(orphans, 0, context);
            QJsonArray array;
            for (const Orphan &one : std::as_const(orphans)) {
                array.append(QJsonObject{{u"key"_s, one.key}, {u"elsewhere"_s, one.elsewhere}});
                if (!context.json)
                    context.print(orphanText(one));
            }
            if (context.json)
                context.printJson({{u"orphans"_s, array}});
            else if (orphans.isEmpty())
                context.print(u"The keychain has no refresh token but those of the sign-ins."_s);
            context.finish(orphans.isEmpty() ? Done : No);
        });
}

// Told last, and never a reason to fail.
void finishWithOrphans(Context &context)
{
    context.services().operators.findOrphans(&context, [&context](const auto &orphans) {
        if (orphans) {
            for (const Orphan &one : *orphans) {
                if (!one.elsewhere)
                    context.note(u"warning: "_s + orphanText(one) +
                                 u"; see rolescope-cli operator repair"_s);
            }
        }
        context.finish(Done);
    });
}

void list(Context &context)
{
    const Result<QList<Operator>> all = context.services().operators.list();
    if (!all)
        return context.fail(all.error());
    if (context.json) {
        QJsonArray array;
        for (const Operator &one : *all)
            array.append(Services::toJson(one));
        context.printJson({{u"operators"_s, array}});
    } else if (all->isEmpty()) {
        context.print(u"Nobody is signed in. See: rolescope-cli operator sign-in --help"_s);
    } else {
        for (const Operator &one : *all)
            context.printRow(u"%1  tenant %2  %3  %4  since %5"_s.arg(
                nameOf(one).leftJustified(32), tenantOf(one), one.cloud, Services::wayName(one.way),
                one.signedInAt.toString(Qt::ISODate)));
    }
    finishWithOrphans(context);
}

void publicClient(const Options &options, Context &context)
{
    Services::OperatorSession &operators = context.services().operators;
    if (!options.clientId.empty() || options.wellKnown) {
        if (const Result<void> set = operators.setPublicClientId(text(options.clientId)); !set)
            return context.fail(set.error());
    }
    const Result<QString> id = operators.publicClientId();
    if (!id)
        return context.fail(id.error());
    if (context.json)
        context.printJson({{u"publicClientId"_s, *id}});
    else
        context.print(*id);
    context.finish(Done);
}

void addSignIn(CLI::App &group, const std::shared_ptr<Options> &options, Context &context)
{
    CLI::App *command = group.add_subcommand(
        "sign-in", "sign a person in; the refresh token goes into the keychain");
    CLI::Option *browser = command->add_flag("--browser", options->browser,
                                             "with this machine's browser (the default)");
    CLI::Option *device = command
                              ->add_flag("--device-code", options->deviceCode,
                                         "by a code that is entered on any device")
                              ->excludes(browser);
    CLI::Option *az = command->add_flag("--az", options->az, "use the session that az has")
                          ->excludes(browser)
                          ->excludes(device);
    command
        ->add_option("--tenant", options->tenant,
                     "tenant ID or domain; without it the person's own")
        ->check(notEmpty());
    command->add_option("--cloud", options->cloud, "as for principal add");
    command
        ->add_option("--client-id", options->clientId,
                     "the public client, where it is not the setting")
        ->check(notEmpty())
        ->excludes(az);
    command->add_flag("--no-open", options->noOpen, "show the address, start no browser")
        ->excludes(device)
        ->excludes(az);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { signIn(*options, context); }; });
}

} // namespace

void addOperator(CLI::App &app, Context &context)
{
    const auto options = std::make_shared<Options>();
    CLI::App *group = app.add_subcommand(
        "operator", "who registers, assigns and rotates: a person, apart from the principals");
    group->require_subcommand(1);
    addSignIn(*group, options, context);

    CLI::App *listCommand = group->add_subcommand("list", "who is signed in, and where");
    addJson(*listCommand, context);
    listCommand->callback([&context] { context.run = [&context] { list(context); }; });

    CLI::App *out = group->add_subcommand("sign-out", "forget a sign-in and its refresh token");
    CLI::Option *tenant =
        out->add_option("--tenant", options->tenant, "tenant ID or domain")->check(notEmpty());
    out->add_flag("--all", options->all, "every sign-in")->excludes(tenant);
    addJson(*out, context);
    out->callback([options, &context] {
        if (!options->all && options->tenant.empty())
            throw CLI::ValidationError("operator sign-out", "either --tenant or --all is needed");
        context.run = [options, &context] { signOut(*options, context); };
    });

    CLI::App *mend = group->add_subcommand(
        "repair",
        "show refresh tokens in the keychain that no sign-in names (exit code 1), or remove them");
    mend->add_option("CHOICE", options->choice, "remove")->check(CLI::IsMember({"remove"}));
    mend->add_flag("--elsewhere", options->elsewhere,
                   "also those of other lists of sign-ins, which may be in use in another folder");
    addJson(*mend, context);
    mend->callback(
        [options, &context] { context.run = [options, &context] { repair(*options, context); }; });

    CLI::App *client =
        group->add_subcommand("client-id", "the public client that people sign in to");
    CLI::Option *id = client->add_option("ID", options->clientId, "a public client application");
    client->add_flag("--well-known", options->wellKnown, "the well-known one again")->excludes(id);
    addJson(*client, context);
    client->callback([options, &context] {
        context.run = [options, &context] { publicClient(*options, context); };
    });
}

} // namespace Cli
