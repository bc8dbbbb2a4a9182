#pragma once

#include "core/result.h"
#include "sandbox/directory.h"
#include "sandbox/roleregister.h"

namespace Sandbox {

/// What the directory and the register of roles are, for a file that only its owner can read:
/// the secrets are in it.
QByteArray savedState(const Directory &directory, const RoleRegister &roles);
/// Puts back what savedState() wrote. Errors: InvalidInput, with what is wrong with which member, and nothing changed; \a path is
/// for the message.
Core::Result<void> restoreState(const QByteArray &bytes, const QString &path, Directory &directory,
                                RoleRegister &roles);

} // namespace Sandbox
