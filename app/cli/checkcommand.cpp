#include "cli/command.h"
#include "cli/input.h"
#include "cli/reportoutput.h"
#include "services/accesscheck.h"
#include "services/checkhistory.h"
#include "services/effectivewait.h"

#include "access/contractremedies.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <unistd.h>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Observation;
using State = Access::ContractResult::State;

namespace {

struct Options {
    std::string principal, account, format = "table", output, predict, contract;
    std::vector<std::string> containers;
    int waitMinutes = 0;
    double every = 10;
};

/// One check from its request to its exit code.
class Check final : public QObject
{
public:
    Check(Options options, Context &context) : QObject(&context), m_options(std::move(options)), m_context(context) {}

    void start();

private:
    bool readContract();
    void observed(const AccessReport &report);
    void waitUntilEffective(const AccessReport &report);
    void deliver(const AccessReport &report);
    void compareWithContract(const AccessReport &report);
    void compareWithLast(const AccessReport &report);
    void rememberAccount(const QUrl &account);
    int exitCode(const AccessReport &report) const;

    Options m_options;
    Context &m_context;
    Identity::ServicePrincipal m_principal;
    std::optional<Access::Contract> m_contract;
    Services::AccessCheck *m_check = nullptr;
    Report::Attachments m_attachments;
};

bool Check::readContract()
{
    if (m_options.contract.empty())
        return true;
    const Core::Result<QByteArray> bytes = readInput(m_options.contract);
    const auto contract = bytes ? Access::Contract::parse(*bytes) : Core::Result<Access::Contract>(bytes.error());
    if (contract) {
        m_contract = *contract;
        return true;
    }
    Core::Error error = contract.error();
    error.message.prepend(text(m_options.contract) + u": "_s);
    m_context.fail(error);
    return false;
}

void Check::start()
{
    const auto principal = m_context.principal(m_options.principal);
    if (!principal)
        return;
    m_principal = *principal;
    const auto account = m_context.account(*principal, m_options.account);
    if (!account || !readContract())
        return;
    Services::AccessCheck::Request request{.principal = *principal, .account = *account};
    for (const std::string &container : m_options.containers)
        request.containers.append(text(container));
    // A principal of one container cannot list; what the contract names is asked all the same.
    for (const Access::Contract::Rule &rule : m_contract ? m_contract->rules : QList<Access::Contract::Rule>()) {
        for (const QString &name : rule.containers) {
            if (!name.contains(u'*') && !request.besides.contains(name))
                request.besides.append(name);
        }
    }
    if (!m_options.predict.empty())
        request.predict = Services::RightsSource::named(text(m_options.predict));
    m_check = new Services::AccessCheck(m_context.services(), request, this);
    connect(m_check, &Services::AccessCheck::failed, this, [this](const Core::Error &error) { m_context.fail(error); });
    connect(m_check, &Services::AccessCheck::finished, this, &Check::observed);
    if (::isatty(STDERR_FILENO)) {
        connect(m_check, &Services::AccessCheck::progress, this,
                [](int done, int total) { std::fprintf(stderr, done == total ? "\r\033[K" : "\r%d of %d ", done, total); });
    }
    m_check->start();
}

void Check::observed(const AccessReport &report)
{
    if (m_options.waitMinutes > 0 && Services::EffectiveWait::waitingIn(report) > 0)
        waitUntilEffective(report);
    else
        deliver(report);
}

void Check::waitUntilEffective(const AccessReport &report)
{
    const Services::EffectiveWait::Options options{std::chrono::milliseconds(static_cast<qint64>(m_options.every * 1000)),
                                                   std::chrono::minutes(m_options.waitMinutes)};
    auto *wait = new Services::EffectiveWait(m_context.services(), m_principal, report, m_check->rights(), options, this);
    m_context.note(u"%1 cells are refused though the roles allow them; asking again every %2 seconds."_s.arg(
        Services::EffectiveWait::waitingIn(report)).arg(m_options.every));
    connect(wait, &Services::EffectiveWait::asked, this, [this](int, int left) { m_context.note(u"still refused: %1"_s.arg(left)); });
    connect(wait, &Services::EffectiveWait::finished, this, &Check::deliver);
    connect(wait, &Services::EffectiveWait::failed, this, [this](const Core::Error &error) { m_context.fail(error); });
    wait->start();
}

void Check::compareWithContract(const AccessReport &report)
{
    if (!m_contract)
        return;
    Access::ContractResult result = Access::compare(*m_contract, report);
    if (const auto facts = m_check->rights())
        result.remedies = Access::contractRemedies(result, *facts, report.startedAt);
    m_attachments.contract = result;
}

// That the last check cannot be kept is worth saying, but takes nothing away from this one.
void Check::compareWithLast(const AccessReport &report)
{
    const Services::CheckHistory history(m_context.services().vault.folder());
    QString setAside;
    const auto drift = history.keep(m_principal, report, &setAside);
    if (!setAside.isEmpty())
        m_context.note(u"warning: "_s + setAside);
    if (drift) {
        m_attachments.drift = *drift;
        rememberAccount(report.account);
    } else {
        m_context.note(u"note: this check was not kept for comparison: "_s + Core::describe(drift.error()));
    }
}

// The account that was looked at last is where a rotation looks again.
void Check::rememberAccount(const QUrl &account)
{
    auto &vault = m_context.services().vault;
    auto known = vault.find(m_principal.id);
    if (!known || (!known->accounts.isEmpty() && known->accounts.first() == account))
        return;
    known->accounts.removeAll(account);
    known->accounts.prepend(account);
    if (const auto kept = vault.update(*known); !kept)
        m_context.note(u"note: the account was not remembered: "_s + Core::describe(kept.error()));
}

int Check::exitCode(const AccessReport &report) const
{
    if (m_attachments.contract) {
        const Access::ContractResult &result = *m_attachments.contract;
        return result.count(State::Broken) > 0 ? No : result.count(State::Open) > 0 ? Undecided : Done;
    }
    if (report.count(Observation::Denied) > 0)
        return No;
    return report.count(Observation::Undecided) + report.count(Observation::Skipped) > 0 ? Undecided : Done;
}

void Check::deliver(const AccessReport &report)
{
    compareWithContract(report);
    compareWithLast(report);
    const bool beside = m_context.json && m_options.format != "json" && m_options.format != "table"; // --json --format junit --output FILE
    const QString format = m_context.json && !beside ? u"json"_s : text(m_options.format);
    const auto bytes = rendered(format, report, m_attachments, text(m_options.contract));
    if (!bytes)
        return m_context.fail(bytes.error());
    if (!put(*bytes, format, text(m_options.output), m_context))
        return;
    if (beside) {
        if (const auto document = rendered(u"json"_s, report, m_attachments, {}))
            std::fwrite(document->constData(), 1, static_cast<size_t>(document->size()), stdout);
    }
    if (report.finding)
        m_context.note(u"%1: %2\n  next: %3"_s.arg(report.finding->id, report.finding->cause, report.finding->nextStep));
    m_context.finish(exitCode(report));
}

std::string contradiction(const Options &options, bool json)
{
    if (options.format == "sarif" && options.contract.empty())
        return "--format sarif lists what breaks a contract: add --contract FILE";
    if (json && options.format != "table" && options.format != "json" && options.output.empty())
        return "--json and another --format cannot both go to standard output: add --output FILE";
    return options.waitMinutes > 0 && options.predict.empty() ? "--wait needs --predict, which says what is waited for" : std::string();
}

} // namespace

