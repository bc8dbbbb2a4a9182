#include "envfile/format.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QMap>
#include <QRandomGenerator>
#include <QTest>
#include <optional>

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

/// Generated names and values, written and read back by our own reader of each grammar: by a seed
/// that is always the same, and by one of its own in each run. A failure prints its seed;
/// NASTY_SEED=… repeats it. That the readers tell the truth is shown against the real consumers, by
/// the test envfile.consumers.
class NastyTest : public QObject
{
    Q_OBJECT
private slots:
    void whatIsWrittenIsReadBack_data();
    void whatIsWrittenIsReadBack();
    void whatIsReadCanBeWrittenForOthers_data();
    void whatIsReadCanBeWrittenForOthers();
    void noReaderMindsBrokenText_data();
    void noReaderMindsBrokenText();
};

namespace {

using Read = QMap<QByteArray, QByteArray>;

const QList<QByteArray> &pieces()
{
    static const QList<QByteArray> all{
        "a", "Z9", "'", "\"", "`", "\\", "\\\\", "$", "$$", "${X}", "${", "$X", "$(id)", "}", "{",
        "%", "%%", "%h", "%(ENV_PATH)s", "#", " #", ";", " ;", " ", "\t", "\n", "\r", "\r\n", "\\n",
        "\\r", "\\x41", "\v", "\f", "\x01", "\x1B", "\x1C", "\x7F", "=", "==", "!", "^", "&", "|",
        "<", ">", "~", "*", "?", "[", "]", "@(", "---\n", "export ", "set ", "\\'", "'\\''",
        // beyond ASCII: e acute, NBSP, BOM, zero width, line separator, RTL override, a key, next
        // line, a curly quote, a noncharacter
        "\xC3\xA9", "\xC2\xA0", "\xEF\xBB\xBF", "\xE2\x80\x8B", "\xE2\x80\xA8", "\xE2\x80\xAE",
        "\xF0\x9F\x94\x91", "\xC2\x85", "\xE2\x80\x99", "\xEF\xBF\xBE", "\xFF", "\xED\xA0\x80",
        QByteArray("\0", 1), "\nAZURE_AUTHORITY_HOST=https://x", "@Microsoft.KeyVault(",
        "-----BEGIN PRIVATE KEY-----\n", "MIIEvQIBADANBgkqhkiG9w0BAQ+/="};
    return all;
}

QByteArray nastyValue(QRandomGenerator &random, quint32 most)
{
    QByteArray value;
    for (quint32 left = random.bounded(most); left > 0; --left)
        value += pieces()[random.bounded(pieces().size())];
    // Half of them are such as every format should be asked: no bytes, no line breaks.
    if (random.bounded(2) == 0)
        value.replace('\0', "").replace('\n', "").replace('\r', "").replace('\xFF', "");
    return value;
}

// Absolute, with what people and systems put into folders' names.
QByteArray nastyPath(QRandomGenerator &random)
{
    static const QList<QByteArray> parts{
        "etc",        "ssl private",       "it's", "100%", "%h", "a[1]", "C:\\keys",
        "$HOME",      "\xC3\xA9t\xC3\xA9", "#1",   "a;b",  "~",  "..",   "\"q\"",
        "back\\slash"};
    QByteArray path;
    for (quint32 left = 1 + random.bounded(4u); left > 0; --left)
        path += '/' + parts[random.bounded(parts.size())];
    return path + ".pem";
}

QByteArray nastyName(QRandomGenerator &random)
{
    static const QList<QByteArray> parts{"A",    "z",           "_", "9", "AZURE_",   "export",
                                         "PATH", "Environment", ".", "-", "\xC3\xA9", " ",
                                         "=",    "\n",          "'", "#", "data"};
    QByteArray name;
    for (quint32 left = 1 + random.bounded(4u); left > 0; --left)
        name += parts[random.bounded(random.bounded(8) == 0 ? parts.size() : qsizetype(8))];
    return name;
}

EnvFile::Variables nastyVariables(QRandomGenerator &random)
{
    // Several at once, so that one value's quoting is tried against the next one's.
    Read chosen;
    chosen.insert("AZURE_CLIENT_SECRET", nastyValue(random, 10));
    for (quint32 left = random.bounded(3u); left > 0; --left)
        chosen.insert(nastyName(random), nastyValue(random, 5));
    if (random.bounded(2) == 0)
        chosen.insert("AZURE_CLIENT_CERTIFICATE_PATH", nastyPath(random));
    EnvFile::Variables variables;
    for (auto one = chosen.cbegin(); one != chosen.cend(); ++one)
        variables.append({one.key(), Secret(one.value())});
    return variables;
}

Core::Result<EnvFile::Variables> written(const Format &format, const EnvFile::Variables &variables)
{
    if (format.shape == Format::Shape::Folder)
        return EnvFile::writeFolder(format, variables);
    const auto text = EnvFile::write(format, variables);
    return text ? Core::Result<EnvFile::Variables>(EnvFile::Variables{{"", *text}}) : text.error();
}

/// What our reader of the format's grammar makes of what our writer made; nothing where it refuses
/// or is not certain.
std::optional<EnvFile::Variables> readBack(const Format &format, const EnvFile::Variables &files)
{
    EnvFile::Variables read;
    for (const auto &[name, content] : files) {
        const EnvFile::Reading reading = format.read(content.reveal());
        if (!reading.refusal.isEmpty())
            return std::nullopt;
        for (const EnvFile::ReadVariable &one : reading.variables) {
            if (!one.certain)
                return std::nullopt;
            read.append({format.shape == Format::Shape::Folder ? name : one.name, one.value});
        }
    }
    return read;
}

Read byName(const EnvFile::Variables &variables)
{
    Read read;
    for (const auto &[name, value] : variables)
        read.insert(name, value.reveal().toByteArray());
    return read;
}

QByteArray shown(const EnvFile::Variables &variables)
{
    QByteArray text;
    for (const auto &[name, value] : variables)
        text +=
            ' ' + name.toPercentEncoding() + '=' + value.reveal().toByteArray().toPercentEncoding();
    return text;
}

quint32 freshSeed()
{
    static const quint32 seed = quint32(QDateTime::currentMSecsSinceEpoch());
    return seed;
}

void addFormatsAndSeeds()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<quint32>("seed");
    bool given = false;
    const quint32 wanted = qEnvironmentVariable("NASTY_SEED").toUInt(&given);
    for (const Format &format : EnvFile::formats()) {
        if (given) {
            QTest::addRow("%s, the seed of NASTY_SEED", qPrintable(format.id))
                << format.id << wanted;
            continue;
        }
        QTest::addRow("%s, always the same", qPrintable(format.id)) << format.id << 20240607u;
        QTest::addRow("%s, another each time", qPrintable(format.id)) << format.id << freshSeed();
    }
}

