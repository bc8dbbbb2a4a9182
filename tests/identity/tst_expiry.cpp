#include "identity/expiry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Identity::Expiry;
using Identity::ServicePrincipal;

class ExpiryTest : public QObject
{
    Q_OBJECT
private slots:
    void tellsTheState_data();
    void tellsTheState();
    void listsTheFirstToEndFirst();
    void understandsSpans_data();
    void understandsSpans();
    void understandsDates_data();
    void understandsDates();
    void writesACalendarThatFoldsAndEscapes();
    void anInjectedLineStaysText();
    void importsAgainAsTheSameEvents();
};

namespace {

const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);

ServicePrincipal ending(const QString &name, const QDateTime &at)
{
    ServicePrincipal one;
    one.id = name + u"-id"_s;
    one.name = name;
    one.clientId = u"c"_s;
    one.tenant = u"t"_s;
    one.credentialExpiresAt = at;
    return one;
}

// As RFC 5545, section 3.1 reads it.
QStringList unfolded(const QByteArray &calendar)
{
    return QString::fromUtf8(QByteArray(calendar).replace("\r\n ", "")).split(u"\r\n"_s);
}

} // namespace

void ExpiryTest::tellsTheState_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<Expiry::State>("state");
    QTest::addColumn<qint64>("days");
    const qint64 day = 86400;
    QTest::newRow("in a year") << 365 * day << Expiry::State::Later << qint64(365);
    QTest::newRow("a second more than thirty days")
        << 30 * day + 1 << Expiry::State::Later << qint64(30);
    QTest::newRow("thirty days") << 30 * day << Expiry::State::Soon << qint64(30);
    QTest::newRow("in an hour") << qint64(3600) << Expiry::State::Soon << qint64(0);
    QTest::newRow("this second") << qint64(0) << Expiry::State::Expired << qint64(0);
    QTest::newRow("an hour ago") << qint64(-3600) << Expiry::State::Expired << qint64(-1);
    QTest::newRow("three days ago") << -3 * day << Expiry::State::Expired << qint64(-3);
}

void ExpiryTest::tellsTheState()
{
    QFETCH(qint64, seconds);
    QFETCH(Expiry::State, state);
    QFETCH(qint64, days);
    ServicePrincipal one = ending(u"a"_s, now.addSecs(seconds));
    const Expiry expiry = Identity::expiryOf(one, now, std::chrono::hours(24 * 30));
    QCOMPARE(expiry.state, state);
    QCOMPARE(expiry.days, days);
    one.credential = ServicePrincipal::Credential::FederatedToken;
    QCOMPARE(Identity::expiryOf(one, now, std::chrono::hours(1)).state, Expiry::State::Unknown);
    QCOMPARE(Identity::expiryOf(ServicePrincipal(), now, std::chrono::hours(1)).state,
             Expiry::State::Unknown);
}

void ExpiryTest::listsTheFirstToEndFirst()
{
    const auto found =
        Identity::expiring({ending(u"later"_s, now.addDays(40)), ending(u"soon"_s, now.addDays(20)),
                            ending(u"gone"_s, now.addDays(-2)), ending(u"unknown"_s, {}),
                            ending(u"next"_s, now.addDays(3))},
                           now, std::chrono::hours(24 * 30));
    QStringList names;
    for (const Expiry &one : found)
        names.append(one.principal.name);
    QCOMPARE(names, (QStringList{u"gone"_s, u"next"_s, u"soon"_s}));
}

void ExpiryTest::understandsSpans_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("days") << u"30d"_s << qint64(30 * 86400);
    QTest::newRow("weeks") << u"2w"_s << qint64(14 * 86400);
    QTest::newRow("hours") << u"12h"_s << qint64(12 * 3600);
    QTest::newRow("none") << u"0d"_s << qint64(0);
    for (const QString &bad : {u""_s, u"30"_s, u"d"_s, u"-1d"_s, u"1.5d"_s, u"30 d"_s, u"99999w"_s,
                               u"1m"_s, u"30d\n"_s, u"٣d"_s})
        QTest::newRow(qPrintable(u"not “"_s + bad + u"”"_s)) << bad << qint64(-1);
}

