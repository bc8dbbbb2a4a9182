#include "services/idlelock.h"
#include "support/manualclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using Services::IdleLock;

class IdleLockTest : public QObject
{
    Q_OBJECT
private slots:
    void locksOnceAfterTheTime();
    void isPutOffByATouch();
    void neverLocksWithoutATime();
    void countsTheTimeThatTheMachineSlept();
    void standsAClockThatIsPutBack();
    void looksByItself();
};

void IdleLockTest::locksOnceAfterTheTime()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    QCOMPARE(lock.idleTime(), std::chrono::minutes(10));
    QSignalSpy locked(&lock, &IdleLock::locked);
    clock.advance(9min + 59s);
    lock.look();
    QCOMPARE(locked.count(), 0);
    clock.advance(1s);
    lock.look();
    clock.advance(1h);
    lock.look();
    QCOMPARE(locked.count(), 1);
    lock.touch();
    clock.advance(10min);
    lock.look();
    QCOMPARE(locked.count(), 2);
}

void IdleLockTest::isPutOffByATouch()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    lock.setIdleTime(2min);
    QSignalSpy locked(&lock, &IdleLock::locked);
    for (int minute = 0; minute < 10; ++minute) {
        clock.advance(1min);
        lock.look();
        lock.touch();
    }
    QCOMPARE(locked.count(), 0);
    clock.advance(2min);
    lock.look();
    QCOMPARE(locked.count(), 1);
}

void IdleLockTest::neverLocksWithoutATime()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    lock.setIdleTime(0min);
    QSignalSpy locked(&lock, &IdleLock::locked);
    clock.advance(1000h);
    lock.look();
    QCOMPARE(locked.count(), 0);
}

void IdleLockTest::countsTheTimeThatTheMachineSlept()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    QSignalSpy locked(&lock, &IdleLock::locked);
    clock.advance(8h); // no timer ran meanwhile
    lock.look();
    QCOMPARE(locked.count(), 1);
}

void IdleLockTest::standsAClockThatIsPutBack()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    QSignalSpy locked(&lock, &IdleLock::locked);
    clock.advance(-24h);
    lock.look();
    clock.advance(9min);
    lock.look();
    QCOMPARE(locked.count(), 0);
    clock.advance(1min);
    lock.look();
    QCOMPARE(locked.count(), 1);
}

void IdleLockTest::looksByItself()
{
    Test::ManualClock clock;
    IdleLock lock(clock);
    QSignalSpy locked(&lock, &IdleLock::locked);
    clock.advance(10min);
    QTRY_COMPARE_WITH_TIMEOUT(locked.count(), 1, 10'000);
}

QTEST_GUILESS_MAIN(IdleLockTest)
#include "tst_idlelock.moc"
