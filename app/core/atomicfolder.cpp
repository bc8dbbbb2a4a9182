#include "core/atomicfolder.h"

#include "core/fileerror.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

using Files = QList<std::pair<QByteArray, Secret>>;

struct CloseFolder
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

QList<QByteArray> entriesOf(int folder)
{
    QList<QByteArray> names;
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseFolder> listing(fd < 0 ? nullptr : ::fdopendir(fd));
    while (const dirent *entry = listing ? ::readdir(listing.get()) : nullptr) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.append(name);
    }
    return names;
}

int openFolder(int parent, const QByteArray &name)
{
    return ::openat(parent, name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool isSameFolder(int folder, int parent, const QByteArray &name)
{
    struct stat opened = {}, named = {};
    return ::fstat(folder, &opened) == 0 &&
           ::fstatat(parent, name.constData(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// A folder that is removed again, with what stands directly in it, unless it was kept.
class Scratch
{
public:
    Scratch(int parent, QByteArray name)
        : m_parent(parent)
        , m_name(std::move(name))
        , m_made(::mkdirat(m_parent, m_name.constData(), 0700) == 0)
        , m_folder(m_made ? openFolder(m_parent, m_name) : -1)
    {
    }
    ~Scratch()
    {
        if (m_claimed)
            empty(m_folder.get());
        if (m_made)
            ::unlinkat(m_parent, m_name.constData(), AT_REMOVEDIR); // an empty one only
    }
    Q_DISABLE_COPY_MOVE(Scratch)

    /// Makes it ours alone. False with errno where it could not be made, or is somebody else's: who
    /// may write to the parent can put another one in its stead.
    bool claim()
    {
        struct stat status = {};
        if (m_folder.get() < 0 || ::fstat(m_folder.get(), &status) != 0)
            return false;
        if (status.st_uid != ::geteuid() || !entriesOf(m_folder.get()).isEmpty()) {
            errno = EPERM;
            return false;
        }
        m_claimed = true;
        return ::fchmod(m_folder.get(), 0700) == 0;
    }
    int folder() const { return m_folder.get(); }
    /// It stands in its place; \a old, where there was one, stands here now and goes instead.
    void exchangedFor(int old)
    {
        m_claimed = false;
        if (old >= 0)
            empty(old);
        else
            m_made = false;
    }

private:
    static void empty(int folder)
    {
        for (const QByteArray &name : entriesOf(folder))
            ::unlinkat(folder, name.constData(), 0);
    }

    int m_parent;
    QByteArray m_name;
    bool m_made;
    bool m_claimed = false;
    Descriptor m_folder;
};

Result<void> writeAll(int folder, const Files &files, const QString &path)
{
    for (const auto &[name, content] : files) {
        const Descriptor fd(::openat(folder, name.constData(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (fd.get() < 0 || ::fchmod(fd.get(), 0600) != 0 ||
            !writeBytes(fd.get(), content.reveal()) || ::fsync(fd.get()) != 0)
            return fileError(u"Cannot write"_s, path, errno);
    }
    syncFolder(folder);
    return {};
}

// Nothing of somebody else's may go with the old folder.
Result<void> checkOld(int old, const Files &files, const QString &path)
{
    for (const QByteArray &name : entriesOf(old)) {
        struct stat status = {};
        const bool regular = ::fstatat(old, name.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                             S_ISREG(status.st_mode);
        const bool ours = std::any_of(files.cbegin(), files.cend(),
                                      [&](const auto &file) { return file.first == name; });
        if (!regular || !ours)
            return Error{.kind = Error::Kind::Conflict,
                         .message =
                             u"The folder “%1” holds “%2” as well, which would be lost."_s.arg(
                                 path, QFile::decodeName(name)),
                         .nextStep = u"Name a new folder, or move that away first."_s};
    }
    return {};
}

Error swapped(const QString &path)
{
    return {.kind = Error::Kind::Conflict,
            .message = u"Somebody changed the folder “%1” while it was written."_s.arg(path),
            .nextStep = u"Choose a place that only you may write to."_s};
}

} // namespace

Result<void> writeFolderAtomically(const QString &path, const Files &files, Links links)
{
    QString target = path;
    while (target.size() > 1 && target.endsWith(u'/'))
        target.chop(1);
    if (const QString name = target.section(u'/', -1); name == u"." || name == u"..")
        target = QFileInfo(target).absoluteFilePath();
    const auto opened = openPlace(target, links);
    if (!opened)
        return opened.error();
    const QByteArray &name = (*opened)->name;
    const int parent = (*opened)->folder.get();
    struct stat status = {};
    const bool exists = ::fstatat(parent, name.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (!exists && errno != ENOENT)
        return fileError(u"Cannot write"_s, path, errno);
    if (exists && !S_ISDIR(status.st_mode))
        return refusal(path, S_ISLNK(status.st_mode) ? u"is a symbolic link"_s : u"is no folder"_s);
    const Descriptor old(exists ? openFolder(parent, name) : -1);
    if (exists && old.get() < 0)
        return fileError(u"Cannot write"_s, path, errno);
    if (const auto kept = exists ? checkOld(old.get(), files, path) : Result<void>(); !kept)
        return kept.error();

    const QByteArray temporary =
        name + '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 36) + ".part";
    Scratch scratch(parent, temporary);
    if (!scratch.claim())
        return fileError(u"Cannot write"_s, path, errno);
    if (const auto written = writeAll(scratch.folder(), files, path); !written)
        return written.error();
    // What stands under these names may have been swapped since.
    if (!isSameFolder(scratch.folder(), parent, temporary) ||
        (exists && !isSameFolder(old.get(), parent, name)))
        return swapped(path);
    const unsigned flags = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(parent, temporary.constData(), parent, name.constData(), flags) != 0)
        return fileError(u"Cannot write"_s, path, errno);
    if (!isSameFolder(scratch.folder(), parent, name))
        return swapped(path);
    scratch.exchangedFor(old.get());
    syncFolder(parent);
    return {};
}

} // namespace Core
