#include "print/pdfreport.h"
#include "support/reports.h"

#include <QGuiApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using enum Access::Observation;
using Test::cell;
using Test::report;

/// What is on paper is read back by poppler.
class PdfReportTest : public QObject
{
    Q_OBJECT
private slots:
    void saysWhoWhenAndByWhatEvidence();
    void takesServerTextAsText();
    void numbersManyPages();
    void printsIsolation();

private:
    QString text(const QByteArray &pdf) const
    {
        QProcess reader;
        reader.start(u"pdftotext"_s, {u"-raw"_s, u"-"_s, u"-"_s});
        reader.write(pdf);
        reader.closeWriteChannel();
        if (!reader.waitForFinished(30'000) || reader.exitCode() != 0)
            qFatal("pdftotext (poppler-utils) is needed: %s", qPrintable(reader.errorString()));
        return squeezed(QString::fromUtf8(reader.readAllStandardOutput()));
    }
    // Where a line ends is the layout's affair.
    static QString squeezed(QString text) { return text.remove(u' ').remove(u'\n'); }
};

void PdfReportTest::saysWhoWhenAndByWhatEvidence()
{
    AccessReport one = report({cell({}, u"container.list"_s, Allowed), cell(u"invoices"_s, u"blob.write"_s, Denied)});
    one.cells[1].finding = Access::Finding{u"missing-role"_s, u"No role grants it."_s, u"Assign one."_s, u"az role assignment create --role X"_s, u"certain"_s};
    const QString page = text(Print::pdf(one));
    for (const QString &part : {u"Access of orders at https://contosoprod.blob.core.windows.net"_s, u"2026-01-31 09:04:59.000 UTC"_s, u"invoices"_s, u"blob.write"_s,
                                u"missing-role (certain)"_s, u"az role assignment create --role X"_s, u"1 / 1"_s})
        QVERIFY2(page.contains(squeezed(part)), qPrintable(part + page));
}

void PdfReportTest::takesServerTextAsText()
{
    AccessReport one = report({cell(u"<b>bold</b>"_s, u"blob.read"_s, Allowed)});
    one.principal = u"<img src=\"//evil.example/x\">"_s;
    const QString page = text(Print::pdf(one));
    QVERIFY(page.contains(u"<b>bold</b>"_s));
    QVERIFY(page.contains(squeezed(u"<img src=\"//evil.example/x\">"_s)));
}

void PdfReportTest::numbersManyPages()
{
    QList<Access::Cell> cells;
    for (int i = 0; i < 200; ++i)
        cells.append(cell(u"container-%1"_s.arg(i), u"blob.read"_s, Denied));
    const QString pages = text(Print::pdf(report(cells)));
    const qsizetype count = pages.count(u'\f');
    QVERIFY(count > 3);
    QVERIFY2(pages.contains(u"%1/%1"_s.arg(count)), qPrintable(QString::number(count)));
    QVERIFY(pages.contains(u"container-199"_s));
}

void PdfReportTest::printsIsolation()
{
    Access::Isolation isolation;
    isolation.subjects = {{u"orders"_s, u"production"_s, {}, {}}};
    isolation.places = {{QUrl(u"https://t.example"_s), {}, true}};
    isolation.pairs = {{0, 0, false, Access::Isolation::State::Broken, u"It reaches another environment."_s, {}}};
    isolation.warnings = {{u"shared-client-id"_s, u"One for two."_s, u"Register another."_s, {}, {}}};
    const QString page = text(Print::pdf(isolation));
    for (const QString &part : {u"NOT isolated"_s, u"https://t.example"_s, u"shared-client-id"_s})
        QVERIFY2(page.contains(squeezed(part)), qPrintable(part + page));
}

QTEST_MAIN(PdfReportTest)
#include "tst_pdfreport.moc"
