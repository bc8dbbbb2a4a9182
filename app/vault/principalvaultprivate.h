#pragma once

#include "core/clock.h"
#include "core/logging.h"
#include "vault/principalindex.h"
#include "vault/principalvault.h"

#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>
#include <functional>

namespace Vault {

struct PrincipalVault::Private {
    QString folder;
    IndexFile file;
    SecretStore &secrets;
    const Core::Clock &clock;
    QFileSystemWatcher watcher{};
    QTimer settle{};
    QByteArray seen; ///< size and time of the index when it was last announced

    QByteArray stamp() const
    {
        const QFileInfo info(file.path());
        return QByteArray::number(info.size()) + '/' + QByteArray::number(info.lastModified().toMSecsSinceEpoch());
    }
    void watch()
    {
        if (QFileInfo(folder).isDir() && !watcher.directories().contains(folder))
            watcher.addPath(folder);
    }
    Core::Result<void> change(const std::function<Core::Result<void>(PrincipalIndex &)> &apply)
    {
        Core::Result<void> result = file.change(apply);
        watch();
        return result;
    }
    // Removes what the index does not name any more. A failure leaves an orphan, which findOrphans() names.
    void discard(const QString &key, QObject *context, std::function<void()> then)
    {
        if (key.isEmpty())
            return then();
        secrets.remove(key, context, [then = std::move(then)](const Core::Result<void> &removed) {
            if (!removed)
                qCWarning(Core::lcVault, "an old keychain entry could not be removed: %s", qPrintable(removed.error().message));
            then();
        });
    }
};

} // namespace Vault
