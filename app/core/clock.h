#pragma once

#include <QDateTime>

namespace Core {

/// Where the time comes from, so that tests can turn it.
class Clock
{
public:
    virtual ~Clock() = default;
    /// The present moment, in UTC.
    virtual QDateTime now() const = 0;
};

class SystemClock final : public Clock
{
public:
    QDateTime now() const override { return QDateTime::currentDateTimeUtc(); }
};

} // namespace Core
