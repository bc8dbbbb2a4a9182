#include "core/atomicfile.h"
#include "vault/principalindex.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
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
    void keepsWhatItDoesNotKnowOfExports();
    void writesNothingThatItWouldNotRead_data();
    void writesNothingThatItWouldNotRead();
    void refusesAFileThatIsTooLarge();
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

void PrincipalIndexTest::keepsWhatItDoesNotKnowOfExports()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(Core::writeFileAtomically(file.path(), R"({"version":1,"id":"i","principals":[{"id":"x","name":"n","later":{"deep":[1,{"a":null}]},
        "exports":[{"path":"/a","format":"systemd","at":"2026-01-01T00:00:00Z","owner":"app"},{"path":"/b","format":"json"}]}]})"));
    QVERIFY(file.change([](PrincipalIndex &index) -> Result<void> {
        ServicePrincipal one = *index.byId(u"x"_s);
        one = Identity::withExport(one, {u"/a"_s, u"docker"_s, {}, {}});
        one = Identity::withExport(one, {u"/c"_s, u"docker"_s, {}, {}});
        index.put(one, u"key"_s);
        return {};
    }));
    const QJsonObject one = QJsonDocument::fromJson(*Core::readFile(file.path()))[u"principals"][0].toObject();
    QCOMPARE(one[u"later"], QJsonValue(QJsonObject{{u"deep"_s, QJsonArray{1, QJsonObject{{u"a"_s, QJsonValue()}}}}}));
    QCOMPARE(one[u"exports"].toArray().size(), 3);
    QCOMPARE(one[u"exports"][1][u"path"].toString(), u"/a"_s);
    QCOMPARE(one[u"exports"][1][u"owner"].toString(), u"app"_s);
    QCOMPARE(one[u"exports"][1][u"format"].toString(), u"docker"_s);
}

void PrincipalIndexTest::writesNothingThatItWouldNotRead_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("key");
    QTest::newRow("another's name") << u"A"_s << u"key-c"_s;
    QTest::newRow("another's key") << u"c"_s << u"key-a"_s;
}

void PrincipalIndexTest::writesNothingThatItWouldNotRead()
{
    QFETCH(QString, name);
    QFETCH(QString, key);
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(put(file, u"a"_s));
    const QByteArray before = *Core::readFile(file.path());
    QVERIFY(!file.change([&](PrincipalIndex &index) -> Result<void> {
        ServicePrincipal one = principal(u"c"_s);
        one.name = name;
        index.put(one, key);
        return {};
    }));
    QCOMPARE(*Core::readFile(file.path()), before);
}

void PrincipalIndexTest::refusesAFileThatIsTooLarge()
{
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    const QByteArray text = R"({"version":1,"id":"i","principals":[],"filler":")" + QByteArray(PrincipalIndex::maxSize, 'x') + "\"}";
    QVERIFY(Core::writeFileAtomically(file.path(), text));
    QVERIFY(file.read().error().message.contains(file.path()));
    QVERIFY(!file.read().error().nextStep.isEmpty());
    QVERIFY(!put(file, u"a"_s));
    QCOMPARE(*Core::readFile(file.path()), text);
}

