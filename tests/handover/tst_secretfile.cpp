#include "handover/secretfile.h"

#include <QFile>
#include <QTest>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace Handover;
using namespace Qt::StringLiterals;

/// A file in memory, as the command that it is handed to finds it.
class SecretFileTest : public QObject
{
    Q_OBJECT
private slots:
    void isReadByItsPathAgainAndAgain();
    void isOnNoDiskAndCannotBeChanged();
    void isNotHandedToEveryChild();
    void isGoneWithItsObject();
};

namespace {

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

} // namespace

void SecretFileTest::isReadByItsPathAgainAndAgain()
{
    QByteArray content(200'000, 'x'); // more than a pipe would take
    content[7] = '\0';
    const auto file = SecretFile::create(Core::Secret(content));
    QVERIFY(file);
    QCOMPARE(read(file->path()), content);
    QCOMPARE(read(file->path()), content);
    QCOMPARE(QFile(file->path()).size(), content.size());
}

void SecretFileTest::isOnNoDiskAndCannotBeChanged()
{
    const auto file = SecretFile::create(Core::Secret("key"));
    QVERIFY(file);
    QVERIFY(QFile::symLinkTarget(file->path()).contains(u"memfd:"_s));
    QCOMPARE(::write(file->descriptor(), "x", 1), -1);
    QCOMPARE(errno, EPERM);
    QCOMPARE(::ftruncate(file->descriptor(), 0), -1);
    QCOMPARE(::fcntl(file->descriptor(), F_GET_SEALS),
             F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    QCOMPARE(QFile(file->path()).permissions() & (QFile::ReadOther | QFile::ReadGroup),
             QFile::Permissions());
}

void SecretFileTest::isNotHandedToEveryChild()
{
    const auto file = SecretFile::create(Core::Secret("key"));
    QVERIFY(file);
    QVERIFY(file->descriptor() >= 100);
    QVERIFY((::fcntl(file->descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

void SecretFileTest::isGoneWithItsObject()
{
    QString path;
    {
        auto file = SecretFile::create(Core::Secret("key"));
        QVERIFY(file);
        path = file->path();
        const SecretFile moved = std::move(*file);
        QCOMPARE(moved.path(), path);
        QCOMPARE(read(path), QByteArray("key"));
    }
    QVERIFY(!QFile::exists(path));
    QCOMPARE(SecretFile().descriptor(), -1);
}

QTEST_GUILESS_MAIN(SecretFileTest)
#include "tst_secretfile.moc"
