#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

namespace Azure {

/// An Azure resource ID as a place where roles are assigned; compares and nests without regard to case.
/// "/" is the tenant's root, "/providers/Microsoft.Management/managementGroups/{id}" a management group.
class Scope final
{
public:
    enum class Level { Root, ManagementGroup, Subscription, ResourceGroup, Resource, SubResource };

    Scope() = default;
    /// Errors: InvalidInput, when \a id is no absolute resource ID. A trailing slash is taken off.
    static Core::Result<Scope> parse(const QString &id);
    /// …/storageAccounts/{account}/blobServices/default/containers/{container}
    Scope container(const QString &name) const;

    const QString &id() const { return m_id; } ///< as given
    Level level() const;
    QString subscriptionId() const; ///< empty above a subscription
    QString resourceGroup() const;  ///< empty above a resource group
    QString lastName() const;       ///< e.g. the account's or the container's name
    /// Whether \a other is this scope or lies below it. Management groups contain only what is told elsewhere, so this
    /// knows only the root and the path below a subscription.
    bool contains(const Scope &other) const;

    bool operator==(const Scope &other) const;

private:
    QString m_id = QStringLiteral("/");
};

} // namespace Azure
