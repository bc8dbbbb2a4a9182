#include "ui/models/accessmatrixmodel.h"
#include "ui/models/activitymodel.h"
#include "ui/models/bloblistmodel.h"
#include "ui/models/fixmodel.h"
#include "ui/models/principalmodel.h"
#include "ui/models/witnesses.h"

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
    void theMatrixSaysWhereRolesPredictOther_data();
    void theMatrixSaysWhereRolesPredictOther();
    void theMatrixShowsAContract();
    void theMatrixShowsNamesAsText();
    void threeWitnessesSayByWhoseEyes();
    void theHeadlineNamesADifference();
    void aCauseSaysHowSureItIs();
    void fixesAreRowsWithTheirCommand();
    void overGrantsComeWithWhatToAssignInstead();
    void principalsStandUnderTheirEnvironment();
    void badgesCountTheDays_data();
    void badgesCountTheDays();
    void blobsComeInBatches();
    void activityFollowsTheLog();
};

void ModelsTest::theMatrixFollowsItsCells()
{
    AccessMatrixModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
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
    QVERIFY(!model.cellAt(
        model.index(0, at.column()))); // a blob's operation does not concern the account's row
    cell.container = u"unknown"_s;
    model.setCell(cell);
    QCOMPARE(changes, 1);
    // Every state has its own mark, so that colour is never needed.
    QSet<QString> marks;
    cell.container = u"b"_s;
    for (const Observation one : {Observation::Allowed, Observation::Denied, Observation::Undecided,
                                  Observation::NotAsked, Observation::Running}) {
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
    QCOMPARE(model.indexOf(u"audit-log"_s, u"blob.write"_s).data(Qt::AccessibleTextRole).toString(),
             u"audit-log, write blob: denied"_s);
}

void ModelsTest::theMatrixSaysWhereRolesPredictOther_data()
{
    QTest::addColumn<Observation>("observed");
    QTest::addColumn<bool>("known");
    QTest::addColumn<Access::Decision>("predicted");
    QTest::addColumn<bool>("differs");
    QTest::addColumn<QString>("spoken");
    using Access::Decision;
    QTest::newRow("refused though allowed")
        << Observation::Denied << true << Decision::Allowed << true
        << u"audit-log, write blob: denied, roles predict allowed"_s;
    QTest::newRow("allowed though refused")
        << Observation::Allowed << true << Decision::Denied << true
        << u"audit-log, write blob: allowed, roles predict denied"_s;
    QTest::newRow("both deny") << Observation::Denied << true << Decision::Denied << false
                               << u"audit-log, write blob: denied"_s;
    QTest::newRow("roles not read") << Observation::Denied << false << Decision::Allowed << false
                                    << u"audit-log, write blob: denied"_s;
    QTest::newRow("not asked") << Observation::NotAsked << true << Decision::Allowed << false
                               << u"audit-log, write blob: not asked, roles predict allowed"_s;
    QTest::newRow("observation open")
        << Observation::Undecided << true << Decision::Undecided << false
        << u"audit-log, write blob: undecided, roles leave it open"_s;
}

void ModelsTest::theMatrixSaysWhereRolesPredictOther()
{
    QFETCH(Observation, observed);
    QFETCH(bool, known);
    QFETCH(Access::Decision, predicted);
    QFETCH(bool, differs);
    QFETCH(QString, spoken);
    AccessMatrixModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    Access::AccessReport report;
    report.cells.append({.operation = u"account.list"_s});
    report.cells.append({.container = u"audit-log"_s,
                         .operation = u"blob.write"_s,
                         .observed = observed,
                         .predicted = predicted,
                         .predictionKnown = known});
    model.setReport(report); // rows and all
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex at = model.indexOf(u"audit-log"_s, u"blob.write"_s);
    QCOMPARE(at.data(AccessMatrixModel::DiffersRole).toBool(), differs);
    QCOMPARE(at.data(Qt::AccessibleTextRole).toString(), spoken);
    QCOMPARE(at.data(Qt::ToolTipRole).toString(), spoken);
}

void ModelsTest::theMatrixShowsAContract()
{
    AccessMatrixModel model;
    model.setContainers({u"a"_s});
    using State = Access::ContractResult::State;
    model.setContract(Access::ContractResult{
        {{.container = u"a"_s, .operation = u"blob.read"_s, .state = State::Broken}}});
    const QModelIndex at = model.indexOf(u"a"_s, u"blob.read"_s);
    QCOMPARE(at.data(AccessMatrixModel::ClauseRole).toInt(), static_cast<int>(State::Broken));
    QCOMPARE(at.data(Qt::AccessibleTextRole).toString(),
             u"a, read blob: not asked, contract broken"_s);
    QVERIFY(!model.indexOf(u"a"_s, u"blob.list"_s).data(AccessMatrixModel::ClauseRole).isValid());
    model.setContract(std::nullopt);
    QVERIFY(!at.data(AccessMatrixModel::ClauseRole).isValid());
}

void ModelsTest::threeWitnessesSayByWhoseEyes()
{
    const Access::Probe &probe = Access::defaultProbes().first();
    Cell cell{.operation = probe.operation, .observed = Observation::Denied};
    cell.evidence = {.method = "GET",
                     .url = u"https://a/?comp=list"_s,
                     .status = 403,
                     .code = u"AuthorizationFailure"_s,
                     .requestId = u"r-1"_s};
    cell.predictionKnown = true;
    cell.predicted = Access::Decision::Allowed;
    cell.because = {{u"/subscriptions/s/providers/x/roleAssignments/assignment-1"_s, u"Reader"_s,
                     u"/s"_s, u"Reader at the account allows it."_s,
                     Access::Verdict::Kind::Grants}};
    QList<Ui::Witness> all = Ui::witnesses(probe, cell, u"the operator signed in to az"_s);
    QCOMPARE(all.size(), 3);
    QCOMPARE(all[0].says, u"denied"_s);
    QVERIFY2(all[0].detail.contains(u"403 AuthorizationFailure") && all[0].detail.contains(u"r-1"),
             qPrintable(all[0].detail));
    QCOMPARE(all[1].says, u"allowed"_s);
    QVERIFY2(all[1].eyes.contains(u"the operator signed in to az"), qPrintable(all[1].eyes));
    QVERIFY2(all[1].detail.contains(u"Reader at the account") &&
                 all[1].detail.contains(u"assignment-1"),
             qPrintable(all[1].detail));
    QCOMPARE(all[2].verdict, Observation::NotAsked);
    cell.asked = Access::Decision::Denied;
    cell.predicted = Access::Decision::Denied;
    all = Ui::witnesses(probe, cell, u"me"_s);
    QVERIFY2(all[1].detail.startsWith(u"Nearest miss"), qPrintable(all[1].detail));
    QCOMPARE(all[2].says, u"denied"_s);
    cell.predictionKnown = false;
    QCOMPARE(Ui::witnesses(probe, cell, {})[1].detail, u"The role assignments were not read."_s);
}

void ModelsTest::theHeadlineNamesADifference()
{
    const auto &probes = Access::defaultProbes();
    const auto write = std::find_if(probes.cbegin(), probes.cend(), [](const Access::Probe &one) {
        return one.operation == u"blob.write";
    });
    Cell cell{.container = u"audit-log"_s,
              .operation = u"blob.write"_s,
              .observed = Observation::Denied,
              .predicted = Access::Decision::Allowed,
              .predictionKnown = true};
    QCOMPARE(Ui::headline(*write, cell),
             u"audit-log, write blob: DENIED, though the roles allow it"_s);
    cell.predicted = Access::Decision::Denied;
    QCOMPARE(Ui::headline(*write, cell), u"audit-log, write blob: DENIED"_s);
}

void ModelsTest::aCauseSaysHowSureItIs()
{
    QCOMPARE(Ui::causeInWords({.cause = u"c."_s, .confidence = u"certain"_s}), u"Certain: c."_s);
    QCOMPARE(Ui::causeInWords({.cause = u"c."_s, .confidence = u"possible"_s}), u"Possible: c."_s);
    QCOMPARE(Ui::causeInWords({.cause = u"c."_s}), u"Likely: c."_s);
}

void ModelsTest::fixesAreRowsWithTheirCommand()
{
    Ui::FixModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    Access::Fix fix{.role = u"<b>Reader</b>"_s,
                    .scope = *Azure::Scope::parse(u"/subscriptions/s/resourceGroups/g"_s),
                    .command = u"az role assignment create"_s};
    fix.alsoAllows = {u"delete blobs"_s};
    model.setSuggestions(Ui::FixModel::suggestions(QList<Access::Fix>{fix}));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, Ui::FixModel::Place).data().toString(), u"resourceGroups/g"_s);
    QVERIFY(model.index(0, Ui::FixModel::Effect).data().toString().contains(u"delete blobs"));
    QCOMPARE(model.index(0, 0).data(Ui::FixModel::CommandRole).toString(),
             u"az role assignment create"_s);
    QVERIFY(!model.index(0, Ui::FixModel::Role).data(Qt::ToolTipRole).toString().contains(u'<'));
}

