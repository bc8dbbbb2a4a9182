#include "sandbox/azuritedatabase.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Sandbox::checkDatabase;

class AzuriteDatabaseTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void isGoodAsAzuriteLeavesIt();
    void isGoodBeforeTheFirstRun();
    void namesWhatIsDamaged_data();
    void namesWhatIsDamaged();

private:
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QString blobs = u"__azurite_db_blob__.json"_s;
const QString extents = u"__azurite_db_blob_extent__.json"_s;
const QString file = u"__blobstorage__/b692ea21"_s;

} // namespace

void AzuriteDatabaseTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkdir(u"__blobstorage__"_s));
    write(blobs, R"({"collections":[{"name":"$CONTAINERS_COLLECTION$","data":[]},{"name":"$BLOBS_COLLECTION$","data":[{"name":"a"}]}]})");
    write(extents, R"({"collections":[{"name":"$EXTENTS_COLLECTION$","data":[{"path":"b692ea21","size":3}]}]})");
    write(file, "abc");
}

void AzuriteDatabaseTest::isGoodAsAzuriteLeavesIt()
{
    QVERIFY(checkDatabase(m_folder->path(), true));
    QVERIFY(checkDatabase(m_folder->path(), false));
}

void AzuriteDatabaseTest::isGoodBeforeTheFirstRun()
{
    QTemporaryDir fresh;
    QVERIFY(checkDatabase(fresh.path(), false));
    QVERIFY(!checkDatabase(fresh.path(), true));
}

void AzuriteDatabaseTest::namesWhatIsDamaged_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("alsoAfterAKill");
    for (const QString &name : {blobs, extents}) {
        QTest::addRow("%s empty", qPrintable(name)) << name << QByteArray() << true;
        QTest::addRow("%s cut off", qPrintable(name)) << name << QByteArray("{\"collections\":[{") << true;
        QTest::addRow("%s another type", qPrintable(name)) << name << QByteArray("{\"collections\":{}}") << true;
        QTest::addRow("%s a collection without data", qPrintable(name)) << name << QByteArray(R"({"collections":[{"name":"$BLOBS_COLLECTION$"}]})") << true;
        QTest::addRow("%s no collections", qPrintable(name)) << name << QByteArray("{\"collections\":[]}") << false;
    }
    QTest::newRow("no objects") << blobs
                                << QByteArray(R"({"collections":[{"name":"$CONTAINERS_COLLECTION$","data":[]},{"name":"$BLOBS_COLLECTION$","data":[7]}]})")
                                << true;
    QTest::newRow("bytes cut off") << file << QByteArray("ab") << false;
    QTest::newRow("a path elsewhere") << extents << QByteArray(R"({"collections":[{"name":"$EXTENTS_COLLECTION$","data":[{"path":"../x","size":3}]}]})") << false;
}

void AzuriteDatabaseTest::namesWhatIsDamaged()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, alsoAfterAKill);
    write(name, bytes);
    const auto checked = checkDatabase(m_folder->path(), true);
    QVERIFY(!checked);
    QVERIFY2(checked.error().message.contains(name), qPrintable(checked.error().message));
    QVERIFY(!checked.error().nextStep.isEmpty());
    QCOMPARE(checkDatabase(m_folder->path(), false).has_value(), !alsoAfterAKill);
}

QTEST_GUILESS_MAIN(AzuriteDatabaseTest)
#include "tst_azuritedatabase.moc"
