#include "handover/processstate.h"

#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>

namespace Handover {

namespace {

QSet<int> openDescriptors()
{
    QSet<int> open;
    DIR *folder = ::opendir("/proc/self/fd");
    if (!folder)
        return open;
    while (const dirent *entry = ::readdir(folder)) {
        if (entry->d_name[0] != '.')
            open.insert(std::atoi(entry->d_name));
    }
    open.remove(::dirfd(folder));
    ::closedir(folder);
    return open;
}

} // namespace

ProcessState ProcessState::capture()
{
    ProcessState state;
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action = {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
            state.m_ignored.insert(signal);
    }
    state.m_descriptors = openDescriptors();
    return state;
}

void ProcessState::restore() const
{
    keepDescriptorsHere();
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action = {};
        // SIGKILL, SIGSTOP and those that the C library keeps for itself cannot be set; they need
        // not.
        action.sa_handler = m_ignored.contains(signal) ? SIG_IGN : SIG_DFL;
        (void)::sigaction(signal, &action, nullptr);
    }
}

void ProcessState::keepDescriptorsHere() const
{
    const QSet<int> open = openDescriptors();
    for (const int descriptor : open) {
        if (descriptor > 2 && !m_descriptors.contains(descriptor))
            (void)::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
}

} // namespace Handover
