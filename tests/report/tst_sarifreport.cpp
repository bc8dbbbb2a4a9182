#include "report/sarifreport.h"
#include "support/reports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::ContractResult;
using State = Access::ContractResult::State;
using Test::report;

class SarifReportTest : public QObject
{
    Q_OBJECT
private slots:
    void listsWhatIsBrokenAndOpen();
    void pointsIntoTheContract_data();
    void pointsIntoTheContract();
    void keepsAFingerprintFromRunToRun();
    void writesMessagesThatAreNoLinks();

private:
    QJsonObject run(const AccessReport &one, const ContractResult &result, const QString &file = u"c.yaml"_s) const
    {
        const QJsonObject document = QJsonDocument::fromJson(Report::sarif(one, result, file)).object();
        return document[u"version"].toString() == u"2.1.0" ? document[u"runs"].toArray().first().toObject() : QJsonObject();
    }
};

void SarifReportTest::listsWhatIsBrokenAndOpen()
{
    ContractResult result;
    result.clauses = {{u"a"_s, u"blob.read"_s, true, State::Kept, {}, 1},
                      {u"a"_s, u"blob.list"_s, true, State::Broken, u"This was denied."_s, 2},
                      {u"a"_s, u"blob.write"_s, false, State::Broken, u"This was allowed."_s, 3},
                      {u"b"_s, u"blob.read"_s, true, State::Open, u"Not checked."_s, 4}};
    const QJsonObject one = run(report({}), result);
    const QJsonArray results = one[u"results"].toArray();
    QStringList rules;
    QStringList levels;
    for (const QJsonValue &each : results) {
        rules.append(each[u"ruleId"].toString());
        levels.append(each[u"level"].toString());
        // The index leads to the rule of that name.
        const QJsonArray known = one[u"tool"][u"driver"][u"rules"].toArray();
        QCOMPARE(known[each[u"ruleIndex"].toInt()][u"id"].toString(), each[u"ruleId"].toString());
    }
    QCOMPARE(rules, (QStringList{u"contract/must"_s, u"contract/must-not"_s, u"contract/open"_s}));
    QCOMPARE(levels, (QStringList{u"error"_s, u"error"_s, u"warning"_s}));
    QCOMPARE(results[0][u"locations"][0][u"physicalLocation"][u"region"][u"startLine"].toInt(), 2);
    QCOMPARE(one[u"invocations"][0][u"startTimeUtc"].toString(), u"2026-01-31T09:04:59.000Z"_s);
}

void SarifReportTest::pointsIntoTheContract_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("uri");
    QTest::newRow("relative") << u"access/my contract.yaml"_s << u"access/my%20contract.yaml"_s;
    QTest::newRow("absolute") << u"/srv/a b.yaml"_s << u"file:///srv/a%20b.yaml"_s;
}

void SarifReportTest::pointsIntoTheContract()
{
    QFETCH(QString, file);
    ContractResult result;
    result.clauses = {{u"a"_s, u"blob.read"_s, true, State::Broken, {}, 1}};
    const QJsonObject one = run(report({}), result, file);
    QTEST(one[u"results"][0][u"locations"][0][u"physicalLocation"][u"artifactLocation"][u"uri"].toString(), "uri");
}

void SarifReportTest::keepsAFingerprintFromRunToRun()
{
    ContractResult result;
    result.clauses = {{u"a"_s, u"blob.read"_s, true, State::Broken, u"one"_s, 1}, {u"a"_s, u"blob.read"_s, false, State::Broken, {}, 1}};
    const auto print = [&](int index) { return run(report({}), result)[u"results"][index][u"partialFingerprints"].toObject(); };
    const QJsonObject first = print(0);
    QVERIFY(first != print(1));
    result.clauses[0].why = u"another day, another request"_s;
    result.clauses[0].line = 9;
    QCOMPARE(print(0), first);
}

void SarifReportTest::writesMessagesThatAreNoLinks()
{
    ContractResult result;
    result.clauses = {{u"a"_s, u"blob.read"_s, true, State::Broken, u"[click](https://evil.example) {0} \u202E"_s, 1}};
    const QString text = run(report({}), result)[u"results"][0][u"message"][u"text"].toString();
    QVERIFY2(text.endsWith(u"\\[click\\](https://evil.example) {{0}} \\\\u{{202e}}"_s), qPrintable(text));
}

QTEST_GUILESS_MAIN(SarifReportTest)
#include "tst_sarifreport.moc"
