#include "corpus.h"
#include "envfile/format.h"
#include "support/recordings.h"

#include <QRandomGenerator>
#include <QTest>
#include <optional>

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

/// The files read back by readers of our own, written after the consumers' documentation and not
/// after the writers.
class ReadBackTest : public QObject
{
    Q_OBJECT
private slots:
    void readsTheCorpusBack_data();
    void readsTheCorpusBack();
    void readsRandomNastyValuesBack_data();
    void readsRandomNastyValuesBack();
    void neverQuotesACorpusValueInARefusal();
    void masksEveryCorpusValue();
    void keepsTheKernelsLimitToTheByte_data();
    void keepsTheKernelsLimitToTheByte();
    void writesNothingWhenOneVariableIsRefused();
    void findsFormatsByTheirExactNameOnly();
    void quotesThePathInItsUsage();
};

namespace {

using Read = QList<std::pair<QByteArray, QByteArray>>;

/// Walks over the bytes of a file; every reader below yields nothing for what its consumer would
/// take for broken.
struct Cursor
{
    QByteArray text;
    qsizetype at = 0;
    bool end() const { return at >= text.size(); }
    char next() { return end() ? '\0' : text[at++]; }
    bool take(const char *word)
    {
        if (!text.mid(at).startsWith(word))
            return false;
        at += qsizetype(qstrlen(word));
        return true;
    }
    QByteArray name()
    {
        const qsizetype equals = text.indexOf('=', at);
        if (equals < 0)
            return {};
        const QByteArray found = text.mid(at, equals - at);
        at = equals + 1;
        return found;
    }
};

// POSIX.1-2017 Shell Command Language, 2.2.1 and 2.2.2: '…' is literal, \c outside of quotes is c;
// a line feed ends the command.
std::optional<Read> readShell(const QByteArray &text)
{
    Read read;
    Cursor cursor{text};
    while (!cursor.end()) {
        if (!cursor.take("export "))
            return std::nullopt;
        const QByteArray name = cursor.name();
        QByteArray value;
        for (char c = cursor.next(); c != '\n'; c = cursor.next()) {
            if (c == '\\') {
                value += cursor.next();
            } else if (c == '\'') {
                const qsizetype close = text.indexOf('\'', cursor.at);
                if (close < 0)
                    return std::nullopt;
                value += text.mid(cursor.at, close - cursor.at);
                cursor.at = close + 1;
            } else { // anything bare could be an expansion or a separator
                return std::nullopt;
            }
        }
        read.append({name, value});
    }
    return read;
}

// systemd.exec(5), EnvironmentFile=: within double quotes a backslash keeps the next of " \ ` $,
// and stays before any other.
std::optional<Read> readSystemd(const QByteArray &text)
{
    Read read;
    Cursor cursor{text};
    while (!cursor.end()) {
        const QByteArray name = cursor.name();
        if (name.isEmpty() || name.contains(' ') || !cursor.take("\""))
            return std::nullopt;
        QByteArray value;
        while (true) {
            if (cursor.end())
                return std::nullopt;
            const char c = cursor.next();
            if (c == '"')
                break;
            if (c == '\\') {
                const char escaped = cursor.next();
                if (escaped == '\n')
                    continue;
                if (!QByteArrayView("\"\\`$").contains(escaped))
                    value += '\\';
                value += escaped;
            } else {
                value += c;
            }
        }
        if (!cursor.take("\n"))
            return std::nullopt;
        read.append({name, value});
    }
    return read;
}

// python-dotenv: the file is opened in text mode (CR and CRLF become LF); '…' knows \' and \\, "…"
// the usual escapes, a bare value ends at the line's end or at white space before "#", and is
// stripped.
std::optional<Read> readDotenv(QByteArray text)
{
    text.replace("\r\n", "\n").replace('\r', '\n');
    Read read;
    Cursor cursor{text};
    while (!cursor.end()) {
        const QByteArray name = cursor.name();
        QByteArray value;
        const char quote = cursor.end() ? '\0' : text[cursor.at];
        if (quote == '\'' || quote == '"') {
            ++cursor.at;
            // The end is sought as \A'[^'\\]*(?:\\.[^'\\]*)*' would, but an escaped quote counts as
            // text first.
            for (char c = cursor.next(); c != quote; c = cursor.next()) {
                if (cursor.end())
                    return std::nullopt;
                if (c != '\\') {
                    value += c;
                    continue;
                }
                const char escaped = cursor.next();
                if (escaped == '\\' || escaped == quote || escaped == '\'')
                    value += escaped;
                else if (quote == '"' && escaped == 'r')
                    value += '\r';
                else if (quote == '"' && escaped == 'n')
                    value += '\n';
                else
                    value += QByteArray("\\") + escaped;
            }
            if (!cursor.take("\n"))
                return std::nullopt;
        } else {
            const qsizetype line = text.indexOf('\n', cursor.at);
            QString bare = QString::fromUtf8(text.mid(cursor.at, line - cursor.at));
            cursor.at = line + 1;
            value = bare.trimmed().toUtf8();
        }
        read.append({name, value});
    }
    return read;
}

std::optional<Read> readBack(const QString &format, const QByteArray &text)
{
    return format == u"shell"           ? readShell(text)
           : format == u"python-dotenv" ? readDotenv(text)
                                        : readSystemd(text);
}

EnvFile::Variables around(const QByteArray &value)
{
    return {{"AZURE_CLIENT_ID", Secret("the-client")},
            {"AZURE_CLIENT_SECRET", Secret(value)},
            {"AZURE_TENANT_ID", Secret("the-tenant")}};
}

Read expected(const QByteArray &value)
{
    return {{"AZURE_CLIENT_ID", "the-client"},
            {"AZURE_CLIENT_SECRET", value},
            {"AZURE_TENANT_ID", "the-tenant"}};
}

Core::Result<EnvFile::Variables> written(const Format &format, const EnvFile::Variables &variables)
{
    if (format.shape == Format::Shape::Folder)
        return EnvFile::writeFolder(format, variables);
    const auto text = EnvFile::write(format, variables);
    return text ? Core::Result<EnvFile::Variables>(EnvFile::Variables{{"", *text}}) : text.error();
}

void addFormats()
{
    QTest::addColumn<QString>("id");
    for (const QString &id : {u"shell"_s, u"systemd-envfile"_s, u"python-dotenv"_s})
        QTest::newRow(qPrintable(id)) << id;
}

} // namespace

