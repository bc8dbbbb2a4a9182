#include "corpus.h"
#include "envfile/format.h"
#include "envfile/jsonvariables.h"
#include "support/recordings.h"

#include <QRegularExpression>
#include <QTest>
#include <optional>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Secret;
using EnvFile::Format;

/// What is refused says why and what to do instead, and neither a refusal nor a remark quotes what
/// it is about.
class RefusalsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyRefusalNamesAnAlternativeThatWorks_data();
    void everyRefusalNamesAnAlternativeThatWorks();
    void badNamesAreCutBeforeTheyAreShown_data();
    void badNamesAreCutBeforeTheyAreShown();
    void noReaderQuotesWhatItReads_data();
    void noReaderQuotesWhatItReads();
    void noFaultOfJsonQuotesIt_data();
    void noFaultOfJsonQuotesIt();
};

namespace {

// Bytes, limits and quotes at which at least one format gives up, beside the shared corpus.
QList<CorpusCase> values()
{
    QList<CorpusCase> all = corpus(Test::sharedFolder());
    const auto add = [&all](const char *name, const QByteArray &value) {
        all.append({QString::fromLatin1(name), value});
    };
    add("own zero byte", QByteArray("a\0b", 3));
    add("own broken UTF-8", "a\xFF\xFE");
    add("own lone surrogate", "a\xED\xA0\x80");
    add("own noncharacter", "a\xEF\xBF\xBF");
    add("own empty", "");
    add("own blank at the end", "ab ");
    add("own line feed", "a\nb");
    add("own carriage return", "a\rb\"\\n");
    add("own carriage return at the end", "a\r");
    add("own quotes", "'a\"b`#\n");
    add("own backslash at the end", "'a #b\\");
    add("own expansion", "a${b}c$(d)@(e)");
    add("own reference", "@Microsoft.KeyVault(SecretUri=x)");
    add("own comment", "a ;b #c");
    add("own exclamation mark", "a!b\xC3\xA9");
    for (const int size : {1000, 4095, 8200, 40'000, 50'000, 66'000, 132'000})
        add("own length", QByteArray(size, 'k'));
    return all;
}

EnvFile::Variables around(const QByteArray &value)
{
    return {{"AZURE_CLIENT_ID", Secret("the-client")},
            {"AZURE_CLIENT_SECRET", Secret(value)},
            {"AZURE_TENANT_ID", Secret("the-tenant")}};
}

std::optional<Error> refusalOf(const Format &format, const EnvFile::Variables &variables)
{
    if (format.shape == Format::Shape::Folder) {
        const auto files = EnvFile::writeFolder(format, variables);
        return files ? std::nullopt : std::optional(files.error());
    }
    const auto text = EnvFile::write(format, variables);
    return text ? std::nullopt : std::optional(text.error());
}

// The formats that an advice names.
QList<const Format *> named(const QString &advice)
{
    static const QRegularExpression word(u"[a-z0-9]+(?:-[a-z0-9]+)*"_s);
    QList<const Format *> formats;
    for (auto it = word.globalMatch(advice); it.hasNext();) {
        if (const Format *format = EnvFile::findFormat(it.next().captured()))
            formats.append(format);
    }
    return formats;
}

void addFormats()
{
    QTest::addColumn<QString>("id");
    for (const Format &format : EnvFile::formats())
        QTest::newRow(qPrintable(format.id)) << format.id;
}

// No part of it is a name by itself.
const QByteArray marker = "~mark3r~";

QStringList wordsOf(const EnvFile::Reading &reading)
{
    QStringList words{reading.refusal};
    for (const EnvFile::Remark &remark : reading.remarks)
        words.append(remark.text);
    return words;
}

// As somebody writes it who quotes by hand: broken in as many ways as there are consumers.
QList<QByteArray> handwritten(const QByteArray &value)
{
    const QByteArray name = "AZURE_CLIENT_SECRET";
    QList<QByteArray> lines{name + '=' + value,
                            name + "='" + value + '\'',
                            name + "=\"" + value + '"',
                            name + "=`" + value + '`',
                            name + " = " + value,
                            name + ": " + value,
                            name + ' ' + value,
                            name + ' ' + value + '=',
                            value,
                            value + "==",
                            "export " + name + '=' + value,
                            "export " + value,
                            "\xEF\xBB\xBF" + name + '=' + value,
                            "\xEF\xBB\xBF" + value + '=',
                            "set \"" + name + '=' + value + '"',
                            "set -gx " + value,
                            "$env:" + value + " = 'x'",
                            "$env:A = \"" + value + '"',
                            "[Service]\nEnvironment=" + value,
                            "[Service]\nEnvironment=\"" + name + '=' + value,
                            "environment=" + value,
                            "environment=" + name + "=\"" + value,
                            "env = " + value,
                            "raw_env = [\"" + value,
                            "raw_env = [" + value + ']',
                            "kind: Secret\ndata:\n  " + name + ": " + value,
                            "kind: Secret\ndata:\n  " + value + ": x",
                            "kind: Secret\nstringData:\n  " + name + ": \"" + value,
                            "[{\"name\": \"" + name + "\", \"value\": \"" + value,
                            "[{\"name\": " + value + "}]",
                            "{\"Values\": {\"" + name + "\": " + value + "}}",
                            "{\"Values\": {\"" + value + "\": 1}}"};
    return lines;
}

} // namespace

