#include "core/atomicfile.h"
#include "core/partialfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::PartialFile;

class PartialFileTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void appearsWholeAndForTheOwnerOnly();
    void leavesNothingWithoutCommit();
    void leavesNothingWhenKilled();
    void saysAtOnceThatTheDiskIsTooSmall();
    void refusesWhatIsNoRegularFile_data();
    void refusesWhatIsNoRegularFile();
    void refusesALinkThatCameMeanwhile();
    void reportsAFolderThatIsNotThere();

private:
    QString path() const { return m_folder->filePath(u"blob.bin"_s); }
    QByteArray content() const { return Core::readFile(path()).value_or("(unreadable)"); }
    QStringList names() const
    {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden | QDir::System);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void PartialFileTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void PartialFileTest::appearsWholeAndForTheOwnerOnly()
{
    QVERIFY(Core::writeFileAtomically(path(), "old"));
    QVERIFY(QFile::setPermissions(path(), QFile::ReadOwner | QFile::ReadOther));
    const mode_t mask = ::umask(0);
    const auto file = PartialFile::create(path());
    ::umask(mask);
    QVERIFY(file);
    QVERIFY((*file)->reserve(11));
    QVERIFY((*file)->writeAt(6, "world"));
    QVERIFY((*file)->writeAt(0, "hello "));
    QCOMPARE(content(), QByteArray("old"));
    QVERIFY((*file)->sync());
    QCOMPARE(content(), QByteArray("old"));
    QVERIFY((*file)->commit());
    QCOMPARE(content(), QByteArray("hello world"));
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &status), 0);
    QCOMPARE(status.st_mode & 07777, mode_t(0600));
    QCOMPARE(names(), QStringList{u"blob.bin"_s});
}

void PartialFileTest::leavesNothingWithoutCommit()
{
    QVERIFY(Core::writeFileAtomically(path(), "old"));
    auto file = PartialFile::create(path());
    QVERIFY(file);
    QVERIFY((*file)->writeAt(0, "half"));
    file->reset();
    QCOMPARE(content(), QByteArray("old"));
    QCOMPARE(names(), QStringList{u"blob.bin"_s});
}

void PartialFileTest::leavesNothingWhenKilled()
{
    const pid_t child = ::fork();
    if (child == 0) {
        const auto file = PartialFile::create(path());
        const bool written = file && (*file)->writeAt(0, QByteArray(300'000, 'x'));
        ::kill(::getpid(), written ? SIGKILL : SIGTERM);
        ::_exit(0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGKILL);
    QCOMPARE(names(), QStringList());
}

// A file size limit fails as a full disk does, for root too.
void PartialFileTest::saysAtOnceThatTheDiskIsTooSmall()
{
    QVERIFY(Core::writeFileAtomically(path(), "old"));
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit = {1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto file = PartialFile::create(path());
        const bool refused =
            file && !(*file)->reserve(100'000) && !(*file)->writeAt(0, QByteArray(100'000, 'n'));
        ::_exit(refused ? 0 : 1);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QCOMPARE(content(), QByteArray("old"));
    QCOMPARE(names(), QStringList{u"blob.bin"_s});
}

void PartialFileTest::refusesWhatIsNoRegularFile_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("a dangling symbolic link") << u"dangling"_s;
    QTest::newRow("a folder") << u"folder"_s;
    QTest::newRow("a pipe") << u"pipe"_s;
}

void PartialFileTest::refusesWhatIsNoRegularFile()
{
    QFETCH(QString, kind);
    if (kind == u"dangling")
        QVERIFY(QFile::link(m_folder->filePath(u"elsewhere"_s), path()));
    else if (kind == u"folder")
        QVERIFY(QDir().mkdir(path()));
    else
        QCOMPARE(::mkfifo(QFile::encodeName(path()).constData(), 0600), 0);
    const auto file = PartialFile::create(path());
    QVERIFY(!file);
    QCOMPARE(file.error().kind, Error::Kind::InvalidInput);
}

void PartialFileTest::refusesALinkThatCameMeanwhile()
{
    const auto file = PartialFile::create(path());
    QVERIFY(file && (*file)->writeAt(0, "x"));
    QVERIFY(QFile::link(m_folder->filePath(u"elsewhere"_s), path()));
    const auto committed = (*file)->commit();
    QVERIFY(!committed);
    QCOMPARE(committed.error().kind, Error::Kind::InvalidInput);
    QVERIFY(!QFile::exists(m_folder->filePath(u"elsewhere"_s)));
}

void PartialFileTest::reportsAFolderThatIsNotThere()
{
    const auto file = PartialFile::create(m_folder->filePath(u"no/such/a"_s));
    QVERIFY(!file);
    QCOMPARE(file.error().kind, Error::Kind::File);
    QVERIFY(!file.error().nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(PartialFileTest)
#include "tst_partialfile.moc"
