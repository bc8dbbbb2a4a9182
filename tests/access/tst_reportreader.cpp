#include "access/reportreader.h"
#include "support/reports.h"
#include "support/rights.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using enum Access::Observation;
using Test::cell;
using Test::report;

class ReportReaderTest : public QObject
{
    Q_OBJECT
private slots:
    void readsBackWhatWasWritten();
    void namesTheMemberThatIsWrong_data();
    void namesTheMemberThatIsWrong();
    void passesOverWhatItDoesNotKnow();
};

void ReportReaderTest::readsBackWhatWasWritten()
{
    AccessReport one = report({cell({}, u"container.list"_s, Allowed), cell(u"a"_s, u"blob.read"_s, Denied), cell(u"a"_s, u"blob.write"_s, Skipped)});
    Access::addPrediction(one, Test::facts({Test::assignment(u"Storage Blob Data Reader"_s)}));
    one.notes.append({u"note"_s, u"cause"_s, u"next"_s, u"command"_s, u"certain"_s});
    one.finding = Access::Finding{u"firewall"_s, u"cause"_s, u"next"_s, {}, {}};
    one.complete = false;
    const auto back = Access::reportFromJson(QJsonDocument::fromJson(QJsonDocument(Access::toJson(one)).toJson()).object());
    QVERIFY(back.has_value());
    for (Access::Cell &each : one.cells) {
        for (auto &because : each.because)
            because.kind = Access::Verdict::Kind::Other; // not in JSON
    }
    QCOMPARE(*back, one);
}

void ReportReaderTest::namesTheMemberThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("member");
    const auto row = [](const char *name, const char *from, const char *to, const char *member) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(member);
    };
    row("no cells", "\"cells\":", "\"sells\":", "cells");
    row("an outcome that is none", "\"observed\":\"allowed\"", "\"observed\":\"perhaps\"", "cells[0].observed");
    row("no operation", "\"operation\":\"container.list\"", "\"operation\":\"\"", "cells[0].operation");
    row("a status that is a text", "\"status\":200", "\"status\":\"200\"", "cells[0].evidence.status");
    row("a status beyond HTTP", "\"status\":200", "\"status\":20000000000", "cells[0].evidence.status");
    row("a time that is none", "\"at\":\"2026-01-31T09:05:00.000Z\"", "\"at\":\"yesterday\"", "cells[0].evidence.at");
    row("complete is no boolean", "\"complete\":true", "\"complete\":1", "summary.complete");
}

void ReportReaderTest::namesTheMemberThatIsWrong()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, member);
    QByteArray json = QJsonDocument(Access::toJson(report({cell({}, u"container.list"_s, Allowed)}))).toJson(QJsonDocument::Compact);
    QVERIFY2(json.contains(from), json.constData());
    json.replace(from, to);
    const auto back = Access::reportFromJson(QJsonDocument::fromJson(json).object());
    QVERIFY(!back.has_value());
    QCOMPARE(back.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(back.error().message.contains(u'"' + member + u'"'), qPrintable(back.error().message));
    QVERIFY(!back.error().nextStep.isEmpty());
}

void ReportReaderTest::passesOverWhatItDoesNotKnow()
{
    QJsonObject json = Access::toJson(report({cell({}, u"container.list"_s, Allowed)}));
    json.insert(u"later"_s, QJsonArray{1});
    QVERIFY(Access::reportFromJson(json).has_value());
    QVERIFY(!Access::reportFromJson({}).has_value());
}

QTEST_GUILESS_MAIN(ReportReaderTest)
#include "tst_reportreader.moc"
