#include "access/conditionoperator.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace Access {

using namespace Qt::StringLiterals;
using Family = ConditionOperator::Family;
using Relation = ConditionOperator::Relation;
using CrossProduct = ConditionOperator::CrossProduct;

namespace {

struct Prefix {
    QLatin1String name;
    CrossProduct crossProduct;
};

constexpr std::array prefixes{
    Prefix{"ForAnyOfAnyValues"_L1, CrossProduct::AnyOfAny},
    Prefix{"ForAllOfAnyValues"_L1, CrossProduct::AllOfAny},
    Prefix{"ForAnyOfAllValues"_L1, CrossProduct::AnyOfAll},
    Prefix{"ForAllOfAllValues"_L1, CrossProduct::AllOfAll},
};

struct Known {
    QLatin1String name;
    Family family;
    Relation relation;
    bool ignoreCase;
    bool crosses; // may stand behind a cross product's prefix
};

constexpr std::array operators{
    Known{"BoolEquals"_L1, Family::Bool, Relation::Equals, false, false},
    Known{"BoolNotEquals"_L1, Family::Bool, Relation::NotEquals, false, false},
    Known{"StringEquals"_L1, Family::StringEquals, Relation::Equals, false, true},
    Known{"StringEqualsIgnoreCase"_L1, Family::StringEquals, Relation::Equals, true, true},
    Known{"StringNotEquals"_L1, Family::StringEquals, Relation::NotEquals, false, true},
    Known{"StringNotEqualsIgnoreCase"_L1, Family::StringEquals, Relation::NotEquals, true, true},
    Known{"StringStartsWith"_L1, Family::StringStartsWith, Relation::Equals, false, false},
    Known{"StringStartsWithIgnoreCase"_L1, Family::StringStartsWith, Relation::Equals, true, false},
    Known{"StringNotStartsWith"_L1, Family::StringStartsWith, Relation::NotEquals, false, false},
    Known{"StringNotStartsWithIgnoreCase"_L1, Family::StringStartsWith, Relation::NotEquals, true, false},
    Known{"StringLike"_L1, Family::StringLike, Relation::Equals, false, true},
    Known{"StringLikeIgnoreCase"_L1, Family::StringLike, Relation::Equals, true, true},
    Known{"StringNotLike"_L1, Family::StringLike, Relation::NotEquals, false, true},
    Known{"StringNotLikeIgnoreCase"_L1, Family::StringLike, Relation::NotEquals, true, true},
    Known{"NumericEquals"_L1, Family::Numeric, Relation::Equals, false, true},
    Known{"NumericNotEquals"_L1, Family::Numeric, Relation::NotEquals, false, true},
    Known{"NumericGreaterThan"_L1, Family::Numeric, Relation::Greater, false, true},
    Known{"NumericGreaterThanEquals"_L1, Family::Numeric, Relation::GreaterOrEquals, false, true},
    Known{"NumericLessThan"_L1, Family::Numeric, Relation::Less, false, true},
    Known{"NumericLessThanEquals"_L1, Family::Numeric, Relation::LessOrEquals, false, true},
    Known{"DateTimeEquals"_L1, Family::DateTime, Relation::Equals, false, false},
    Known{"DateTimeNotEquals"_L1, Family::DateTime, Relation::NotEquals, false, false},
    Known{"DateTimeGreaterThan"_L1, Family::DateTime, Relation::Greater, false, false},
    Known{"DateTimeGreaterThanEquals"_L1, Family::DateTime, Relation::GreaterOrEquals, false, false},
    Known{"DateTimeLessThan"_L1, Family::DateTime, Relation::Less, false, false},
    Known{"DateTimeLessThanEquals"_L1, Family::DateTime, Relation::LessOrEquals, false, false},
    Known{"GuidEquals"_L1, Family::Guid, Relation::Equals, false, true},
    Known{"GuidNotEquals"_L1, Family::Guid, Relation::NotEquals, false, true},
};

template<typename T>
bool compare(Relation relation, const T &left, const T &right)
{
    switch (relation) {
    case Relation::Equals: return left == right;
    case Relation::NotEquals: return left != right;
    case Relation::Greater: return left > right;
    case Relation::GreaterOrEquals: return left >= right;
    case Relation::Less: return left < right;
    case Relation::LessOrEquals: return left <= right;
    }
    return false;
}

// One step of a StringLike pattern: "*", "?" or one code point.
struct Step {
    enum class Kind { Many, One, Exactly } kind = Kind::Exactly;
    char32_t codePoint = 0;
};

std::optional<QList<Step>> stepsOf(const QString &pattern)
{
    QList<Step> steps;
    const QList<uint> points = pattern.toUcs4();
    for (qsizetype i = 0; i < points.size(); ++i) {
        if (points[i] == U'*') {
            steps.append({Step::Kind::Many, 0});
        } else if (points[i] == U'?') {
            steps.append({Step::Kind::One, 0});
        } else if (points[i] == U'\\') {
            // Documented are \*, \? and \\; what another escape means is not.
            if (++i == points.size() || (points[i] != U'*' && points[i] != U'?' && points[i] != U'\\'))
                return std::nullopt;
            steps.append({Step::Kind::Exactly, points[i]});
        } else {
            steps.append({Step::Kind::Exactly, points[i]});
        }
    }
    return steps;
}

bool isLike(const QString &text, const QList<Step> &steps)
{
    const QList<uint> points = text.toUcs4();
    qsizetype step = 0;
    qsizetype at = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (at < points.size()) {
        const bool more = step < steps.size();
        if (more && steps[step].kind == Step::Kind::Many) {
            star = step++;
            resume = at;
        } else if (more && (steps[step].kind == Step::Kind::One || steps[step].codePoint == points[at])) {
            ++step;
            ++at;
        } else if (star >= 0) {
            step = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    while (step < steps.size() && steps[step].kind == Step::Kind::Many)
        ++step;
    return step == steps.size();
}

std::optional<bool> relateStrings(const ConditionOperator &by, const QString &left, const QString &right)
{
    const Qt::CaseSensitivity sensitivity = by.ignoreCase ? Qt::CaseInsensitive : Qt::CaseSensitive;
    bool same = false;
    if (by.family == Family::StringEquals) {
        same = left.compare(right, sensitivity) == 0;
    } else if (by.family == Family::StringStartsWith) {
        same = left.startsWith(right, sensitivity);
    } else {
        const auto steps = stepsOf(by.ignoreCase ? right.toCaseFolded() : right);
        if (!steps)
            return std::nullopt;
        same = isLike(by.ignoreCase ? left.toCaseFolded() : left, *steps);
    }
    return by.relation == Relation::NotEquals ? !same : same;
}

std::optional<bool> asBool(const ConditionValue &value)
{
    if (const bool *given = std::get_if<bool>(&value))
        return *given;
    const QString *text = std::get_if<QString>(&value);
    if (text && text->compare(u"true"_s, Qt::CaseInsensitive) == 0)
        return true;
    if (text && text->compare(u"false"_s, Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

// Only integers are supported (conditions-format.md), and from 2^53 on a double does not tell one from the next.
std::optional<double> asNumber(const ConditionValue &value)
{
    constexpr double exact = 9007199254740992.0;
    double number = 0;
    if (const double *given = std::get_if<double>(&value))
        number = *given;
    else if (const QString *text = std::get_if<QString>(&value); text && isInteger(*text))
        number = text->toDouble();
    else
        return std::nullopt;
    return std::trunc(number) == number && std::abs(number) < exact ? std::optional(number) : std::nullopt;
}

template<typename T>
std::optional<bool> compareBoth(Relation relation, const std::optional<T> &left, const std::optional<T> &right)
{
    return left && right ? std::optional(compare(relation, *left, *right)) : std::nullopt;
}

// Nothing where a value is not of the operator's type.
std::optional<bool> relate(const ConditionOperator &by, const ConditionValue &left, const ConditionValue &right)
{
    const QString *leftText = std::get_if<QString>(&left);
    const QString *rightText = std::get_if<QString>(&right);
    switch (by.family) {
    case Family::Bool: return compareBoth(by.relation, asBool(left), asBool(right));
    case Family::Numeric: return compareBoth(by.relation, asNumber(left), asNumber(right));
    case Family::StringEquals:
    case Family::StringStartsWith:
    case Family::StringLike: return leftText && rightText ? relateStrings(by, *leftText, *rightText) : std::nullopt;
    case Family::DateTime:
        return leftText && rightText ? compareBoth(by.relation, ticksOf(*leftText), ticksOf(*rightText)) : std::nullopt;
    case Family::Guid:
        return leftText && rightText ? compareBoth(by.relation, guidOf(*leftText), guidOf(*rightText)) : std::nullopt;
    }
    return std::nullopt;
}

QString shown(const ConditionValue &value)
{
    if (const QString *text = std::get_if<QString>(&value))
        return u'\'' + *text + u'\'';
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag ? u"true"_s : u"false"_s;
    return QString::number(std::get<double>(value));
}

} // namespace

std::optional<ConditionOperator> ConditionOperator::named(const QString &name)
{
    const qsizetype colon = name.indexOf(u':');
    ConditionOperator found;
    if (colon >= 0) {
        const auto prefix = std::find_if(prefixes.begin(), prefixes.end(), [&](const Prefix &one) {
            return QStringView(name).left(colon).compare(one.name, Qt::CaseInsensitive) == 0;
        });
        if (prefix == prefixes.end())
            return std::nullopt;
        found.crossProduct = prefix->crossProduct;
        found.name = prefix->name + u':';
    }
    const QStringView inner = QStringView(name).mid(colon + 1);
    for (const Known &one : operators) {
        if (inner.compare(one.name, Qt::CaseInsensitive) != 0)
            continue;
        if (colon >= 0 && !one.crosses)
            return std::nullopt;
        found.name += one.name;
        found.family = one.family;
        found.relation = one.relation;
        found.ignoreCase = one.ignoreCase;
        return found;
    }
    return std::nullopt;
}

Truth ConditionOperator::relates(const QList<ConditionValue> &left, const QList<ConditionValue> &right, QString *why) const
{
    const auto unknown = [&](const QString &text) {
        *why = text;
        return Truth::unknown();
    };
    if (crossProduct == CrossProduct::None && (left.size() != 1 || right.size() != 1))
        return unknown(u"%1 compares one value with one; here are %2 and %3."_s.arg(name).arg(left.size()).arg(right.size()));
    const bool everyLeft = crossProduct == CrossProduct::AllOfAny || crossProduct == CrossProduct::AllOfAll;
    const bool everyRight = crossProduct == CrossProduct::AnyOfAll || crossProduct == CrossProduct::AllOfAll;
    if ((left.isEmpty() && everyLeft) || (right.isEmpty() && everyRight))
        return unknown(u"The documents do not say how %1 takes an empty list."_s.arg(name));

    Truth all = Truth::of(everyLeft);
    for (const ConditionValue &one : left) {
        Truth matches = Truth::of(everyRight);
        for (const ConditionValue &other : right) {
            const std::optional<bool> related = relate(*this, one, other);
            if (!related)
                *why = u"%1 cannot compare %2 with %3."_s.arg(name, shown(one), shown(other));
            const Truth truth = related ? Truth::of(*related) : Truth::unknown();
            matches = everyRight ? matches & truth : matches | truth;
        }
        all = everyLeft ? all & matches : all | matches;
    }
    return all;
}

} // namespace Access
