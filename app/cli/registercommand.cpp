#include "cli/lifecycle.h"
#include "cli/principalcredential.h"
#include "identity/certificate.h"
#include "lifecycle/assignrole.h"
#include "lifecycle/registerapplication.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Lifecycle::AssignRole;
using Lifecycle::RegisterApplication;

namespace {

struct Options
{
    std::string name, displayName, environment, cloud = "AzurePublic", tenant, lifetime = "180d",
                                                role, scope, certificate;
    bool makeCertificate = false, passphraseStdin = false;
    std::shared_ptr<std::string> actor = std::make_shared<std::string>();
};

/// What is carried from one step to the next.
struct Registration
{
    Options options;
    Lifecycle::Parts parts;
    Identity::Cloud cloud;
    std::optional<Azure::NewAssignment> assignment;
    QString roleName;
    std::optional<RegisterApplication::Certificate> certificate;

    RegisterApplication::Request request() const
    {
        return {.name = text(options.name),
                .displayName = text(options.displayName),
                .environment = {text(options.environment).trimmed()},
                .cloud = cloud.isWellKnown() ? cloud.name : cloud.file,
                .tenant = text(options.tenant),
                .lifetimeDays = *daysOf(options.lifetime),
                .certificate = certificate};
    }
};

/// The certificate that the options name, from its file or made now; nothing where it is to be a
/// secret. Errors: those of readCredential().
Result<std::optional<RegisterApplication::Certificate>> certificateOf(const Options &options,
                                                                      Context &context)
{
    if (options.certificate.empty() && !options.makeCertificate)
        return std::optional<RegisterApplication::Certificate>();
    CredentialOptions credential;
    credential.certificate = options.certificate;
    credential.passphraseStdin = options.passphraseStdin;
    credential.makeCertificate = options.makeCertificate;
    credential.days = *daysOf(options.lifetime);
    const auto given =
        readCredential(credential, text(options.name), context.services().clock.now());
    if (!given)
        return given.error();
    const auto certificate = Identity::readCertificate(given->secret.reveal());
    if (!certificate)
        return certificate.error();
    if (!options.certificate.empty())
        for (const QString &one : given->notes)
            context.note(u"note: "_s + one);
    return std::optional(RegisterApplication::Certificate{
        certificate->der, certificate->pem, certificate->notBefore, certificate->notAfter});
}

void report(const RegisterApplication::Outcome &outcome, const Registration &with,
            const std::optional<Error> &notAssigned, Context &context)
{
    QStringList commands = RegisterApplication::azCommands(with.request());
    if (with.assignment)
        commands.append(Azure::azCommand(*with.assignment, with.roleName));
    QStringList warnings;
    if (const auto all = context.services().vault.list())
        warnings = Lifecycle::sharedWithOtherEnvironments(outcome.principal, *all);
    if (!outcome.works)
        warnings.append(
            u"Entra ID does not accept the new credential yet; that can take some minutes more."_s);
    for (const QString &one : std::as_const(warnings))
        context.note(u"warning: "_s + one);
    if (notAssigned)
        context.note(u"error: registered, but the role is not assigned: "_s +
                     Core::describe(*notAssigned));
    if (context.json) {
        QJsonObject document{{u"principal"_s, Identity::toJson(outcome.principal)},
                             {u"applicationId"_s, outcome.applicationId},
                             {u"objectId"_s, outcome.objectId},
                             {u"works"_s, outcome.works},
                             {u"assignment"_s, with.assignment && !notAssigned
                                                   ? QJsonValue(with.assignment->id())
                                                   : QJsonValue()},
                             {u"warnings"_s, QJsonArray::fromStringList(warnings)},
                             {u"az"_s, QJsonArray::fromStringList(commands)}};
        if (notAssigned)
            document.insert(u"error"_s, errorJson(*notAssigned)[u"error"]);
        context.printJson(document);
    } else {
        context.print(
            u"Registered “%1”: client %2, object %3, %4 until %5, kept in the keychain."_s.arg(
                outcome.principal.name, outcome.principal.clientId, outcome.objectId,
                with.certificate ? u"certificate"_s : u"secret"_s,
                outcome.principal.credentialExpiresAt.toString(u"yyyy-MM-dd")));
        if (with.assignment && !notAssigned)
            context.print(
                u"It has the role “%1” at %2."_s.arg(with.roleName, with.assignment->scope.id()));
        printCommands(context, commands);
    }
    context.finish(notAssigned ? Failed : Done);
}

void assign(const RegisterApplication::Outcome &outcome, const std::shared_ptr<Registration> &with,
            Context &context)
{
    with->assignment->principalId = outcome.objectId;
    auto *flow = new AssignRole(with->parts, with->cloud, *with->assignment, &context);
    QObject::connect(flow, &AssignRole::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(flow, &AssignRole::finished, &context,
                     [=, &context] { report(outcome, *with, std::nullopt, context); });
    QObject::connect(flow, &AssignRole::failed, &context,
                     [=, &context](const Error &error) { report(outcome, *with, error, context); });
    flow->start();
}

void registerNow(const std::shared_ptr<Registration> &with, Context &context)
{
    auto *flow = new RegisterApplication(with->parts, with->request(), &context);
    QObject::connect(flow, &RegisterApplication::announced, &context,
                     [&context](const auto &one) { announce(context, one); });
    QObject::connect(flow, &RegisterApplication::failed, &context,
                     [&context](const Error &error, const QStringList &left) {
                         for (const QString &one : left)
                             context.note(u"still there: "_s + one);
                         context.fail(error);
                     });
    QObject::connect(flow, &RegisterApplication::finished, &context,
                     [with, &context](const RegisterApplication::Outcome &outcome) {
                         with->assignment ? assign(outcome, with, context)
                                          : report(outcome, *with, std::nullopt, context);
                     });
    flow->start();
}

void run(const Options &options, Context &context)
{
    const auto cloud = Identity::Cloud::load(text(options.cloud));
    if (!cloud)
        return context.fail(cloud.error());
    const auto parts = partsFor(context, cloud->isWellKnown() ? cloud->name : cloud->file,
                                text(options.tenant), *options.actor);
    if (!parts)
        return;
    if (!cloud->isWellKnown())
        context.note(u"The application is registered in the cloud “%1” of the file %2 (%3)."_s.arg(
            cloud->name, cloud->file, cloud->graph.toString()));
    const auto certificate = certificateOf(options, context);
    if (!certificate)
        return context.fail(certificate.error());
    auto with =
        std::make_shared<Registration>(Registration{options, *parts, *cloud, {}, {}, *certificate});
    if (options.role.empty())
        return registerNow(with, context);
    // A role or scope that is misspelt is found out before anything is made.
    const auto scope = Azure::Scope::parse(text(options.scope));
    if (!scope)
        return context.fail(scope.error());
    Services::findRoleAt(*parts, *cloud, *scope, text(options.role), &context,
                         [=, &context](const Result<Azure::RoleDefinition> &role) {
                             if (!role)
                                 return context.fail(role.error());
                             with->roleName = role->name;
                             with->assignment = Azure::NewAssignment{
                                 *scope, role->id, {}, u"ServicePrincipal"_s, {}, {}};
                             registerNow(with, context);
                         });
}

} // namespace

void addRegister(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command =
        app.add_subcommand("register", "make an application, its secret or certificate and its "
                                       "service principal, and keep it here");
    command->add_option("--name", options->name, "its name, here and in Entra ID")
        ->required()
        ->check(notEmpty());
    command->add_option("--display-name", options->displayName, "its name in Entra ID, if another")
        ->check(notEmpty());
    command->add_option("--environment", options->environment,
                        "production, test, development or another word");
    command->add_option("--tenant", options->tenant, "the tenant's ID or domain")
        ->required()
        ->check(notEmpty());
    command
        ->add_option("--cloud", options->cloud,
                     "AzurePublic, AzureUSGovernment, AzureChina or a cloud file")
        ->capture_default_str();
    command
        ->add_option("--lifetime", options->lifetime,
                     "how long the secret, or a certificate made here, lasts; 24 months at most")
        ->check(lifetime())
        ->capture_default_str();
    CLI::Option *certificate =
        command
            ->add_option("--certificate", options->certificate,
                         "instead of a secret: a certificate with its key, as PEM or PKCS#12")
            ->check(notEmpty());
    command->add_flag("--passphrase-stdin", options->passphraseStdin, "its passphrase, from stdin")
        ->needs(certificate);
    command
        ->add_flag("--make-certificate", options->makeCertificate,
                   "instead of a secret: a new key and certificate, made here")
        ->excludes(certificate);
    CLI::Option *role = command->add_option("--role", options->role, "a role to assign: name or ID")
                            ->check(notEmpty());
    CLI::Option *scope =
        command->add_option("--scope", options->scope, "where: the resource ID")->check(notEmpty());
    role->needs(scope);
    scope->needs(role);
    addActor(*command, options->actor);
    addJson(*command, context);
    command->callback(
        [options, &context] { context.run = [options, &context] { run(*options, context); }; });
}

} // namespace Cli
