#include "cli/principalcredential.h"
#include "cli/principals.h"
#include "identity/cloud.h"
#include "identity/credentiallint.h"
#include "identity/expiry.h"
#include "lifecycle/registerapplication.h"

#include <CLI/CLI.hpp>
#include <QStringDecoder>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

struct AddOptions {
    std::string name, environment, cloud, expires;
    CredentialOptions credential;
};

Result<Secret> usableSecret(const Secret &secret, bool exact)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(secret.reveal());
    QString reason;
    if (decoder.hasError())
        reason = u"The secret is no UTF-8 text, so it cannot be one of Entra ID."_s;
    else if (text.contains(QChar(0)))
        reason = u"The secret has a zero byte, so it cannot be one of Entra ID."_s;
    else if (Identity::cleaned(text).isEmpty())
        reason = u"The secret is empty but for blanks and quotes."_s;
    if (!reason.isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = reason,
                     .code = u"CredentialLint"_s,
                     .nextStep = u"Copy the secret's value again."_s};
    return exact ? secret : Secret::take(Identity::cleaned(text).toUtf8());
}

// Everything that can be known without asking anybody; what copying added is left out.
Result<void> checkFields(GivenCredential &given, Context &context)
{
    QStringList errors;
    const bool isSecret = given.principal.credential == ServicePrincipal::Credential::Secret;
    const auto findings = Identity::lint({given.principal.tenant, given.principal.clientId, isSecret ? given.secret : Secret()});
    for (const Identity::LintFinding &finding : findings) {
        if (given.secretIsExact && finding.field == Identity::LintFinding::Field::Secret && finding.id == u"stray-characters")
            continue;
        if (finding.severity == Identity::LintFinding::Severity::Error)
            errors.append(finding.message);
        else
            context.note(u"warning: "_s + finding.message);
    }
    if (given.principal.tenant.isEmpty())
        errors.append(u"There is no tenant."_s);
    if (given.principal.clientId.isEmpty())
        errors.append(u"There is no client ID."_s);
    if (!errors.isEmpty())
        return Error{.kind = Error::Kind::InvalidInput, .message = errors.join(u' '), .code = u"CredentialLint"_s};
    given.principal.tenant = Identity::cleaned(given.principal.tenant);
    given.principal.clientId = Identity::cleaned(given.principal.clientId).toLower();
    if (!isSecret)
        return {};
    const Result<Secret> secret = usableSecret(given.secret, given.secretIsExact);
    if (!secret)
        return secret.error();
    given.secret = *secret;
    return {};
}

QString whereItIs(ServicePrincipal::Credential kind)
{
    switch (kind) {
    case ServicePrincipal::Credential::Certificate: return u"The certificate and its private key are in the keychain."_s;
    case ServicePrincipal::Credential::FederatedToken: return u"Its token is read from its file at each use."_s;
    case ServicePrincipal::Credential::Secret: break;
    }
    return u"The secret is in the keychain."_s;
}

// The same client in two environments means that test may do what production may.
void warnOfOthers(const ServicePrincipal &saved, Context &context)
{
    const auto all = context.services().vault.list();
    if (!all)
        return context.note(u"warning: whether another environment uses it too is unknown: "_s + Core::describe(all.error()));
    const QStringList warnings = Lifecycle::sharedWithOtherEnvironments(saved, *all);
    for (const QString &one : warnings)
        context.note(u"warning: "_s + one);
}

