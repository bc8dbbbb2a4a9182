#pragma once

#include "core/clock.h"

#include <QDBusConnection>
#include <QDateTime>
#include <QObject>
#include <QTimer>
#include <chrono>

namespace Services {

/// Says when nobody is here any more: after some minutes without a touch, when the session is locked, and before the machine sleeps.
/// A machine that slept counts the time that it slept.
class IdleLock final : public QObject
{
    Q_OBJECT
public:
    explicit IdleLock(const Core::Clock &clock, QObject *parent = nullptr);

    /// Zero: never for being idle.
    void setIdleTime(std::chrono::minutes time);
    std::chrono::minutes idleTime() const { return m_idleTime; }
    /// Somebody is here.
    void touch();
    /// Whether the time is over; asked by a timer, too.
    void look();

    /// The desktop's screen saver on the \a session bus (freedesktop's, GNOME's, MATE's, Cinnamon's), logind's
    /// Lock and PrepareForSleep on the \a system bus; nothing where there is none.
    void watch(QDBusConnection session, QDBusConnection system);

signals:
    /// Once, until the next touch.
    void locked();

private slots:
    void screenSaverChanged(bool active);
    void sleepChanged(bool begins);
    void lock();

private:
    const Core::Clock &m_clock;
    std::chrono::minutes m_idleTime{10};
    QDateTime m_touched;
    QTimer m_timer;
    bool m_locked = false;
};

} // namespace Services
