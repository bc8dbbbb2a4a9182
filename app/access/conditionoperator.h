#pragma once

#include "access/conditionvalue.h"
#include "access/truth.h"

#include <QList>
#include <QString>
#include <optional>

namespace Access {

/// An operator of a condition, e.g. "StringEquals" or "ForAnyOfAnyValues:StringNotLikeIgnoreCase" (azure-docs,
/// conditions-format.md).
struct ConditionOperator {
    enum class Family { Bool, StringEquals, StringStartsWith, StringLike, Numeric, DateTime, Guid };
    enum class Relation { Equals, NotEquals, Greater, GreaterOrEquals, Less, LessOrEquals };
    enum class CrossProduct { None, AnyOfAny, AllOfAny, AnyOfAll, AllOfAll };

    QString name; ///< as documented
    Family family = Family::StringEquals;
    Relation relation = Relation::Equals;
    bool ignoreCase = false;
    CrossProduct crossProduct = CrossProduct::None;

    /// By its name, without regard to case; nothing for an unknown one or a cross product that is not documented.
    static std::optional<ConditionOperator> named(const QString &name);

    /// Whether \a left relates to \a right. Unknown where a value is of another type, or where the documents do not say how
    /// several values or none relate; \a why then says so.
    Truth relates(const QList<ConditionValue> &left, const QList<ConditionValue> &right, QString *why) const;

    bool operator==(const ConditionOperator &) const = default;
};

} // namespace Access
