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
#include <sys/stat.h>
#include <unistd.h>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

using Files = QList<std::pair<QByteArray, Secret>>;

QList<QByteArray> entriesOf(const QByteArray &folder)
{
    QList<QByteArray> names;
    DIR *open = ::opendir(folder.constData());
    if (!open)
        return names;
    while (const dirent *entry = ::readdir(open)) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.append(name);
    }
    ::closedir(open);
    return names;
}

/// A folder that is removed again, with what stands directly in it, unless it was kept.
class Scratch
{
public:
    explicit Scratch(QByteArray path)
        : m_path(std::move(path))
    {
    }
    ~Scratch()
    {
        if (m_path.isEmpty())
            return;
        for (const QByteArray &name : entriesOf(m_path))
            ::unlink((m_path + '/' + name).constData());
        ::rmdir(m_path.constData());
    }
    Q_DISABLE_COPY_MOVE(Scratch)
    void keep() { m_path.clear(); }

private:
    QByteArray m_path;
};

Result<void> writeAll(const QByteArray &folder, const Files &files, const QString &path)
{
    for (const auto &[name, content] : files) {
        const Descriptor fd(::open((folder + '/' + name).constData(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (fd.get() < 0 || ::fchmod(fd.get(), 0600) != 0 ||
            !writeBytes(fd.get(), content.reveal()) || ::fsync(fd.get()) != 0)
            return fileError(u"Cannot write"_s, path, errno);
    }
    syncFolder(folder);
    return {};
}

// Nothing of somebody else's may go with the old folder.
Result<void> checkOld(const QByteArray &target, const Files &files, const QString &path)
{
    for (const QByteArray &name : entriesOf(target)) {
        struct stat status = {};
        const bool regular =
            ::lstat((target + '/' + name).constData(), &status) == 0 && S_ISREG(status.st_mode);
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

} // namespace

Result<void> writeFolderAtomically(const QString &path, const Files &files)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QByteArray target = QFile::encodeName(absolute);
    while (target.size() > 1 && target.endsWith('/'))
        target.chop(1);
    const QByteArray parent = target.first(std::max<qsizetype>(1, target.lastIndexOf('/')));
    struct stat status = {};
    const bool exists = ::lstat(target.constData(), &status) == 0;
    if (!exists && errno != ENOENT)
        return fileError(u"Cannot write"_s, path, errno);
    if (exists && !S_ISDIR(status.st_mode))
        return refusal(path, S_ISLNK(status.st_mode) ? u"is a symbolic link"_s : u"is no folder"_s);
    if (const auto old = checkOld(target, files, path); exists && !old)
        return old.error();

    const QByteArray temporary =
        target + '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 36) + ".part";
    if (::mkdir(temporary.constData(), 0700) != 0)
        return fileError(u"Cannot write"_s, path, errno);
    Scratch scratch(temporary); // after the exchange below this is the old folder
    if (::chmod(temporary.constData(), 0700) != 0)
        return fileError(u"Cannot write"_s, path, errno);
    if (const auto written = writeAll(temporary, files, path); !written)
        return written.error();
    const unsigned flags = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, temporary.constData(), AT_FDCWD, target.constData(), flags) != 0)
        return fileError(u"Cannot write"_s, path, errno);
    if (!exists)
        scratch.keep();
    syncFolder(parent);
    return {};
}

} // namespace Core
