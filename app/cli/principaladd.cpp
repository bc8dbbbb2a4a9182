#include "cli/principals.h"
#include "core/atomicfile.h"
#include "identity/cloud.h"
#include "identity/credentialimport.h"
#include "identity/credentiallint.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <QStringDecoder>
#include <csignal>
#include <cstdio>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

constexpr qint64 longestSecret =
    47 * 1024; // what the keychain takes, as it keeps the secret in base64
constexpr qint64 longestPaste = 1024 * 1024;

struct AddOptions {
    std::string name, environment, cloud, from, tenant, clientId, certificate, federatedTokenFile;
    bool secretStdin = false;
};

// While somebody types or another program is slow nothing is under way, and Ctrl-C shall simply end
// the program.
class PlainSignals
{
public:
    PlainSignals()
        : m_interrupt(std::signal(SIGINT, SIG_DFL))
        , m_terminate(std::signal(SIGTERM, SIG_DFL))
    {
    }
    ~PlainSignals()
    {
        std::signal(SIGINT, m_interrupt);
        std::signal(SIGTERM, m_terminate);
    }
    Q_DISABLE_COPY_MOVE(PlainSignals)

private:
    void (*m_interrupt)(int);
    void (*m_terminate)(int);
};

Result<QByteArray> readStdin(qint64 limit)
{
    const PlainSignals signalsEndIt;
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return Error{.kind = Error::Kind::File, .message = u"Standard input cannot be read."_s};
    QByteArray bytes = input.read(limit + 1);
    if (bytes.size() > limit)
        return Error{.kind = Error::Kind::InvalidInput, .message = u"Standard input has more than %1 KiB."_s.arg(limit / 1024)};
    return bytes;
}

Result<Secret> secretFromStdin()
{
    Result<QByteArray> bytes = readStdin(longestSecret);
    if (!bytes)
        return bytes.error();
    if (bytes->endsWith('\n'))
        bytes->chop(bytes->endsWith("\r\n") ? 2 : 1);
    if (bytes->isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"There is no secret on standard input."_s,
                     .nextStep = u"Pipe it in: rolescope-cli principal add … --secret-stdin < FILE"_s};
    return Secret::take(std::move(*bytes));
}

/// What the options give: the principal without name and environment, and its secret.
struct Given {
    ServicePrincipal principal;
    Secret secret;
    QUrl authorityHost; ///< where the text names one
    QStringList notes;
};

Result<Given> fromPaste(const std::string &from)
{
    Result<QByteArray> bytes = from == "-" ? readStdin(longestPaste) : Core::readFile(text(from), longestPaste);
    if (!bytes)
        return bytes.error();
    Result<Identity::ImportedCredential> imported = Identity::importCredential(*bytes);
    Core::wipe(*bytes);
    if (!imported)
        return imported.error();
    if (imported->secret.isEmpty()) {
        return Error{.kind = Error::Kind::Unsupported,
                     .message = imported->certificateFile.isEmpty() ? u"There is no client secret in it."_s
                                                                    : u"It uses a certificate, which is not possible yet."_s,
                     .nextStep = u"Use a client secret: az ad app credential reset --id CLIENT-ID --append"_s};
    }
    Given given;
    given.principal.tenant = imported->tenant;
    given.principal.clientId = imported->clientId;
    given.principal.credentialExpiresAt = imported->expiresAt;
    given.secret = imported->secret;
    given.authorityHost = imported->authorityHost;
    given.notes = imported->notes;
    return given;
}

Result<Given> fromFields(const AddOptions &options)
{
    if (!options.certificate.empty() || !options.federatedTokenFile.empty())
        return Error{.kind = Error::Kind::Unsupported,
                     .message = u"Certificates and federated tokens are not possible yet."_s,
                     .nextStep = u"Use a client secret, with --secret-stdin."_s};
    Result<Secret> secret = secretFromStdin();
    if (!secret)
        return secret.error();
    Given given;
    given.principal.tenant = text(options.tenant);
    given.principal.clientId = text(options.clientId);
    given.secret = *secret;
    return given;
}

Result<Secret> cleanedSecret(const Secret &secret)
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
    return Secret::take(Identity::cleaned(text).toUtf8());
}

// Everything that can be known without asking anybody; what copying added is left out.
Result<void> checkFields(Given &given, Context &context)
{
    QStringList errors;
    const auto findings = Identity::lint({given.principal.tenant, given.principal.clientId, given.secret});
    for (const Identity::LintFinding &finding : findings) {
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
    const Result<Secret> secret = cleanedSecret(given.secret);
    if (!secret)
        return secret.error();
    given.secret = *secret;
    return {};
}

void add(const AddOptions &options, Context &context)
{
    Result<Given> given = options.from.empty() ? fromFields(options) : fromPaste(options.from);
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
    principal.cloud = cloud->isWellKnown() ? cloud->name : cloud->file;
    for (const QString &note : std::as_const(given->notes))
        context.note(u"note: "_s + note);
    if (!cloud->isWellKnown())
        context.note(u"note: the cloud file %1 is used; the secret will be sent to %2"_s.arg(cloud->file, cloud->authorityHost.toString()));

    context.services().vault.save(principal, given->secret, &context, [&context](const Result<ServicePrincipal> &saved) {
        if (!saved)
            return context.fail(saved.error());
        if (context.json)
            context.printJson({{u"principal"_s, Identity::toJson(*saved)}});
        else
            context.print(u"Added “%1” (%2). The secret is in the keychain."_s.arg(
                saved->name, saved->environment.name.isEmpty() ? u"no environment"_s : saved->environment.name));
        context.finish(Done);
    });
}

} // namespace

void addPrincipalAdd(CLI::App &principal, Context &context)
{
    auto options = std::make_shared<AddOptions>();
    CLI::App *command = principal.add_subcommand("add", "keep a service principal: the secret in the keychain, the rest in the index");
    command->add_option("--name", options->name, "how it is called here")->required();
    command->add_option("--environment", options->environment, "production, test, development, or any word");
    command->add_option("--cloud", options->cloud, "AzurePublic (the default), AzureUSGovernment, AzureChina, or a cloud file");
    CLI::Option *from = command->add_option("--from", options->from,
                                            "what `az ad sp create-for-rbac` printed, or an environment file; - for standard input");
    CLI::Option *tenant = command->add_option("--tenant", options->tenant, "tenant ID or domain")->excludes(from);
    CLI::Option *client = command->add_option("--client-id", options->clientId, "application (client) ID")->excludes(from)->needs(tenant);
    tenant->needs(client);
    CLI::Option *secret = command->add_flag("--secret-stdin", options->secretStdin, "read the client secret from standard input")
                              ->excludes(from)->needs(client);
    command->add_option("--certificate", options->certificate, "PEM file (not possible yet)")->excludes(from)->excludes(secret)->needs(client);
    command->add_option("--federated-token-file", options->federatedTokenFile, "token file (not possible yet)")
        ->excludes(from)->excludes(secret)->needs(client);
    addJson(*command, context);
    command->callback([options, &context] {
        const bool fields = options->secretStdin || !options->certificate.empty() || !options->federatedTokenFile.empty();
        if (options->from.empty() && !fields)
            throw CLI::ValidationError("principal add", "either --from, or --tenant, --client-id and --secret-stdin are needed");
        context.run = [options, &context] { add(*options, context); };
    });
}

} // namespace Cli
