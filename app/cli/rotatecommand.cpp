#include "cli/lifecycle.h"
#include "core/commandtext.h"
#include "lifecycle/rotatecredential.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Lifecycle::RotateCredential;
using Lifecycle::Rotation;

namespace {

struct Options
{
    std::string principal, lifetime = "180d", replaces;
    bool removeOld = false, resume = false, abandon = false, noCheck = false;
    std::shared_ptr<std::string> actor = std::make_shared<std::string>();
};

void report(const Rotation &rotation, const QStringList &remarks, const QString &sentence,
            Context &context)
{
    const auto orNull = [](const QString &value) {
        return value.isEmpty() ? QJsonValue() : QJsonValue(value);
    };
    for (const QString &one : remarks)
        context.note(u"note: "_s + one);
    if (context.json) {
        context.printJson({{u"step"_s, Lifecycle::stepName(rotation.step)},
                           {u"oldKeyId"_s, orNull(rotation.oldKeyId)},
                           {u"newKeyId"_s, orNull(rotation.newKeyId)},
                           {u"expiresAt"_s, orNull(rotation.newExpiresAt.toString(Qt::ISODate))},
                           {u"written"_s, QJsonArray::fromStringList(rotation.written)},
                           {u"remarks"_s, QJsonArray::fromStringList(remarks)},
                           {u"az"_s, QJsonArray::fromStringList(Lifecycle::azCommands(rotation))}});
    } else {
        for (const QString &path : rotation.written)
            context.print(u"Written: "_s + path);
        context.print(sentence);
        printCommands(context, Lifecycle::azCommands(rotation));
    }
    context.finish(Done);
}

void run(const Options &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto parts = partsFor(context, principal->cloud, principal->tenant, *options.actor);
    if (!parts)
        return;
    const auto journal =
        Lifecycle::RotationJournal(context.services().vault.folder()).read(principal->id);
    if (!journal)
        return context.fail(journal.error());
    if ((options.resume || options.abandon) && !*journal)
        return context.fail({.kind = Error::Kind::NotFound,
                             .message = u"No rotation of “%1” is under way."_s.arg(principal->name),
                             .code = u"NoRotation"_s});
    if (*journal)
        context.note(u"Going on with the rotation of %1, at “%2”."_s.arg(
            (*journal)->startedAt.toString(u"yyyy-MM-dd HH:mm"),
            Lifecycle::stepName((*journal)->step)));

    RotateCredential::Options how;
    how.lifetimeDays = *daysOf(options.lifetime);
    how.replaces = text(options.replaces);
    how.removeOld = options.removeOld;
    auto *flow = new RotateCredential(*parts, *principal, how,
                                      options.noCheck ? RotateCredential::Check()
                                                      : Services::rotationCheck(context.services()),
                                      &context);
    QObject::connect(flow, &RotateCredential::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(
        flow, &RotateCredential::failed, &context,
        [&context, name = principal->name](Error error, const Rotation &rotation) {
            if (!rotation.marker.isEmpty())
                error.nextStep +=
                    (error.nextStep.isEmpty() ? QString() : u" "_s) +
                    u"A working credential is kept meanwhile. Then, or with --abandon instead of --resume: "_s +
                    Core::Command{u"rolescope-cli", u"rotate"}.argument(name).flag(u"--resume").text();
            context.fail(error);
        });
    QObject::connect(
        flow, &RotateCredential::confirmationNeeded, &context,
        [&context, name = principal->name](const Rotation &rotation, const QStringList &remarks) {
            report(
                rotation, remarks,
                u"The new %1 is in use; the old one still works. When nothing needs it any more: "_s.arg(rotation.noun()) +
                    Core::Command{u"rolescope-cli", u"rotate"}
                        .argument(name)
                        .flag(u"--resume")
                        .flag(u"--remove-old")
                        .text(),
                context);
        });
    QObject::connect(
        flow, &RotateCredential::finished, &context,
        [&context](const Rotation &rotation, const QStringList &remarks) {
            report(
                rotation, remarks,
                rotation.step == Rotation::Step::Abandoned
                    ? u"Taken back: the old %1 is the current one, the new one is removed."_s.arg(
                          rotation.noun())
                    : u"Rotated: the new %1 is in use, the old one is removed."_s.arg(
                          rotation.noun()),
                context);
        });
    options.abandon ? flow->abandon() : flow->start();
}

} // namespace

void addRotate(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("rotate", "replace a principal's secret or certificate, with overlap: "
                                     "at no time without one that works");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--lifetime", options->lifetime, "how long the new one lasts")
        ->check(lifetime())
        ->capture_default_str();
    command
        ->add_option("--replaces", options->replaces,
                     "the ID of the one that is replaced, where it cannot be told")
        ->check(notEmpty());
    CLI::Option *remove =
        command->add_flag("--remove-old", options->removeOld,
                          "remove the old one, once the new one is proven and exported");
    CLI::Option *resume =
        command->add_flag("--resume", options->resume, "go on with the rotation that is under way");
    CLI::Option *abandon =
        command->add_flag("--abandon", options->abandon, "take it back: the old one stays");
    abandon->excludes(remove)->excludes(resume);
    command->add_flag("--no-check", options->noCheck, "do not check access with the new one");
    addActor(*command, options->actor);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
