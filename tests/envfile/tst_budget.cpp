#include "envfile/format.h"
#include "envfile/guess.h"
#include "envfile/inspection.h"
#include "envfile/jsonvariables.h"
#include "envfile/readers/readers.h"

#include <QTest>

using namespace Qt::StringLiterals;
using EnvFile::Budget;
using EnvFile::Reading;

/// Small or crowded texts that ask for gigabytes or for hours, through every reader.
class BudgetTest : public QObject
{
    Q_OBJECT
private slots:
    void staysWithinItsBudget_data();
    void staysWithinItsBudget();
    void refusesDoublings_data();
    void refusesDoublings();
    void readsAnOrdinaryFile_data();
    void readsAnOrdinaryFile();
    void expandsAsPythonDotenvDoes_data();
    void expandsAsPythonDotenvDoes();
    void refusesAliasesThatMultiply();
    void refusesTooManyVariables();
    void refusesTheWholeFile();
    void keepsFewRemarks();
    void readsNumbersAsJsonHasThem_data();
    void readsNumbersAsJsonHasThem();
};

namespace {

QByteArray doublings(const char *first, const char *line)
{
    return QByteArray(first) + QByteArray(line).repeated(34);
}

// Each in the words of the formats that might expand it; to the others it is one more odd text.
QList<std::pair<const char *, QByteArray>> attacks()
{
    constexpr qsizetype many = 100'000;
    QByteArray distinct, chain = "A0=aaaaaaaaaaaaaaaa\n", nested = "A=";
    for (int i = 0; i < 10'000; ++i)
        distinct += "NAME" + QByteArray::number(i) + "=v\n";
    for (int i = 0; i < 40; ++i)
        chain += "A" + QByteArray::number(i + 1) + "=${A" + QByteArray::number(i) + "}$A" + QByteArray::number(i) + "\n";
    nested += QByteArray("${A:-").repeated(20'000) + 'x' + QByteArray("}").repeated(20'000) + '\n';
    return {
        {"doubling", doublings("A=aaaaaaaaaaaaaaaa\n", "A=\"$A$A\"\n")},
        {"doubling in braces", doublings("A=aaaaaaaaaaaaaaaa\n", "A=\"${A}${A}\"\n")},
        {"doubling with a default", doublings("A=aaaaaaaaaaaaaaaa\n", "A=${A:-x}${A:-x}\n")},
        {"doubling, exported", doublings("export A=aaaaaaaaaaaaaaaa\n", "export A=\"${A}$A\"\n")},
        {"doubling, fish", doublings("set -gx A aaaaaaaaaaaaaaaa\n", "set -gx A \"$A$A\"\n")},
        {"doubling, cmd", doublings("set A=aaaaaaaaaaaaaaaa\n", "set \"A=%A%%A%\"\n")},
        {"doubling, PowerShell", doublings("$env:A = 'aaaa'\n", "$env:A = \"$env:A$env:A\"\n")},
        {"doubling, unit", doublings("[Service]\nEnvironment=A=aaaa\n", "Environment=\"A=%A$A${A}\"\n")},
        {"doubling, uwsgi", doublings("env = A=aaaa\n", "env = A=$(A)$(A)@(A)\n")},
        {"doubling, supervisord", doublings("environment=A=\"aaaa\"\n", "environment=A=\"%(ENV_A)s%(ENV_A)s\"\n")},
        {"chain", chain},
        {"nesting", nested},
        {"self reference", "A=${A}${A:-$A}$(A)%A%\n"},
        {"open braces", "A=" + QByteArray("${").repeated(many) + '\n'},
        {"open defaults", "A=\"" + QByteArray("${A:-").repeated(many) + ":}\"\n"},
        {"open colons", "A=" + QByteArray("${A").repeated(many) + ":x}\n"},
        {"open commands", "A=" + QByteArray("$(").repeated(many) + '\n'},
        {"ten thousand lines", distinct},
        {"one long line", "A=" + QByteArray(many, 'x') + '\n'},
        {"blanks in a value", "A=x" + QByteArray(many, ' ') + "y\n"},
        {"blank lines", QByteArray(many, '\r')},
        {"blanks", QByteArray(many, ' ')},
        {"line separators", QByteArray("\xE2\x80\xA8").repeated(many)},
        {"open single quotes", QByteArray("A='x\n").repeated(many / 5)},
        {"one quote in each line", QByteArray("A=x'\n'B\n").repeated(many / 8)},
        {"lines that open backticks once", "A=`\n" + QByteArray("B=\"x\n").repeated(many / 5)},
        {"escaped quotes", "A='" + QByteArray("\\' ").repeated(many) + '\n'},
        {"quotes at line starts", "A=\"\n" + QByteArray("'x\n").repeated(many / 3) + "\"\n"},
        {"one line of exports", QByteArray("export A=1;").repeated(many / 11)},
        {"one line of names", [] {
             QByteArray line;
             for (int i = 0; i < 40'000; ++i)
                 line += "export A" + QByteArray::number(i) + "=1;";
             return line;
         }()},
        {"lines without a sign", QByteArray("lone\n").repeated(many / 5)},
        {"a list of pairs", "environment=" + QByteArray("A=\"x\",").repeated(many / 6) + '\n'},
        {"a list of blanks", "raw_env=[" + QByteArray(many, ' ') + "]\n"},
        {"words of a unit", "[Service]\nEnvironment=" + QByteArray("A=x ").repeated(many / 4) + '\n'},
        {"no UTF-8", QByteArray(many, '\xFF')},
        {"JSON, nested lists", QByteArray(many, '[')},
        {"JSON, nested objects", QByteArray("{\"Values\":").repeated(many / 10)},
        {"JSON, many numbers", '[' + QByteArray("1,").repeated(many) + "1]"},
        {"YAML, nested lists", "kind: Secret\nstringData:\n  A: " + QByteArray(many, '[')},
        {"YAML, nested maps", "kind: Secret\nstringData:\n  A: " + QByteArray("{a: ").repeated(20'000)},
        {"YAML, nested entries", "kind: Secret\nstringData:\n  A: " + QByteArray("- ").repeated(20'000)},
    };
}

qsizetype bytesOf(const Reading &reading)
{
    qsizetype bytes = 0;
    for (const EnvFile::ReadVariable &one : reading.variables)
        bytes += one.name.size() + one.value.size();
    return bytes;
}

} // namespace

void BudgetTest::staysWithinItsBudget_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("format");
    const auto all = attacks();
    for (int i = 0; i < EnvFile::formats().size(); ++i) {
        if (!EnvFile::formats()[i].read)
            continue;
        for (const auto &[what, text] : all)
            QTest::addRow("%s: %s", qPrintable(EnvFile::formats()[i].id), what) << text << i;
    }
}

void BudgetTest::staysWithinItsBudget()
{
    QFETCH(QByteArray, text);
    QFETCH(int, format);
    const Reading reading = EnvFile::formats()[format].read(text);
    QVERIFY(bytesOf(reading) <= 3 * (Budget::floorBytes + Budget::factor * text.size())); // vscode reads it three times
    QVERIFY(reading.variables.size() <= 3 * Budget::mostVariables);
    QVERIFY(reading.remarks.size() <= 4 * (Budget::mostRemarks + 1));
    QVERIFY(!reading.overBudget || (reading.variables.isEmpty() && !reading.refusal.isEmpty()));
}

void BudgetTest::refusesDoublings_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("text");
    for (const char *line : {"A=${A}${A}\n", "A=\"${A}${A}\"\n", "A='${A}${A}'\n", "A=${A:-x}${A:-y}\n"})
        QTest::addRow("python-dotenv: %s", line) << u"python-dotenv"_s << doublings("A=aaaaaaaaaaaaaaaa\n", line);
    for (const char *line : {"A=$A$A\n", "A=\"$A$A\"\n", "A=${A}${A}\n", "export A=\"$A$A\"\n"})
        QTest::addRow("gh-dotenv: %s", line) << u"gh-dotenv"_s << doublings("A=aaaaaaaaaaaaaaaa\n", line);
}

void BudgetTest::refusesDoublings()
{
    QFETCH(QString, format);
    QFETCH(QByteArray, text);
    const Reading reading = EnvFile::findFormat(format)->read(text);
    QVERIFY(reading.overBudget);
    QVERIFY2(reading.refusal.startsWith(u"Line 1") && reading.refusal.contains(u" A,"), qPrintable(reading.refusal));
    QVERIFY2(reading.refusal.contains(u"Write the value out"), qPrintable(reading.refusal));
    QVERIFY(!reading.refusal.contains(u"aaaa"));
}

void BudgetTest::readsAnOrdinaryFile_data()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("python-dotenv") << u"python-dotenv"_s;
    QTest::newRow("gh-dotenv") << u"gh-dotenv"_s;
}

// A small file may become many times its size.
void BudgetTest::readsAnOrdinaryFile()
{
    QFETCH(QString, format);
    const QByteArray text = "BASE=" + QByteArray(1'000, 'x') + '\n' + QByteArray("URL=${BASE}${BASE}${BASE}${BASE}\n").repeated(10);
    const Reading reading = EnvFile::findFormat(format)->read(text);
    QVERIFY2(reading.refusal.isEmpty(), qPrintable(reading.refusal));
    QVERIFY(reading.find("URL"));
    QCOMPARE(reading.find("URL")->value.size(), qsizetype(4'000));
}

// The values are python-dotenv's own, of its expression for ${…}.
void BudgetTest::expandsAsPythonDotenvDoes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("meant");
    const auto row = [](const char *value, const char *meant) { QTest::newRow(value) << QByteArray(value) << QByteArray(meant); };
    row("${A}", "a");
    row("-${A}-${A}-", "-a-a-");
    row("${NONE}", "");
    row("${NONE:-x}", "x");
    row("${NONE:-}", "");
    row("${A:-x}", "a");
    row("${A:x}", "${A:x}");
    row("${A:", "${A:");
    row("${A", "${A");
    row("${${A}", "");
    row("${A:${A}", "${A:a");
    row("${NONE:-${A:-x}}", "${A:-x}");
    row("${NONE:-a:b}", "a:b");
    row("$A", "$A");
    row("x${", "x${");
    row("${}", "");
}

void BudgetTest::expandsAsPythonDotenvDoes()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, meant);
    const Reading reading = EnvFile::readPythonDotenv("A=a\nB=" + value + '\n');
    QVERIFY(reading.find("B"));
    QCOMPARE(reading.find("B")->value.reveal().toByteArray(), meant);
}

void BudgetTest::refusesAliasesThatMultiply()
{
    QByteArray text = "kind: Secret\nstringData:\n  A: &a \"" + QByteArray(100'000, 'x') + "\"\n";
    for (int i = 0; i < 9'000; ++i)
        text += "  B" + QByteArray::number(i) + ": *a\n";
    const Reading reading = EnvFile::readKubernetesSecret(text);
    QVERIFY(!reading.refusal.isEmpty());
    QVERIFY(reading.variables.isEmpty());
}

void BudgetTest::refusesTooManyVariables()
{
    QByteArray list = "[", object = "{";
    for (int i = 0; i <= Budget::mostVariables; ++i) {
        const QByteArray comma = i > 0 ? "," : "", name = "A" + QByteArray::number(i);
        list += comma + "{\"name\":\"" + name + "\",\"value\":\"x\"}";
        object += comma + '"' + name + "\":\"x\"";
    }
    const Reading reading = EnvFile::readAppSettings(list + ']');
    QVERIFY2(reading.overBudget && reading.refusal.contains(u"more than 10000 variables"), qPrintable(reading.refusal));
    const auto variables = EnvFile::variablesFromJson(object + '}');
    QVERIFY(!variables);
    QVERIFY2(variables.error().message.contains(u"more than 10000 variables"), qPrintable(variables.error().message));
}

void BudgetTest::refusesTheWholeFile()
{
    for (const char *line : {"A=\"$A$A\"\n", "A=${A}${A}\n"}) {
        const QByteArray text = doublings("A=aaaaaaaaaaaaaaaa\n", line);
        const EnvFile::Inspection inspection = EnvFile::inspect(text, nullptr);
        QVERIFY(inspection.refusal.contains(u"Write the value out"));
        QCOMPARE(inspection.defects.size(), 1);
        QVERIFY(inspection.meant.isEmpty());
        const auto guess = EnvFile::guessFormat(text);
        QVERIFY(!guess);
        QVERIFY2(guess.error().message.contains(u"Write the value out"), qPrintable(guess.error().message));
    }
    // Every kind of line end counts, for some reader takes it for one.
    for (const QByteArray &end : {QByteArray("\n"), QByteArray("\r"), QByteArray("\xE2\x80\xA8"), QByteArray("\xE2\x80\xA9")})
        QVERIFY(!EnvFile::sizeFault(end.repeated(10'001)).isEmpty());
    QVERIFY(EnvFile::sizeFault(QByteArray("\r\n").repeated(10'000)).isEmpty());
}

void BudgetTest::keepsFewRemarks()
{
    const Reading reading = EnvFile::readShell(QByteArray("export A=1;").repeated(50'000));
    QCOMPARE(reading.remarks.size(), Budget::mostRemarks + 1);
    QCOMPARE(reading.variables.size(), 1);
}

void BudgetTest::readsNumbersAsJsonHasThem_data()
{
    QTest::addColumn<QByteArray>("number");
    QTest::addColumn<bool>("valid");
    for (const char *good : {"0", "-0", "10", "-1.5", "1e5", "1E+5", "1.25e-10", "true", "false", "null"})
        QTest::newRow(good) << QByteArray(good) << true;
    for (const char *bad : {"01", "+1", "-", ".5", "1.", "1e", "1e+", "nul", "True", "NaN", "0x1", ""})
        QTest::newRow(bad) << QByteArray(bad) << false;
}

void BudgetTest::readsNumbersAsJsonHasThem()
{
    QFETCH(QByteArray, number);
    QFETCH(bool, valid);
    const Reading reading = EnvFile::readLocalSettings("{\"Other\":" + number + ",\"Values\":{\"A\":\"x\"}}");
    QCOMPARE(reading.refusal.isEmpty(), valid);
}

QTEST_GUILESS_MAIN(BudgetTest)
#include "tst_budget.moc"
