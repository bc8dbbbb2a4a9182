#include "core/commandtext.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Command;

namespace {

// What a shell, az or a reader might give a meaning to.
const QStringList pieces{u"a"_s,    u"it's"_s, u"\""_s,   u"\\"_s,   u"$(touch marker)"_s, u"`touch marker`"_s, u";touch marker;"_s,
                         u"&"_s,    u"|"_s,    u"<"_s,    u">"_s,    u"'"_s,               u"''"_s,             u"\\'"_s,
                         u"!"_s,    u"!!"_s,   u"*"_s,    u"?"_s,    u"[a-z]"_s,           u"{a,b}"_s,          u"~"_s,
                         u"~root"_s, u"#"_s,   u" "_s,    u"  "_s,   u"="_s,               u"=ls"_s,            u"%1"_s,
                         u"^a^b"_s, u"$IFS"_s, u"${x}"_s, u"-n"_s,   u"--"_s,              u"@"_s,              u"é"_s,
                         u"😀"_s,   u"“"_s,    u"’"_s,    u"$'x'"_s, u"\\n"_s,             u"&& touch marker"_s, u"|| touch marker"_s,
                         u"(touch marker)"_s,  u"%s"_s,   u"\\c"_s,  u"$$"_s,              u"\u00a0"_s};

QStringList nastyWords(int count)
{
    QRandomGenerator random(20261201);
    QStringList words = pieces;
    words.append(QString());
    while (words.size() < count) {
        QString word;
        for (int i = random.bounded(1, 7); i > 0; --i)
            word += pieces[random.bounded(int(pieces.size()))];
        words.append(word);
    }
    return words;
}

struct Ran
{
    QByteArray out, errors;
    QStringList left; ///< the files that were made
};

Ran paste(const QStringList &shell, const QString &line, const QString &path = {})
{
    const QTemporaryDir folder;
    QProcess process;
    process.setWorkingDirectory(folder.path());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    if (!path.isEmpty())
        environment.insert(u"PATH"_s, path + u':' + environment.value(u"PATH"_s));
    process.setProcessEnvironment(environment);
    process.start(shell.first(), shell.mid(1));
    process.write(line.toUtf8() + '\n');
    process.closeWriteChannel();
    process.waitForFinished(-1);
    return {process.readAllStandardOutput(), process.readAllStandardError(), QDir(folder.path()).entryList(QDir::Files | QDir::Hidden)};
}

} // namespace

class CommandTextTest : public QObject
{
    Q_OBJECT
private slots:
    void aShellGivesTheWordsBack_data();
    void aShellGivesTheWordsBack();
    void leavesSimpleWordsAlone();
    void quotesForPowerShell_data();
    void quotesForPowerShell();
    void quotesForTheOthers();
    void refusesWhatCannotBeSeen_data();
    void refusesWhatCannotBeSeen();
    void azTakesEachOptionAsItIs_data();
    void azTakesEachOptionAsItIs();
    void azReadsNoFile();
    void aRefusalRunsNothing();
    void keepsCurlsOwnSyntaxOut();
};

void CommandTextTest::aShellGivesTheWordsBack_data()
{
    QTest::addColumn<QStringList>("shell");
    QTest::newRow("dash") << QStringList{u"dash"_s};
    QTest::newRow("bash") << QStringList{u"bash"_s, u"--norc"_s};
    QTest::newRow("bash with history expansion") << QStringList{u"bash"_s, u"--norc"_s, u"-H"_s, u"-o"_s, u"history"_s};
    QTest::newRow("busybox sh") << QStringList{u"busybox"_s, u"sh"_s};
    QTest::newRow("zsh") << QStringList{u"zsh"_s, u"-f"_s};
    QTest::newRow("zsh with its own quoting") << QStringList{u"zsh"_s, u"-f"_s, u"-o"_s, u"rcquotes"_s, u"-o"_s, u"extendedglob"_s};
    QTest::newRow("mksh") << QStringList{u"mksh"_s};
}

