#include "core/symlinkguard.h"

#include "core/fileerror.h"

#include <QFile>
#include <QFileInfo>
#include <sys/stat.h>

namespace Core {

using namespace Qt::StringLiterals;

Result<void> refuseForeignLinks(const QString &path)
{
    const QStringList parts = QFileInfo(path).absoluteFilePath().split(u'/', Qt::SkipEmptyParts);
    bool systems = true; // every folder so far is root's alone
    QString walked;
    for (const QString &part : parts) {
        struct stat parent = {}, here = {};
        const QByteArray above = QFile::encodeName(walked.isEmpty() ? u"/"_s : walked);
        systems = systems && ::stat(above.constData(), &parent) == 0 && parent.st_uid == 0 &&
                  (parent.st_mode & 022) == 0;
        walked += u'/' + part;
        if (::lstat(QFile::encodeName(walked).constData(), &here) != 0)
            return {};
        if (!S_ISLNK(here.st_mode) || (systems && here.st_uid == 0))
            continue;
        Error error = refusal(path, u"goes through the symbolic link “%1”"_s.arg(walked));
        error.nextStep =
            u"Name the place itself: it leads to “%1”."_s.arg(QFileInfo(walked).symLinkTarget());
        return error;
    }
    return {};
}

} // namespace Core
