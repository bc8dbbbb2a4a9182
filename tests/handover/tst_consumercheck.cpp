#include "handover/consumercheck.h"

#include <QDir>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Handover;
using namespace Qt::StringLiterals;
using State = ConsumerAnswer::State;

/// The real programs read what would be handed over; those that are missing say so.
class ConsumerCheckTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void everyProgramHereReadsItBack_data();
    void everyProgramHereReadsItBack();
    void namesWhomItDoesNotAsk();
    void tellsWhoReadsItOtherwise();
    void tellsWhoRefuses();
    void tellsWhatIsNotHere();
    void needsNoFileOutsideMemory();
    void cancelEndsTheProgram();
    void aRefusalOfTheWriterEndsIt();

private:
    QList<ConsumerAnswer> ask(const QString &format, const EnvFile::Variables &variables,
                              const QList<Consumer> &asked);
    QTemporaryDir m_runtime;
};

namespace {

EnvFile::Variables variables(QByteArrayView secret = "q~'\"\\$x %h #a = z")
{
    return {{"AZURE_TENANT_ID", Core::Secret("00001111-aaaa-2222-bbbb-3333cccc4444")},
            {"AZURE_CLIENT_ID", Core::Secret("55556666-dddd-7777-eeee-8888ffff9999")},
            {"AZURE_CLIENT_SECRET", Core::Secret(secret)}};
}

Consumer program(const QString &script)
{
    return {.title = u"reader"_s,
            .formats = {u"shell"_s},
            .programs = {u"sh"_s},
            .arguments = {u"-c"_s, script}};
}

} // namespace

// Where the test runs under the real service manager all that installer/test brings must answer.
QStringList required()
{
    return qEnvironmentVariable("ROLESCOPE_MUST_ANSWER").split(u',', Qt::SkipEmptyParts);
}

void ConsumerCheckTest::initTestCase()
{
    if (required().isEmpty()) // else the service manager's own counts
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_runtime.path()));
}

