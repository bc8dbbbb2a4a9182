#include "http/activitylog.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;
using Http::Activity;
using Http::ActivityLog;

class ActivityLogTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsNoSecret();
    void dropsTheOldest();
    void writesACurlLineThatAShellReadsBack();
};

void ActivityLogTest::keepsNoSecret()
{
    ActivityLog log;
    Activity activity;
    activity.url = QUrl(u"https://user:mark3r@host/c?comp=list&sig=mark3r&Client_Secret=mark3r&code=mark3r&prefix=a%20b"_s);
    activity.headers = {{"Authorization", "Bearer mark3r"}, {"Cookie", "mark3r"}, {"x-ms-copy-source-authorization", "mark3r"}, {"x-ms-version", "1"}};
    log.add(activity);
    const Activity &kept = log.entries().back();
    QVERIFY(!kept.url.toString(QUrl::FullyEncoded).contains(u"mark3r"));
    QVERIFY(!kept.curl().contains(u"mark3r"));
    QVERIFY(kept.url.toString(QUrl::FullyEncoded).contains(u"comp=list&sig=REDACTED"));
    QVERIFY(kept.url.toString(QUrl::FullyEncoded).endsWith(u"prefix=a%20b"));
    QCOMPARE(kept.headers.size(), 1);
}

void ActivityLogTest::dropsTheOldest()
{
    ActivityLog log(100);
    int rows = 0;
    connect(&log, &ActivityLog::added, this, [&] { ++rows; });
    connect(&log, &ActivityLog::dropped, this, [&](int count) { rows -= count; });
    for (int i = 0; i < 1000; ++i)
        log.add({.status = i});
    QVERIFY(log.entries().size() <= 100);
    QCOMPARE(static_cast<size_t>(rows), log.entries().size());
    QCOMPARE(log.entries().back().status, 999);
}

void ActivityLogTest::writesACurlLineThatAShellReadsBack()
{
    Activity activity;
    activity.verb = "PUT";
    activity.url = QUrl(u"https://host/it's?a=$(x)"_s);
    activity.headers = {{"x-odd", "it's `x` $HOME \"q\""}};
    activity.authorized = true;
    QProcess shell;
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"curl() { printf '<%s>' \"$@\"; }; TOKEN=t; "_s + activity.curl()});
    QVERIFY(shell.waitForFinished());
    const QByteArray read = shell.readAllStandardOutput();
    QVERIFY(read.contains("<x-odd: it's `x` $HOME \"q\">"));
    QVERIFY(read.contains("<Authorization: Bearer t>"));
    QVERIFY(read.contains("a=$(x)>"));
}

QTEST_GUILESS_MAIN(ActivityLogTest)
#include "tst_activitylog.moc"
