#include "services/azsession.h"
#include "support/manualclock.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Services::AzSession;
using Services::AzToken;

/// With a script in az's place: what is asked of it, and what is made of what it says and of what
/// it does not.
class AzSessionTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void asksForOneResourceInOneTenant();
    void understandsTheFormsOfTheExpiry_data();
    void understandsTheFormsOfTheExpiry();
    void tellsWhatAzSaid();
    void doesNotQuoteATokenInAHalfAnswer();
    void saysThatThereIsNoAz();
    void endsAnAzThatWaitsForever_data();
    void endsAnAzThatWaitsForever();

private:
    void script(const QByteArray &body);
    std::optional<Result<AzToken>> ask(AzSession::Request request);

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_path;
    Test::ManualClock m_clock;
};

void AzSessionTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = qgetenv("PATH");
    qputenv("PATH", m_folder->path().toLocal8Bit() + ":/usr/bin:/bin");
}

void AzSessionTest::cleanup()
{
    qputenv("PATH", m_path);
}

void AzSessionTest::script(const QByteArray &body)
{
    QFile file(m_folder->filePath(u"az"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\ncd " + m_folder->path().toLocal8Bit() + "\n" + body);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

std::optional<Result<AzToken>> AzSessionTest::ask(AzSession::Request request)
{
    AzSession az(m_clock, std::move(request));
    std::optional<Result<AzToken>> got;
    connect(&az, &AzSession::finished, this, [&](const Result<AzToken> &token) { got = token; });
    az.start();
    (void)QTest::qWaitFor([&] { return got.has_value(); }, 10'000);
    return got;
}

void AzSessionTest::asksForOneResourceInOneTenant()
{
    script("printf '%s\\n' \"$@\" > asked\n"
           "echo '{\"accessToken\":\"t1\",\"expires_on\":1767325000,\"tenant\":\"T-ID\"}'\n");
    const auto token =
        ask({.scope = u"https://management.azure.com/.default"_s, .tenant = u"contoso.com"_s});
    QVERIFY(token && *token);
    QCOMPARE((*token)->access.value.reveal().toByteArray(), QByteArray("t1"));
    QCOMPARE((*token)->access.scope, u"https://management.azure.com/.default"_s);
    QCOMPARE((*token)->tenantId, u"T-ID"_s);
    QFile asked(m_folder->filePath(u"asked"_s));
    QVERIFY(asked.open(QIODevice::ReadOnly));
    QCOMPARE(
        asked.readAll(),
        QByteArray("account\nget-access-token\n--resource\nhttps://management.azure.com\n-o\njson\n"
                   "--tenant\ncontoso.com\n"));
}

void AzSessionTest::understandsTheFormsOfTheExpiry_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QDateTime>("expires");
    const QDateTime local(QDate(2026, 1, 2), QTime(15, 4, 5), Qt::LocalTime);
    QTest::newRow("seconds") << QByteArray("\"expires_on\":1767325000")
                             << QDateTime::fromSecsSinceEpoch(1767325000, Qt::UTC);
    QTest::newRow("local time, as 2.45 has it")
        << QByteArray("\"expiresOn\":\"2026-01-02 15:04:05.123456\"") << local.toUTC();
    QTest::newRow("neither") << QByteArray("\"x\":1") << m_clock.now().addSecs(300);
}

void AzSessionTest::understandsTheFormsOfTheExpiry()
{
    QFETCH(QByteArray, json);
    QFETCH(QDateTime, expires);
    const auto token =
        Services::parseAzToken("{\"accessToken\":\"t\"," + json + "}", {}, u"s"_s, m_clock.now());
    QVERIFY(token);
    QCOMPARE(token->access.expiresAt, expires);
}

void AzSessionTest::tellsWhatAzSaid()
{
    script("printf \"\\033[31mERROR: Please run 'az login' to setup account.\\033[0m\\n\" >&2; "
           "exit 1\n");
    const auto token = ask({.scope = u"https://management.azure.com/.default"_s});
    QVERIFY(token && !*token);
    QCOMPARE(token->error().kind, Error::Kind::Unauthenticated);
    QCOMPARE(token->error().message,
             u"az gave no token: ERROR: Please run 'az login' to setup account."_s);
    QVERIFY(token->error().nextStep.contains(u"az login"));
}

void AzSessionTest::doesNotQuoteATokenInAHalfAnswer()
{
    script("printf '{\"accessToken\":\"eyJmarker'\n");
    const auto token = ask({.scope = u"s"_s});
    QVERIFY(token && !*token);
    QVERIFY(!Core::describe(token->error()).contains(u"eyJmarker"));
}

void AzSessionTest::saysThatThereIsNoAz()
{
    qputenv("PATH", m_folder->path().toLocal8Bit());
    const auto token = ask({.scope = u"s"_s});
    QVERIFY(token && !*token);
    QCOMPARE(token->error().code, u"AzMissing"_s);
}

void AzSessionTest::endsAnAzThatWaitsForever_data()
{
    QTest::addColumn<QString>("by");
    for (const QString &by : {u"timeout"_s, u"cancel"_s, u"deletion"_s})
        QTest::newRow(qPrintable(by)) << by;
}

void AzSessionTest::endsAnAzThatWaitsForever()
{
    QFETCH(QString, by);
    // As a wrapper does it: the one who waits is a grandchild.
    script("(echo $$ > pid; exec sleep 600)\n");
    auto az = std::make_unique<AzSession>(
        m_clock,
        AzSession::Request{.scope = u"s"_s,
                           .timeout = std::chrono::milliseconds(by == u"timeout" ? 500 : 60'000)});
    std::optional<Result<AzToken>> got;
    connect(az.get(), &AzSession::finished, this,
            [&](const Result<AzToken> &token) { got = token; });
    az->start();
    QFile pid(m_folder->filePath(u"pid"_s));
    QTRY_VERIFY(pid.exists() && pid.size() > 1);
    QVERIFY(pid.open(QIODevice::ReadOnly));
    const int number = pid.readAll().trimmed().toInt();
    if (by == u"deletion")
        az.reset();
    else if (by == u"cancel")
        az->cancel();
    if (by != u"deletion") {
        QTRY_VERIFY(got.has_value());
        QCOMPARE(got->error().kind,
                 by == u"cancel" ? Error::Kind::Cancelled : Error::Kind::Timeout);
    }
    QTRY_VERIFY(::kill(number, 0) != 0);
}

QTEST_GUILESS_MAIN(AzSessionTest)
#include "tst_azsession.moc"
