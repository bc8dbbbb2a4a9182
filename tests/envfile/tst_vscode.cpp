#include "envfile/format.h"
#include "envfile/readers/readers.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;

/// What VS Code's debuggers read alike, and what they do not. Against JavaScript's own regular
/// expressions and dotenv itself the test envfile.consumers holds it (vscode_readers.js).
class VsCodeTest : public QObject
{
    Q_OBJECT
private slots:
    void writesWhatAllReadAlike_data();
    void writesWhatAllReadAlike();
    void refusesWhatTheyReadDifferently_data();
    void refusesWhatTheyReadDifferently();
    void saysWhoReadsAForeignFileDifferently_data();
    void saysWhoReadsAForeignFileDifferently();
    void takesNamesThatAllTake_data();
    void takesNamesThatAllTake();
    void isFoundUnderItsNames();
};

namespace {

const EnvFile::Format &format()
{
    return *EnvFile::findFormat(u"vscode-envfile"_s);
}

Core::Result<Secret> written(const QByteArray &value, const QByteArray &name = "A")
{
    return EnvFile::write(format(), {{name, Secret(value)}});
}

} // namespace

void VsCodeTest::writesWhatAllReadAlike_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char *name, const QByteArray &value, const QByteArray &line) {
        QTest::newRow(name) << value << line;
    };
    row("a secret of Entra ID", "abc8Q~d.e_f-1", "A='abc8Q~d.e_f-1'\n");
    row("nothing", "", "A=''\n");
    row("blanks at both ends", " a ", "A=' a '\n");
    row("a hash", "a #b", "A='a #b'\n");
    row("an apostrophe", "it's", "A=\"it's\"\n");
    row("double quotes", "a \"b\" c", "A='a \"b\" c'\n");
    row("a dollar sign", "$a$$", "A='$a$$'\n");
    row("an open brace", "${a", "A='${a'\n");
    row("a backslash", "C:\\keys\\a.pem", "A='C:\\keys\\a.pem'\n");
    row("both quotes", "a'b\"c", "A=a'b\"c\n");
    row("lines", "one\ntwo", "A=\"one\\ntwo\"\n");
    row("beyond ASCII", "\xC3\xA9\xF0\x9F\x94\x91", "A='\xC3\xA9\xF0\x9F\x94\x91'\n");
}

void VsCodeTest::writesWhatAllReadAlike()
{
    QFETCH(QByteArray, value);
    const auto text = written(value);
    QVERIFY2(text, qPrintable(text ? QString() : text.error().message));
    QTEST(text->reveal().toByteArray(), "line");
}

void VsCodeTest::refusesWhatTheyReadDifferently_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("${…}, which Python's replaces") << QByteArray("a${b}c");
    QTest::newRow("\\$, which Python's takes for $") << QByteArray("a\\$b");
    QTest::newRow("\\n, which Python's takes for a line feed in either quote")
        << QByteArray(" a\\nb ");
    QTest::newRow("a carriage return, which only dotenv knows") << QByteArray("a\rb");
    QTest::newRow("a line separator, where the others' line ends") << QByteArray("a\xE2\x80\xA8"
                                                                                 "b");
    QTest::newRow("a line feed and double quotes") << QByteArray("\"a\"\nb");
    QTest::newRow("both quotes and a hash") << QByteArray("'a\" #b");
    QTest::newRow("no text") << QByteArray("a\xFF");
}

void VsCodeTest::refusesWhatTheyReadDifferently()
{
    QFETCH(QByteArray, value);
    const auto text = written(value);
    QVERIFY2(!text, text ? text->reveal().toByteArray().constData() : "");
    QCOMPARE(text.error().kind, Core::Error::Kind::Unsupported);
    QVERIFY(!text.error().nextStep.isEmpty());
}

void VsCodeTest::saysWhoReadsAForeignFileDifferently_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("who"); // empty: all read it alike
    QTest::newRow("plain") << QByteArray("A=x\r\n") << QString();
    QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                     "A=x\n")
                                       << QString();
    QTest::newRow("a hash in a bare value") << QByteArray("A=x#y\n") << u"Python, C/C++, C#"_s;
    QTest::newRow("export") << QByteArray("export A=x\n") << u"Python, C/C++, C#"_s;
    QTest::newRow("one quote") << QByteArray("A=x'\n") << u"C/C++, C#"_s;
    QTest::newRow("expansion") << QByteArray("A='${B}'\n") << u"Python"_s;
    QTest::newRow("lines in quotes") << QByteArray("A=\"x\ny\"\n") << u"Python, C/C++, C#"_s;
}

void VsCodeTest::saysWhoReadsAForeignFileDifferently()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, who);
    const EnvFile::Reading reading = EnvFile::readVsCode(text);
    const EnvFile::ReadVariable *read = reading.find("A");
    QVERIFY(read);
    QCOMPARE(read->certain, who.isEmpty());
    QString said;
    for (const EnvFile::Remark &remark : reading.remarks)
        said += remark.text;
    QVERIFY2(who.isEmpty() || said.contains(u'(' + who + u')'), qPrintable(said));
}

void VsCodeTest::takesNamesThatAllTake_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("taken");
    QTest::newRow("Azure's") << QByteArray("AZURE_CLIENT_SECRET") << true;
    QTest::newRow("small") << QByteArray("a9_") << true;
    QTest::newRow("an underscore first") << QByteArray("_A") << false;
    QTest::newRow("a dash") << QByteArray("A-B") << false;
    QTest::newRow("what Python's keeps") << QByteArray("PYTHONPATH") << false;
}

void VsCodeTest::takesNamesThatAllTake()
{
    QFETCH(QByteArray, name);
    const auto text = written("x", name);
    QTEST(bool(text), "taken");
    QVERIFY(text || text.error().kind == Core::Error::Kind::InvalidInput);
}

void VsCodeTest::isFoundUnderItsNames()
{
    for (const QString &id : {u"vscode"_s, u"vs-code"_s, u"vscode-envfile"_s})
        QCOMPARE(EnvFile::findFormat(id), &format());
}

QTEST_GUILESS_MAIN(VsCodeTest)
#include "tst_vscode.moc"
