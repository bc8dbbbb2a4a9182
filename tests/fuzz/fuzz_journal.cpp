#include "input.h"
#include "lifecycle/rotationjournal.h"

#include <QFile>
#include <QTemporaryDir>

// A journal on disk: read, or refused with a sentence and left as it is.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static const QTemporaryDir folder;
    static const Lifecycle::RotationJournal journal(folder.path());
    const QString id = QStringLiteral("11111111-2222-3333-4444-555555555555");
    const QByteArray json = Fuzz::view(bytes, size).toByteArray();
    QFile file(folder.filePath(QStringLiteral("rotation-%1.json").arg(id)));
    Fuzz::require(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(json) == json.size());
    file.close();
    const auto rotation = journal.read(id);
    if (!rotation) {
        Fuzz::require(!rotation.error().message.isEmpty());
        Fuzz::require(file.open(QIODevice::ReadOnly) && file.readAll() == json);
        return 0;
    }
    if (*rotation)
        (void)Lifecycle::azCommands(**rotation);
    return 0;
}
