#include "access/condition.h"

#include <QHash>

using Access::AttributeValue;

// Whatever a condition's text is: no crash; and what is certain while nothing is known stays so
// once everything is told.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    if (size < 1)
        return 0;
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(bytes + 1),
                                           static_cast<qsizetype>(size - 1));
    const auto condition = Access::Condition::parse(text);
    if (!condition)
        return 0;
    const Access::ConditionSubject ignorant{QStringLiteral("X/read"), std::nullopt, {}};
    const Access::Truth before = condition->evaluate(ignorant).truth;
    const auto told = [seed = size_t(bytes[0])](Access::AttributeSource source,
                                                const QString &name) -> AttributeValue {
        switch (const size_t pick = qHash(name, seed) + static_cast<size_t>(source); pick % 5) {
        case 0: return {AttributeValue::State::Absent, {}, {}};
        case 1:
            return {
                AttributeValue::State::Present, {QStringLiteral("x"), QStringLiteral("y*")}, {}};
        case 2: return {AttributeValue::State::Present, {double(pick % 7)}, {}};
        case 3: return {AttributeValue::State::Present, {true}, {}};
        default: return {AttributeValue::State::Present, {name.left(3)}, {}};
        }
    };
    const QString sub = bytes[0] % 2 ? QStringLiteral("Blob.List") : QString();
    const Access::Truth after = condition->evaluate({QStringLiteral("X/read"), sub, told}).truth;
    if (before.isCertain() &&
        (!after.isCertain() || before.certainlyHolds() != after.certainlyHolds()))
        __builtin_trap();
    (void)condition->attributes();
    return 0;
}
