#include "cli/principals.h"
#include "core/atomicfile.h"
#include "identity/certificate.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Result;
using Core::Secret;
using Identity::Certificate;

namespace {

void show(const Certificate &certificate, const std::string &output, Context &context)
{
    const QByteArray pem = Identity::publicPem(certificate);
    const QString path = output.empty() ? QString() : QFileInfo(text(output)).absoluteFilePath();
    if (!path.isEmpty()) {
        if (const Result<void> written = Core::writeFileAtomically(path, pem); !written)
            return context.fail(written.error());
    }
    if (context.json)
        context.printJson({{u"subject"_s, certificate.subject},
                           {u"thumbprint"_s, QString::fromLatin1(certificate.thumbprint)},
                           {u"notBefore"_s, certificate.notBefore.toString(Qt::ISODate)},
                           {u"notAfter"_s, certificate.notAfter.toString(Qt::ISODate)},
                           {u"keyBits"_s, certificate.keyBits},
                           {u"pem"_s, QString::fromLatin1(pem)}});
    else if (path.isEmpty())
        context.print(QString::fromLatin1(pem).chopped(1));
    else
        context.print(u"Written to %1. It holds no private key."_s.arg(path));
    context.finish(Done);
}

} // namespace

void addPrincipalCertificate(CLI::App &principal, Context &context)
{
    struct Options
    {
        std::string name, output;
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = principal.add_subcommand(
        "certificate", "its certificate without the private key, to register at the application");
    command->add_option("NAME", options->name)->required();
    command->add_option("--output", options->output, "the PEM file to write")->check(notEmpty());
    addJson(*command, context);
    command->callback([options, &context] {
        context.run = [options, &context] {
            const auto found = context.principal(options->name);
            if (!found)
                return;
            if (found->credential != Identity::ServicePrincipal::Credential::Certificate)
                return context.fail(
                    {.kind = Core::Error::Kind::InvalidInput,
                     .message = u"“%1” does not sign in with a certificate."_s.arg(found->name)});
            context.services().vault.secret(
                *found, &context, [options, &context](const Result<Secret> &secret) {
                    if (!secret)
                        return context.fail(secret.error());
                    const auto certificate = Identity::readCertificate(secret->reveal());
                    if (!certificate)
                        return context.fail(certificate.error());
                    show(*certificate, options->output, context);
                });
        };
    });
}

} // namespace Cli
