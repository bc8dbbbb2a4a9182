#include "services/idlelock.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace Services {

using namespace Qt::StringLiterals;

namespace {

const QString logind = u"org.freedesktop.login1"_s;

} // namespace

IdleLock::IdleLock(const Core::Clock &clock, QObject *parent)
    : QObject(parent), m_clock(clock), m_touched(clock.now())
{
    m_timer.setInterval(std::chrono::seconds(5));
    connect(&m_timer, &QTimer::timeout, this, &IdleLock::look);
    m_timer.start();
}

void IdleLock::setIdleTime(std::chrono::minutes time)
{
    m_idleTime = time;
    touch();
}

void IdleLock::touch()
{
    m_touched = m_clock.now();
    m_locked = false;
}

void IdleLock::look()
{
    const qint64 seconds = m_touched.secsTo(m_clock.now());
    if (seconds < 0) { // the clock was put back
        m_touched = m_clock.now();
        return;
    }
    if (m_idleTime.count() > 0 && std::chrono::seconds(seconds) >= m_idleTime)
        lock();
}

void IdleLock::lock()
{
    if (std::exchange(m_locked, true))
        return;
    emit locked();
}

void IdleLock::screenSaverChanged(bool active)
{
    if (active)
        lock();
}

void IdleLock::sleepChanged(bool begins)
{
    if (begins)
        lock();
}

void IdleLock::watch(QDBusConnection session, QDBusConnection system)
{
    for (const QString &name : {u"org.freedesktop.ScreenSaver"_s, u"org.gnome.ScreenSaver"_s, u"org.mate.ScreenSaver"_s,
                                u"org.cinnamon.ScreenSaver"_s})
        session.connect(QString(), QString(), name, u"ActiveChanged"_s, this, SLOT(screenSaverChanged(bool)));
    if (!system.isConnected())
        return;
    system.connect(logind, u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s, this,
                   SLOT(sleepChanged(bool)));
    // "loginctl lock-session" and most lockers say it to the session only.
    QDBusMessage call = QDBusMessage::createMethodCall(logind, u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s,
                                                       u"GetSessionByPID"_s);
    call << static_cast<uint>(QCoreApplication::applicationPid());
    auto *asked = new QDBusPendingCallWatcher(system.asyncCall(call), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, system, asked]() mutable {
        asked->deleteLater();
        const QDBusPendingReply<QDBusObjectPath> path = *asked;
        if (path.isValid())
            system.connect(logind, path.value().path(), u"org.freedesktop.login1.Session"_s, u"Lock"_s, this, SLOT(lock()));
    });
}

} // namespace Services
