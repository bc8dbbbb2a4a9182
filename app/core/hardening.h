#pragma once

namespace Core {

/// Keeps the process's memory, and the secrets in it, out of core dumps and from debuggers of the same user.
/// Does nothing in debug builds, where one wants both.
void hardenProcess();

} // namespace Core
