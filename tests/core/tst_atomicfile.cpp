#include "core/atomicfile.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::writeFileAtomically;

class AtomicFileTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void writesForTheOwnerOnly();
    void tightensAnExistingFile();
    void refusesWhatIsNoRegularFile_data();
    void refusesWhatIsNoRegularFile();
    void keepsTheOldFileWhenTheDiskIsFull();
    void reportsAFolderThatIsNotThere();
    void isOldOrNewAfterKill();
    void removesWhatKilledWritersLeft();
    void readsUpToALimit();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(unreadable)");
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

mode_t modeOf(const QString &path)
{
    struct stat status = {};
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

} // namespace

void AtomicFileTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void AtomicFileTest::writesForTheOwnerOnly()
{
    const mode_t mask = ::umask(0);
    QVERIFY(writeFileAtomically(path(u"a.env"_s), "X=1\n"));
    ::umask(mask);
    QCOMPARE(content(u"a.env"_s), QByteArray("X=1\n"));
    QCOMPARE(modeOf(path(u"a.env"_s)), mode_t(0600));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"a.env"_s});
}

void AtomicFileTest::tightensAnExistingFile()
{
    QVERIFY(writeFileAtomically(path(u"a"_s), "old"));
    QCOMPARE(::chmod(QFile::encodeName(path(u"a"_s)).constData(), 0644), 0);
    QVERIFY(writeFileAtomically(path(u"a"_s), "new"));
    QCOMPARE(modeOf(path(u"a"_s)), mode_t(0600));
    QCOMPARE(content(u"a"_s), QByteArray("new"));
}

void AtomicFileTest::refusesWhatIsNoRegularFile_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("a symbolic link to a file") << u"link"_s;
    QTest::newRow("a dangling symbolic link") << u"dangling"_s;
    QTest::newRow("a folder") << u"folder"_s;
    QTest::newRow("a pipe") << u"pipe"_s;
}

void AtomicFileTest::refusesWhatIsNoRegularFile()
{
    QFETCH(QString, kind);
    QVERIFY(writeFileAtomically(path(u"real"_s), "precious"));
    const QByteArray target = QFile::encodeName(path(u"target"_s));
    if (kind == u"link")
        QVERIFY(QFile::link(path(u"real"_s), path(u"target"_s)));
    else if (kind == u"dangling")
        QVERIFY(QFile::link(path(u"elsewhere"_s), path(u"target"_s)));
    else if (kind == u"folder")
        QVERIFY(QDir().mkdir(path(u"target"_s)));
    else
        QCOMPARE(::mkfifo(target.constData(), 0600), 0);

    const Result<void> result = writeFileAtomically(path(u"target"_s), "secret");
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::InvalidInput);
    QVERIFY(result.error().message.contains(path(u"target"_s)));
    QCOMPARE(content(u"real"_s), QByteArray("precious"));
    QVERIFY(!QFileInfo::exists(path(u"elsewhere"_s)));
}

// A file size limit fails the write as a full disk does, for root too.
void AtomicFileTest::keepsTheOldFileWhenTheDiskIsFull()
{
    QVERIFY(writeFileAtomically(path(u"a"_s), "old"));
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit = {1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const Result<void> result = writeFileAtomically(path(u"a"_s), QByteArray(100'000, 'n'));
        ::_exit(!result && result.error().kind == Error::Kind::File ? 0 : 1);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QCOMPARE(content(u"a"_s), QByteArray("old"));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"a"_s});
}

void AtomicFileTest::reportsAFolderThatIsNotThere()
{
    const Result<void> result = writeFileAtomically(path(u"no/such/a"_s), "x");
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::File);
    QVERIFY(!result.error().nextStep.isEmpty());
}

void AtomicFileTest::isOldOrNewAfterKill()
{
    const QByteArray a(300'000, 'a');
    const QByteArray b(300'000, 'b');
    QVERIFY(writeFileAtomically(path(u"f"_s), a));
    for (int round = 0; round < 15; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            for (int i = 0;; ++i)
                (void)writeFileAtomically(path(u"f"_s), i % 2 ? a : b);
        }
        ::usleep(static_cast<useconds_t>(1'000 + 1'700 * round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const QByteArray now = content(u"f"_s);
        QVERIFY(now == a || now == b);
        QCOMPARE(modeOf(path(u"f"_s)), mode_t(0600));
    }
}

// A part may hold a secret. It goes with the next write of the same file, unless its writer lives.
void AtomicFileTest::removesWhatKilledWritersLeft()
{
    const auto left = [&](const QString &name, qint64 secondsAgo) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("secret"), 6);
        QVERIFY(file.flush());
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-secondsAgo),
                                 QFileDevice::FileModificationTime));
    };
    left(u".a.env.3lbyxkhhw8ll.part"_s, 60);
    left(u".a.env.12young34.part"_s, 0);
    left(u".b.env.3lbyxkhhw8ll.part"_s, 60); // of another file
    left(u".a.env.my own notes.part"_s, 60); // of somebody else
    left(u".a.env.claimed.part"_s, 60);
    QFile claimed(path(u".a.env.claimed.part"_s));
    QVERIFY(claimed.open(QIODevice::ReadWrite));
    QCOMPARE(::flock(claimed.handle(), LOCK_EX), 0);
    QVERIFY(writeFileAtomically(path(u"a.env"_s), "X=1\n"));
    const QStringList kept{u".a.env.12young34.part"_s, u".a.env.claimed.part"_s,
                           u".a.env.my own notes.part"_s, u".b.env.3lbyxkhhw8ll.part"_s,
                           u"a.env"_s};
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name), kept);
}

void AtomicFileTest::readsUpToALimit()
{
    QVERIFY(writeFileAtomically(path(u"a"_s), "12345"));
    QCOMPARE(Core::readFile(path(u"a"_s)).value_or({}), QByteArray("12345"));
    QCOMPARE(Core::readFile(path(u"a"_s), 4).error().kind, Error::Kind::File);
    QCOMPARE(Core::readFile(path(u"b"_s)).error().kind, Error::Kind::NotFound);
    QCOMPARE(Core::readFile(m_folder->path()).error().kind, Error::Kind::File);
}

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "tst_atomicfile.moc"