void PrincipalIndexTest::leavesADamagedFileAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named"); // in the error
    const auto index = [](const QByteArray &principals) { return "{\"version\":1,\"id\":\"i\",\"principals\":[" + principals + "]}"; };
    for (const QByteArray value : {"\"1\"", "null", "[1]", "{}", "true", "0", "-1", "1.5", "1e9"})
        QTest::addRow("version %s", value.constData()) << QByteArray("{\"version\":" + value + ",\"id\":\"i\",\"principals\":[]}") << u"version"_s;
    QTest::newRow("no version") << QByteArray("{\"id\":\"i\",\"principals\":[]}") << u"version"_s;
    for (const char *name : {"name", "id", "environment", "cloud", "tenant", "clientId", "credential", "credentialFile", "credentialThumbprint",
                             "credentialExpiresAt", "addedAt", "keychainKey", "spareKeychainKey", "credentialKeyId"}) {
        for (const QByteArray value : {"{}", "[]", "null", "7", "false"}) {
            QJsonObject one{{u"id"_s, u"x"_s}, {u"name"_s, u"n"_s}};
            one[QString::fromLatin1(name)] = QJsonDocument::fromJson('[' + value + ']')[0];
            QTest::addRow("%s is %s", name, value.constData())
                << index(R"({"id":"y","name":"fine"},)" + QJsonDocument(one).toJson(QJsonDocument::Compact)) << u"principals[1].%1"_s.arg(QLatin1String(name));
        }
    }
    for (const char *name : {"accounts", "exports"}) {
        for (const QByteArray value : {"{}", "\"x\"", "null", "7", "[null]", "[7]", "[[]]"})
            QTest::addRow("%s is %s", name, value.constData())
                << index(QByteArray(R"({"id":"x","name":"n",")") + name + "\":" + value + '}') << u"principals[0].%1"_s.arg(QLatin1String(name));
    }
    QTest::newRow("an export without path") << index(R"({"id":"x","name":"n","exports":[{"format":"systemd"}]})") << u"exports[0].path"_s;
    QTest::newRow("an export's format") << index(R"({"id":"x","name":"n","exports":[{"path":"/p","format":3}]})") << u"exports[0].format"_s;
    QTest::newRow("an empty cloud") << index(R"({"id":"x","name":"n","cloud":""})") << u"principals[0].cloud"_s;
    QTest::newRow("an unknown credential") << index(R"({"id":"x","name":"n","credential":"password"})") << u"principals[0].credential"_s;
    QTest::newRow("a time that is none") << index(R"({"id":"x","name":"n","credentialExpiresAt":"soon"})") << u"credentialExpiresAt"_s;
    QTest::newRow("one ID twice") << index(R"({"id":"x","name":"n"},{"id":"x","name":"m"})") << u"principals[1].id"_s;
    QTest::newRow("one name twice") << index(R"({"id":"x","name":"Ärger"},{"id":"y","name":"äRGER"})") << u"principals[1].name"_s;
    QTest::newRow("one key twice") << index(R"({"id":"x","name":"n","keychainKey":"k"},{"id":"y","name":"m","keychainKey":"k"})") << u"principals[1].keychainKey"_s;
    QTest::newRow("another's spare") << index(R"({"id":"x","name":"n","keychainKey":"k"},{"id":"y","name":"m","spareKeychainKey":"k"})") << u"spareKeychainKey"_s;
    QTest::newRow("a principal that is none") << index("null") << u"principals[0]"_s;
    QTest::newRow("a member twice") << index(R"({"id":"x","name":"n","cloud":"AzurePublic","clo\u0075d":"/tmp/other.json"})") << u"cloud"_s;
    QTest::newRow("a member twice at the top") << QByteArray(R"({"version":1,"id":"i","principals":[],"principals":[]})") << u"principals"_s;
    QTest::newRow("more after the end") << index("") + "{}" << QString();
    QTest::newRow("a list") << QByteArray("[]") << QString();
    QTest::newRow("no text") << QByteArray("\xff\xfe\x00", 3) << QString();
    QTest::newRow("cut off") << QByteArray("{\"version\":1,\"id\":\"i\",\"princ") << u"byte"_s;
    QTest::newRow("empty") << QByteArray("") << u"empty"_s;
    QTest::newRow("newer") << QByteArray("{\"version\":99,\"id\":\"i\",\"principals\":[]}") << u"99"_s;
    QTest::newRow("no list") << QByteArray("{\"version\":1,\"id\":\"i\",\"principals\":{}}") << u"principals"_s;
    QTest::newRow("no id") << QByteArray("{\"version\":1,\"principals\":[]}") << u"id"_s;
    QTest::newRow("a nameless principal") << QByteArray("{\"version\":1,\"id\":\"i\",\"principals\":[{\"id\":\"x\"}]}") << u"name"_s;
}

void PrincipalIndexTest::leavesADamagedFileAlone()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    QTemporaryDir folder;
    const IndexFile file(folder.path());
    QVERIFY(Core::writeFileAtomically(file.path(), text));
    const auto read = file.read();
    QVERIFY(!read);
    QVERIFY(read.error().message.contains(file.path()));
    QVERIFY2(read.error().message.contains(named), qPrintable(read.error().message));
    QVERIFY(!read.error().nextStep.isEmpty());
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
