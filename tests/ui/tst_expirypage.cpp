#include "support/manualclock.h"
#include "ui/expiry/endcalendar.h"
#include "ui/expiry/expirynotice.h"
#include "ui/expiry/expirypage.h"
#include "ui/models/expirymodel.h"

#include <QAbstractItemModelTester>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextCharFormat>

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Ui::ExpiryModel;
using Ui::ExpiryNotice;
using Ui::ExpiryPage;

/// The ends of credentials, as of a fixed moment.
class ExpiryPageTest : public QObject
{
    Q_OBJECT
private slots:
    void ordersByEnd();
    void marksTheDays();
    void selectsByDay();
    void opensByKeyboard();
    void savesACalendar();
    void explainsWhereItCannotSave();
    void tellsOnceADay();
    void saysNothingWhereNothingEnds();
    void namesAFew();
};

namespace {

const QDateTime now({2026, 11, 25}, {12, 0}, Qt::UTC);

ServicePrincipal principal(const QString &name, int days)
{
    ServicePrincipal one;
    one.id = u"id-"_s + name;
    one.name = name;
    one.environment.name = u"test"_s;
    if (days != 0)
        one.credentialExpiresAt = now.addDays(days);
    return one;
}

const QList<ServicePrincipal> all{principal(u"later"_s, 90), principal(u"unknown"_s, 0),
                                  principal(u"ended"_s, -3), principal(u"soon"_s, 10)};

} // namespace

void ExpiryPageTest::ordersByEnd()
{
    ExpiryModel model;
    const QAbstractItemModelTester tester(&model);
    model.setPrincipals(all, now);
    QStringList names, words;
    for (int row = 0; row < model.rowCount(); ++row) {
        names.append(model.index(row, ExpiryModel::Principal).data().toString());
        words.append(model.index(row, ExpiryModel::Left).data().toString());
    }
    QCOMPARE(names, QStringList({u"ended"_s, u"soon"_s, u"later"_s, u"unknown"_s}));
    QCOMPARE(words, QStringList({u"secret expired"_s, u"secret expires in 10 days"_s,
                                 u"secret expires in 90 days"_s, u"its end is not known here"_s}));
    QCOMPARE(model.pressing(), 2);
}

void ExpiryPageTest::marksTheDays()
{
    Ui::EndCalendar calendar;
    QList<Identity::Expiry> entries;
    QList<ServicePrincipal> some = all;
    some.append(principal(u"<b>too</b>"_s, 10));
    for (const ServicePrincipal &one : some)
        entries.append(Identity::expiryOf(one, now, ExpiryModel::soon));
    calendar.setEnds(entries, now);
    const QDate day(2026, 12, 5);
    QCOMPARE(calendar.marked().keys(), QList<QDate>({{2026, 11, 22}, day, {2027, 2, 23}}));
    QCOMPARE(calendar.marked().value(day), 2);
    QCOMPARE(calendar.monthShown(), 12);
    const QString tip = calendar.dateTextFormat(day).toolTip();
    QVERIFY2(tip.contains(u"soon") && tip.contains(u"&lt;b&gt;"), qPrintable(tip));
    calendar.setEnds({}, now);
    QVERIFY(calendar.dateTextFormat(day).toolTip().isEmpty());
    QCOMPARE(calendar.monthShown(), 11);
}

void ExpiryPageTest::selectsByDay()
{
    Test::ManualClock clock(now);
    ExpiryPage page(clock);
    page.setPrincipals(all);
    page.show();
    auto *table = page.findChild<QTableView *>(u"expiryTable"_s);
    auto *calendar = page.findChild<QCalendarWidget *>(u"endCalendar"_s);
    emit calendar->clicked(QDate(2027, 2, 23));
    QCOMPARE(table->currentIndex().data(ExpiryModel::IdRole).toString(), u"id-later"_s);
    table->setCurrentIndex(table->model()->index(0, 0));
    QCOMPARE(calendar->selectedDate(), QDate(2026, 11, 22));
    const QString words = page.findChild<QLabel *>(u"expirySummary"_s)->text();
    QVERIFY2(words.contains(u"2 have ended") && words.contains(u"one is not known"),
             qPrintable(words));
}

