#pragma once

#include "core/result.h"

#include <QString>

namespace Access {

/// The usual conditions on a storage role assignment, as a form gives them.
struct ConditionForm
{
    enum class Kind {
        PathPrefix, ///< blobs whose path begins with \c value
        Tag,        ///< blobs whose index tag \c key is \c value
        Container,  ///< blobs of the container \c value
    };
    Kind kind = Kind::PathPrefix;
    QString key;
    QString value;
    bool operator==(const ConditionForm &) const = default;
};

/// The condition's text, version 2.0 (azure-docs, storage-auth-abac-examples.md): every blob
/// operation that the attribute is there for is guarded, listing by the prefix that is asked for.
/// Parses by Condition::parse(). Errors: InvalidInput for what cannot stand in a condition's string
/// (the documents do not say how a quote or a backslash is written), or is no tag.
Core::Result<QString> conditionText(const ConditionForm &form);
/// What it leaves open, in a sentence; empty for nothing.
QString conditionRemark(const ConditionForm &form);

} // namespace Access
