#pragma once

#include <QString>
#include <optional>
#include <variant>

namespace Access {

/// A literal of a condition or the value of an attribute. Dates and GUIDs are text until an operator reads them.
using ConditionValue = std::variant<QString, double, bool>;

/// "2022-06-01T23:38:32.8883645Z" as 100-nanosecond ticks since 1970; an offset is taken into account, no zone means UTC.
std::optional<qint64> ticksOf(const QString &dateTime);

/// Whether it is an integer as conditions write it: digits, perhaps behind a sign.
bool isInteger(const QString &text);

/// 32 hexadecimal digits, lower case, from a GUID with or without dashes and braces.
std::optional<QString> guidOf(const QString &text);

} // namespace Access
