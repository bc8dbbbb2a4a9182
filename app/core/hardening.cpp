#include "core/hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace Core {

void hardenProcess()
{
#ifdef NDEBUG
    const rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

} // namespace Core