// How to see it again, before what went wrong.
QByteArray seen(quint32 seed, int round, const EnvFile::Variables &variables)
{
    return "NASTY_SEED=" + QByteArray::number(seed) + ", round " + QByteArray::number(round) + ':' +
           shown(variables);
}

} // namespace

void NastyTest::whatIsWrittenIsReadBack_data()
{
    addFormatsAndSeeds();
}

void NastyTest::whatIsWrittenIsReadBack()
{
    QFETCH(QString, id);
    QFETCH(quint32, seed);
    const Format &format = *EnvFile::findFormat(id);
    QRandomGenerator random(seed);
    int count = 0;
    // Some formats take little: go on until enough was written, whatever the seed.
    for (int round = 0; round < 1500 || (count <= 50 && round < 60'000); ++round) {
        const EnvFile::Variables variables = nastyVariables(random);
        const auto files = written(format, variables);
        if (!files) {
            const bool name = files.error().kind == Core::Error::Kind::InvalidInput;
            QVERIFY2(name || files.error().kind == Core::Error::Kind::Unsupported,
                     seen(seed, round, variables).constData());
            QVERIFY2(!files.error().nextStep.isEmpty(), seen(seed, round, variables).constData());
            continue;
        }
        const auto read = readBack(format, *files);
        QVERIFY2(read && byName(*read) == byName(variables),
                 seen(seed, round, variables).constData());
        ++count;
    }
    QVERIFY2(count > 50, QByteArray::number(count).constData());
}

void NastyTest::whatIsReadCanBeWrittenForOthers_data()
{
    addFormatsAndSeeds();
}

// As convert does: what one format holds and another takes comes out of that as it was.
void NastyTest::whatIsReadCanBeWrittenForOthers()
{
    QFETCH(QString, id);
    QFETCH(quint32, seed);
    const Format &from = *EnvFile::findFormat(id);
    QRandomGenerator random(seed + 1);
    int count = 0;
    for (int round = 0; round < 40 || (count <= 20 && round < 4000); ++round) {
        const EnvFile::Variables variables = nastyVariables(random);
        const auto first = written(from, variables);
        const auto read = first ? readBack(from, *first) : std::nullopt;
        if (!read)
            continue;
        for (const Format &to : EnvFile::formats()) {
            const auto second = written(to, *read);
            if (!second)
                continue;
            const auto again = readBack(to, *second);
            QVERIFY2(again && byName(*again) == byName(variables),
                     (to.id.toUtf8() + ", " + seen(seed, round, variables)).constData());
            ++count;
        }
    }
    QVERIFY(count > 20);
}

void NastyTest::noReaderMindsBrokenText_data()
{
    addFormatsAndSeeds();
}

// Cut, doubled and mixed: there is an answer, in time, and what is refused has no variables.
void NastyTest::noReaderMindsBrokenText()
{
    QFETCH(QString, id);
    QFETCH(quint32, seed);
    const Format &format = *EnvFile::findFormat(id);
    QRandomGenerator random(seed + 2);
    const QDeadlineTimer tooLong(60'000);
    for (int round = 0; round < 300; ++round) {
        const EnvFile::Variables variables = nastyVariables(random);
        const auto files = written(format, variables);
        QByteArray text = files && !files->isEmpty() ? files->first().second.reveal().toByteArray()
                                                     : QByteArray("A=");
        for (quint32 left = 1 + random.bounded(4u); left > 0; --left) {
            const qsizetype at = random.bounded(text.size() + 1);
            switch (random.bounded(3)) {
            case 0: text.truncate(at); break;
            case 1: text.insert(at, pieces()[random.bounded(pieces().size())]); break;
            default: text += text.mid(at);
            }
        }
        const EnvFile::Reading reading = format.read(text);
        QVERIFY2(!tooLong.hasExpired(), seen(seed, round, variables).constData());
        QVERIFY2(reading.refusal.isEmpty() || reading.variables.isEmpty(),
                 (text.toPercentEncoding() + ", " + seen(seed, round, variables)).constData());
    }
}

QTEST_GUILESS_MAIN(NastyTest)
#include "tst_nasty.moc"