void ReadBackTest::readsTheCorpusBack_data()
{
    addFormats();
}

void ReadBackTest::readsTheCorpusBack()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, id);
    int written = 0;
    for (const CorpusCase &one : corpus(Test::sharedFolder())) {
        const auto text = EnvFile::write(*EnvFile::findFormat(id), around(one.value));
        if (!text)
            continue;
        const auto read = readBack(id, text->reveal().toByteArray());
        QVERIFY2(read && *read == expected(one.value), qPrintable(one.name));
        ++written;
    }
    QVERIFY(written > 160);
}

void ReadBackTest::readsRandomNastyValuesBack_data()
{
    addFormats();
}

void ReadBackTest::readsRandomNastyValuesBack()
{
    QFETCH(QString, id);
    const QList<QByteArray> pieces{"a",        "'",        "\"",
                                   "\\",       "$",        "`",
                                   "{",        "}",        "#",
                                   " ",        "\t",       "\n",
                                   "\r",       "=",        "export ",
                                   "%",        "!",        ";",
                                   "~",        "\xC3\xA9", "\xE2\x80\xA8",
                                   "\xC2\xA0", "$(id)",    "AZURE_AUTHORITY_HOST=https://x"};
    QRandomGenerator random(20240607);
    int written = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray value;
        for (quint32 left = random.bounded(9u); left > 0; --left)
            value += pieces[random.bounded(pieces.size())];
        const auto text = EnvFile::write(*EnvFile::findFormat(id), around(value));
        if (!text) { // only python-dotenv cannot hold all of these
            QCOMPARE(id, u"python-dotenv"_s);
            QVERIFY(value.contains("${") || value.endsWith('\\'));
            continue;
        }
        const auto read = readBack(id, text->reveal().toByteArray());
        QVERIFY2(read && *read == expected(value), value.toPercentEncoding().constData());
        ++written;
    }
    QVERIFY(written > 15'000);
}

