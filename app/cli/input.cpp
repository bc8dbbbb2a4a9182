#include "cli/input.h"

#include "core/atomicfile.h"

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

} // namespace Cli
