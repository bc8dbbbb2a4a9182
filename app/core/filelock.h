#pragma once

class QLockFile;

namespace Core {

/// Takes \a lock, waiting for ten seconds while another program has it. What a program left behind
/// by dying is taken over: at once where it names a process that is gone, after two seconds where
/// its writer died before it named one.
bool takeLock(QLockFile &lock);

} // namespace Core