void ReadBackTest::neverQuotesACorpusValueInARefusal()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    int refused = 0;
    for (const Format &format : EnvFile::formats()) {
        for (const CorpusCase &one : corpus(Test::sharedFolder())) {
            const auto text = written(format, around("mark3r" + one.value + "mark3r"));
            const auto preview = EnvFile::preview(format, around("mark3r" + one.value + "mark3r"),
                                                  {"AZURE_CLIENT_SECRET"});
            QCOMPARE(bool(text), bool(preview));
            if (text)
                continue;
            ++refused;
            for (const Core::Error &error : {text.error(), preview.error()}) {
                QVERIFY(!Core::describe(error).contains(u"mark3r"));
                QVERIFY(error.message.contains(u"AZURE_CLIENT_SECRET"));
            }
        }
    }
    QVERIFY(refused >= 15);
}

void ReadBackTest::masksEveryCorpusValue()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    for (const Format &format : EnvFile::formats()) {
        const auto none = EnvFile::preview(format, around("x"), {"AZURE_CLIENT_SECRET"});
        for (const CorpusCase &one : corpus(Test::sharedFolder())) {
            const auto preview =
                EnvFile::preview(format, around(one.value), {"AZURE_CLIENT_SECRET"});
            // Not even its length shows.
            if (preview)
                QCOMPARE(*preview, *none);
        }
    }
}

void ReadBackTest::keepsTheKernelsLimitToTheByte_data()
{
    addFormats();
}

void ReadBackTest::keepsTheKernelsLimitToTheByte()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    const qsizetype most = 131'071 - qsizetype(qstrlen("A="));
    QVERIFY(EnvFile::write(format, {{"A", Secret(QByteArray(most, '\''))}}));
    QVERIFY(!EnvFile::write(format, {{"A", Secret(QByteArray(most + 1, 'x'))}}));
}

void ReadBackTest::writesNothingWhenOneVariableIsRefused()
{
    for (const Format &format : EnvFile::formats()) {
        if (format.holdsAnyBytes)
            continue;
        const auto text = written(format, {{"GOOD", Secret("x")},
                                           {"BAD", Secret(QByteArrayView("\0", 1))},
                                           {"OTHER", Secret("y")}});
        QVERIFY(!text);
        QVERIFY(text.error().message.startsWith(u"BAD "));
    }
}

void ReadBackTest::findsFormatsByTheirExactNameOnly()
{
    QVERIFY(EnvFile::findFormat(u"shell"_s));
    for (const QString &id : {u""_s, u"Shell"_s, u"shell "_s, u"envdi"_s})
        QVERIFY(!EnvFile::findFormat(id));
}

void ReadBackTest::quotesThePathInItsUsage()
{
    const auto said = [](const QString &id, const QString &path) {
        return EnvFile::usage(*EnvFile::findFormat(id), path);
    };
    QVERIFY(said(u"shell"_s, u"/etc/a.sh"_s).endsWith(u": . /etc/a.sh"));
    QVERIFY(said(u"shell"_s, u"/a b's; id"_s).endsWith(u": . '/a b'\\''s; id'"));
    QVERIFY(said(u"systemd-envfile"_s, u"/a%b c"_s).contains(u"EnvironmentFile=/a%%b c\n"));
    QVERIFY(said(u"python-dotenv"_s, u"/a\"b\\c"_s).contains(u"load_dotenv(\"/a\\\"b\\\\c\")"));
}

QTEST_GUILESS_MAIN(ReadBackTest)
#include "tst_envfile_more.moc"
