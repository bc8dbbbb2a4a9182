#include "cli/command.h"
#include "core/hardening.h"
#include "print/offscreen.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QNetworkProxyFactory>
#include <QSocketNotifier>
#include <QTimer>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <memory>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int signalPipe[2];

void signalled(int number)
{
    const char byte = static_cast<char>(number);
    (void)!::write(signalPipe[0], &byte, 1);
}

// Ends the event loop on Ctrl-C and SIGTERM, so that what is under way is cancelled and nothing is left half-way.
void watchSignals(QCoreApplication &app, const Handover::ProcessState &state)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[1], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, [] {
        char byte = 0;
        if (::read(signalPipe[1], &byte, 1) == 1)
            QCoreApplication::exit(128 + byte);
    });
    for (const int number : {SIGINT, SIGTERM}) {
        if (!state.wasIgnored(number)) // nohup, or a job in the background
            std::signal(number, signalled);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

// A descriptor that is closed would be given to a socket or file of ours next, and output would go
// there. Opened the wrong way round, each use fails as it should.
void fillClosedStreams()
{
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0)
            (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

// CLI11 would quote what it did not expect, which may be a secret.
std::string explanation(const CLI::ParseError &error, const CLI::App &cli)
{
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError))
        return error.what();
    std::string names;
    for (const std::string &argument : cli.remaining(true)) {
        if (argument.compare(0, 2, "--") == 0)
            names += ' ' + argument.substr(0, argument.find('='));
    }
    return names.empty()
               ? "There is an argument too many."
               : "There is no option" + names + ". Secrets are never taken from the command line.";
}

// `exec PRINCIPAL -- COMMAND [ARG]...`: what follows belongs to the command. No parser looks at it, and so none quotes it.
int endOfOwnArguments(int argc, char **argv)
{
    if (argc < 2 || std::string_view(argv[1]) != "exec")
        return argc;
    return static_cast<int>(std::find_if(argv, argv + argc, [](const char *one) { return std::string_view(one) == "--"; }) - argv);
}

// Texts are UTF-8 in here: another file would be read or written than the one whose name has other
// bytes.
bool isUtf8(int argc, char **argv)
{
    return std::all_of(argv, argv + argc,
                       [](const char *one) { return QByteArrayView(one).isValidUtf8(); });
}

// The variables that name files and folders.
const char *pathVariableThatIsNotUtf8()
{
    for (const char *name : {"ROLESCOPE_CONFIG_DIR", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                             "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"}) {
        const char *value = std::getenv(name);
        if (value && !QByteArrayView(value).isValidUtf8())
            return name;
    }
    return nullptr;
}

// --help and --version. A reader that has gone, as `head` does, needs no words.
int printedHelp(const CLI::App &cli, const CLI::ParseError &error)
{
    errno = 0;
    const int code = cli.exit(error);
    std::cout.flush();
    if (std::cout && std::fflush(stdout) == 0)
        return code;
    if (errno != EPIPE)
        std::cerr << "error: The output could not be written.\n";
    return Cli::Failed;
}

bool wantsJson(int argc, char **argv)
{
    return std::any_of(argv, argv + argc, [](const char *argument) { return std::string_view(argument) == "--json"; });
}

// Pages are laid out with fonts, which need more of an application; the other commands start faster without.
std::unique_ptr<QCoreApplication> application(int &argc, char **argv)
{
    const bool prints = std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "pdf" || argument == "--format=pdf"; });
    return prints ? Print::offscreenApplication(argc, argv) : std::make_unique<QCoreApplication>(argc, argv);
}

} // namespace

int main(int argc, char **argv)
{
    const auto processState = Handover::ProcessState::capture();
    Core::hardenProcess();
    fillClosedStreams();
    if (!isUtf8(endOfOwnArguments(argc, argv), argv)) {
        std::cerr << "error: An argument is not valid UTF-8. Rename the file, or name it by a link "
                     "whose name is UTF-8.\n";
        return Cli::WrongUse;
    }
    if (const char *name = pathVariableThatIsNotUtf8()) {
        std::cerr << "error: The environment variable " << name
                  << " is not valid UTF-8. Set it to a path that is.\n";
        return Cli::WrongUse;
    }
    // Before the application looks at arguments: some of them may not be ours, and it takes its own out.
    int own = endOfOwnArguments(argc, argv);
    QList<QByteArray> command;
    for (int i = own + 1; i < argc; ++i)
        command.append(QByteArray(argv[i]));
    const std::unique_ptr<QCoreApplication> app = application(own, argv);
    QCoreApplication::setApplicationName(QStringLiteral("rolescope"));
    QNetworkProxyFactory::setUseSystemConfiguration(true);

    Cli::Context context;
    context.processState = processState;
    context.command = command;
    CLI::App cli("Manage Azure service principals, and prove what each of them can and cannot do.\n"
                 "Exit codes: 0 done and as expected; 1 done, but the answer is \"no\"; 2 wrong use; 3 refused or failed; 4 undecided.",
                 "rolescope-cli");
    cli.set_version_flag("--version", "rolescope-cli " ROLESCOPE_VERSION);
    cli.require_subcommand(1);
    Cli::addPrincipal(cli, context);
    Cli::addOperator(cli, context);
    Cli::addToken(cli, context);
    Cli::addContainers(cli, context);
    Cli::addBlobs(cli, context);
    Cli::addCheck(cli, context);
    Cli::addExec(cli, context);
    Cli::addExport(cli, context);
    Cli::addConvert(cli, context);
    Cli::addInspect(cli, context);
    Cli::addExplain(cli, context);
    Cli::addSimulate(cli, context);
    Cli::addRegister(cli, context);
    Cli::addAssign(cli, context);
    Cli::addAssignments(cli, context);
    Cli::addRotate(cli, context);
    Cli::addRetire(cli, context);
    Cli::addIsolation(cli, context);
    Cli::addRoles(cli, context);
    Cli::addSnippet(cli, context);
    Cli::addUnit(cli, context);

    try {
        cli.parse(own, argv);
    } catch (const CLI::ParseError &error) {
        if (error.get_exit_code() == 0)
            return printedHelp(cli, error);
        if (wantsJson(own, argv)) {
            context.printJson(
                Cli::errorJson({.kind = Core::Error::Kind::InvalidInput,
                                .message = QString::fromStdString(explanation(error, cli)),
                                .code = QStringLiteral("WrongUse"),
                                .nextStep = QStringLiteral("See rolescope-cli --help.")}));
        }
        std::cerr << "error: " << explanation(error, cli) << "\nSee: rolescope-cli --help\n";
        return Cli::WrongUse;
    }

    watchSignals(*app, processState);
    QTimer::singleShot(0, &context, [&context] { context.run(); });
    return QCoreApplication::exec();
}
