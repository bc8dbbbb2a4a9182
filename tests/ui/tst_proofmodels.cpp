#include "ui/models/contractmodel.h"
#include "ui/models/driftmodel.h"
#include "ui/models/isolationmodel.h"
#include "ui/models/partymodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::ContractResult;
using Access::Isolation;
using Access::Observation;

/// The models of contract, drift and isolation.
class ProofModelsTest : public QObject
{
    Q_OBJECT
private slots:
    void whatIsBrokenComesFirst();
    void aClauseIsText();
    void changesSayBeforeAndNow();
    void theFirstAccountIsItsOwn();
    void ticksOutliveAReload();
    void aPairReadsAloud();
    void onePairChangesAlone();
};

namespace {

Identity::ServicePrincipal principal(const QString &name, const QList<QUrl> &accounts)
{
    Identity::ServicePrincipal one;
    one.id = u"id-"_s + name;
    one.name = name;
    one.environment.name = u"test"_s;
    one.accounts = accounts;
    return one;
}

const QUrl home(u"https://home.blob.core.windows.net"_s);
const QUrl away(u"https://away.blob.core.windows.net"_s);

Isolation isolation()
{
    Isolation one;
    one.subjects = {{u"<b>orders</b>"_s, u"production"_s, {}, {}}, {u"dev"_s, {}, {}, {}}};
    one.places = {{home, {}, true}, {away, {}, true}};
    for (qsizetype subject = 0; subject < 2; ++subject) {
        for (qsizetype place = 0; place < 2; ++place)
            one.pairs.append({.subject = subject,
                              .place = place,
                              .own = subject == place,
                              .why = u"Not asked yet."_s});
    }
    return one;
}

} // namespace

void ProofModelsTest::whatIsBrokenComesFirst()
{
    Ui::ContractModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setResult(
        {{{.container = u"a"_s, .operation = u"blob.read"_s, .state = ContractResult::State::Kept},
          {.container = u"b"_s,
           .operation = u"blob.read"_s,
           .state = ContractResult::State::Open,
           .why = u"undecided"_s},
          {.container = u"c"_s,
           .operation = u"blob.write"_s,
           .must = false,
           .state = ContractResult::State::Broken,
           .why = u"allowed"_s}}});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, Ui::ContractModel::Place).data().toString(), u"c"_s);
    QCOMPARE(model.index(0, Ui::ContractModel::State).data().toString(), u"✖ broken"_s);
    QCOMPARE(model.index(0, Ui::ContractModel::Operation).data().toString(),
             u"must not blob.write"_s);
    QCOMPARE(model.index(1, Ui::ContractModel::Why).data().toString(), u"undecided"_s);
    QCOMPARE(model.index(2, Ui::ContractModel::Operation).data().toString(), u"must blob.read"_s);
    QCOMPARE(model.clauseAt(model.index(2, 0))->container, u"a"_s);
    QVERIFY(!model.clauseAt({}));
    model.setResult({});
    QCOMPARE(model.rowCount(), 0);
}

void ProofModelsTest::aClauseIsText()
{
    Ui::ContractModel model;
    model.setResult({{{.container = u"<img src=x>"_s, .why = u"<b>"_s}}});
    for (int column = 0; column < Ui::ContractModel::ColumnCount; ++column)
        QVERIFY(!model.index(0, column).data(Qt::ToolTipRole).toString().contains(u'<'));
    QVERIFY2(model.index(0, Ui::ContractModel::Operation).data().toString().isEmpty(),
             "a clause about several operations names none");
}

void ProofModelsTest::changesSayBeforeAndNow()
{
    Ui::DriftModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setChanges({{u"invoices"_s, u"blob.write"_s, Observation::Allowed, Observation::Denied},
                      {{}, u"account.list"_s, Observation::NotAsked, Observation::Allowed}});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, Ui::DriftModel::Before).data().toString(), u"✔ allowed"_s);
    QCOMPARE(model.index(0, Ui::DriftModel::After).data().toString(), u"✖ denied"_s);
    QCOMPARE(model.index(1, Ui::DriftModel::Place).data().toString(), u"(account)"_s);
    QCOMPARE(model.index(1, Ui::DriftModel::Before).data().toString(), u"· not there"_s);
    QCOMPARE(model.changeAt(model.index(0, 2))->container, u"invoices"_s);
}

void ProofModelsTest::theFirstAccountIsItsOwn()
{
    Ui::PartyModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setPrincipals({principal(u"orders"_s, {home, away}), principal(u"nowhere"_s, {})});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.own().size(), 1);
    QCOMPARE(model.own().first().account, home);
}

void ProofModelsTest::ticksOutliveAReload()
{
    Ui::PartyModel model;
    model.setPrincipals({principal(u"orders"_s, {home, away})});
    const QModelIndex other = model.index(1, Ui::PartyModel::Principal);
    QVERIFY(model.setData(other, Qt::Checked, Qt::CheckStateRole));
    QVERIFY(
        !model.setData(model.index(0, Ui::PartyModel::Account), Qt::Checked, Qt::CheckStateRole));
    model.setPrincipals({principal(u"new"_s, {home}), principal(u"orders"_s, {home, away})});
    QCOMPARE(model.own().size(), 3);
    QVERIFY(model.index(1, 0).data(Qt::AccessibleTextRole).toString().contains(u"own account"));
}

void ProofModelsTest::aPairReadsAloud()
{
    Ui::IsolationModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    Isolation one = isolation();
    one.pairs[1].state = Isolation::State::Broken;
    one.pairs[1].why = u"Allowed: invoices blob.read."_s;
    model.setIsolation(one);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 2);
    const QString spoken = model.index(0, 1).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.contains(u"<b>orders</b> at https://away") &&
                 spoken.contains(u"invoices blob.read"),
             qPrintable(spoken));
    QVERIFY(!model.index(0, 1).data(Qt::ToolTipRole).toString().contains(u'<'));
    QVERIFY(!model.headerData(0, Qt::Vertical, Qt::ToolTipRole).toString().contains(u'<'));
    QVERIFY(model.index(0, 0).data(Ui::IsolationModel::OwnRole).toBool());
    QVERIFY(!model.index(0, 1).data(Ui::IsolationModel::OwnRole).toBool());
    QVERIFY(model.sentence({}).isEmpty());
}

void ProofModelsTest::onePairChangesAlone()
{
    Ui::IsolationModel model;
    Isolation one = isolation();
    model.setIsolation(one);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    one.pairs[2].state = Isolation::State::Kept;
    model.updatePair(one, 2);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().toModelIndex(), model.index(1, 0));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.index(1, 0).data(Ui::IsolationModel::StateRole).toInt(),
             static_cast<int>(Isolation::State::Kept));
}

QTEST_MAIN(ProofModelsTest)
#include "tst_proofmodels.moc"