void CommandTextTest::aShellGivesTheWordsBack()
{
    QFETCH(QStringList, shell);
    QVERIFY2(!QStandardPaths::findExecutable(shell.first()).isEmpty(), qPrintable(shell.first()));
    const QStringList words = nastyWords(600);
    QStringList script;
    QByteArray expected;
    for (const QString &word : words) {
        const auto quoted = Core::posixWord(word);
        QVERIFY(quoted);
        script.append(u"printf '%s\\0' "_s + *quoted);
        expected += word.toUtf8() + '\0';
    }
    const Ran ran = paste(shell, script.join(u'\n'));
    QCOMPARE(ran.out, expected);
    QCOMPARE(ran.left, QStringList());
}

void CommandTextTest::leavesSimpleWordsAlone()
{
    for (const QString &word : {u"Reader"_s, u"/subscriptions/1-2/resourceGroups/a_b"_s, u"https://a.example:8080/x"_s, u"a=b"_s, u"2.0"_s})
        QCOMPARE(Core::posixWord(word), word);
    QCOMPARE(Core::posixWord(u"=ls"_s), u"'=ls'"_s);
    QCOMPARE(Core::posixWord(QString()), u"''"_s);
    QCOMPARE(Core::posixWord(u"~"_s), u"'~'"_s);
    // fish takes \' inside of single quotes for a quote.
    QCOMPARE(Core::posixWord(u"\\'"_s), u"''\"\\\\\"''\\'''"_s);
}

void CommandTextTest::quotesForPowerShell_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("plain") << u"a"_s << u"'a'"_s;
    QTest::newRow("quote") << u"it's"_s << u"'it''s'"_s;
    QTest::newRow("typographic quotes") << u"\u2018\u2019\u201a\u201b"_s << u"'\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'"_s;
    QTest::newRow("expression") << u"$(Get-Date)`n;\"x\""_s << u"'$(Get-Date)`n;\"x\"'"_s;
}

void CommandTextTest::quotesForPowerShell()
{
    QFETCH(QString, value);
    QTEST(Core::powerShellWord(value).value_or(QString()), "quoted");
}

void CommandTextTest::quotesForTheOthers()
{
    QCOMPARE(Core::batchWord(u"C:\\a b\\100%&x"_s), u"\"C:\\a b\\100%%&x\""_s);
    QVERIFY(!Core::batchWord(u"a\"&calc"_s));
    QVERIFY(!Core::batchWord(u"a!b"_s));
    QCOMPARE(Core::systemdWord(u"/a b%h"_s), u"/a b%%h"_s);
    QVERIFY(!Core::systemdWord(u"/a\\"_s));
    QCOMPARE(Core::stringLiteral(u"a\"b\\c"_s), u"\"a\\\"b\\\\c\""_s);
}

void CommandTextTest::refusesWhatCannotBeSeen_data()
{
    QTest::addColumn<QString>("value");
    for (const char32_t code : {0x0Au, 0x0Du, 0x09u, 0x00u, 0x1Bu, 0x7Fu, 0x85u, 0x9Bu, 0x061Cu, 0x200Bu, 0x200Eu, 0x2028u, 0x2029u, 0x202Eu,
                                0x2060u, 0x2066u, 0xFEFFu, 0xFFFDu, 0xE0041u})
        QTest::addRow("U+%04X", uint(code)) << u"a%1b"_s.arg(code < 0x10000 ? QString(QChar(char16_t(code))) : QString::fromUcs4(&code, 1));
    QTest::newRow("a lone surrogate") << u"a"_s + QChar(0xD800) + u"b"_s;
}

