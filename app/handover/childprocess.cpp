#include "handover/childprocess.h"

#include "handover/childenvironment.h"

#include <QSocketNotifier>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Handover {

using Core::Error;

namespace {

// What a user, a shell or a service manager sends to make a program end, reload or report.
constexpr std::array s_passedOn{SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,  SIGUSR1,
                                SIGUSR2, SIGCONT, SIGALRM, SIGWINCH, SIGURG};

// What stops a program. The child stops or does not, and this process follows it.
constexpr std::array s_stopping{SIGTSTP, SIGTTIN, SIGTTOU};

int s_pipe[2] = {-1, -1};

// Stops this process, as the shell that waits for it expects, until it is continued.
void stopBy(int signal)
{
    struct sigaction byDefault = {}, before = {};
    byDefault.sa_handler = SIG_DFL;
    const bool canBeSet = signal != SIGSTOP && ::sigaction(signal, &byDefault, &before) == 0;
    ::raise(signal);
    if (canBeSet)
        (void)::sigaction(signal, &before, nullptr);
}

void received(int signal, siginfo_t *about, void *)
{
    // The terminal's own signals go to the whole process group: the child has this one already.
    if (about->si_code > 0 && signal != SIGCHLD)
        return;
    const int kept = errno;
    const auto byte = static_cast<char>(signal);
    (void)!::write(s_pipe[1], &byte, 1);
    errno = kept;
}

} // namespace

ChildProcess::ChildProcess(ProcessState state, QObject *parent)
    : QObject(parent)
    , m_state(std::move(state))
{
}

ChildProcess::~ChildProcess()
{
    if (m_pidDescriptor >= 0)
        ::close(m_pidDescriptor);
}

Core::Result<void> ChildProcess::start(const QByteArray &program, const CommandLine &command,
                                       ChildEnvironment &environment)
{
    m_state.keepDescriptorsHere();
    CommandLine copy = command;
    const QList<char *> arguments = argumentPointers(copy);
    const QList<char *> variables = environment.pointers();

    // Handlers of ours become the default by themselves; what we ignore does not.
    sigset_t defaults, none;
    ::sigemptyset(&defaults);
    ::sigemptyset(&none);
    if (!m_state.wasIgnored(SIGPIPE))
        ::sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    watchSignals(); // before there is a child, or a signal in between would end only us
    const int failed = ::posix_spawn(&m_pid, program.constData(), nullptr, &attributes,
                                     arguments.data(), variables.data());
    ::posix_spawnattr_destroy(&attributes);
    if (failed) {
        m_pid = 0;
        return startError(command.first(), failed);
    }
    watchEnd();
    return {};
}

void ChildProcess::watchEnd()
{
    m_pidDescriptor = static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0));
    if (m_pidDescriptor < 0)
        qFatal("pidfd_open failed: Linux 5.3 or later is needed");
    m_end = std::make_unique<QSocketNotifier>(m_pidDescriptor, QSocketNotifier::Read);
    connect(m_end.get(), &QSocketNotifier::activated, this, [this] {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) != m_pid)
            return;
        m_end->setEnabled(false);
        m_pid = 0;
        emit ended({WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0});
    });
}

void ChildProcess::watchSignals()
{
    if (::pipe2(s_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    m_signals = std::make_unique<QSocketNotifier>(s_pipe[0], QSocketNotifier::Read);
    connect(m_signals.get(), &QSocketNotifier::activated, this, &ChildProcess::passOn);
    const auto watch = [](int signal) {
        struct sigaction action = {};
        action.sa_sigaction = received;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        (void)::sigaction(signal, &action, nullptr);
    };
    const auto watchUnlessIgnored = [&](int signal) {
        if (!m_state.wasIgnored(signal)) // nohup, or a job in the background: for the child as well
            watch(signal);
    };
    std::for_each(s_passedOn.begin(), s_passedOn.end(), watchUnlessIgnored);
    std::for_each(s_stopping.begin(), s_stopping.end(), watchUnlessIgnored);
    watch(SIGCHLD); // ignored, the system would not say how the child ended
}

void ChildProcess::passOn()
{
    char byte = 0;
    while (::read(s_pipe[0], &byte, 1) == 1) {
        if (byte == SIGCHLD)
            stopWithChild();
        else if (m_pid > 0)
            ::kill(m_pid, byte);
    }
}

void ChildProcess::stopWithChild()
{
    siginfo_t about = {};
    const auto did = [&](int what) {
        about.si_pid = 0;
        return m_pid > 0 && ::waitid(P_PID, id_t(m_pid), &about, what | WNOHANG) == 0 &&
               about.si_pid == m_pid;
    };
    while (did(WSTOPPED)) {
        const int signal = about.si_status;
        if (did(WCONTINUED)) // meanwhile
            continue;
        stopBy(signal);
        // Whoever continued this process meant the command; a shell continues both.
        QByteArray received(256, Qt::Uninitialized);
        const ssize_t count = ::read(s_pipe[0], received.data(), size_t(received.size()));
        // Another stop that is reported says that it was continued, and stopped again.
        if (!did(WCONTINUED) && !did(WSTOPPED | WNOWAIT))
            ::kill(m_pid, SIGCONT);
        for (ssize_t i = 0; i < count; ++i) {
            if (received[i] != SIGCONT && received[i] != SIGCHLD)
                ::kill(m_pid, received[i]);
        }
    }
}

void endLike(const Ending &ending)
{
    std::fflush(nullptr);
    if (ending.signal) {
        struct sigaction action = {};
        action.sa_handler = SIG_DFL;
        (void)::sigaction(ending.signal, &action, nullptr);
        ::raise(ending.signal);
        ::_exit(128 + ending.signal); // a signal that is blocked here
    }
    ::_exit(ending.code);
}

} // namespace Handover
