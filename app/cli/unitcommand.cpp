#include "cli/command.h"
#include "core/atomicfile.h"
#include "core/commandtext.h"
#include "core/symlinkguard.h"
#include "handover/credentialencryption.h"
#include "handover/unitfiles.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <QFileInfo>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

struct GunicornOptions
{
    std::string name, application, user, directory, environmentFile, output;
    std::string bind = "127.0.0.1:8000", gunicorn = "/usr/bin/gunicorn";
};

struct CertificateOptions
{
    std::string principal, output;
    std::string credential = Handover::defaultCredentialFile().toStdString();
    bool encrypt = false, sudo = false;
};

void handOut(const Core::Result<QByteArray> &unit, const std::string &output, const QString &advice,
             Context &context)
{
    if (!unit)
        return context.fail(unit.error());
    const QString path = QFileInfo(text(output)).absoluteFilePath();
    if (!output.empty()) {
        if (const auto place = Core::refuseForeignLinks(path); !place)
            return context.fail(place.error());
        if (const auto written = Core::writeFileAtomically(path, *unit); !written)
            return context.fail(written.error());
    }
    if (context.json)
        context.printJson({{u"text"_s, QString::fromUtf8(*unit)},
                           {u"path"_s, output.empty() ? QJsonValue() : QJsonValue(path)},
                           {u"advice"_s, advice}});
    else
        context.print(output.empty() ? QString::fromUtf8(*unit).chopped(1)
                                     : u"Written to %1."_s.arg(path));
    context.note(advice);
    context.finish(Done);
}

void gunicorn(const GunicornOptions &options, Context &context)
{
    const auto absolute = [](const std::string &path) {
        return path.empty() ? QString() : QFileInfo(text(path)).absoluteFilePath();
    };
    const Handover::GunicornService service{.name = text(options.name),
                                            .application = text(options.application),
                                            .user = text(options.user),
                                            .directory = absolute(options.directory),
                                            .environmentFile = absolute(options.environmentFile),
                                            .bind = text(options.bind),
                                            .gunicorn = text(options.gunicorn)};
    handOut(
        Handover::gunicornUnit(service), options.output,
        u"Put it into /etc/systemd/system/%1.service, then: "_s.arg(service.name) +
            Core::Command{u"systemctl", u"daemon-reload", u"&&", u"systemctl", u"enable", u"--now"}
                .argument(service.name)
                .text(),
        context);
}

QStringList encryption(const CertificateOptions &options)
{
    QStringList command = Handover::encryptCommand(text(options.credential));
    if (options.sudo && ::geteuid() != 0)
        command = QStringList{u"sudo"_s, u"--"_s} + command;
    return command;
}

void handOutDropIn(const CertificateOptions &options, const Core::Result<QByteArray> &dropIn,
                   Context &context)
{
    QString advice =
        u"Put it into /etc/systemd/system/UNIT.service.d/, then: systemctl daemon-reload && systemctl restart UNIT"_s;
    if (!options.encrypt)
        advice += u"\nThe certificate itself: --encrypt, or as root: "_s +
                  Handover::shownEncryptCommand(text(options.credential));
    handOut(dropIn, options.output, advice, context);
}

// What can be known beforehand, so that no encrypted file stays behind without its drop-in.
Core::Result<void> checkOutput(const std::string &output)
{
    if (output.empty())
        return {};
    const QFileInfo target(QFileInfo(text(output)).absoluteFilePath());
    if (const auto place = Core::refuseForeignLinks(target.filePath()); !place)
        return place.error();
    const QFileInfo folder(target.absolutePath());
    if (!target.isDir() && folder.isDir() && folder.isWritable())
        return {};
    return Core::Error{.kind = Core::Error::Kind::File,
                       .message = u"%1 cannot be written."_s.arg(target.filePath()),
                       .code = u"NotWritable"_s,
                       .nextStep = u"Name a file in a folder that is there and yours."_s};
}

void encrypt(const CertificateOptions &options, const ServicePrincipal &principal,
             const QByteArray &dropIn, Context &context)
{
    if (const auto possible = checkOutput(options.output); !possible)
        return context.fail(possible.error());
    context.services().vault.secret(
        principal, &context, [=, &context](const Core::Result<Secret> &secret) {
            if (!secret)
                return context.fail(secret.error());
            const auto pem = Identity::certificateForFile(*secret);
            if (!pem)
                return context.fail(pem.error());
            auto *run = new Handover::CredentialEncryption(&context);
            run->start(encryption(options), *pem, [=, &context](const Core::Result<void> &done) {
                if (!done)
                    return context.fail(done.error());
                // Said first: it is there whatever becomes of the drop-in.
                context.note(
                    u"The certificate and its key are in %1, encrypted for this machine."_s.arg(
                        text(options.credential)));
                handOutDropIn(options, dropIn, context);
            });
        });
}

void certificate(const CertificateOptions &options, Context &context)
{
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    const auto cloud = Identity::Cloud::load(principal->cloud);
    if (!cloud)
        return context.fail(cloud.error());
    const auto dropIn = Handover::encryptedCertificateDropIn(
        Identity::environmentVariables(*cloud, *principal, {}), text(options.credential));
    if (!dropIn)
        return context.fail(dropIn.error());
    options.encrypt ? encrypt(options, *principal, *dropIn, context)
                    : handOutDropIn(options, dropIn, context);
}

void addGunicorn(CLI::App &unit, Context &context)
{
    auto options = std::make_shared<GunicornOptions>();
    CLI::App *command = unit.add_subcommand(
        "gunicorn", "the unit of a Python application that reads an exported environment file");
    command->add_option("NAME", options->name, "the unit's, without .service")->required();
    command->add_option("--application", options->application, "MODULE:APP")->required();
    command->add_option("--directory", options->directory, "where MODULE is found")->required();
    command
        ->add_option(
            "--environment-file", options->environmentFile,
            "what `export --format systemd-envfile` wrote; not needed beside a drop-in with all "
            "variables")
        ->check(notEmpty());
    command->add_option("--user", options->user, "as whom it runs")->required();
    command->add_option("--bind", options->bind, "HOST:PORT or unix:PATH")->capture_default_str();
    command->add_option("--gunicorn", options->gunicorn, "the program")->capture_default_str();
    command->add_option("--output", options->output, "the file to write")->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        context.run = [options, &context] { gunicorn(*options, context); };
    });
}

void addCertificate(CLI::App &unit, Context &context)
{
    auto options = std::make_shared<CertificateOptions>();
    CLI::App *command = unit.add_subcommand(
        "certificate", "a drop-in that hands a certificate to a service, encrypted on disk");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--credential", options->credential, "the encrypted file")
        ->check(notEmpty())
        ->capture_default_str();
    CLI::Option *encrypted = command->add_flag(
        "--encrypt", options->encrypt,
        "write that file: the certificate goes from the keychain through a pipe to systemd-creds");
    command->add_flag("--sudo", options->sudo, "run systemd-creds, which needs root, by sudo")
        ->needs(encrypted);
    command->add_option("--output", options->output, "the drop-in to write")->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        context.run = [options, &context] { certificate(*options, context); };
    });
}

} // namespace

void addUnit(CLI::App &app, Context &context)
{
    CLI::App *unit =
        app.add_subcommand("unit", "systemd units for applications that sign in as a principal");
    unit->require_subcommand(1);
    addGunicorn(*unit, context);
    addCertificate(*unit, context);
}

} // namespace Cli