void CommandTextTest::refusesWhatCannotBeSeen()
{
    QFETCH(QString, value);
    QVERIFY(!Core::posixWord(value));
    QVERIFY(!Core::powerShellWord(value));
    QVERIFY(!Core::batchWord(value));
    QVERIFY(!Core::systemdWord(value));
    QVERIFY(!Core::stringLiteral(value));
    Command command{u"az", u"role"};
    command.option(u"--role", value);
    QVERIFY(!command.refusal().isEmpty());
    QVERIFY(command.text().startsWith(u"# No command is shown"));
}

void CommandTextTest::azTakesEachOptionAsItIs_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("shown");
    QTest::newRow("word") << u"Reader"_s << u"az x --role Reader"_s;
    QTest::newRow("hyphen") << u"-x"_s << u"az x --role=-x"_s;
    QTest::newRow("hyphen and blank") << u"--a b"_s << u"az x '--role=--a b'"_s;
    QTest::newRow("an @ behind =") << u"a=@/etc/passwd"_s << u"az x --role=a=@/etc/passwd"_s;
    QTest::newRow("an @ inside") << u"a@b"_s << u"az x --role a@b"_s;
}

void CommandTextTest::azTakesEachOptionAsItIs()
{
    QFETCH(QString, value);
    QTEST((Command{u"az", u"x"}.option(u"--role", value).text()), "shown");
}

// The expansion of Debian's azure-cli 2.45 itself.
void CommandTextTest::azReadsNoFile()
{
    QTemporaryDir folder;
    const QString secret = folder.filePath(u"secret"_s);
    QFile file(secret);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("READ");
    file.close();
    QFile az(folder.filePath(u"az"_s));
    QVERIFY(az.open(QIODevice::WriteOnly));
    az.write("#!/usr/bin/python3\nimport sys\nfrom azure.cli.core.commands import _expand_file_prefixed_files as f\n"
             "import argparse\np = argparse.ArgumentParser(prog='az')\np.add_argument('--role', nargs='+')\n"
             "print('ROLE', p.parse_args(f(sys.argv[1:])).role)\n");
    az.close();
    QVERIFY(az.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup));
    for (const QString &value : {u"a"_s, u"-x"_s, u"a=@"_s + secret, u"-a=@"_s + secret, u"=@"_s + secret, u"@"_s + secret, u"@-"_s, u"it's"_s}) {
        const QString line = Command{u"az"}.option(u"--role", value).text();
        const Ran ran = paste({u"sh"_s}, line, folder.path());
        QVERIFY2(!ran.out.contains("READ"), qPrintable(line));
        if (value.startsWith(u'@'))
            QCOMPARE(ran.out, QByteArray());
        else
            QVERIFY2(ran.out.contains(value == u"it's" ? "[\"it's\"]" : "['" + value.toUtf8() + "']"),
                     qPrintable(line + u'\n' + QString::fromUtf8(ran.out + ran.errors)));
    }
}

// zsh has no comments on its command line: the sentence must be harmless as a command too.
void CommandTextTest::aRefusalRunsNothing()
{
    for (const Command &command : {Command{u"az"}.option(u"--a", u"@x"_s), Command{u"az"}.option(u"--a", u"x\n;touch marker"_s),
                                   Command{u"rolescope-cli"}.argument(u"-x"_s)}) {
        static const QRegularExpression words(u"\\A# [A-Za-z ]+\\z"_s);
        QVERIFY2(words.match(command.text()).hasMatch(), qPrintable(command.text()));
    }
    QCOMPARE(Command{u"rolescope-cli"}.file(u"-x"_s).text(), u"rolescope-cli ./-x"_s);
}

void CommandTextTest::keepsCurlsOwnSyntaxOut()
{
    QCOMPARE(Command{u"curl"}.option(u"-H", u"a: b=@c"_s).text(), u"curl -H 'a: b=@c'"_s);
    QVERIFY(!Command{u"curl"}.option(u"-H", u"@/etc/passwd"_s).refusal().isEmpty());
}

QTEST_GUILESS_MAIN(CommandTextTest)
#include "tst_commandtext.moc"
