#pragma once

#include "core/result.h"
#include "handover/processstate.h"

#include <QByteArray>
#include <QList>

namespace Handover {

class ChildEnvironment;

/// A command line: the program as the user named it, and its arguments, byte for byte.
using CommandLine = QList<QByteArray>;

/// The file that \a name means, looked for in \a searchPath (as in PATH) unless it contains a
/// slash. Errors: NotFound; Forbidden where it is there but cannot be executed.
Core::Result<QByteArray> findProgram(const QByteArray &name, const QByteArray &searchPath);

/// Replaces this process by \a program, which finds the descriptors in \a handedOver open beside
/// those that this process was given. Comes back only with the error: NotFound, Forbidden,
/// InvalidInput (the system's words for it).
Core::Error replaceProcess(const QByteArray &program, const CommandLine &command,
                           ChildEnvironment &environment, const ProcessState &state,
                           const QList<int> &handedOver = {});

/// What the system says of a program that could not be started.
Core::Error startError(const QByteArray &name, int systemError);

/// As execve(2) and posix_spawn(3) want it; lasts as long as \a command.
QList<char *> argumentPointers(CommandLine &command);

} // namespace Handover
