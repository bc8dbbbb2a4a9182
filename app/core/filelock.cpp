#include "core/filelock.h"

#include <QLockFile>

namespace Core {

namespace {

constexpr int longest = 30'000; // whoever holds it: a change takes milliseconds
constexpr int nameless = 2'000; // between making the file and naming oneself in it

} // namespace

bool takeLock(QLockFile &lock)
{
    lock.setStaleLockTime(longest);
    if (lock.tryLock(nameless + 500))
        return true;
    if (lock.error() != QLockFile::LockFailedError)
        return false;
    qint64 process = 0;
    QString host, program;
    if (!lock.getLockInfo(&process, &host, &program))
        lock.setStaleLockTime(nameless);
    return lock.tryLock(10'000 - nameless - 500);
}

} // namespace Core
