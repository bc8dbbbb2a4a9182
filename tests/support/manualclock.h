#pragma once

#include "core/clock.h"

#include <chrono>

namespace Test {

/// A clock that stands still until it is told to go on.
class ManualClock final : public Core::Clock
{
public:
    explicit ManualClock(QDateTime start = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC))
        : m_now(std::move(start))
    {
    }
    QDateTime now() const override { return m_now; }
    void advance(std::chrono::milliseconds by) { m_now = m_now.addMSecs(by.count()); }
    void set(const QDateTime &now) { m_now = now; }

private:
    QDateTime m_now;
};

} // namespace Test
