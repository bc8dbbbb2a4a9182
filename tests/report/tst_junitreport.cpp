#include "report/junitreport.h"
#include "support/reports.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::ContractResult;
using enum Access::Observation;
using State = Access::ContractResult::State;
using Test::cell;
using Test::report;

class JunitReportTest : public QObject
{
    Q_OBJECT
private slots:
    void makesACaseOfEachClause();
    void makesACaseOfEachCell();
    void staysXmlWhateverTheServerSays();
};

namespace {

struct Case {
    QString name, outcome, type, message;
};

struct Suite {
    QXmlStreamAttributes counts;
    QList<Case> cases;
    bool wellFormed = false;
};

Suite read(const QByteArray &bytes)
{
    Suite suite;
    QXmlStreamReader xml(bytes);
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"testsuite")
            suite.counts = xml.attributes();
        else if (xml.name() == u"testcase")
            suite.cases.append({xml.attributes().value(u"name"_s).toString(), u"passed"_s, {}, {}});
        else if (xml.name() == u"failure" || xml.name() == u"skipped") {
            suite.cases.last().outcome = xml.name().toString();
            suite.cases.last().type = xml.attributes().value(u"type"_s).toString();
            suite.cases.last().message = xml.attributes().value(u"message"_s).toString();
        }
    }
    suite.wellFormed = !xml.hasError();
    return suite;
}

} // namespace

void JunitReportTest::makesACaseOfEachClause()
{
    ContractResult result;
    result.clauses = {{u"a"_s, u"blob.read"_s, true, State::Kept, {}, 1},
                      {u"a"_s, u"blob.write"_s, false, State::Broken, u"This was allowed: 412."_s, 1},
                      {{}, u"container.list"_s, true, State::Broken, u"This was denied: 403."_s, 2},
                      {u"b"_s, u"blob.read"_s, true, State::Open, u"The container was not checked."_s, 3}};
    const Suite suite = read(Report::junit(report({}), result));
    QVERIFY(suite.wellFormed);
    QCOMPARE(suite.counts.value(u"tests"_s).toString(), u"4"_s);
    QCOMPARE(suite.counts.value(u"failures"_s).toString(), u"2"_s);
    QCOMPARE(suite.counts.value(u"skipped"_s).toString(), u"1"_s);
    QCOMPARE(suite.counts.value(u"time"_s).toString(), u"3.250"_s);
    QCOMPARE(suite.counts.value(u"timestamp"_s).toString(), u"2026-01-31T09:04:59"_s);
    QCOMPARE(suite.cases[0].outcome, u"passed"_s);
    QCOMPARE(suite.cases[1].name, u"orders: a must not blob.write"_s);
    QCOMPARE(suite.cases[1].type, u"contract/must-not"_s);
    QCOMPARE(suite.cases[1].message, u"This was allowed: 412."_s);
    QCOMPARE(suite.cases[2].name, u"orders: (account) must container.list"_s);
    QCOMPARE(suite.cases[2].type, u"contract/must"_s);
    QCOMPARE(suite.cases[3].outcome, u"skipped"_s);
}

void JunitReportTest::makesACaseOfEachCell()
{
    AccessReport one = report({cell(u"a"_s, u"blob.read"_s, Denied), cell(u"a"_s, u"blob.write"_s, Denied), cell(u"a"_s, u"blob.list"_s, Undecided), cell(u"a"_s, u"blob.tier"_s, Skipped)});
    one.cells[1].predictionKnown = true;
    one.cells[1].predicted = Access::Decision::Allowed;
    const Suite suite = read(Report::junit(one));
    QVERIFY(suite.wellFormed);
    QStringList outcomes;
    for (const Case &each : suite.cases)
        outcomes.append(each.outcome);
    QCOMPARE(outcomes, (QStringList{u"passed"_s, u"failure"_s, u"skipped"_s, u"skipped"_s}));
    QVERIFY(suite.cases[1].message.startsWith(u"observed: denied, predicted: allowed"_s));
}

void JunitReportTest::staysXmlWhateverTheServerSays()
{
    const QString hostile = QString(u"]]><x/>&\"<\u0001\uFFFE"_s) + QChar(0xD800) + QChar(0);
    AccessReport one = report({});
    one.principal = hostile;
    one.notes = {{hostile, hostile, hostile, {}, {}}};
    ContractResult result;
    result.clauses = {{hostile, hostile, true, State::Broken, hostile, 1}};
    const Suite suite = read(Report::junit(one, result));
    QVERIFY(suite.wellFormed);
    QCOMPARE(suite.cases.size(), 1);
    QVERIFY(suite.cases[0].message.contains(u"]]><x/>&\"<\\u{1}"_s));
}

QTEST_GUILESS_MAIN(JunitReportTest)
#include "tst_junitreport.moc"
