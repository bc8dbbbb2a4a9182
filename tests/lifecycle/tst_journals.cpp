#include "core/atomicfile.h"
#include "lifecycle/retirement.h"
#include "lifecycle/rotationjournal.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Lifecycle::Retirement;
using Lifecycle::RetirementRecord;
using Lifecycle::Rotation;
using Lifecycle::RotationJournal;

// The two files that a rotation and a retirement leave: read strictly, and left alone where they cannot be read.
class JournalsTest : public QObject
{
    Q_OBJECT
private slots:
    void aRotationSurvivesWithWhatIsNotKnown();
    void leavesADamagedRotation_data();
    void leavesADamagedRotation();
    void anIdDoesNotLeadOutOfTheFolder();
    void aRetirementSurvivesWithWhatIsNotKnown();
    void leavesADamagedRecord_data();
    void leavesADamagedRecord();
};

namespace {

QJsonObject rotation()
{
    return {{u"version"_s, 1}, {u"principalId"_s, u"p"_s}, {u"marker"_s, u"m"_s}, {u"step"_s, u"stored"_s}};
}

QJsonObject retirement(const QString &id)
{
    return {{u"principal"_s, QJsonObject{{u"id"_s, id}, {u"name"_s, u"n-"_s + id}, {u"cloud"_s, u"AzurePublic"_s}}},
            {u"at"_s, u"2026-01-01T00:00:00Z"_s}};
}

QByteArray text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray recordOf(const QJsonObject &one)
{
    return text({{u"version"_s, 1}, {u"retired"_s, QJsonArray{retirement(u"a"_s), one}}});
}

const QList<QByteArray> wrongVersions{"2", "\"1\"", "null", "{}", "[1]", "0", "1.5"};

} // namespace

void JournalsTest::aRotationSurvivesWithWhatIsNotKnown()
{
    QTemporaryDir folder;
    const RotationJournal journal(folder.path());
    QJsonObject written = rotation();
    written[u"later"_s] = QJsonObject{{u"deep"_s, QJsonArray{1}}};
    const QString path = folder.filePath(u"rotation-p.json"_s);
    QVERIFY(Core::writeFileAtomically(path, text(written)));
    auto read = journal.read(u"p"_s);
    QVERIFY(read && *read);
    (*read)->step = Rotation::Step::Current;
    QVERIFY(journal.write(**read));
    const QJsonDocument now = QJsonDocument::fromJson(*Core::readFile(path));
    QCOMPARE(now[u"later"], written[u"later"]);
    QCOMPARE(now[u"step"].toString(), u"current"_s);
}

void JournalsTest::leavesADamagedRotation_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("named");
    for (const QByteArray &value : wrongVersions) {
        QJsonObject one = rotation();
        one[u"version"_s] = QJsonDocument::fromJson('[' + value + ']')[0];
        QTest::addRow("version %s", value.constData()) << text(one) << u"version"_s;
    }
    for (const char *name : {"principalId", "applicationId", "marker", "oldKeyId", "oldKeychainKey", "oldExpiresAt", "newKeyId",
                             "newKeychainKey", "newExpiresAt", "oldThumbprint", "newThumbprint", "step", "startedAt"}) {
        for (const QByteArray value : {"{}", "null", "7", "[]"}) {
            QJsonObject one = rotation();
            one[QString::fromLatin1(name)] = QJsonDocument::fromJson('[' + value + ']')[0];
            QTest::addRow("%s is %s", name, value.constData()) << text(one) << QString::fromLatin1(name);
        }
    }
    for (const QByteArray value : {"\"30\"", "null", "1.5", "-1", "1e30", "[]"}) {
        QJsonObject one = rotation();
        one[u"lifetimeDays"_s] = QJsonDocument::fromJson('[' + value + ']')[0];
        QTest::addRow("lifetimeDays is %s", value.constData()) << text(one) << u"lifetimeDays"_s;
    }
    for (const QByteArray value : {"\"/a\"", "{}", "null", "[1]", "[null]"}) {
        QJsonObject one = rotation();
        one[u"written"_s] = QJsonDocument::fromJson('[' + value + ']')[0];
        QTest::addRow("written is %s", value.constData()) << text(one) << u"written"_s;
    }
    QJsonObject other = rotation();
    other[u"principalId"_s] = u"q"_s;
    QTest::newRow("another principal's") << text(other) << u"principalId"_s;
    QJsonObject step = rotation();
    step[u"step"_s] = u"finished"_s;
    QTest::newRow("an unknown step") << text(step) << u"step"_s;
    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("cut off") << QByteArray("{\"version\":1,") << u"byte"_s;
    QTest::newRow("too large") << QByteArray((1 << 20) + 1, ' ') << u"larger"_s;
}

