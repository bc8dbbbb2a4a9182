#include "ui/models/accessmatrixmodel.h"
#include "ui/models/activitymodel.h"
#include "ui/models/bloblistmodel.h"
#include "ui/models/principalmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Ui::AccessMatrixModel;

class ModelsTest : public QObject
{
    Q_OBJECT
private slots:
    void theMatrixFollowsItsCells();
    void theMatrixReadsAloud();
    void theMatrixShowsNamesAsText();
    void principalsStandUnderTheirEnvironment();
    void badgesCountTheDays_data();
    void badgesCountTheDays();
    void blobsComeInBatches();
    void activityFollowsTheLog();
};

void ModelsTest::theMatrixFollowsItsCells()
{
    AccessMatrixModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 1);
    model.setContainers({u"a"_s, u"b"_s});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.columnCount(), static_cast<int>(Access::defaultProbes().size()));
    Cell cell;
    cell.container = u"b"_s;
    cell.operation = u"blob.write"_s;
    cell.observed = Observation::Denied;
    int changes = 0;
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] { ++changes; });
    model.setCell(cell);
    QCOMPARE(changes, 1);
    const QModelIndex at = model.indexOf(u"b"_s, u"blob.write"_s);
    QCOMPARE(at.row(), 2);
    QCOMPARE(at.data(AccessMatrixModel::MarkRole).toString(), u"✖"_s);
    QCOMPARE(model.cellAt(at)->observed, Observation::Denied);
    QVERIFY(!model.cellAt(model.index(0, at.column()))); // a blob's operation does not concern the account's row
    cell.container = u"unknown"_s;
    model.setCell(cell);
    QCOMPARE(changes, 1);
    // Every state has its own mark, so that colour is never needed.
    QSet<QString> marks;
    cell.container = u"b"_s;
    for (const Observation one : {Observation::Allowed, Observation::Denied, Observation::Undecided, Observation::NotAsked, Observation::Running}) {
        cell.observed = one;
        model.setCell(cell);
        marks.insert(at.data(AccessMatrixModel::MarkRole).toString());
    }
    QCOMPARE(marks.size(), 5);
}

void ModelsTest::theMatrixReadsAloud()
{
    AccessMatrixModel model;
    model.setContainers({u"audit-log"_s});
    Cell cell;
    cell.container = u"audit-log"_s;
    cell.operation = u"blob.write"_s;
    cell.observed = Observation::Denied;
    model.setCell(cell);
    QCOMPARE(model.indexOf(u"audit-log"_s, u"blob.write"_s).data(Qt::AccessibleTextRole).toString(), u"audit-log, write blob: denied"_s);
}

void ModelsTest::theMatrixShowsNamesAsText()
{
    AccessMatrixModel model;
    model.setContainers({u"<img src=x>"_s});
    QCOMPARE(model.headerData(1, Qt::Vertical, Qt::DisplayRole).toString(), u"<img src=x>"_s);
    QVERIFY(!model.headerData(1, Qt::Vertical, Qt::ToolTipRole).toString().contains(u'<'));
    QVERIFY(!model.index(1, model.columnCount() - 1).data(Qt::ToolTipRole).toString().contains(u'<'));
}

void ModelsTest::principalsStandUnderTheirEnvironment()
{
    Ui::PrincipalModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto principal = [](const QString &name, const QString &environment) {
        Identity::ServicePrincipal one;
        one.id = u"id-"_s + name;
        one.name = name;
        one.environment.name = environment;
        return one;
    };
    model.setPrincipals({principal(u"d"_s, u"development"_s), principal(u"n"_s, {}), principal(u"p1"_s, u"production"_s), principal(u"p2"_s, u"Production"_s)},
                        QDateTime::currentDateTimeUtc());
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, 0).data().toString(), u"PRODUCTION"_s);
    QCOMPARE(model.rowCount(model.index(0, 0)), 2);
    QCOMPARE(model.index(2, 0).data().toString(), u"NO ENVIRONMENT"_s);
    const QModelIndex p2 = model.indexOf(u"id-p2"_s);
    QCOMPARE(model.principalAt(p2)->name, u"p2"_s);
    QVERIFY(!(model.flags(model.index(0, 0)) & Qt::ItemIsSelectable));
    QVERIFY(!model.indexOf(u"nobody"_s).isValid());
    model.setPrincipals({}, {});
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::badgesCountTheDays_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<QString>("badge");
    QTest::newRow("far away") << 200 << QString();
    QTest::newRow("sixty") << 60 << u"60d"_s;
    QTest::newRow("tomorrow") << 1 << u"1d"_s;
    QTest::newRow("yesterday") << -1 << u"expired"_s;
}

void ModelsTest::badgesCountTheDays()
{
    QFETCH(int, days);
    QFETCH(QString, badge);
    const QDateTime now(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);
    Identity::ServicePrincipal principal;
    principal.id = u"i"_s;
    principal.name = u"n"_s;
    principal.credentialExpiresAt = now.addDays(days);
    Ui::PrincipalModel model;
    model.setPrincipals({principal}, now);
    QCOMPARE(model.indexOf(u"i"_s).data(Ui::PrincipalModel::BadgeRole).toString(), badge);
}

void ModelsTest::blobsComeInBatches()
{
    Ui::BlobListModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.reset(u"dir/"_s);
    for (int batch = 0; batch < 3; ++batch) {
        auto rows = std::make_shared<Storage::BlobListing>();
        for (int i = 0; i < 4; ++i) {
            const std::string name = "dir/" + std::to_string(batch) + "-" + std::to_string(i);
            QVERIFY(rows->add({.name = name, .contentLength = i}));
        }
        model.append(rows);
    }
    QCOMPARE(model.rowCount(), 12);
    QCOMPARE(model.index(5, Ui::BlobListModel::Name).data().toString(), u"1-1"_s);
    QCOMPARE(model.index(11, Ui::BlobListModel::Name).data(Ui::BlobListModel::FullNameRole).toString(), u"dir/2-3"_s);
    QCOMPARE(model.index(3, Ui::BlobListModel::Size).data(Ui::BlobListModel::SortRole).toLongLong(), 3);
    QVERIFY(!model.properties(model.index(0, 0)).isEmpty());
    model.append(std::make_shared<Storage::BlobListing>());
    QCOMPARE(model.rowCount(), 12);
    model.reset({});
    QCOMPARE(model.rowCount(), 0);
}

void ModelsTest::activityFollowsTheLog()
{
    Http::ActivityLog log(20);
    Ui::ActivityModel model(log);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (int i = 0; i < 100; ++i)
        log.add({.verb = "GET", .url = QUrl(u"https://a/?sig=s"_s), .status = i});
    QCOMPARE(static_cast<size_t>(model.rowCount()), log.entries().size());
    QCOMPARE(model.index(model.rowCount() - 1, Ui::ActivityModel::Status).data().toInt(), 99);
    QVERIFY(model.curl(model.index(0, 0)).contains(u"REDACTED"));
    log.clear();
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(ModelsTest)
#include "tst_models.moc"