void add(const AddOptions &options, Context &context)
{
    Result<GivenCredential> given = readCredential(options.credential, text(options.name), context.services().clock.now());
    if (!given)
        return context.fail(given.error());
    if (const Result<void> checked = checkFields(*given, context); !checked)
        return context.fail(checked.error());
    const Result<Identity::Cloud> cloud = options.cloud.empty() ? Identity::Cloud::forAuthority(given->authorityHost)
                                                                : Identity::Cloud::load(text(options.cloud));
    if (!cloud)
        return context.fail(cloud.error());

    ServicePrincipal principal = given->principal;
    principal.name = text(options.name);
    principal.environment.name = text(options.environment).trimmed();
    if (!options.expires.empty())
        principal.credentialExpiresAt = *Identity::parseExpiry(text(options.expires));
    principal.cloud = cloud->isWellKnown() ? cloud->name : cloud->file;
    for (const QString &note : std::as_const(given->notes))
        context.note(u"note: "_s + note);
    if (!cloud->isWellKnown())
        context.note(u"note: the cloud file %1 is used; the secret will be sent to %2"_s.arg(cloud->file, cloud->authorityHost.toString()));

    const bool kept = principal.credential != ServicePrincipal::Credential::FederatedToken;
    context.services().vault.save(principal, kept ? std::optional(given->secret) : std::nullopt, &context, [&context](const Result<ServicePrincipal> &saved) {
        if (!saved)
            return context.fail(saved.error());
        warnOfOthers(*saved, context);
        if (context.json)
            context.printJson({{u"principal"_s, Identity::toJson(*saved)}});
        else
            context.print(u"Added “%1” (%2). %3"_s.arg(saved->name, saved->environment.name.isEmpty() ? u"no environment"_s : saved->environment.name,
                                                       whereItIs(saved->credential)));
        context.finish(Done);
    });
}

} // namespace

namespace {

void addCredentialOptions(CLI::App &command, CredentialOptions &options)
{
    CLI::Option *from = command.add_option("--from", options.from, "what `az ad sp create-for-rbac` printed, or an environment file; - for standard input");
    CLI::Option *tenant = command.add_option("--tenant", options.tenant, "tenant ID or domain")->excludes(from);
    CLI::Option *client = command.add_option("--client-id", options.clientId, "application (client) ID")->excludes(from)->needs(tenant);
    tenant->needs(client);
    CLI::Option *secret =
        command.add_flag("--secret-stdin", options.secretStdin, "read the client secret from standard input")->excludes(from)->needs(client);
    CLI::Option *certificate = command.add_option("--certificate", options.certificate, "a PEM or PKCS#12 file with the certificate and its private key")
                                   ->check(notEmpty())->excludes(from)->excludes(secret)->needs(client);
    CLI::Option *make = command.add_flag("--make-certificate", options.makeCertificate, "make a key and a self-signed certificate")
                            ->excludes(from)->excludes(secret)->excludes(certificate)->needs(client);
    command.add_option("--days", options.days, "how long the certificate that is made lasts")->check(CLI::Range(1, 730))->needs(make);
    command.add_flag("--passphrase-stdin", options.passphraseStdin, "read the certificate's passphrase from standard input")->excludes(secret);
    command.add_option("--federated-token-file", options.federatedTokenFile, "the file into which another identity provider puts its token")
        ->check(notEmpty())->excludes(from)->excludes(secret)->excludes(certificate)->excludes(make)->needs(client);
}

} // namespace

void addPrincipalAdd(CLI::App &principal, Context &context)
{
    auto options = std::make_shared<AddOptions>();
    CLI::App *command = principal.add_subcommand("add", "keep a service principal: the secret in the keychain, the rest in the index");
    command->add_option("--name", options->name, "how it is called here")->required();
    command->add_option("--environment", options->environment, "production, test, development, or any word");
    command->add_option("--cloud", options->cloud, "AzurePublic (the default), AzureUSGovernment, AzureChina, or a cloud file");
    command->add_option("--expires", options->expires, "when the credential ends: 2026-03-01, or a moment in ISO 8601")->check(expiryDate());
    addCredentialOptions(*command, options->credential);
    addJson(*command, context);
    command->callback([options, &context] {
        const CredentialOptions &given = options->credential;
        const bool fields = given.secretStdin || given.makeCertificate || !given.certificate.empty() || !given.federatedTokenFile.empty();
        if (given.from.empty() && (!fields || given.clientId.empty()))
            throw CLI::ValidationError("principal add", "either --from is needed, or --tenant, --client-id and one of --secret-stdin, --certificate, "
                                                        "--make-certificate and --federated-token-file");
        context.run = [options, &context] { add(*options, context); };
    });
}

} // namespace Cli
