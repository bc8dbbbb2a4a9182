#pragma once

#include "access/truth.h"

#include <QList>
#include <QString>
#include <optional>
#include <variant>

namespace Access {

/// A literal of a condition or the value of an attribute. Dates and GUIDs are text until an operator reads them.
using ConditionValue = std::variant<QString, double, bool>;

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

/// "2022-06-01T23:38:32.8883645Z" as 100-nanosecond ticks since 1970; an offset is taken into account, no zone means UTC.
std::optional<qint64> ticksOf(const QString &dateTime);

/// 32 hexadecimal digits, lower case, from a GUID with or without dashes and braces.
std::optional<QString> guidOf(const QString &text);

} // namespace Access
