#include "report/htmlreport.h"
#include "support/reports.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using enum Access::Observation;
using Test::cell;
using Test::report;

class HtmlReportTest : public QObject
{
    Q_OBJECT
private slots:
    void saysWhoWhenAndByWhatEvidence();
    void needsNothingElse();
    void escapesAllServerText();
    void marksWhereTheRolesSayOtherwise();
    void showsContractAndDrift();
    void showsIsolation();
};

namespace {

const QString hostile = u"<img src=x onerror=alert(1)>\"'&\u202E%1"_s;

QString page(const AccessReport &one, const Report::Attachments &more = {})
{
    return QString::fromUtf8(Report::html(one, more));
}

} // namespace

void HtmlReportTest::saysWhoWhenAndByWhatEvidence()
{
    AccessReport one = report({cell({}, u"container.list"_s, Allowed), cell(u"invoices"_s, u"blob.write"_s, Denied)});
    one.predictedBy = u"the operator who is signed in to az"_s;
    const QString text = page(one);
    for (const QString &part : {u"orders"_s, u"https://contosoprod.blob.core.windows.net"_s, u"2026-01-31 09:04:59.000 UTC"_s, u"the operator who is signed in to az"_s,
                                u"request 7f1c9a52-0000-4000-8000-000000000001, 2026-01-31 09:05:00.000 UTC"_s, u"403 AuthorizationPermissionMismatch"_s,
                                u"1 allowed, 1 denied, 0 undecided, 0 not asked"_s})
        QVERIFY2(text.contains(part), qPrintable(part));
}

void HtmlReportTest::needsNothingElse()
{
    const QString text = page(report({cell({}, u"container.list"_s, Allowed)}));
    static const QRegularExpression outside(u"(?i)\\s(src|href|action|background)\\s*=|<script|<img|<link|<iframe|@import|url\\("_s);
    QVERIFY2(!outside.match(text).hasMatch(), qPrintable(outside.match(text).captured()));
    QVERIFY(text.contains(u"default-src 'none'"_s));
    QVERIFY(text.contains(u"prefers-color-scheme: dark"_s) && text.contains(u"@media print"_s));
}

void HtmlReportTest::escapesAllServerText()
{
    AccessReport one = report({cell(hostile, u"blob.read"_s, Denied)});
    one.principal = hostile;
    one.predictedBy = hostile;
    one.cells[0].evidence.code = hostile;
    one.cells[0].evidence.requestId = hostile;
    one.cells[0].because = {{hostile, hostile, hostile, hostile}};
    one.cells[0].finding = Access::Finding{hostile, hostile, hostile, hostile, hostile};
    one.finding = one.cells[0].finding;
    one.notes = {*one.finding};
    Access::ContractResult contract;
    contract.clauses = {{hostile, hostile, true, Access::ContractResult::State::Broken, hostile, 1}};
    Report::Attachments more{contract, Access::Drift{one.startedAt, {{hostile, hostile, Allowed, Denied}}}};
    const QString text = page(one, more);
    QVERIFY(!text.contains(u"<img"_s));
    QVERIFY(!text.contains(QChar(0x202E)));
    QVERIFY(text.count(u"&lt;img src=x onerror=alert(1)&gt;&quot;"_s) > 15);
    // Each tag that was opened is closed again: nothing broke out of its place.
    QXmlStreamReader xml(text.section(u"<body>"_s, 1).prepend(u"<body>"_s).replace(u"<br>"_s, u"<br/>"_s).section(u"</html>"_s, 0, 0));
    while (!xml.atEnd())
        xml.readNext();
    QVERIFY2(!xml.hasError() || xml.error() == QXmlStreamReader::PrematureEndOfDocumentError, qPrintable(xml.errorString()));
}

void HtmlReportTest::marksWhereTheRolesSayOtherwise()
{
    AccessReport one = report({cell(u"a"_s, u"blob.read"_s, Denied)});
    QVERIFY(!page(one).contains(u"◪"_s));
    one.cells[0].predictionKnown = true;
    one.cells[0].predicted = Access::Decision::Allowed;
    QVERIFY(page(one).contains(u"✖<span class=\"mark\""_s));
}

void HtmlReportTest::showsContractAndDrift()
{
    Access::ContractResult contract;
    contract.clauses = {{u"invoices"_s, u"blob.write"_s, false, Access::ContractResult::State::Broken, u"This was allowed."_s, 1}};
    contract.remedies = {{u"narrow-assignment"_s, u"It allows <b>."_s, u"Drop it."_s, u"az role assignment delete"_s, {}}};
    const AccessReport one = report({cell({}, u"container.list"_s, Allowed)});
    const QString text = page(one, {contract, Access::Drift{one.startedAt.addDays(-1), {{u"invoices"_s, u"blob.write"_s, Denied, Allowed}}}});
    QVERIFY(text.contains(u"0 kept, 1 broken, 0 open"_s));
    QVERIFY(text.contains(u"It allows &lt;b&gt;.<br>Next: Drop it.<pre>az role assignment delete</pre>"_s));
    QVERIFY(text.contains(u"invoices blob.write: allowed, was denied"_s));
    QVERIFY(text.contains(u"2026-01-30"_s));
    QVERIFY(page(one, {std::nullopt, Access::Drift{one.startedAt, {}}}).contains(u"nothing has changed"_s));
}

void HtmlReportTest::showsIsolation()
{
    Access::Isolation isolation;
    isolation.subjects = {{hostile, u"production"_s, {}, {}}};
    isolation.places = {{QUrl(u"https://p.example"_s), {}, true}, {QUrl(u"https://t.example"_s), {}, true}};
    isolation.pairs = {{0, 0, true, Access::Isolation::State::Kept, u"1 operations are allowed."_s, {}},
                       {0, 1, false, Access::Isolation::State::Broken, u"It reaches."_s, report({cell({}, u"container.list"_s, Allowed)})}};
    isolation.pairs[0].report = report({cell({}, u"container.list"_s, Allowed, u"own-allowed"_s), cell({}, u"container.create"_s, Denied, u"own-denied"_s)});
    isolation.startedAt = report({}).startedAt;
    const QString text = QString::fromUtf8(Report::html(isolation));
    QVERIFY(!text.contains(u"<img"_s));
    for (const QString &part : {u"NOT isolated"_s, u"✖ reaches it"_s, u"✔ has access"_s, u"2026-01-31 09:04:59.000 UTC"_s, u"request 7f1c9a52"_s, u"request own-allowed"_s})
        QVERIFY2(text.contains(part), qPrintable(part));
    QVERIFY(!text.contains(u"own-denied"_s));
}

QTEST_GUILESS_MAIN(HtmlReportTest)
#include "tst_htmlreport.moc"
