#include "cli/handover.h"
#include "core/atomicfile.h"
#include "core/symlinkguard.h"
#include "handover/savewarnings.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"

#include <CLI/CLI.hpp>
#include <QFile>
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

/// The certificate's own file, which has to be there before variables name it, and which does not
/// stay where they are refused.
struct CertificateExport
{
    Identity::CertificateFile file;
    Secret content;

    bool isWanted() const { return !file.path.isEmpty(); }
};

Core::Result<CertificateExport> certificateExport(const Options &options, const Identity::ServicePrincipal &principal, const Secret &pem)
{
    if (options.certificateFile.empty())
        return CertificateExport{};
    if (principal.credential != Identity::ServicePrincipal::Credential::Certificate)
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"“%1” does not sign in with a certificate."_s.arg(principal.name),
                           .nextStep = u"Leave --certificate-file out."_s};
    CertificateExport certificate{
        .file = {QFileInfo(text(options.certificateFile)).absoluteFilePath(), options.protectKey ? Identity::newPassphrase() : Secret()}, .content = {}};
    if (certificate.file.path == QFileInfo(text(options.handover.output)).absoluteFilePath())
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"The certificate and the variables cannot stand in the same file."_s,
                           .nextStep = u"Name two files."_s};
    const Core::Result<Secret> content = Identity::certificateForFile(pem, certificate.file.passphrase);
    if (!content)
        return content.error();
    certificate.content = *content;
    if (const auto place = Core::refuseForeignLinks(certificate.file.path); !place)
        return place.error();
    return certificate;
}

Core::Result<void> write(const CertificateExport &certificate, const Identity::ServicePrincipal &principal, Context &context)
{
    const QString &path = certificate.file.path;
    for (const QString &warning : Handover::fileWarnings(path))
        context.note(u"warning: %1: %2"_s.arg(path, warning));
    const auto written =
        Core::writeFileAtomically(path, certificate.content.reveal(), Core::Links::SystemOnly);
    if (!written)
        return written.error();
    context.note(u"The certificate and its private key were written to %1, for its owner only."_s.arg(path));
    Identity::ServicePrincipal known = principal;
    known.credentialFile = path;
    return context.services().vault.update(known);
}

void takeBack(const QString &path, bool wasThere, const Identity::ServicePrincipal &principal, Context &context)
{
    (void)context.services().vault.update(principal);
    if (wasThere)
        context.note(u"warning: %1 has been replaced all the same."_s.arg(path));
    else if (QFile::remove(path))
        context.note(u"%1 was removed again."_s.arg(path));
    else
        context.note(u"warning: %1, with the private key, is still there."_s.arg(path));
}

void exportAs(const Options &options, const EnvFile::Format &format, const Identity::Cloud &cloud, const Identity::ServicePrincipal &principal,
              const Secret &secret, Context &context)
{
    const auto certificate = certificateExport(options, principal, secret);
    if (!certificate)
        return context.fail(certificate.error());
    const auto credential = Identity::credentialVariables(cloud, principal, secret, certificate->file);
    if (!credential)
        return context.fail(credential.error());
    const QString pinned = Identity::tokenCredentials(options.tokenCredentials, principal);
    const EnvFile::Variables variables = Identity::withTokenCredentials(*credential, pinned);
    HandoverOptions handover = options.handover;
    if (const auto possible = checkHandOver(format, variables, handover); !possible)
        return context.fail(possible.error());
    if (certificate->isWanted()) {
        const QString path = certificate->file.path;
        const bool wasThere = QFileInfo::exists(path);
        handover.failed = [=, &context] { takeBack(path, wasThere, principal, context); };
        if (const auto written = write(*certificate, principal, context); !written) {
            if (QFileInfo::exists(path) && !wasThere)
                handover.failed();
            return context.fail(written.error());
        }
    }
    handover.written = [&](const QString &path) { remember(principal, {path, format.id, {}, pinned}, context); };
    noteTokenCredentials(options.tokenCredentials, context);
    handOver(format, variables, Identity::secretVariableNames(), handover, context);
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
    context.services().vault.secret(*principal, *cloud, &context,
                                    [=, &format, cloud = *cloud, principal = *principal, &context](const Core::Result<Secret> &secret) {
                                        if (!secret)
                                            return context.fail(secret.error());
                                        exportAs(options, format, cloud, principal, *secret, context);
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
