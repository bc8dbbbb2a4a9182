#include "corpus.h"
#include "envfile/format.h"
#include "support/recordings.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

class FormatsTest : public QObject
{
    Q_OBJECT
private slots:
    void decidesAsTheTable_data();
    void decidesAsTheTable();
    void writesPlainValuesAsPeopleExpect_data();
    void writesPlainValuesAsPeopleExpect();
    void neverQuotesAValueInARefusal();
    void refusesBadNames_data();
    void refusesBadNames();
    void masksThePreview();
};

namespace {

EnvFile::Variables secretVariable(const QByteArray &value)
{
    return {{"AZURE_CLIENT_SECRET", Secret(value)}};
}

Core::Result<EnvFile::Variables> written(const Format &format, const EnvFile::Variables &variables)
{
    if (format.shape == Format::Shape::Folder)
        return EnvFile::writeFolder(format, variables);
    const auto text = EnvFile::write(format, variables);
    return text ? Core::Result<EnvFile::Variables>(EnvFile::Variables{{"", *text}}) : text.error();
}

} // namespace

void FormatsTest::decidesAsTheTable_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("wanted");
    if (Test::sharedFolder().isEmpty())
        return;
    const QJsonObject table = readJson(Test::sharedFolder() + u"/envfile/formats.json"_s)[u"formats"].toObject();
    for (const Format &format : EnvFile::formats()) {
        if (format.id == u"vscode-envfile") // the table has none: see tst_vscode
            continue;
        const QJsonObject row = table[format.id].toObject();
        QVERIFY2(!row.isEmpty(), "every format of the program is one of the table");
        for (const CorpusCase &one : corpus(Test::sharedFolder())) {
            const QString wanted = row[u"refuse"].toObject().contains(one.name) ? u"refuse"_s
                : row[u"either"].toObject().contains(one.name)                 ? u"either"_s
                                                                               : u"write"_s;
            QTest::addRow("%s %s", qPrintable(format.id), qPrintable(one.name)) << format.id << one.value << wanted;
        }
    }
}

void FormatsTest::decidesAsTheTable()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, format);
    QFETCH(QByteArray, value);
    QFETCH(QString, wanted);
    const auto text = written(*EnvFile::findFormat(format), secretVariable(value));
    if (wanted == u"write")
        QVERIFY(text);
    else if (wanted == u"refuse")
        QVERIFY(!text);
    if (!text) {
        QCOMPARE(text.error().kind, Core::Error::Kind::Unsupported);
        QVERIFY(!text.error().nextStep.isEmpty());
    }
}

void FormatsTest::writesPlainValuesAsPeopleExpect_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("systemd") << u"systemd-envfile"_s << QByteArray("a~b.C_d-1") << QByteArray("AZURE_CLIENT_SECRET=\"a~b.C_d-1\"\n");
    QTest::newRow("systemd quotes") << u"systemd-envfile"_s << QByteArray("a\"b$c\\d`") << QByteArray("AZURE_CLIENT_SECRET=\"a\\\"b\\$c\\\\d\\`\"\n");
    QTest::newRow("shell quote") << u"shell"_s << QByteArray("it's $x") << QByteArray("export AZURE_CLIENT_SECRET='it'\\''s $x'\n");
    QTest::newRow("dotenv quote") << u"python-dotenv"_s << QByteArray("it's") << QByteArray("AZURE_CLIENT_SECRET='it\\'s'\n");
    QTest::newRow("dotenv trailing backslash") << u"python-dotenv"_s << QByteArray("a\\") << QByteArray("AZURE_CLIENT_SECRET=a\\\n");
    QTest::newRow("dotenv carriage return") << u"python-dotenv"_s << QByteArray("a\rb") << QByteArray("AZURE_CLIENT_SECRET=\"a\\rb\"\n");
}

void FormatsTest::writesPlainValuesAsPeopleExpect()
{
    QFETCH(QString, format);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, line);
    QCOMPARE(EnvFile::write(*EnvFile::findFormat(format), secretVariable(value))->reveal().toByteArray(), line);
}

void FormatsTest::neverQuotesAValueInARefusal()
{
    for (const Format &format : EnvFile::formats()) {
        for (const QByteArray &value : {QByteArray("mark3r\0x", 8), QByteArray("mark3r\xFFx"), QByteArray("mark3r${x}"), QByteArray(200'000, 'm')}) {
            const auto text = written(format, secretVariable(value));
            if (!text)
                QVERIFY(!Core::describe(text.error()).contains(u"mark3r"_s) && text.error().message.size() < 300);
        }
    }
}

void FormatsTest::refusesBadNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a zero byte") << QByteArray("A\0B", 3);
    QTest::newRow("a line feed that would inject a line") << QByteArray("A\nAZURE_AUTHORITY_HOST");
    QTest::newRow("an equals sign") << QByteArray("A=B");
    QTest::newRow("a blank") << QByteArray("A B");
}

void FormatsTest::refusesBadNames()
{
    QFETCH(QByteArray, name);
    for (const Format &format : EnvFile::formats()) {
        const auto text = written(format, {{name, Secret("x")}});
        QVERIFY(!text);
        QCOMPARE(text.error().kind, Core::Error::Kind::InvalidInput);
    }
}

void FormatsTest::masksThePreview()
{
    for (const Format &format : EnvFile::formats()) {
        const EnvFile::Variables variables{{"AZURE_CLIENT_ID", Secret("visible-id")}, {"AZURE_CLIENT_SECRET", Secret("s3cr3t")}};
        const auto text = EnvFile::preview(format, variables, {"AZURE_CLIENT_SECRET"});
        QVERIFY(text);
        QVERIFY(text->contains("visible-id") || text->contains(QByteArray("visible-id").toBase64()));
        QVERIFY(!text->contains("s3cr3t"));
        QCOMPARE(bool(EnvFile::preview(format, secretVariable(QByteArray("a\0b", 3)), {"AZURE_CLIENT_SECRET"})), format.holdsAnyBytes);
    }
}

QTEST_GUILESS_MAIN(FormatsTest)
#include "tst_formats.moc"
