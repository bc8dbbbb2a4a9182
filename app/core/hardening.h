#pragma once

namespace Core {

/// Keeps the process's memory, and the secrets in it, out of core dumps and from debuggers of the same user.
/// Does nothing in debug builds, where one wants both.
void hardenProcess();

/// From here on neither this process nor what it starts leaves a core dump, in any build: not in a
/// file, and not with a program that core_pattern names, such as systemd-coredump.
void forbidCoreDumps();

} // namespace Core
