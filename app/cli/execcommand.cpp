#include "cli/handover.h"
#include "core/hardening.h"
#include "handover/childenvironment.h"
#include "handover/childprocess.h"
#include "handover/identityendpoint.h"
#include "handover/program.h"
#include "handover/secretfile.h"
#include "identity/certificate.h"
#include "identity/cloud.h"
#include "identity/environmentvariables.h"
#include "services/signin.h"

#include <CLI/CLI.hpp>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Secret;
using Handover::ChildEnvironment;
using Identity::ServicePrincipal;

namespace {

struct Options {
    std::string principal, mode = "environment";
    std::vector<std::string> resources;
    Identity::TokenCredentials tokenCredentials = Identity::TokenCredentials::Any;
};

// As env(1), nohup(1) and shells have it, so that a script can tell the command's own failure from this one.
constexpr int s_notExecutable = 126;
constexpr int s_notFound = 127;

void failToStart(const Core::Error &error, Context &context)
{
    context.note(u"error: "_s + Core::describe(error));
    context.finish(error.code == u"CommandNotFound" ? s_notFound : s_notExecutable);
}

/// exec --mode endpoint, from the first token to the command's end.
class ServedCommand final : public QObject
{
public:
    ServedCommand(const Options &options, ServicePrincipal principal, QByteArray program, Context &context)
        : QObject(&context), m_options(options), m_principal(std::move(principal)), m_program(std::move(program)), m_context(context)
    {
    }

    void start()
    {
        const auto cloud = Identity::Cloud::load(m_principal.cloud);
        if (!cloud)
            return m_context.fail(cloud.error());
        for (const std::string &resource : m_options.resources)
            m_resources.append(Services::scopeNamed(text(resource), *cloud));
        if (m_resources.isEmpty())
            m_resources.append(cloud->storageScope());
        signInOnce();
    }

private:
    // What is wrong with the credential or the keychain is said here, and not in the words of some SDK inside the command.
    void signInOnce()
    {
        Services::signIn(m_context.services(), m_principal, m_resources.first(), this, [this](const Core::Result<Services::SignedIn> &session) {
            if (!session)
                return m_context.fail(session.error());
            serve();
        });
    }

    void serve()
    {
        m_endpoint = std::make_unique<Handover::IdentityEndpoint>(
            m_principal.clientId, m_resources,
            [this](const QString &resource, QObject *context, Core::Done<Identity::AccessToken> done) {
                Services::signIn(m_context.services(), m_principal, resource, context,
                                 [done = std::move(done)](const Core::Result<Services::SignedIn> &session) {
                                     session ? done(session->token) : done(session.error());
                                 });
            });
        if (const auto listening = m_endpoint->listen(); !listening)
            return m_context.fail(listening.error());
        run();
    }

    void run()
    {
        ChildEnvironment environment(ChildEnvironment::current(), Identity::withTokenCredentials(m_endpoint->variables(), pinned()), true);
        connect(&m_child, &Handover::ChildProcess::ended, this, [this](const Handover::Ending &ending) {
            m_endpoint.reset();
            Handover::endLike(ending);
        });
        Core::forbidCoreDumps();
        if (const auto started = m_child.start(m_program, m_context.command, environment); !started)
            failToStart(started.error(), m_context);
    }

    QString pinned() const
    {
        using enum Identity::TokenCredentials;
        return m_options.tokenCredentials == Exact ? u"ManagedIdentityCredential"_s : Identity::tokenCredentials(m_options.tokenCredentials, m_principal);
    }

    Options m_options;
    ServicePrincipal m_principal;
    QByteArray m_program;
    Context &m_context;
    QStringList m_resources;
    std::unique_ptr<Handover::IdentityEndpoint> m_endpoint;
    Handover::ChildProcess m_child{m_context.processState};
};

// The SDKs read a certificate from a path only; it leads into memory, so that nothing is on a disk.
Core::Result<Handover::SecretFile> certificateFile(const ServicePrincipal &principal, const Secret &pem)
{
    if (principal.credential != ServicePrincipal::Credential::Certificate)
        return Handover::SecretFile();
    const Core::Result<Secret> content = Identity::certificateForFile(pem, {});
    return content ? Handover::SecretFile::create(*content) : content.error();
}

void replace(const Options &options, const ServicePrincipal &principal, const QByteArray &program, Context &context)
{
    const auto cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return context.fail(cloud.error());
    context.services().vault.secret(principal, *cloud, &context, [=, cloud = *cloud, &context](const Core::Result<Secret> &secret) {
        if (!secret)
            return context.fail(secret.error());
        const auto file = certificateFile(principal, *secret);
        if (!file)
            return context.fail(file.error());
        const bool inFile = file->descriptor() >= 0;
        const auto variables = Identity::environmentVariables(cloud, principal, *secret, {inFile ? file->path() : QString(), {}});
        const QString pinned = Identity::tokenCredentials(options.tokenCredentials, principal);
        ChildEnvironment environment(ChildEnvironment::current(), Identity::withTokenCredentials(variables, pinned));
        Core::forbidCoreDumps();
        const QList<int> handedOver = inFile ? QList<int>{file->descriptor()} : QList<int>();
        failToStart(Handover::replaceProcess(program, context.command, environment, context.processState, handedOver), context);
    });
}

void run(const Options &options, Context &context)
{
    const auto program = Handover::findProgram(context.command.first(), qgetenv("PATH"));
    if (!program) // before the keychain asks anybody for anything
        return failToStart(program.error(), context);
    const auto principal = context.principal(options.principal);
    if (!principal)
        return;
    if (options.mode == "endpoint")
        (new ServedCommand(options, *principal, *program, context))->start();
    else
        replace(options, *principal, *program, context);
}

} // namespace

void addExec(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand(
        "exec", "run a command that signs in as the principal: exec PRINCIPAL [OPTION]... -- COMMAND [ARG]...");
    command->footer("The exit code is the command's; 126 when it cannot be run, 127 when there is none, 3 when there is no such\n"
                    "principal or the keychain or the sign-in refuses. The command leaves no core file.");
    command->add_option("PRINCIPAL", options->principal)->required();
    command
        ->add_option("--mode", options->mode,
                     "environment: the command takes this program's place, with the credential in its environment; "
                     "endpoint: it gets no secret, but a managed-identity endpoint on this machine that ends with it")
        ->check(CLI::IsMember({"environment", "endpoint"}));
    command
        ->add_option("--resource", options->resources,
                     "with --mode endpoint, what it may have tokens for: storage (where none is named), arm, graph, or a resource in full; repeatable")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(notEmpty());
    addTokenCredentials(*command, options->tokenCredentials);
    command->callback([options, &context] {
        if (context.command.isEmpty())
            throw CLI::ValidationError("exec", "the command is missing: exec PRINCIPAL -- COMMAND [ARG]...");
        if (!options->resources.empty() && options->mode != "endpoint")
            throw CLI::ValidationError("--resource", "belongs to --mode endpoint");
        context.run = [options, &context] { run(*options, context); };
    });
}

} // namespace Cli
