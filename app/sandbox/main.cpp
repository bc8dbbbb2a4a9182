#include "sandbox/sandbox.h"

#include "core/atomicfile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QSocketNotifier>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int s_wrongUse = 2;
constexpr int s_failed = 3;

void complain(const QString &text)
{
    std::fputs(qPrintable(u"rolescope-sandbox: "_s + text + u'\n'), stderr);
}

int fail(const Core::Error &error)
{
    complain(Core::describe(error));
    return s_failed;
}

/// SIGTERM, SIGINT and SIGHUP end the event loop, so that everything is put away.
void quitOnSignals(QCoreApplication &application)
{
    sigset_t signalSet;
    sigemptyset(&signalSet);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signalSet, number);
    sigprocmask(SIG_BLOCK, &signalSet, nullptr);
    const int descriptor = signalfd(-1, &signalSet, SFD_CLOEXEC | SFD_NONBLOCK);
    auto *notifier = new QSocketNotifier(descriptor, QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
}

/// Ends with the parent: when that dies, or closes the pipe that is our standard input.
void quitWithParent(QCoreApplication &application)
{
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    auto *watch = new QTimer(&application);
    QObject::connect(watch, &QTimer::timeout, &application, [parent] {
        if (getppid() != parent)
            QCoreApplication::quit();
    });
    watch->start(500);
    struct stat input
    {
    };
    if (fstat(STDIN_FILENO, &input) != 0 || !(S_ISFIFO(input.st_mode) || S_ISSOCK(input.st_mode)))
        return; // a shell gives /dev/null to what it starts in the background
    auto *notifier = new QSocketNotifier(STDIN_FILENO, QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, [notifier] {
        char bytes[256];
        if (read(STDIN_FILENO, bytes, sizeof bytes) <= 0) {
            notifier->setEnabled(false);
            QCoreApplication::quit();
        }
    });
}

void print(const QJsonObject &line)
{
    const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        u"A local Entra ID, Resource Manager and role-enforcing blob endpoint, to practise on. "
        u"Prints one line of JSON when it is "
        "ready, and runs until it is ended."_s);
    parser.addOptions({
        {u"state"_s, u"Keep files and blobs in DIR; else they vanish at the end."_s, u"DIR"_s},
        {u"scenario"_s, u"Play the scenario in FILE in place of the built-in one."_s, u"FILE"_s},
        {u"port-base"_s, u"Use the ports from N on; else any free ones."_s, u"N"_s},
        {u"azure-names"_s,
         u"Answer under Azure's own host names, on port 443 of 127.0.0.10 and following."_s},
        {u"with-parent"_s, u"End when the program that started this one ends."_s},
        {u"print-scenario"_s, u"Print the built-in scenario and end."_s},
    });
    parser.addHelpOption();
    parser.addVersionOption();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"rolescope-sandbox"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(ROLESCOPE_VERSION));
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(application.arguments()) || !parser.positionalArguments().isEmpty()) {
        complain(parser.errorText().isEmpty() ? u"No arguments are taken."_s : parser.errorText());
        return s_wrongUse;
    }
    if (parser.isSet(u"help"_s))
        parser.showHelp();
    if (parser.isSet(u"version"_s))
        parser.showVersion();
    if (parser.isSet(u"print-scenario"_s)) {
        const QByteArray scenario = Sandbox::defaultScenario();
        return std::fwrite(scenario.constData(), 1, size_t(scenario.size()), stdout) ==
                       size_t(scenario.size())
                   ? 0
                   : s_failed;
    }
    bool number = true;
    const uint portBase =
        parser.isSet(u"port-base"_s) ? parser.value(u"port-base"_s).toUInt(&number) : 0;
    if (!number || portBase > 65'000 || (parser.isSet(u"port-base"_s) && portBase < 1)) {
        complain(u"--port-base needs a number from 1 to 65000."_s);
        return s_wrongUse;
    }
    Sandbox::Sandbox::Options options{.state = parser.value(u"state"_s),
                                      .scenario = Sandbox::defaultScenario(),
                                      .portBase = quint16(portBase),
                                      .azureNames = parser.isSet(u"azure-names"_s),
                                      .programFolder = QCoreApplication::applicationDirPath()};
    if (parser.isSet(u"scenario"_s)) {
        const auto bytes = Core::readFile(parser.value(u"scenario"_s));
        if (!bytes)
            return fail(bytes.error());
        options.scenario = *bytes;
    }

    quitOnSignals(application);
    if (parser.isSet(u"with-parent"_s))
        quitWithParent(application);
    std::signal(SIGPIPE, SIG_IGN);
    Sandbox::Sandbox sandbox(options);
    QObject::connect(&sandbox, &Sandbox::Sandbox::failed, &application, [](const QString &why) {
        complain(why);
        QCoreApplication::exit(s_failed);
    });
    QTimer::singleShot(0, &application, [&] {
        sandbox.start([](const Core::Result<QJsonObject> &ready) {
            if (ready)
                return print(*ready);
            QCoreApplication::exit(fail(ready.error()));
        });
    });
    return application.exec();
}