void ModelsTest::overGrantsComeWithWhatToAssignInstead()
{
    Access::OverGrant grant{.role = u"Owner"_s,
                            .alsoLost = {u"read blobs"_s},
                            .command = u"az role assignment delete"_s};
    grant.narrower = Access::Fix{.role = u"Reader"_s, .command = u"az role assignment create"_s};
    const auto rows = Ui::FixModel::suggestions(QList<Access::OverGrant>{grant});
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0].effect.contains(u"read blobs"));
    QCOMPARE(rows[1].role, u"Reader"_s);
    QCOMPARE(rows[1].command, u"az role assignment create"_s);
}

void ModelsTest::theMatrixShowsNamesAsText()
{
    AccessMatrixModel model;
    model.setContainers({u"<img src=x>"_s});
    QCOMPARE(model.headerData(1, Qt::Vertical, Qt::DisplayRole).toString(), u"<img src=x>"_s);
    QVERIFY(!model.headerData(1, Qt::Vertical, Qt::ToolTipRole).toString().contains(u'<'));
    QVERIFY(
        !model.index(1, model.columnCount() - 1).data(Qt::ToolTipRole).toString().contains(u'<'));
}

void ModelsTest::principalsStandUnderTheirEnvironment()
{
    Ui::PrincipalModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto principal = [](const QString &name, const QString &environment) {
        Identity::ServicePrincipal one;
        one.id = u"id-"_s + name;
        one.name = name;
        one.environment.name = environment;
        return one;
    };
    model.setPrincipals({principal(u"d"_s, u"development"_s), principal(u"n"_s, {}),
                         principal(u"p1"_s, u"production"_s), principal(u"p2"_s, u"Production"_s)},
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
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
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
    QCOMPARE(
        model.index(11, Ui::BlobListModel::Name).data(Ui::BlobListModel::FullNameRole).toString(),
        u"dir/2-3"_s);
    QCOMPARE(model.index(3, Ui::BlobListModel::Size).data(Ui::BlobListModel::SortRole).toLongLong(),
             3);
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
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
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
