#include "core/atomicfile.h"
#include "vault/principalindex.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QLockFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::ServicePrincipal;
using Vault::IndexFile;
using Vault::PrincipalIndex;

class PrincipalIndexTest : public QObject
{
    Q_OBJECT
private slots:
    void readsBackWhatItWrites();
    void keepsWhatItDoesNotKnow();
    void leavesADamagedFileAlone_data();
    void leavesADamagedFileAlone();
    void isForItsOwnerOnly();
    void losesNoEditOfTwoPrograms();
    void refusesASymlink();
    void writesNothingWhenTheChangeFails();
};

namespace {

ServicePrincipal principal(const QString &name)
{
    ServicePrincipal one;
    one.id = u"id-"_s + name;
    one.name = name;
    one.tenant = u"contoso.com"_s;
    one.clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    one.environment.name = u"test"_s;
    one.accounts = {QUrl(u"https://a.blob.core.windows.net"_s)};
    one.credentialExpiresAt = QDateTime(QDate(2027, 1, 1), QTime(0, 0), Qt::UTC);
    one.addedAt = QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
    return one;
}

Result<void> put(const IndexFile &file, const QString &name)
{
    return file.change([&](PrincipalIndex &index) -> Result<void> {
        index.put(principal(name), u"key-"_s + name);
        return {};
    });
}

} // namespace

void PrincipalIndexTest::readsBackWhatItWrites()
{
    QTemporaryDir folder;
    const IndexFile file(folder.filePath(u"new/config"_s));
    QVERIFY(put(file, u"a"_s));
    const auto index = file.read();
    QVERIFY(index);
    QVERIFY(*index->byName(u"A"_s) == principal(u"a"_s));
    QCOMPARE(index->keys.value(u"id-a"_s), u"key-a"_s);
    QVERIFY(!index->id.isEmpty());
    QVERIFY(put(file, u"b"_s));
    QCOMPARE(file.read()->id, index->id);
}

void PrincipalIndexTest::keepsWhatItDoesNotKnow()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(Core::writeFileAtomically(file.path(), R"({"version":1,"id":"i","future":7,"principals":[{"id":"x","name":"n","colour":"red"}]})"));
    QVERIFY(put(file, u"a"_s));
    const QByteArray text = *Core::readFile(file.path());
    QVERIFY(text.contains("\"future\": 7"));
    QVERIFY(text.contains("\"colour\": \"red\""));
}

void PrincipalIndexTest::leavesADamagedFileAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("cut off") << QByteArray("{\"version\":1,\"id\":\"i\",\"princ");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("newer") << QByteArray("{\"version\":99,\"id\":\"i\",\"principals\":[]}");
    QTest::newRow("no list") << QByteArray("{\"version\":1,\"id\":\"i\",\"principals\":{}}");
    QTest::newRow("no id") << QByteArray("{\"version\":1,\"principals\":[]}");
    QTest::newRow("a nameless principal") << QByteArray("{\"version\":1,\"id\":\"i\",\"principals\":[{\"id\":\"x\"}]}");
}

void PrincipalIndexTest::leavesADamagedFileAlone()
{
    QFETCH(QByteArray, text);
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(Core::writeFileAtomically(file.path(), text));
    const auto read = file.read();
    QVERIFY(!read);
    QVERIFY(read.error().message.contains(file.path()));
    QVERIFY(!put(file, u"a"_s));
    QCOMPARE(*Core::readFile(file.path()), text);
}

void PrincipalIndexTest::isForItsOwnerOnly()
{
    const mode_t mask = ::umask(0);
    QTemporaryDir folder;
    const IndexFile file(folder.filePath(u"config"_s));
    QVERIFY(put(file, u"a"_s));
    ::umask(mask);
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(file.path()).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0600));
    QCOMPARE(::stat(QFile::encodeName(folder.filePath(u"config"_s)).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0700));
}

void PrincipalIndexTest::losesNoEditOfTwoPrograms()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    constexpr int writers = 3;
    constexpr int each = 15;
    QList<pid_t> children;
    for (int writer = 0; writer < writers; ++writer) {
        const pid_t child = ::fork();
        if (child == 0) {
            bool ok = true;
            for (int i = 0; i < each; ++i)
                ok = put(file, u"%1-%2"_s.arg(writer).arg(i)).has_value() && ok;
            ::_exit(ok ? 0 : 1);
        }
        children.append(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
    }
    QCOMPARE(file.read()->principals.size(), writers * each);
}

void PrincipalIndexTest::refusesASymlink()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(put(file, u"a"_s));
    QVERIFY(QFile::rename(file.path(), folder.filePath(u"elsewhere.json"_s)));
    QVERIFY(QFile::link(folder.filePath(u"elsewhere.json"_s), file.path()));
    const QByteArray before = *Core::readFile(folder.filePath(u"elsewhere.json"_s));
    QVERIFY(!put(file, u"b"_s));
    QCOMPARE(*Core::readFile(folder.filePath(u"elsewhere.json"_s)), before);
}

void PrincipalIndexTest::writesNothingWhenTheChangeFails()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(put(file, u"a"_s));
    const QByteArray before = *Core::readFile(file.path());
    QVERIFY(!file.change([](PrincipalIndex &index) -> Result<void> {
        index.take(u"id-a"_s);
        return Error{.kind = Error::Kind::Conflict};
    }));
    QCOMPARE(*Core::readFile(file.path()), before);
}

QTEST_GUILESS_MAIN(PrincipalIndexTest)
#include "tst_principalindex.moc"
