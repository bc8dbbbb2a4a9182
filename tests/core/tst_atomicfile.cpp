#include "core/atomicfile.h"
#include "core/atomicfolder.h"
#include "core/partialfile.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
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
    void staysInTheFolderThatWasOpened_data();
    void staysInTheFolderThatWasOpened();
    void followsOnlyLinksOfTheSystem();

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

namespace {

/// Swaps a folder for a link, and back, as fast as the system can, until it goes.
class Swapper
{
public:
    Swapper(const QByteArray &one, const QByteArray &other)
    {
        int ready[2];
        if (::pipe(ready) != 0)
            return;
        m_pid = ::fork();
        if (m_pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (long count = 0;; ++count) {
                if (::renameat2(AT_FDCWD, one.constData(), AT_FDCWD, other.constData(),
                                RENAME_EXCHANGE) != 0)
                    ::_exit(1);
                if (count == 100)
                    (void)!::write(ready[1], "s", 1);
            }
        }
        char byte = 0;
        ::close(ready[1]);
        swaps = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
    }
    ~Swapper()
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    Q_DISABLE_COPY_MOVE(Swapper)
    bool swaps = false;

private:
    pid_t m_pid = -1;
};

} // namespace

void AtomicFileTest::staysInTheFolderThatWasOpened_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("file") << u"file"_s;
    QTest::newRow("folder") << u"folder"_s;
    QTest::newRow("in pieces") << u"pieces"_s;
}

// Somebody who may rename the folder swaps it for a link to one of theirs while we write.
void AtomicFileTest::staysInTheFolderThatWasOpened()
{
    QFETCH(QString, how);
    QVERIFY(QDir(m_folder->path()).mkpath(u"elsewhere"_s));
    QVERIFY(QDir(m_folder->path()).mkpath(u"mine"_s));
    QVERIFY(QFile::link(path(u"elsewhere"_s), path(u"theirs"_s)));
    const Core::Descriptor mine(
        ::open(QFile::encodeName(path(u"mine"_s)).constData(), O_RDONLY | O_DIRECTORY));
    int written = 0, refused = 0;
    {
        const Swapper swapper(QFile::encodeName(path(u"mine"_s)),
                              QFile::encodeName(path(u"theirs"_s)));
        QVERIFY(swapper.swaps);
        // Until both happened, however the two processes take turns.
        for (int i = 0; i < 400 || written == 0 || (how != u"pieces" && refused == 0); ++i) {
            const QString target = path(u"mine/%1"_s.arg(i));
            Result<void> done;
            if (how == u"file")
                done = writeFileAtomically(target, "secret", Core::Links::SystemOnly);
            else if (how == u"folder")
                done = Core::writeFolderAtomically(
                    target, {{"A", Core::Secret("secret")}, {"B", Core::Secret("other")}});
            else if (const auto file = Core::PartialFile::create(target); !file)
                done = file.error();
            else if (done = (*file)->writeAt(0, "secret"); done)
                done = (*file)->commit();
            done ? ++written : ++refused;
        }
    }
    // "mine" or "theirs" is the folder now; its descriptor knows it.
    const QString folder = u"/proc/self/fd/%1"_s.arg(mine.get());
    const QStringList all =
        QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QCOMPARE(all.filter(u".part"_s), QStringList());
    const QStringList outside =
        QDir(path(u"elsewhere"_s))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QCOMPARE(outside.filter(u".part"_s), QStringList());
    QVERIFY(written > 0);
    if (how == u"pieces") { // holds no secret of ours, and may be saved through a link
        QCOMPARE(all.size() + outside.size(), written);
        return;
    }
    QCOMPARE(outside, QStringList());
    QCOMPARE(all.size(), written);
    QVERIFY(refused > 0); // or the race was none
}

void AtomicFileTest::followsOnlyLinksOfTheSystem()
{
    using Core::Links;
    QVERIFY(QDir(m_folder->path()).mkpath(u"real/below"_s));
    QVERIFY(QFile::link(u"real"_s, path(u"link"_s)));
    QVERIFY(!writeFileAtomically(path(u"link/a"_s), "1", Links::SystemOnly));
    QVERIFY(!writeFileAtomically(path(u"link/below/a"_s), "1", Links::SystemOnly));
    QVERIFY(!writeFileAtomically(path(u"link/../a"_s), "1", Links::SystemOnly));
    const Result<void> refused = writeFileAtomically(path(u"link/a"_s), "1", Links::SystemOnly);
    QCOMPARE(refused.error().kind, Error::Kind::InvalidInput);
    QVERIFY2(refused.error().nextStep.contains(path(u"real"_s)),
             qPrintable(refused.error().nextStep));
    QVERIFY(!Core::writeFolderAtomically(path(u"link/a"_s), {{"A", Core::Secret("1")}}));
    QCOMPARE(QDir(path(u"real"_s)).entryList(QDir::Files | QDir::Hidden), QStringList());

    QVERIFY(writeFileAtomically(path(u"link/a"_s), "1"));
    QVERIFY(writeFileAtomically(path(u"real/below/../b"_s), "1", Links::SystemOnly));
    QVERIFY(writeFileAtomically(path(u"./real//./c"_s), "1", Links::SystemOnly));
    QCOMPARE(QDir(path(u"real"_s)).entryList(QDir::Files), (QStringList{u"a"_s, u"b"_s, u"c"_s}));

    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(path(u"real"_s)));
    QVERIFY(writeFileAtomically(u"d"_s, "1", Links::SystemOnly));
    QVERIFY(writeFileAtomically(u"below/../../e"_s, "1", Links::SystemOnly));
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(content(u"real/d"_s), "1");
    QCOMPARE(content(u"e"_s), "1");

    // A link of root's: the one that /proc has to the own process leads to a folder that is not
    // there to write to.
    const Result<void> through = writeFileAtomically(u"/proc/self/none"_s, "1", Links::SystemOnly);
    QCOMPARE(through.error().kind, Error::Kind::File);
    QCOMPARE(writeFileAtomically(path(u"real/"_s), "1").error().kind, Error::Kind::InvalidInput);
    QCOMPARE(writeFileAtomically(path(u"real/.."_s), "1").error().kind, Error::Kind::InvalidInput);
}

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "tst_atomicfile.moc"
