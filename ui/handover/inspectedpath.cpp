#include "ui/handover/inspectedpath.h"

#include "core/atomicfile.h"
#include "handover/folderfiles.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace Ui {

using namespace Qt::StringLiterals;

Core::Result<EnvFile::Inspection> inspectPath(const QString &path)
{
    if (QFileInfo(path).isDir()) {
        const auto files = Handover::filesIn(path, largestEnvironment);
        if (!files)
            return files.error();
        return EnvFile::inspectFolder(*files, nullptr);
    }
    Core::Result<QByteArray> bytes = Core::readFile(path, largestEnvironment);
    if (!bytes)
        return bytes.error();
    EnvFile::Inspection inspection = EnvFile::inspect(*bytes, nullptr);
    Core::wipe(*bytes);
    return inspection;
}

Core::Result<QString> pastableText(const QString &path, const EnvFile::Inspection &inspection)
{
    if (QFileInfo(path).isDir()) {
        const auto lines = EnvFile::repaired(inspection, *EnvFile::findFormat(u"shell"_s));
        return lines ? Core::Result<QString>(QString::fromUtf8(lines->reveal())) : lines.error();
    }
    Core::Result<QByteArray> bytes = Core::readFile(path, largestEnvironment);
    if (!bytes)
        return bytes.error();
    const QString text = QString::fromUtf8(*bytes);
    Core::wipe(*bytes);
    return text;
}

QString sentence(const EnvFile::Remark &remark)
{
    return remark.line > 0 ? QCoreApplication::translate("Ui::InspectDialog", "Line %1: %2")
                                 .arg(remark.line)
                                 .arg(remark.text)
                           : remark.text;
}

} // namespace Ui
