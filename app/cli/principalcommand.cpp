#include "cli/command.h"
#include "core/atomicfile.h"
#include "identity/cloud.h"
#include "identity/credentialimport.h"
#include "identity/credentiallint.h"

#include <CLI/CLI.hpp>

#include <QFile>
#include <QJsonArray>
#include <QStringDecoder>
#include <csignal>
#include <cstdio>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;
using Vault::Orphan;

namespace {

constexpr qint64 longestSecret =
    47 * 1024; // what the keychain takes, as it keeps the secret in base64
constexpr qint64 longestPaste = 1024 * 1024;

struct AddOptions {
    std::string name, environment, cloud = "AzurePublic", from, tenant, clientId, certificate, federatedTokenFile;
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
    QString displayName;
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
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(text(options.cloud));
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

QString orphanText(const Orphan &orphan)
{
    const QString name = orphan.principal ? u"“%1”"_s.arg(orphan.principal->name) : u"an unknown principal"_s;
    return orphan.side == Orphan::Side::Keychain ? u"the keychain has a secret of %1 that the index does not name"_s.arg(name)
                                                 : u"the index names %1, but the keychain has no secret for it"_s.arg(name);
}

void listAll(Context &context)
{
    const auto principals = context.services().vault.list();
    if (!principals)
        return context.fail(principals.error());
    if (context.json) {
        QJsonArray array;
        for (const ServicePrincipal &one : *principals)
            array.append(Identity::toJson(one));
        context.printJson({{u"principals"_s, array}});
    } else if (principals->isEmpty()) {
        context.print(u"There are no principals yet. Add one: rolescope-cli principal add --help"_s);
    } else {
        for (const ServicePrincipal &one : *principals)
            context.printRow(
                (one.environment.name.isEmpty() ? u"-"_s : one.environment.name).leftJustified(14) +
                u"  "_s + one.name.leftJustified(28) +
                u"  tenant %1  client %2"_s.arg(one.tenant, one.clientId));
    }
    // Asked last, and never a reason to fail: without a keychain the list is still the list.
    context.services().vault.findOrphans(&context, [&context](const Result<QList<Orphan>> &orphans) {
        if (orphans) {
            for (const Orphan &orphan : *orphans)
                context.note(u"warning: "_s + orphanText(orphan) + u"; see rolescope-cli principal repair"_s);
        }
        context.finish(Done);
    });
}

void show(const std::string &name, Context &context)
{
    const auto principal = context.principal(name);
    if (!principal)
        return;
    const QJsonObject object = Identity::toJson(*principal);
    if (context.json) {
        context.printJson({{u"principal"_s, object}});
    } else {
        const QStringList keys = object.keys();
        for (const QString &key : keys) {
            const QJsonValue value = object[key];
            QStringList texts;
            const QJsonArray array = value.toArray();
            for (const QJsonValue &one : array)
                texts.append(one.toString());
            context.print(u"%1  %2"_s.arg(key, -20).arg(value.isArray() ? texts.join(u", "_s) : value.toVariant().toString()));
        }
    }
    context.finish(Done);
}

void removeOne(const std::string &name, Context &context)
{
    const auto principal = context.principal(name);
    if (!principal)
        return;
    context.services().vault.remove(principal->id, &context, [&context, name = principal->name](const Result<void> &removed) {
        if (!removed)
            return context.fail(removed.error());
        if (context.json)
            context.printJson({{u"removed"_s, name}});
        else
            context.print(u"Removed “%1” and its secret. The application in Entra ID is untouched."_s.arg(name));
        context.finish(Done);
    });
}

void renameOne(const std::string &from, const std::string &to, Context &context)
{
    const Result<void> renamed = context.services().vault.rename(text(from), text(to));
    if (!renamed)
        return context.fail(renamed.error());
    if (context.json)
        context.printJson({{u"renamed"_s, text(from)}, {u"name"_s, text(to)}});
    else
        context.print(u"“%1” is now “%2”."_s.arg(text(from), text(to)));
    context.finish(Done);
}

// Repairs one after the other; without a choice it only tells.
void repairNext(QList<Orphan> orphans, const std::string &choice, Context &context)
{
    if (orphans.isEmpty()) {
        if (context.json)
            context.printJson({{u"orphans"_s, QJsonArray()}});
        return context.finish(Done);
    }
    const Orphan orphan = orphans.takeFirst();
    const bool restore = choice == "restore";
    if (restore && orphan.side == Orphan::Side::Index) {
        // Its secret is gone, perhaps only from this session's keychain: what is left must not go
        // too.
        context.note(u"kept: "_s + orphanText(orphan) +
                     u"; add it again, or repair with “remove”"_s);
        return repairNext(orphans, choice, context);
    }
    context.services().vault.repair(orphan, restore, &context, [=, &context](const Result<void> &repaired) {
        if (!repaired)
            return context.fail(repaired.error());
        context.note((restore ? u"restored: "_s : u"removed: "_s) + orphanText(orphan));
        repairNext(orphans, choice, context);
    });
}

void repair(const std::string &choice, Context &context)
{
    context.services().vault.findOrphans(&context, [=, &context](const Result<QList<Orphan>> &orphans) {
        if (!orphans)
            return context.fail(orphans.error());
        if (!choice.empty())
            return repairNext(*orphans, choice, context);
        QJsonArray array;
        for (const Orphan &orphan : *orphans) {
            array.append(QJsonObject{{u"side"_s, orphan.side == Orphan::Side::Keychain ? u"keychain"_s : u"index"_s},
                                     {u"name"_s, orphan.principal ? QJsonValue(orphan.principal->name) : QJsonValue()}});
            if (!context.json)
                context.print(orphanText(orphan));
        }
        if (context.json)
            context.printJson({{u"orphans"_s, array}});
        else if (orphans->isEmpty())
            context.print(u"Index and keychain agree."_s);
        context.finish(orphans->isEmpty() ? Done : No);
    });
}

void addAddCommand(CLI::App &principal, Context &context)
{
    auto options = std::make_shared<AddOptions>();
    CLI::App *command = principal.add_subcommand("add", "keep a service principal: the secret in the keychain, the rest in the index");
    command->add_option("--name", options->name, "how it is called here")->required();
    command->add_option("--environment", options->environment, "production, test, development, or any word");
    command->add_option("--cloud", options->cloud, "AzurePublic, AzureUSGovernment, AzureChina, or a cloud file");
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

} // namespace

void addPrincipal(CLI::App &app, Context &context)
{
    CLI::App *principal = app.add_subcommand("principal", "the service principals kept here");
    principal->require_subcommand(1);
    addAddCommand(*principal, context);

    CLI::App *list = principal->add_subcommand("list", "all of them, by environment");
    addJson(*list, context);
    list->callback([&context] { context.run = [&context] { listAll(context); }; });

    const auto name = std::make_shared<std::string>();
    const auto other = std::make_shared<std::string>();
    CLI::App *showCommand = principal->add_subcommand("show", "one of them; the secret is not shown");
    showCommand->add_option("NAME", *name)->required();
    addJson(*showCommand, context);
    showCommand->callback([name, &context] { context.run = [name, &context] { show(*name, context); }; });

    CLI::App *remove = principal->add_subcommand("remove", "forget it and its secret; nothing in Azure is changed");
    remove->add_option("NAME", *name)->required();
    addJson(*remove, context);
    remove->callback([name, &context] { context.run = [name, &context] { removeOne(*name, context); }; });

    CLI::App *rename = principal->add_subcommand("rename", "call it otherwise here");
    rename->add_option("OLD", *name)->required();
    rename->add_option("NEW", *other)->required();
    addJson(*rename, context);
    rename->callback([name, other, &context] { context.run = [name, other, &context] { renameOne(*name, *other, context); }; });

    CLI::App *repairCommand = principal->add_subcommand("repair", "show where index and keychain disagree (exit code 1), or repair it");
    repairCommand->add_option("CHOICE", *name, "restore (what can be) or remove")->check(CLI::IsMember({"restore", "remove"}));
    addJson(*repairCommand, context);
    repairCommand->callback([name, &context] { context.run = [name, &context] { repair(*name, context); }; });
}

} // namespace Cli
