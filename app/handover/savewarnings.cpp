#include "handover/savewarnings.h"

#include "core/atomicfile.h"
#include "core/atomicfolder.h"
#include "core/symlinkguard.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace Handover {

using namespace Qt::StringLiterals;
using EnvFile::Format;
using EnvFile::Reading;
using EnvFile::Variables;

namespace {

bool isInWorkTree(QDir folder)
{
    do {
        if (QFileInfo::exists(folder.filePath(u".git"_s)))
            return true;
    } while (folder.cdUp());
    return false;
}

// A repository's own configuration must not make git run anything.
QStringList gitWarning(const QFileInfo &target)
{
    if (!isInWorkTree(target.absoluteDir()))
        return {};
    QProcess git;
    git.setStandardErrorFile(QProcess::nullDevice());
    git.setWorkingDirectory(target.absolutePath());
    git.start(u"git"_s, {u"-c"_s, u"core.fsmonitor=false"_s, u"check-ignore"_s, u"-q"_s, u"--"_s,
                         target.fileName()});
    if (git.waitForFinished(3000) && git.exitStatus() == QProcess::NormalExit &&
        git.exitCode() == 0)
        return {};
    const bool answered = git.state() == QProcess::NotRunning &&
                          git.error() == QProcess::UnknownError && git.exitCode() == 1;
    git.kill();
    git.waitForFinished(1000);
    return {
        answered
            ? u"It lies in a git work tree that does not ignore it; add “%1” to .gitignore before the next commit."_s
                  .arg(target.fileName())
            : u"It lies in a git work tree, and git could not say whether it is ignored."_s};
}

QStringList folderWarnings(const QString &folder)
{
    QStringList warnings;
    const QByteArray path = QFile::encodeName(folder);
    struct stat status = {};
    if (::stat(path.constData(), &status) == 0 && (status.st_mode & S_IWOTH) &&
        !(status.st_mode & S_ISVTX))
        warnings.append(u"Everybody may write in its folder, and so replace the file."_s);
    // statfs(2): vfat, exfat, SMB and CIFS, which keep no owner and mode for each file.
    static const QList<quint32> ownerless{0x4d44, 0x2011BAB0, 0x517B, 0xFF534D42, 0xFE534D42};
    struct statfs system = {};
    if (::statfs(path.constData(), &system) == 0 &&
        ownerless.contains(static_cast<quint32>(system.f_type)))
        warnings.append(
            u"Its file system keeps no owners, so that everybody who sees the disk may read it."_s);
    return warnings;
}

QStringList differences(const Reading &old, const Variables &variables)
{
    QStringList lines;
    QList<QByteArray> kept;
    for (const auto &[name, value] : variables) {
        const EnvFile::ReadVariable *before = old.find(name);
        kept.append(name);
        if (!before)
            lines.append(u"+ %1=********"_s.arg(QString::fromUtf8(name)));
        else if (before->value != value)
            lines.append(u"~ %1: ******** becomes ********"_s.arg(QString::fromUtf8(name)));
    }
    for (const EnvFile::ReadVariable &one : old.variables) {
        if (!kept.contains(one.name))
            lines.append(u"- %1=********"_s.arg(QString::fromUtf8(one.name)));
    }
    return lines;
}

QStringList overwriteWarning(const QFileInfo &target, const Format &format,
                             const Variables &variables)
{
    if (format.shape == Format::Shape::Folder || !target.isFile())
        return {};
    Core::Result<QByteArray> old = Core::readFile(target.absoluteFilePath());
    if (!old)
        return {};
    const QStringList lines = differences(format.read(*old), variables);
    Core::wipe(*old);
    return {lines.isEmpty() ? u"It replaces a file with the same variables and values."_s
                            : u"It replaces a file:\n  %1"_s.arg(lines.join(u"\n  "))};
}

} // namespace

QStringList placeWarnings(const QString &path)
{
    const QFileInfo target(path);
    return gitWarning(target) + folderWarnings(target.absolutePath());
}

QStringList fileWarnings(const QString &path)
{
    return placeWarnings(path) +
           (QFileInfo::exists(path) ? QStringList{u"It replaces a file."_s} : QStringList());
}

QStringList saveWarnings(const QString &path, const Format &format, const Variables &variables)
{
    return placeWarnings(path) + overwriteWarning(QFileInfo(path), format, variables);
}

Core::Result<void> save(const QString &path, const Format &format, const Variables &variables)
{
    if (format.shape == Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, variables);
        return files ? Core::writeFolderAtomically(path, *files) : files.error();
    }
    const auto text = EnvFile::write(format, variables);
    return text ? Core::writeFileAtomically(path, text->reveal(), Core::Links::SystemOnly)
                : text.error();
}

} // namespace Handover
