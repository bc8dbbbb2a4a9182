#pragma once

namespace Core {

/// Keeps the process's memory, and the secrets in it, out of core dumps and from debuggers of the same user.
/// In debug builds, and in those only, ROLESCOPE_DEBUGGABLE in the environment turns it off.
void hardenProcess();

/// From here on neither this process nor what it starts leaves a core dump, in any build: not in a
/// file, and not with a program that core_pattern names, such as systemd-coredump.
void forbidCoreDumps();

} // namespace Core
