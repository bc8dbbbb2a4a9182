#include "cli/handover.h"
#include "core/atomicfile.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Secret;

namespace {

struct Options {
    std::string principal, format;
    std::string certificateFile;
    bool protectKey = false;
    Identity::TokenCredentials tokenCredentials = Identity::TokenCredentials::Any;
    HandoverOptions handover;
};

// So that a rotation can write it again.
void remember(const Identity::ServicePrincipal &principal, Identity::Export exported, Context &context)
{
    Services::Services &services = context.services();
    exported.at = services.clock.now();
    const auto kept = services.vault.update(Identity::withExport(services.vault.find(principal.id).value_or(principal), exported));
    if (!kept)
        context.note(u"warning: a rotation will not know of this file: "_s + kept.error().message);
}

// The certificate's own file first: variables that name a file which is not there are of no use.
Core::Result<Identity::CertificateFile> writeCertificate(const Options &options, const Identity::ServicePrincipal &principal, const Secret &pem,
                                                         Context &context)
{
    if (options.certificateFile.empty())
        return Identity::CertificateFile{};
    if (principal.credential != Identity::ServicePrincipal::Credential::Certificate)
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"“%1” does not sign in with a certificate."_s.arg(principal.name),
                           .nextStep = u"Leave --certificate-file out."_s};
    Identity::CertificateFile file{QFileInfo(text(options.certificateFile)).absoluteFilePath(), options.protectKey ? Identity::newPassphrase() : Secret()};
    const Core::Result<Secret> content = Identity::certificateForFile(pem, file.passphrase);
    if (!content)
        return content.error();
    if (const Core::Result<void> written = Core::writeFileAtomically(file.path, content->reveal()); !written)
        return written.error();
    context.note(u"The certificate and its private key were written to %1, for its owner only."_s.arg(file.path));
    Identity::ServicePrincipal known = principal;
    known.credentialFile = file.path;
    if (const Core::Result<void> kept = context.services().vault.update(known); !kept)
        return kept.error();
    return file;
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
                                        const auto file = writeCertificate(options, principal, *secret, context);
                                        if (!file)
                                            return context.fail(file.error());
                                        const auto variables = Identity::credentialVariables(cloud, principal, *secret, *file);
                                        if (!variables)
                                            return context.fail(variables.error());
                                        const QString pinned = Identity::tokenCredentials(options.tokenCredentials, principal);
                                        HandoverOptions handover = options.handover;
                                        handover.written = [&](const QString &path) { remember(principal, {path, format.id, {}, pinned}, context); };
                                        noteTokenCredentials(options.tokenCredentials, context);
                                        handOver(format, Identity::withTokenCredentials(*variables, pinned), Identity::secretVariableNames(), handover, context);
                                    });
}

} // namespace

void addExport(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("export", "write the environment file from which an application signs in");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--format", options->format)->required()->check(CLI::IsMember(formatNames()));
    CLI::Option *file = command->add_option("--certificate-file", options->certificateFile,
                                            "for a certificate: the PEM file to write for the application, with the private key")
                            ->check(notEmpty());
    command->add_flag("--protect-key", options->protectKey, "encrypt the key in that file; its passphrase stands in the variables")->needs(file);
    addTokenCredentials(*command, options->tokenCredentials);
    addHandoverOptions(*command, options->handover);
    addJson(*command, context);
    command->callback([options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