void addCheck(CLI::App &app, Context &context)
{
    auto options = std::make_shared<Options>();
    CLI::App *command = app.add_subcommand("check", "observe what a principal may do, by requests that cannot change data");
    command->add_option("PRINCIPAL", options->principal)->required();
    command->add_option("--account", options->account, "the account's blob endpoint, or its name")->required();
    command
        ->add_option("--container", options->containers,
                     "only this container (can be repeated); without it, all that can be listed")
        ->allow_extra_args(false)
        ->check(containerName());
    command
        ->add_option("--predict", options->predict,
                     "put beside it what the roles promise, as read by the principal (self), by whoever is signed in to az (az), or "
                     "from a file with role assignments")
        ->check(notEmpty());
    command
        ->add_option("--contract", options->contract,
                     "compare with this YAML file of what must and must not be allowed; the exit code is 0 kept, 1 broken, 4 open")
        ->check(notEmpty());
    command->add_option("--format", options->format, "table, json, html, csv, junit, sarif or pdf")
        ->check(CLI::IsMember({"table", "json", "html", "csv", "junit", "sarif", "pdf"}));
    command->add_option("--output", options->output, "write to this file, for the owner only")
        ->check(notEmpty());
    command->add_option("--wait", options->waitMinutes,
                        "so many minutes for what the roles allow and the service still refuses, and say how long it took")
        ->check(CLI::Range(1, 24 * 60));
    command->add_option("--every", options->every, "seconds between two tries while waiting")->check(CLI::Range(0.2, 3600.0));
    addJson(*command, context);
    command->callback([options, &context] {
        context.json = context.json || options->format == "json";
        if (const std::string wrong = contradiction(*options, context.json); !wrong.empty())
            throw CLI::ValidationError(wrong);
        context.run = [options, &context] { (new Check(*options, context))->start(); };
    });
}

} // namespace Cli