void JournalsTest::leavesADamagedRotation()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, named);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"rotation-p.json"_s);
    QVERIFY(Core::writeFileAtomically(path, json));
    const auto read = RotationJournal(folder.path()).read(u"p"_s);
    QVERIFY(!read);
    QVERIFY2(read.error().message.contains(path) && read.error().message.contains(named), qPrintable(read.error().message));
    QCOMPARE(*Core::readFile(path), json);
}

void JournalsTest::anIdDoesNotLeadOutOfTheFolder()
{
    QTemporaryDir around;
    const QString folder = around.filePath(u"rotation-x"_s);
    QVERIFY(QDir().mkpath(folder));
    Rotation one;
    one.principalId = u"/../../out"_s;
    one.marker = u"m"_s;
    QVERIFY(QDir().mkpath(folder + u"/rotation-"_s));
    QVERIFY(!RotationJournal(folder).write(one));
    QVERIFY(!QFile::exists(around.filePath(u"out.json"_s)));
    QVERIFY(RotationJournal(folder).read(one.principalId).has_value());
}

void JournalsTest::aRetirementSurvivesWithWhatIsNotKnown()
{
    QTemporaryDir folder;
    const RetirementRecord record(folder.path());
    QJsonObject one = retirement(u"a"_s);
    QJsonObject principal = one[u"principal"].toObject();
    principal[u"colour"_s] = u"red"_s;
    one[u"principal"_s] = principal;
    one[u"later"_s] = QJsonArray{1, 2};
    const QString path = folder.filePath(u"retired.json"_s);
    QVERIFY(Core::writeFileAtomically(path, text({{u"version"_s, 1}, {u"retired"_s, QJsonArray{one}}, {u"future"_s, 7}})));
    Retirement other;
    other.principal.id = u"b"_s;
    other.principal.name = u"b"_s;
    other.at = QDateTime(QDate(2026, 1, 2), QTime(0, 0), Qt::UTC);
    QVERIFY(record.put(other));
    const QJsonDocument now = QJsonDocument::fromJson(*Core::readFile(path));
    QCOMPARE(now[u"future"].toInt(), 7);
    QCOMPARE(now[u"retired"][1][u"later"], one[u"later"]);
    QCOMPARE(now[u"retired"][1][u"principal"][u"colour"].toString(), u"red"_s);
    QVERIFY(record.take(u"b"_s));
    QCOMPARE(record.list()->size(), 1);
}

void JournalsTest::leavesADamagedRecord_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("named");
    for (const QByteArray &value : wrongVersions)
        QTest::addRow("version %s", value.constData()) << "{\"version\":" + value + ",\"retired\":[]}" << u"version"_s;
    QTest::newRow("retired is an object") << QByteArray(R"({"version":1,"retired":{}})") << u"retired"_s;
    QTest::newRow("no list") << QByteArray(R"({"version":1})") << u"retired"_s;
    QTest::newRow("null in the list") << QByteArray(R"({"version":1,"retired":[null]})") << u"retired[0]"_s;
    for (const char *name : {"principal", "applicationId", "objectId", "assignments", "at"}) {
        for (const QByteArray value : {"null", "7", "\"x\"", "[7]"}) {
            const bool right = value == "\"x\"" && (name == QByteArray("applicationId") || name == QByteArray("objectId"));
            if (right)
                continue;
            QJsonObject one = retirement(u"b"_s);
            one[QString::fromLatin1(name)] = QJsonDocument::fromJson('[' + value + ']')[0];
            QTest::addRow("%s is %s", name, value.constData()) << recordOf(one) << u"retired[1].%1"_s.arg(QLatin1String(name));
        }
    }
    QJsonObject cloud = retirement(u"b"_s);
    cloud[u"principal"_s] = QJsonObject{{u"id"_s, u"b"_s}, {u"name"_s, u"n"_s}, {u"cloud"_s, QJsonObject()}};
    QTest::newRow("a cloud is an object") << recordOf(cloud) << u"retired[1].principal.cloud"_s;
    QJsonObject scope = retirement(u"b"_s);
    scope[u"assignments"_s] = QJsonArray{QJsonObject{{u"scope"_s, u"nowhere"_s}}};
    QTest::newRow("a scope that is none") << recordOf(scope) << u"assignments[0].scope"_s;
    QTest::newRow("cut off") << QByteArray("{\"version\":1,") << u"byte"_s;
}

void JournalsTest::leavesADamagedRecord()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, named);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"retired.json"_s);
    QVERIFY(Core::writeFileAtomically(path, json));
    const RetirementRecord record(folder.path());
    const auto list = record.list();
    QVERIFY(!list);
    QVERIFY2(list.error().message.contains(path) && list.error().message.contains(named), qPrintable(list.error().message));
    Retirement other;
    other.principal.id = u"b"_s;
    QVERIFY(!record.put(other));
    QVERIFY(!record.take(u"a"_s));
    QCOMPARE(*Core::readFile(path), json);
}

QTEST_GUILESS_MAIN(JournalsTest)
#include "tst_journals.moc"
