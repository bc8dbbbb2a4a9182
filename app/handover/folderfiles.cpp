#include "handover/folderfiles.h"

#include "core/atomicfile.h"

#include <QDir>
#include <QFile>

namespace Handover {

using namespace Qt::StringLiterals;

Core::Result<EnvFile::Variables> filesIn(const QString &folder, qint64 limit)
{
    constexpr int most = 1000;
    const Core::Error tooMuch{.kind = Core::Error::Kind::InvalidInput,
                              .message = u"The folder has more than an environment's variables."_s,
                              .nextStep = u"Name the folder that envdir is given."_s};
    const QDir place(folder);
    const QStringList names = place.entryList(QDir::Files | QDir::NoDotAndDotDot, QDir::Name);
    if (names.size() > most)
        return tooMuch;
    EnvFile::Variables files;
    qint64 total = 0;
    for (const QString &name : names) {
        total += QFileInfo(place, name).size();
        if (total > limit)
            return tooMuch;
        auto bytes = Core::readFile(place.filePath(name), limit);
        if (!bytes)
            return bytes.error();
        files.append({QFile::encodeName(name), Core::Secret::take(std::move(*bytes))});
    }
    return files;
}

} // namespace Handover