QList<ConsumerAnswer> ConsumerCheckTest::ask(const QString &format, const EnvFile::Variables &given,
                                             const QList<Consumer> &asked)
{
    ConsumerCheck check;
    QList<ConsumerAnswer> answers;
    connect(&check, &ConsumerCheck::answered, this,
            [&answers](const ConsumerAnswer &one) { answers.append(one); });
    QSignalSpy finished(&check, &ConsumerCheck::finished);
    check.start(*EnvFile::findFormat(format), given, asked);
    [&] { QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60'000); }();
    return answers;
}

void ConsumerCheckTest::everyProgramHereReadsItBack_data()
{
    QTest::addColumn<QString>("format");
    for (const EnvFile::Format &format : EnvFile::formats()) {
        if (!consumersOf(format).isEmpty())
            QTest::addRow("%s", qPrintable(format.id)) << format.id;
    }
}

void ConsumerCheckTest::everyProgramHereReadsItBack()
{
    QFETCH(QString, format);
    // dash is in every Debian; of the others, those that are here.
    const EnvFile::Variables given = format == u"supervisord" // which has no escape for all of it
                                         ? variables("q~'\\$x %h#a = z")
                                         : variables();
    const auto answers = ask(format, given, consumersOf(*EnvFile::findFormat(format)));
    QCOMPARE(answers.first().state, State::AsMeant);
    for (const ConsumerAnswer &one : answers) {
        QVERIFY2(one.state != State::Otherwise,
                 qPrintable(one.consumer + one.why + QString::fromUtf8(one.astray.join(' '))));
        if (one.consumer == u"dash" || required().contains(one.consumer))
            QVERIFY2(one.state == State::AsMeant, qPrintable(one.consumer + u": "_s + one.why));
        qInfo("%s: %d %s", qPrintable(one.consumer), int(one.state), qPrintable(one.why));
    }
    const QStringList left =
        QDir(qEnvironmentVariable("XDG_RUNTIME_DIR")).entryList({u"rolescope-*"_s});
    QVERIFY2(left.isEmpty(), "something was left in memory");
}

void ConsumerCheckTest::namesWhomItDoesNotAsk()
{
    QStringList unasked;
    for (const Consumer &one : consumers()) {
        if (!one.unasked.isEmpty())
            unasked.append(one.title);
        QVERIFY(one.unasked.isEmpty() || (one.arguments.isEmpty() && one.script.isEmpty()));
    }
    QCOMPARE(unasked,
             (QStringList{u"Docker"_s, u"Podman"_s, u"Docker Compose"_s, u"gh"_s, u"cron"_s}));
    const QTemporaryDir folder;
    const QString ran = folder.filePath(u"ran"_s);
    Consumer named = program(u"touch '%1'"_s.arg(ran));
    named.unasked = u"It would tell everybody."_s;
    const auto answers = ask(u"shell"_s, variables(), {named});
    QCOMPARE(answers[1].state, State::NotAsked);
    QCOMPARE(answers[1].why, u"It would tell everybody."_s);
    QVERIFY(!QFileInfo::exists(ran));
}

void ConsumerCheckTest::tellsWhoReadsItOtherwise()
{
    const auto answers = ask(
        u"shell"_s, variables(),
        {program(
            u"printf 'AZURE_TENANT_ID=x\\0AZURE_AUTHORITY_HOST=https://evil\\0PATH=/bin\\0'"_s)});
    QCOMPARE(answers.size(), 2);
    QCOMPARE(answers[1].state, State::Otherwise);
    QCOMPARE(answers[1].astray, (QList<QByteArray>{"AZURE_TENANT_ID", "AZURE_CLIENT_ID",
                                                   "AZURE_CLIENT_SECRET", "AZURE_AUTHORITY_HOST"}));
}

void ConsumerCheckTest::tellsWhoRefuses()
{
    const auto answers = ask(u"shell"_s, variables(), {program(u"cat /dev/stdin >&2; exit 3"_s)});
    QCOMPARE(answers[1].state, State::Otherwise);
    QVERIFY(!answers[1].why.isEmpty() && !answers[1].why.contains(u"q~"));
}

void ConsumerCheckTest::tellsWhatIsNotHere()
{
    Consumer missing = program({});
    missing.programs = {u"no-such-program-here"_s};
    Consumer bare = program(u"exit 77"_s); // the library is missing
    Consumer unable = program({});
    unable.probe = {u"false"_s};
    unable.unable = u"too old"_s;
    const auto answers = ask(u"shell"_s, variables(), {missing, bare, unable});
    QCOMPARE(answers.size(), 4);
    QCOMPARE(answers[1].state, State::NotHere);
    QCOMPARE(answers[2].state, State::NotHere);
    QCOMPARE(answers[3].state, State::NotAsked);
    QCOMPARE(answers[3].why, u"too old"_s);
}

void ConsumerCheckTest::needsNoFileOutsideMemory()
{
    Consumer reader = program(u"test -s \"$0\" && exit 3"_s);
    reader.arguments.append(u"{path}"_s);
    reader.input = Consumer::Input::File;
    QCOMPARE(ask(u"shell"_s, variables(), {reader})[1].why, u"It refuses the file."_s);
    const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
    qunsetenv("XDG_RUNTIME_DIR");
    QCOMPARE(ask(u"shell"_s, variables(), {reader})[1].state, State::NotAsked);
    qputenv("XDG_RUNTIME_DIR", runtime);
}

void ConsumerCheckTest::cancelEndsTheProgram()
{
    const QTemporaryDir folder;
    const QString mark = folder.filePath(u"pid"_s);
    ConsumerCheck check;
    QSignalSpy finished(&check, &ConsumerCheck::finished);
    check.start(*EnvFile::findFormat(u"shell"_s), variables(),
                {program(u"echo $$ > '%1'; exec sleep 60"_s.arg(mark))});
    QTRY_VERIFY(QFileInfo(mark).size() > 1);
    QFile file(mark);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString process = u"/proc/"_s + QString::fromLatin1(file.readAll().trimmed());
    QVERIFY(QFileInfo::exists(process));
    check.cancel();
    QVERIFY(!check.isRunning());
    QTRY_VERIFY(!QFileInfo::exists(process));
    QTest::qWait(50);
    QCOMPARE(finished.count(), 0);
}

void ConsumerCheckTest::aRefusalOfTheWriterEndsIt()
{
    const auto answers = ask(u"docker-env-file"_s, variables("two\nlines"), {program({})});
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers[0].state, State::NotAsked);
    QVERIFY(answers[0].why.contains(u"AZURE_CLIENT_SECRET"));
    QVERIFY(answers[0].why.contains(u"systemd-envfile")); // what to do instead
}

QTEST_GUILESS_MAIN(ConsumerCheckTest)
#include "tst_consumercheck.moc"
