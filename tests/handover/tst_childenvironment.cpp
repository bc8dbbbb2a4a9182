#include "handover/childenvironment.h"
#include "handover/program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Handover;
using namespace Qt::StringLiterals;

/// What a command finds in its environment, and which file its name means.
class ChildEnvironmentTest : public QObject
{
    Q_OBJECT
private slots:
    void dropsWhatAnotherCredentialLeft();
    void setsTheVariablesByteForByte();
    void keepsTheEndpointFromProxies_data();
    void keepsTheEndpointFromProxies();
    void findsAProgramAsAShellDoes();
    void saysWhyAProgramCannotBeStarted();
};

void ChildEnvironmentTest::dropsWhatAnotherCredentialLeft()
{
    const ChildEnvironment environment(
        {"PATH=/bin", "AZURE_CLIENT_SECRET=old", "IDENTITY_ENDPOINT=http://other",
         "AZURE_TOKEN_CREDENTIALS=dev", "AZURE_CLIENT_SECRET=twice", "AZURE_CONFIG_DIR=/az",
         "MSI_SECRET=old", "AZURE_AUTHORITY_HOST=https://evil.example", "EMPTY=", "odd"},
        {{"AZURE_TENANT_ID", Core::Secret("t")}});
    QCOMPARE(environment.assignments(), (QList<QByteArray>{"PATH=/bin", "AZURE_CONFIG_DIR=/az",
                                                           "EMPTY=", "odd", "AZURE_TENANT_ID=t"}));
}

void ChildEnvironmentTest::setsTheVariablesByteForByte()
{
    const QByteArray value = " a=b\n\"$(x)\xff ";
    ChildEnvironment environment({}, {{"AZURE_CLIENT_SECRET", Core::Secret(value)}});
    QCOMPARE(environment.assignments().first(), "AZURE_CLIENT_SECRET=" + value);
    const QList<char *> pointers = environment.pointers();
    QCOMPARE(pointers.size(), 2);
    QCOMPARE(QByteArray(pointers[0]), "AZURE_CLIENT_SECRET=" + value);
    QCOMPARE(pointers[1], nullptr);
}

void ChildEnvironmentTest::keepsTheEndpointFromProxies_data()
{
    QTest::addColumn<QList<QByteArray>>("parent");
    QTest::addColumn<QList<QByteArray>>("expected");
    QTest::newRow("no proxy") << QList<QByteArray>{"A=b"} << QList<QByteArray>{"A=b"};
    QTest::newRow("an empty proxy")
        << QList<QByteArray>{"http_proxy="} << QList<QByteArray>{"http_proxy="};
    QTest::newRow("a proxy without exceptions")
        << QList<QByteArray>{"HTTP_PROXY=http://p"}
        << QList<QByteArray>{"HTTP_PROXY=http://p", "no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1"};
    QTest::newRow("exceptions stay")
        << QList<QByteArray>{"all_proxy=http://p", "NO_PROXY=.lan", "no_proxy="}
        << QList<QByteArray>{"all_proxy=http://p", "NO_PROXY=.lan,127.0.0.1", "no_proxy=127.0.0.1"};
}

void ChildEnvironmentTest::keepsTheEndpointFromProxies()
{
    QFETCH(QList<QByteArray>, parent);
    QFETCH(QList<QByteArray>, expected);
    QCOMPARE(ChildEnvironment(parent, {}, true).assignments(), expected);
    QCOMPARE(ChildEnvironment(parent, {}, false).assignments(), parent);
}

void ChildEnvironmentTest::findsAProgramAsAShellDoes()
{
    QTemporaryDir folder;
    const auto make = [&](const QString &name, bool executable) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.setPermissions(executable ? QFile::ReadOwner | QFile::ExeOwner : QFile::ReadOwner);
    };
    QVERIFY(QDir(folder.path()).mkpath(u"first/tool"_s)); // a folder of that name is passed over
    make(u"tool"_s, true);
    const QByteArray root = QFile::encodeName(folder.path());
    const auto found = findProgram("tool", root + "/first:" + root);
    QVERIFY(found);
    QCOMPARE(*found, root + "/tool");
    QCOMPARE(*findProgram(root + "/tool", {}), root + "/tool");
    QCOMPARE(findProgram("tool", root + "/first").error().code, u"CommandNotFound"_s);
    QCOMPARE(findProgram("", root).error().code, u"CommandNotFound"_s);
    QCOMPARE(findProgram(root + "/first", {}).error().code, u"CommandNotExecutable"_s);
    QCOMPARE(findProgram(root + "/absent", {}).error().code, u"CommandNotFound"_s);
}

void ChildEnvironmentTest::saysWhyAProgramCannotBeStarted()
{
    QCOMPARE(startError("x", ENOENT).kind, Core::Error::Kind::NotFound);
    QCOMPARE(startError("x", EACCES).code, u"CommandNotExecutable"_s);
    QVERIFY(startError("x", ENOEXEC).nextStep.contains(u"#!"));
    QCOMPARE(startError("x", E2BIG).kind, Core::Error::Kind::InvalidInput);
}

QTEST_GUILESS_MAIN(ChildEnvironmentTest)
#include "tst_childenvironment.moc"
