#include "core/hardening.h"

#include <algorithm>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace Core {

void hardenProcess()
{
#ifndef NDEBUG
    if (std::getenv("ROLESCOPE_DEBUGGABLE"))
        return;
#endif
    forbidCoreDumps();
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void forbidCoreDumps()
{
    // One byte makes no file, as no core is that small, and one is the limit at which Linux starts
    // no program of core_pattern either (do_coredump in fs/coredump.c). At zero it does, and
    // systemd-coredump then writes the environment of what crashed into the journal.
    rlimit limit = {};
    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, 1);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_CORE, &limit);
}

} // namespace Core
