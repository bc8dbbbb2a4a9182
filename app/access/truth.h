#pragma once

#include <initializer_list>

namespace Access {

/// What an expression of a condition may come to, as the set of outcomes that are still possible. Three outcomes exist: it
/// holds, it does not, and it *fails*, because the request or resource lacks the attribute; failing is neither undone by NOT
/// nor by AND, but an OR beside it may still hold. More than one possible outcome means that something is unknown here.
class Truth final
{
    // Ordered, so that AND is the smaller and OR the greater of two: does not hold < fails < holds.
    static constexpr int holdsNotBit = 1;
    static constexpr int failsBit = 2;
    static constexpr int holdsBit = 4;

public:
    static constexpr Truth holds() { return Truth(holdsBit); }
    static constexpr Truth holdsNot() { return Truth(holdsNotBit); }
    static constexpr Truth fails() { return Truth(failsBit); }
    static constexpr Truth eitherWay() { return Truth(holdsBit | holdsNotBit); } ///< unknown, but cannot fail
    static constexpr Truth unknown() { return Truth(holdsBit | holdsNotBit | failsBit); }
    static constexpr Truth of(bool value) { return value ? holds() : holdsNot(); }

    constexpr bool certainlyHolds() const { return m_possible == holdsBit; }
    constexpr bool mayHold() const { return m_possible & holdsBit; }
    constexpr bool isCertain() const { return !mayHold() || certainlyHolds(); } ///< where it decides: to hold or not to hold

    constexpr Truth operator!() const
    {
        return Truth((m_possible & holdsBit ? holdsNotBit : 0) | (m_possible & holdsNotBit ? holdsBit : 0) | (m_possible & failsBit));
    }
    friend constexpr Truth operator&(Truth a, Truth b) { return combine(a, b, [](int x, int y) { return x < y ? x : y; }); }
    friend constexpr Truth operator|(Truth a, Truth b) { return combine(a, b, [](int x, int y) { return x > y ? x : y; }); }
    constexpr bool operator==(const Truth &) const = default;

private:
    explicit constexpr Truth(int possible) : m_possible(possible) {}

    template<typename Pick>
    static constexpr Truth combine(Truth a, Truth b, Pick pick)
    {
        int possible = 0;
        for (const int x : {holdsNotBit, failsBit, holdsBit}) {
            for (const int y : {holdsNotBit, failsBit, holdsBit}) {
                if ((a.m_possible & x) && (b.m_possible & y))
                    possible |= pick(x, y);
            }
        }
        return Truth(possible);
    }

    int m_possible;
};

} // namespace Access
