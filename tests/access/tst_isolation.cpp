#include "access/isolation.h"
#include "support/reports.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Isolation;
using enum Access::Observation;
using Test::cell;
using Test::report;
using State = Isolation::State;

Q_DECLARE_METATYPE(Access::AccessReport)
Q_DECLARE_METATYPE(Access::Isolation::State)

class IsolationTest : public QObject
{
    Q_OBJECT
private slots:
    void judgesAPair_data();
    void judgesAPair();
    void warnsOfOneClientIdInTwoEnvironments();
    void warnsOfAnAccountThatBelongsToTwo();
    void isBrokenByOnePairAndOpenByOne();
    void printsTheDocument();
};

namespace {

AccessReport withFinding(const QString &id)
{
    AccessReport one = report({cell({}, u"container.list"_s, Undecided)});
    one.finding = Access::Finding{id, u"the cause"_s, {}, {}, {}};
    return one;
}

AccessReport withUndecided(const QString &id)
{
    AccessReport one = report({cell({}, u"container.list"_s, Denied), cell(u"a"_s, u"blob.find"_s, Undecided)});
    one.cells[1].finding = Access::Finding{id, u"the cause"_s, {}, {}, {}};
    return one;
}

Isolation two()
{
    Isolation isolation;
    isolation.subjects = {{u"prod"_s, u"production"_s, u"t"_s, u"c1"_s}, {u"test"_s, u"test"_s, u"t"_s, u"c2"_s}};
    isolation.places = {{QUrl(u"https://p.example"_s), {u"a"_s}, true}, {QUrl(u"https://t.example"_s), {}, true}};
    for (qsizetype subject = 0; subject < 2; ++subject) {
        for (qsizetype place = 0; place < 2; ++place)
            isolation.pairs.append({subject, place, subject == place, State::Kept, u"because"_s, {}});
    }
    return isolation;
}

} // namespace

void IsolationTest::judgesAPair_data()
{
    QTest::addColumn<bool>("own");
    QTest::addColumn<AccessReport>("answers");
    QTest::addColumn<bool>("containersKnown");
    QTest::addColumn<State>("state");
    const AccessReport some = report({cell({}, u"container.list"_s, Denied), cell(u"a"_s, u"blob.read"_s, Allowed)});
    const AccessReport none = report({cell({}, u"container.list"_s, Denied), cell(u"a"_s, u"blob.read"_s, Denied)});
    const AccessReport open = report({cell({}, u"container.list"_s, Denied), cell(u"a"_s, u"blob.read"_s, Undecided)});
    const AccessReport skipped = report({cell({}, u"container.list"_s, Denied), cell(u"a"_s, u"blob.read"_s, Skipped)});
    QTest::newRow("own, allowed somewhere") << true << some << true << State::Kept;
    QTest::newRow("own, denied everywhere") << true << none << true << State::Broken;
    QTest::newRow("own, denied, containers not known") << true << none << false << State::Open;
    QTest::newRow("own, behind a firewall") << true << withFinding(u"firewall"_s) << true << State::Open;
    QTest::newRow("other, allowed somewhere") << false << some << true << State::Broken;
    QTest::newRow("other, denied everywhere") << false << none << true << State::Kept;
    QTest::newRow("other, denied, containers not known") << false << none << false << State::Open;
    QTest::newRow("other, undecided") << false << open << true << State::Open;
    QTest::newRow("other, not all asked") << false << skipped << true << State::Open;
    QTest::newRow("other, behind a firewall") << false << withFinding(u"firewall"_s) << true << State::Open;
    QTest::newRow("other, of another tenant") << false << withFinding(u"wrong-tenant"_s) << true << State::Kept;
    QTest::newRow("other, an operation that is not there") << false << withUndecided(u"not-supported-here"_s) << true << State::Kept;
    QTest::newRow("other, throttled") << false << withUndecided(u"throttled"_s) << true << State::Open;
}

void IsolationTest::judgesAPair()
{
    QFETCH(bool, own);
    QFETCH(AccessReport, answers);
    QFETCH(bool, containersKnown);
    Isolation::Pair pair{0, 0, own, State::Open, {}, answers};
    Access::judge(pair, containersKnown);
    QTEST(pair.state, "state");
    QVERIFY(!pair.why.isEmpty());
}

void IsolationTest::warnsOfOneClientIdInTwoEnvironments()
{
    Isolation isolation = two();
    QVERIFY(Access::separationWarnings(isolation).isEmpty());
    isolation.subjects[1].clientId = u"C1"_s;
    const auto warnings = Access::separationWarnings(isolation);
    QCOMPARE(warnings.size(), 1);
    QCOMPARE(warnings[0].id, u"shared-client-id"_s);
    QVERIFY(warnings[0].cause.contains(u"prod"_s) && warnings[0].cause.contains(u"test"_s));
}

void IsolationTest::warnsOfAnAccountThatBelongsToTwo()
{
    Isolation isolation = two();
    isolation.pairs[1].own = true;
    const auto warnings = Access::separationWarnings(isolation);
    QCOMPARE(warnings.size(), 1);
    QCOMPARE(warnings[0].id, u"shared-account"_s);
}

void IsolationTest::isBrokenByOnePairAndOpenByOne()
{
    Isolation isolation = two();
    QCOMPARE(isolation.state(), State::Kept);
    isolation.pairs[1].state = State::Open;
    QCOMPARE(isolation.state(), State::Open);
    isolation.pairs[2].state = State::Broken;
    QCOMPARE(isolation.state(), State::Broken);
    isolation = two();
    isolation.complete = false;
    QCOMPARE(isolation.state(), State::Open);
    QCOMPARE(Isolation().state(), State::Open);
}

void IsolationTest::printsTheDocument()
{
    Isolation isolation = two();
    isolation.pairs[1].report = report({cell({}, u"container.list"_s, Denied)});
    const QJsonObject json = Access::toJson(isolation);
    QCOMPARE(json[u"isolated"].toBool(), true);
    QCOMPARE(json[u"pairs"].toArray().size(), 4);
    const QJsonObject other = json[u"pairs"].toArray()[1].toObject();
    QCOMPARE(other[u"principal"].toString(), u"prod"_s);
    QCOMPARE(other[u"account"].toString(), u"https://t.example"_s);
    QCOMPARE(other[u"wanted"].toString(), u"denied"_s);
    QCOMPARE(other[u"result"].toString(), u"kept"_s);
    QCOMPARE(other[u"report"].toObject()[u"cells"].toArray().size(), 1);
    isolation.complete = false;
    QVERIFY(Access::toJson(isolation)[u"isolated"].isNull());
}

QTEST_GUILESS_MAIN(IsolationTest)
#include "tst_isolation.moc"
