#include "report/csvreport.h"
#include "support/reports.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using enum Access::Observation;
using Test::cell;
using Test::report;

class CsvReportTest : public QObject
{
    Q_OBJECT
private slots:
    void writesARowForEachCell();
    void letsNothingBeAFormula_data();
    void letsNothingBeAFormula();
    void keepsQuotesAndSeparatorsInsideTheirField();
    void makesUnseenCharactersVisible();
};

namespace {

QString written(const AccessReport &one)
{
    return QString::fromUtf8(Report::csv(one));
}

} // namespace

void CsvReportTest::writesARowForEachCell()
{
    const QString text = written(report({cell({}, u"container.list"_s, Allowed), cell(u"invoices"_s, u"blob.write"_s, Denied), cell(u"invoices"_s, u"blob.read"_s, Skipped)}));
    QVERIFY(Report::csv(report({})).startsWith("\xEF\xBB\xBF"));
    const QStringList lines = text.split(u"\r\n"_s);
    QCOMPARE(lines.size(), 5); // the head, three cells, and the end of the last line
    QVERIFY(lines[0].contains(u"\"requestId\""_s));
    QVERIFY(lines[1].startsWith(u"\"(account)\",\"container.list\","_s));
    QVERIFY2(lines[2].contains(u"\"denied\",\"unknown\",\"\",\"PUT\",\"403\",\"AuthorizationPermissionMismatch\",\"7f1c9a52-0000-4000-8000-000000000001\",\"2026-01-31T09:05:00.000Z\""_s),
             qPrintable(lines[2]));
    QVERIFY(lines[3].contains(u"\"skipped\""_s));
}

void CsvReportTest::letsNothingBeAFormula_data()
{
    QTest::addColumn<QString>("name");
    for (const char *start : {"=", "+", "-", "@", "\t", "\r", "\n", " =", "\t=", "＝", "＋", "－", "＠", "\u00a0="})
        QTest::newRow(start) << QString::fromUtf8(start) + u"HYPERLINK(\"x\")"_s;
}

void CsvReportTest::letsNothingBeAFormula()
{
    QFETCH(QString, name);
    AccessReport one = report({cell(name, u"blob.read"_s, Allowed)});
    one.cells[0].finding = Access::Finding{name, name, name, name, {}};
    const QString line = written(one).section(u"\r\n"_s, 1);
    QCOMPARE(line.count(u"\"'"_s), 5);
    QVERIFY(!line.contains(u"\""_s + name.left(1) + u"H"_s));
}

void CsvReportTest::keepsQuotesAndSeparatorsInsideTheirField()
{
    AccessReport one = report({cell(u"a\",=1,\"b"_s, u"blob.read"_s, Allowed)});
    const QString line = written(one).section(u"\r\n"_s, 1);
    QVERIFY(line.startsWith(u"\"a\"\",=1,\"\"b\",\"blob.read\","_s));
}

void CsvReportTest::makesUnseenCharactersVisible()
{
    AccessReport one = report({cell(QString(u"a\u202Eb"_s) + QChar(0) + u"c\x1b[31m"_s, u"blob.read"_s, Allowed)});
    const QString line = written(one).section(u"\r\n"_s, 1);
    QVERIFY2(line.startsWith(u"\"a\\u{202e}b\\u{0}c\\u{1b}[31m\","_s), qPrintable(line));
}

QTEST_GUILESS_MAIN(CsvReportTest)
#include "tst_csvreport.moc"
