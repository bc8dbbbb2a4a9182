#pragma once

#include "azure/scope.h"
#include "core/result.h"

#include <QJsonObject>
#include <QString>
#include <QUrl>
#include <optional>

namespace Azure {

struct StorageAccount {
    Scope scope;
    QString name;
    QString location;
    QString kind;
    QUrl blobEndpoint;
    std::optional<bool> hierarchicalNamespace; ///< nothing where the answer does not say
    std::optional<bool> sharedKeyAllowed;
    std::optional<bool> publicAccessAllowed; ///< whether containers may be open to everybody
    bool networkRestricted = false;            ///< default action Deny, or public access disabled
    bool operator==(const StorageAccount &) const = default;
};

Core::Result<StorageAccount> storageAccountFromJson(const QJsonObject &object);

/// The root of an account's blob service as a user may type it: "https://acct.blob.core.windows.net" or just "acct" (then
/// \a storageSuffix completes it). A trailing slash is taken off. Loopback and IP hosts may carry one path segment, the
/// account's name, as the emulator's URLs do. Errors: InvalidInput with the cause and what to write instead: a path with a
/// container or blob, query or SAS, http (unless \a plainLoopback and loopback), user info, trailing dot in the host, a
/// dfs/file/queue/table endpoint, no valid account name.
Core::Result<QUrl> parseAccountUrl(const QString &text, const QString &storageSuffix, bool plainLoopback);

} // namespace Azure
