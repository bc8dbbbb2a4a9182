#include "support/recordings.h"

#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

/// Holds tests/data/recordings.txt against the recordings of Entra ID, Graph and Resource Manager,
/// and against the tests that it names: no exchange is forgotten, and none is said to be played by
/// a test that does not know it.
class RecordingCoverageTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void everyExchangeIsPlayedOrExcused_data();
    void everyExchangeIsPlayedOrExcused();
    void everyTestThatIsNamedPlaysIt_data();
    void everyTestThatIsNamedPlaysIt();

private:
    struct Line
    {
        QString recording;  ///< "graph/flow-sp-patch"
        QString side;       ///< "program" or "sandbox"
        QString steps;      ///< "*" or numbers with commas
        QString file, slot; ///< the test; empty where none plays it
        QString reason;
    };
    static QString text(const QString &path);
    QList<Line> m_lines;
};

namespace {

const QStringList s_groups{u"graph"_s, u"arm"_s, u"entra-token"_s, u"entra-metadata"_s};

} // namespace

QString RecordingCoverageTest::text(const QString &path)
{
    QFile file(QStringLiteral(ROLESCOPE_SOURCE_DIR) + u"/tests/"_s + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void RecordingCoverageTest::initTestCase()
{
    static const QRegularExpression form(
        u"^(\\S+/\\S+) (program|sandbox) (\\*|[0-9,]+) (?:never: (.{10,})|((?:azure|identity|sandbox)/tst_\\w+\\.cpp) (\\w+))$"_s);
    const QStringList all = text(u"data/recordings.txt"_s).split(u'\n', Qt::SkipEmptyParts);
    QVERIFY(!all.isEmpty());
    for (const QString &one : all) {
        if (one.startsWith(u'#'))
            continue;
        const auto match = form.match(one);
        QVERIFY2(match.hasMatch(), qPrintable(one));
        m_lines.append({match.captured(1), match.captured(2), match.captured(3), match.captured(5),
                        match.captured(6), match.captured(4)});
    }
}

void RecordingCoverageTest::everyExchangeIsPlayedOrExcused_data()
{
    QTest::addColumn<QString>("side");
    for (const QString &group : s_groups) {
        for (const QString &name : Test::recordingNames(group)) {
            for (const QString &side : {u"program"_s, u"sandbox"_s})
                QTest::addRow("%s/%s %s", qPrintable(group), qPrintable(name.chopped(5)),
                              qPrintable(side))
                    << side;
        }
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

void RecordingCoverageTest::everyExchangeIsPlayedOrExcused()
{
    QFETCH(QString, side);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const QString recording = QString::fromLatin1(QTest::currentDataTag()).section(u' ', 0, 0);
    const auto exchanges =
        Test::recording(recording.section(u'/', 0, 0), recording.section(u'/', 1) + u".json"_s);
    QSet<int> open;
    for (int step = 0; step < exchanges.size(); ++step)
        open.insert(step);
    for (const Line &line : std::as_const(m_lines)) {
        if (line.recording != recording || line.side != side)
            continue;
        if (line.steps == u"*") {
            open.clear();
            continue;
        }
        for (const QString &step : line.steps.split(u','))
            QVERIFY2(open.remove(step.toInt()),
                     qPrintable(u"%1 is named twice, or is not there"_s.arg(step)));
    }
    QStringList left;
    for (const int step : std::as_const(open))
        left.append(QString::number(step));
    QVERIFY2(left.isEmpty(), qPrintable(u"nobody plays "_s + left.join(u", "_s)));
}

void RecordingCoverageTest::everyTestThatIsNamedPlaysIt_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("slot");
    for (const Line &line : std::as_const(m_lines)) {
        if (!line.file.isEmpty())
            QTest::addRow("%s %s %s", qPrintable(line.recording), qPrintable(line.side),
                          qPrintable(line.steps))
                << line.file << line.slot;
    }
}

// By its name, or as one of all that begin alike.
void RecordingCoverageTest::everyTestThatIsNamedPlaysIt()
{
    QFETCH(QString, file);
    QFETCH(QString, slot);
    const QString tag = QString::fromLatin1(QTest::currentDataTag());
    const QString group = tag.section(u'/', 0, 0), name = tag.section(u'/', 1).section(u' ', 0, 0);
    QCOMPARE(file.startsWith(u"sandbox/"), tag.section(u' ', 1, 1) == u"sandbox");
    const QString source = text(file);
    QVERIFY2(source.contains(u"::"_s + slot + u"()"_s), qPrintable(slot));
    static const QRegularExpression lists(
        u"recordingNames\\((?:u\"([\\w-]+)\"_s|group)(?:, u\"([\\w-]+)\"_s)?\\)"_s);
    bool listed = false;
    auto each = lists.globalMatch(source);
    while (each.hasNext()) {
        const auto match = each.next();
        listed = listed || ((match.captured(1).isEmpty() || match.captured(1) == group) &&
                            name.startsWith(match.captured(2)));
    }
    QVERIFY2(listed || source.contains(name + u"\""_s) || source.contains(name + u".json\""_s),
             qPrintable(file + u" does not know "_s + name));
}

QTEST_GUILESS_MAIN(RecordingCoverageTest)
#include "tst_recordingcoverage.moc"
