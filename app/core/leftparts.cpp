#include "core/leftparts.h"

#include "core/fileerror.h"

#include <algorithm>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

namespace {

constexpr time_t youngest = 10; // seconds; its writer may be about to claim it

struct CloseFolder
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

// ".app.env." + letters and digits + ".part", and nothing that somebody else may have named so.
bool isPart(QByteArrayView name, QByteArrayView prefix)
{
    constexpr QByteArrayView end = ".part";
    if (!name.startsWith(prefix) || !name.endsWith(end) ||
        name.size() <= prefix.size() + end.size())
        return false;
    const QByteArrayView middle =
        name.sliced(prefix.size(), name.size() - prefix.size() - end.size());
    return std::all_of(middle.begin(), middle.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

void removeIfLeft(int folder, const char *name)
{
    const Descriptor fd(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status = {};
    const bool ours = fd.get() >= 0 && ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode) &&
                      status.st_uid == ::geteuid() && status.st_mtime + youngest < ::time(nullptr);
    if (ours && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
        ::unlinkat(folder, name, 0);
}

} // namespace

void claimPart(int fd)
{
    // A file system without such locks has no claims, and then removes nothing either.
    std::ignore = ::flock(fd, LOCK_EX | LOCK_NB);
}

void removeLeftParts(int folder, const QByteArray &prefix)
{
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseFolder> listing(fd < 0 ? nullptr : ::fdopendir(fd));
    while (const dirent *entry = listing ? ::readdir(listing.get()) : nullptr) {
        if (isPart(entry->d_name, prefix))
            removeIfLeft(::dirfd(listing.get()), entry->d_name);
    }
}

} // namespace Core