void ExpiryPageTest::opensByKeyboard()
{
    Test::ManualClock clock(now);
    ExpiryPage page(clock);
    page.setPrincipals(all);
    page.show();
    QSignalSpy opened(&page, &ExpiryPage::opened);
    auto *table = page.findChild<QTableView *>(u"expiryTable"_s);
    table->setCurrentIndex(table->model()->index(1, 0));
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().toString(), u"id-soon"_s);
}

void ExpiryPageTest::savesACalendar()
{
    Test::ManualClock clock(now);
    ExpiryPage page(clock);
    page.setPrincipals(all);
    page.show();
    page.findChild<QPushButton *>(u"saveCalendarButton"_s)->click();
    auto *dialog = page.findChild<QFileDialog *>();
    QVERIFY(dialog);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"ends.ics"_s);
    emit dialog->fileSelected(path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), Identity::calendarOf(all, now));
    QVERIFY(page.findChild<QLabel *>(u"calendarSaved"_s)->text().contains(path));
}

void ExpiryPageTest::explainsWhereItCannotSave()
{
    Test::ManualClock clock(now);
    ExpiryPage page(clock);
    page.show();
    page.findChild<QPushButton *>(u"saveCalendarButton"_s)->click();
    emit page.findChild<QFileDialog *>()->fileSelected(u"/nowhere/at/all.ics"_s);
    QVERIFY(page.findChild<QLabel *>(u"errorMessage"_s)->isVisible());
    QVERIFY(page.findChild<QLabel *>(u"calendarSaved"_s)->text().isEmpty());
}

void ExpiryPageTest::tellsOnceADay()
{
    Test::ManualClock clock(now);
    ExpiryNotice notice(clock);
    notice.setPrincipals(all);
    QVERIFY(notice.isVisible());
    auto *dismiss = notice.findChild<QPushButton *>(u"dismissExpiryButton"_s);
    dismiss->click();
    QVERIFY(!notice.isVisible());
    notice.setPrincipals(all);
    QVERIFY2(!notice.isVisible(), "the same is not told twice");
    notice.setPrincipals(all + QList{principal(u"another"_s, 5)});
    QVERIFY2(notice.isVisible(), "one more is news");
    dismiss->click();
    clock.advance(std::chrono::hours(24));
    notice.setPrincipals(all);
    QVERIFY2(notice.isVisible(), "another day");
    QSignalSpy asked(&notice, &ExpiryNotice::openRequested);
    notice.findChild<QPushButton *>(u"showExpiryButton"_s)->click();
    QCOMPARE(asked.count(), 1);
    notice.setPrincipals({});
    QVERIFY(!notice.isVisible());
}

void ExpiryPageTest::saysNothingWhereNothingEnds()
{
    Test::ManualClock clock(now);
    ExpiryNotice notice(clock);
    notice.setPrincipals({principal(u"later"_s, 31), principal(u"unknown"_s, 0)});
    QVERIFY(!notice.isVisible());
    notice.setPrincipals({principal(u"soon"_s, 30)});
    QVERIFY(notice.isVisible());
}

void ExpiryPageTest::namesAFew()
{
    QList<Identity::Expiry> entries;
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s})
        entries.append(Identity::expiryOf(principal(name, 4), now, ExpiryModel::soon));
    QCOMPARE(ExpiryNotice::inWords(entries),
             u"Within 30 days ends the credential of a, b, c, 2 more."_s);
    entries[0] = Identity::expiryOf(principal(u"a"_s, -4), now, ExpiryModel::soon);
    QVERIFY(ExpiryNotice::inWords(entries).startsWith(u"Ended, or"));
    QCOMPARE(ExpiryNotice::inWords({entries[0]}), u"Ended: the credential of a."_s);
    QVERIFY(ExpiryNotice::inWords({}).isEmpty());
}

QTEST_MAIN(ExpiryPageTest)
#include "tst_expirypage.moc"
