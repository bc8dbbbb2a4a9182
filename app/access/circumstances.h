#pragma once

#include "access/condition.h"
#include "azure/scope.h"

#include <QHash>
#include <QString>
#include <optional>

namespace Access {

/// The attributes of one source, by name as between the brackets of a condition.
struct AttributeSet
{
    bool told = false; ///< what is not listed is absent then, not unknown, unless its nature is to
                       ///< be always there
    QHash<QString, QList<ConditionValue>> values;
    QStringList absent; ///< said to be absent by name
    bool operator==(const AttributeSet &) const = default;
};

/// What surrounds a request beside who asks for what where: what conditions and the special rules
/// of Blob storage look at. What is not told is unknown, never false.
struct Circumstances
{
    enum class Authorization { Bearer, SharedKey, UserDelegationSas };

    QString operation;                                  ///< "Get Blob"; may be empty
    std::optional<std::optional<QString>> subOperation; ///< "Blob.List"; an inner nothing is: none
    AttributeSet resource;
    AttributeSet request;
    AttributeSet environment;
    AttributeSet principal;
    std::optional<bool> hierarchicalNamespace;
    std::optional<bool> subscriptionContainsDatabricks;
    std::optional<bool> blobExists;
    std::optional<QHash<QString, QString>>
        acl; ///< path ("/", "dir/file") to what the ACLs give this principal ("r-x")
    Authorization authorization = Authorization::Bearer;

    /// The suboperation as told, or as the operation implies it; nothing where neither says.
    std::optional<std::optional<QString>> knownSubOperation() const;

    /// Whether the account has a hierarchical namespace, as told, or as what is told implies: index
    /// tags and encryption scopes exist without one only.
    std::optional<bool> knownHierarchicalNamespace() const;

    /// One attribute for a condition of an assignment at \a assignedAt, where \a action is asked
    /// for at \a scope (storage-auth-abac-attributes.md: which attributes exist where, and which
    /// actions supply them).
    AttributeValue attribute(AttributeSource source, const QString &name, const Azure::Scope &scope,
                             const Azure::Scope &assignedAt, const QString &action = {}) const;

    bool operator==(const Circumstances &) const = default;

private:
    QString withoutBlob(
        const QString &action) const; ///< "Listing" or "Finding" where no single blob is asked for
};

/// The account's and the container's name in a scope's resource ID; empty where it has none.
QString accountNameIn(const Azure::Scope &scope);
QString containerNameIn(const Azure::Scope &scope);

} // namespace Access