void RefusalsTest::everyRefusalNamesAnAlternativeThatWorks_data()
{
    addFormats();
}

void RefusalsTest::everyRefusalNamesAnAlternativeThatWorks()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    for (const CorpusCase &one : values()) {
        for (const EnvFile::Variables &variables :
             {around(one.value), EnvFile::Variables{{"AZURE_CLIENT_SECRET", Secret(one.value)}}}) {
            const auto error = refusalOf(format, variables);
            if (!error)
                continue;
            const QByteArray what = one.name.toUtf8() + ": " + Core::describe(*error).toUtf8();
            QVERIFY2(error->kind == Error::Kind::Unsupported, what.constData());
            QVERIFY2(error->message.startsWith(u"AZURE_CLIENT_SECRET "_s) &&
                         error->message.size() > 30,
                     what.constData());
            QVERIFY2(error->nextStep.size() > 10, what.constData());
            const QList<const Format *> others = named(error->nextStep);
            const bool works = std::any_of(others.begin(), others.end(), [&](const Format *other) {
                return !refusalOf(*other, variables);
            });
            QVERIFY2(others.isEmpty() || works, what.constData());
            if (one.value.size() > 8) // shorter ones may stand in the words by accident
                QVERIFY2(!Core::describe(*error).toUtf8().contains(one.value), what.constData());
        }
    }
}

void RefusalsTest::badNamesAreCutBeforeTheyAreShown_data()
{
    addFormats();
}

void RefusalsTest::badNamesAreCutBeforeTheyAreShown()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    for (const QByteArray &name :
         {"AZURE_CLIENT_SECRET " + marker, "x\n" + marker, QByteArray(marker + " =")}) {
        const auto error = refusalOf(format, {{name, Secret("x")}});
        QVERIFY(error && error->kind == Error::Kind::InvalidInput && !error->nextStep.isEmpty());
        QVERIFY2(!Core::describe(*error).contains(u"mark3r"), qPrintable(error->message));
    }
    QCOMPARE(EnvFile::shownName("AZURE_CLIENT_SECRET x"), u"AZURE_CLIENT_SECRET…"_s);
    QCOMPARE(EnvFile::shownName("export  A.b-1"), u"export  A.b-1"_s);
    QCOMPARE(EnvFile::shownName("\xEF\xBB\xBF"
                                "A"),
             QString(QChar(0xFEFF)) + u'A');
    QCOMPARE(EnvFile::shownName(QByteArray(64, 'M')), u"MMM…"_s); // a line of a PEM file
    QCOMPARE(EnvFile::shownName("9abc"), u"…"_s);
    QCOMPARE(EnvFile::shownName(""), u"…"_s);
}

void RefusalsTest::noReaderQuotesWhatItReads_data()
{
    addFormats();
}

void RefusalsTest::noReaderQuotesWhatItReads()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    qsizetype said = 0;
    for (const CorpusCase &one : values()) {
        if (one.value.size() > 300)
            continue;
        for (const QByteArray &text : handwritten(marker + one.value + marker)) {
            for (const QByteArray &whole : {text + '\n' + text, text.left(text.size() / 2)}) {
                for (const QString &word : wordsOf(format.read(whole))) {
                    QVERIFY2(!word.contains(u"mark3r"), qPrintable(one.name + u": "_s + word));
                    said += word.isEmpty() ? 0 : 1;
                }
            }
        }
    }
    QVERIFY(said > 0 || format.holdsAnyBytes);
}

void RefusalsTest::noFaultOfJsonQuotesIt_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a number") << QByteArray("{\"mark3r\": mark3r}");
    QTest::newRow("a text that does not end") << QByteArray("{\"A\": \"mark3r");
    QTest::newRow("broken base64") << QByteArray("{\"A\": {\"base64\": \"mark3r!\"}}");
    QTest::newRow("another key") << QByteArray("{\"A\": {\"mark3r\": \"x\"}}");
    QTest::newRow("an escape that is none") << QByteArray("{\"A\": \"\\mark3r\"}");
    QTest::newRow("a list") << QByteArray("[\"mark3r\"]");
    QTest::newRow("something behind it") << QByteArray("{} mark3r");
    QTest::newRow("the name twice") << QByteArray("{\"mark3r\": \"a\", \"mark3r\": \"b\"}");
}

void RefusalsTest::noFaultOfJsonQuotesIt()
{
    QFETCH(QByteArray, text);
    const auto variables = EnvFile::variablesFromJson(text);
    if (variables) // a name that stands twice is the writer's business
        QCOMPARE(variables->size(), 2);
    else
        QVERIFY2(!Core::describe(variables.error()).contains(u"mark3r") &&
                     !variables.error().nextStep.isEmpty(),
                 qPrintable(variables.error().message));
}

QTEST_GUILESS_MAIN(RefusalsTest)
#include "tst_refusals.moc"
