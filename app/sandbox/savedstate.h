#pragma once

#include "sandbox/directory.h"
#include "sandbox/roleregister.h"

namespace Sandbox {

/// What the directory and the register of roles are, for a file that only its owner can read:
/// the secrets are in it.
QByteArray savedState(const Directory &directory, const RoleRegister &roles);
/// Puts back what savedState() wrote; false, and nothing changed, where \a bytes are no such thing.
bool restoreState(const QByteArray &bytes, Directory &directory, RoleRegister &roles);

} // namespace Sandbox
