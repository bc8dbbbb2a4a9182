#include "cli/input.h"

#include "core/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QString>

namespace Cli {

using namespace Qt::StringLiterals;

Core::Result<QByteArray> readInput(const std::string &path)
{
    constexpr qint64 limit = 64 << 20;
    if (path.empty())
        return QByteArray();
    if (path != "-")
        return Core::readFile(QString::fromStdString(path), limit);
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return Core::Error{.kind = Core::Error::Kind::File, .message = u"Standard input cannot be read."_s};
    QByteArray bytes = input.read(limit + 1);
    if (bytes.size() > limit)
        return Core::Error{.kind = Core::Error::Kind::InvalidInput, .message = u"Standard input is larger than 64 MiB."_s};
    return bytes;
}

bool isFolder(const std::string &path)
{
    return QFileInfo(QString::fromStdString(path)).isDir();
}

Core::Result<EnvFile::Variables> readFolder(const std::string &path)
{
    constexpr qint64 limit = 64 << 20;
    const QDir folder(QString::fromStdString(path));
    const QStringList names = folder.entryList(QDir::Files | QDir::NoDotAndDotDot, QDir::Name);
    EnvFile::Variables files;
    qint64 total = 0;
    for (const QString &name : names) {
        auto bytes = Core::readFile(folder.filePath(name), limit);
        if (!bytes)
            return bytes.error();
        total += bytes->size();
        if (total > limit || files.size() >= 1000)
            return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                               .message = u"The folder has more than an environment's variables."_s,
                               .nextStep = u"Name the folder that envdir is given."_s};
        files.append({QFile::encodeName(name), Core::Secret::take(std::move(*bytes))});
    }
    return files;
}

} // namespace Cli