void ExpiryTest::understandsSpans()
{
    QFETCH(QString, text);
    QFETCH(qint64, seconds);
    const auto span = Identity::parseSpan(text);
    QCOMPARE(span ? span->count() : -1, seconds);
}

void ExpiryTest::understandsDates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QDateTime>("at");
    QTest::newRow("a day") << u"2026-03-01"_s
                           << QDateTime(QDate(2026, 3, 1), QTime(23, 59, 59), Qt::UTC);
    QTest::newRow("a moment") << u"2026-03-01T10:00:00Z"_s
                              << QDateTime(QDate(2026, 3, 1), QTime(10, 0), Qt::UTC);
    QTest::newRow("with offset") << u"2026-03-01T10:00:00+02:00"_s
                                 << QDateTime(QDate(2026, 3, 1), QTime(8, 0), Qt::UTC);
    for (const QString &bad : {u""_s, u"2026-02-30"_s, u"tomorrow"_s, u"01.03.2026"_s})
        QTest::newRow(qPrintable(u"not “"_s + bad + u"”"_s)) << bad << QDateTime();
}

void ExpiryTest::understandsDates()
{
    QFETCH(QString, text);
    QFETCH(QDateTime, at);
    QCOMPARE(Identity::parseExpiry(text).value_or(QDateTime()), at);
}

void ExpiryTest::writesACalendarThatFoldsAndEscapes()
{
    const QString name = u"größe; a, b \\ c – 日本語日本語日本語日本語日本語日本語日本語日本語"_s;
    ServicePrincipal one = ending(name, QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC));
    one.environment.name = u"production"_s;
    const QByteArray calendar = Identity::calendarOf({one, ending(u"unknown"_s, {})}, now);
    QVERIFY(calendar.startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    QVERIFY(calendar.endsWith("END:VCALENDAR\r\n"));
    QCOMPARE(calendar.count('\n'), calendar.count("\r\n"));
    for (const QByteArray &line : QByteArray(calendar).replace("\r\n", "\n").split('\n')) {
        QVERIFY2(line.size() <= 75, line.constData());
        QVERIFY(QString::fromUtf8(line).toUtf8() == line &&
                !QString::fromUtf8(line).contains(QChar::ReplacementCharacter));
    }
    const QStringList lines = unfolded(calendar);
    QVERIFY(lines.contains(
        u"SUMMARY:The secret of größe\\; a\\, b \\\\ c – 日本語日本語日本語日本語日本語日本語日本語日本語 (production) expires"_s));
    QVERIFY(lines.contains(u"DTSTART;VALUE=DATE:20260301"_s));
    QVERIFY(lines.contains(u"DTEND;VALUE=DATE:20260302"_s));
    QVERIFY(lines.contains(u"DTSTAMP:20260102T030405Z"_s));
    QCOMPARE(lines.count(u"BEGIN:VEVENT"_s), 1);
    QCOMPARE(lines.count(u"BEGIN:VALARM"_s), 3);
}

void ExpiryTest::anInjectedLineStaysText()
{
    const QByteArray calendar = Identity::calendarOf(
        {ending(u"a\r\nEND:VEVENT\r\nATTACH:file:///etc/passwd"_s, now.addDays(1))}, now);
    const QStringList lines = unfolded(calendar);
    QCOMPARE(lines.count(u"END:VEVENT"_s), 1);
    for (const QString &line : lines)
        QVERIFY(!line.startsWith(u"ATTACH"));
}

void ExpiryTest::importsAgainAsTheSameEvents()
{
    const auto uid = [](const QByteArray &calendar) {
        return unfolded(calendar).filter(u"UID:"_s);
    };
    const ServicePrincipal before = ending(u"a"_s, now.addDays(10));
    ServicePrincipal after = ending(u"a"_s, now.addDays(190)); // rotated
    after.name = u"renamed"_s;
    QCOMPARE(uid(Identity::calendarOf({before}, now)),
             uid(Identity::calendarOf({after}, now.addDays(9))));
}

QTEST_GUILESS_MAIN(ExpiryTest)
#include "tst_expiry.moc"
