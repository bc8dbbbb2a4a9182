#include "core/filelock.h"

#include <QElapsedTimer>
#include <QFile>
#include <QLockFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

/// Each of these was seen: a rotation was ended by kill -9 in the middle of a change.
class FileLockTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { QFile::remove(m_path); }
    void takesWhatIsFree();
    void takesOverFromOneThatWasKilled();
    void takesOverWhatWasCutOff_data();
    void takesOverWhatWasCutOff();
    void waitsForOneThatWorks();

private:
    QTemporaryDir m_folder;
    QString m_path = m_folder.filePath(u"x.lock"_s);
};

void FileLockTest::takesWhatIsFree()
{
    QLockFile lock(m_path);
    QVERIFY(Core::takeLock(lock));
    QVERIFY(lock.isLocked());
}

void FileLockTest::takesOverFromOneThatWasKilled()
{
    const pid_t child = fork();
    if (child == 0) {
        QLockFile lock(m_path);
        std::ignore = lock.tryLock();
        raise(SIGKILL);
    }
    QCOMPARE(waitpid(child, nullptr, 0), child);
    QVERIFY(QFile::exists(m_path));
    QElapsedTimer timer;
    timer.start();
    QLockFile lock(m_path);
    QVERIFY(Core::takeLock(lock));
    QVERIFY(timer.elapsed() < 2000);
}

void FileLockTest::takesOverWhatWasCutOff_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half a line") << QByteArray("12");
}

void FileLockTest::takesOverWhatWasCutOff()
{
    QFETCH(QByteArray, content);
    QFile left(m_path);
    QVERIFY(left.open(QIODevice::WriteOnly));
    QCOMPARE(left.write(content), content.size());
    left.close();
    QElapsedTimer timer;
    timer.start();
    QLockFile lock(m_path);
    QVERIFY(Core::takeLock(lock));
    QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
}

void FileLockTest::waitsForOneThatWorks()
{
    auto other = std::make_unique<QLockFile>(m_path);
    QVERIFY(other->tryLock());
    QElapsedTimer timer;
    timer.start();
    QLockFile lock(m_path);
    QVERIFY(!Core::takeLock(lock));
    QVERIFY(timer.elapsed() >= 9000);
    QVERIFY(other->isLocked());
    other.reset();
    QVERIFY(Core::takeLock(lock));
}

QTEST_GUILESS_MAIN(FileLockTest)
#include "tst_filelock.moc"
