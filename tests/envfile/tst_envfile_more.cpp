#include "corpus.h"
#include "envfile/format.h"
#include "support/recordings.h"
#include "variants.h"

#include <QMap>
#include <QTest>
#include <optional>

using namespace Qt::StringLiterals;
using Core::Secret;
using EnvFile::Format;

/// The files read back by our own reader of each grammar. That these readers tell the truth is
/// shown against the real consumers, by the test envfile.consumers.
class ReadBackTest : public QObject
{
    Q_OBJECT
private slots:
    void readsTheCorpusBack_data();
    void readsTheCorpusBack();
    void readsEveryKindOfCredentialBack_data();
    void readsEveryKindOfCredentialBack();
    void neverQuotesACorpusValueInARefusal();
    void masksEveryCorpusValue();
    void keepsItsLimitToTheByte_data();
    void keepsItsLimitToTheByte();
    void writesNothingWhenOneVariableIsRefused();
    void findsFormatsByTheirExactNameOnly();
    void quotesThePathInItsUsage();
};

namespace {

using Read = QMap<QByteArray, QByteArray>;

/// What our reader of the format's grammar makes of what our writer made; nothing where it is
/// refused or uncertain.
std::optional<Read> readFile(const Format &format, QByteArrayView text)
{
    const EnvFile::Reading reading = format.read(text);
    if (!reading.refusal.isEmpty())
        return std::nullopt;
    Read read;
    for (const EnvFile::ReadVariable &one : reading.variables) {
        if (!one.certain)
            return std::nullopt;
        read.insert(one.name, one.value.reveal().toByteArray());
    }
    return read;
}

std::optional<Read> readBack(const Format &format, const EnvFile::Variables &written)
{
    if (format.shape == Format::Shape::File)
        return readFile(format, written.value(0).second.reveal());
    Read read;
    for (const auto &[name, content] : written) {
        const auto one = readFile(format, content.reveal());
        if (!one || one->size() != 1)
            return std::nullopt;
        read.insert(name, one->first());
    }
    return read;
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
    for (const Format &format : EnvFile::formats())
        QTest::newRow(qPrintable(format.id)) << format.id;
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
    const Format &format = *EnvFile::findFormat(id);
    int count = 0;
    for (const CorpusCase &one : corpus(Test::sharedFolder())) {
        const auto files = written(format, around(one.value));
        if (!files)
            continue;
        const auto read = readBack(format, *files);
        QVERIFY2(read && *read == expected(one.value), qPrintable(one.name));
        ++count;
    }
    QVERIFY(count > 90);
}

void ReadBackTest::readsEveryKindOfCredentialBack_data()
{
    addFormats();
}

void ReadBackTest::readsEveryKindOfCredentialBack()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    for (const Test::Variant &one : Test::variants()) {
        Read wanted;
        for (const auto &[name, value] : one.variables)
            wanted.insert(name, value.reveal().toByteArray());
        QCOMPARE(wanted.contains("AZURE_CLIENT_SECRET"), one.name.startsWith(u"variant-secret"));
        QCOMPARE(wanted.contains("AZURE_AUTHORITY_HOST"),
                 one.name.contains(u"china") || one.name.contains(u"passphrase") ||
                     one.name.contains(u"federated"));
        const auto files = written(format, one.variables);
        if (id == u"vscode-envfile" && one.name == u"variant-certificate") {
            QVERIFY(!files && files.error().message.startsWith(u"AZURE_CLIENT_CERTIFICATE_PATH"));
            continue; // its path has a “\$”, which Python's extension takes for “$”
        }
        QVERIFY2(files, qPrintable(one.name));
        const auto read = readBack(format, *files);
        QVERIFY2(read && *read == wanted, qPrintable(one.name));
    }
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

void ReadBackTest::keepsItsLimitToTheByte_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("most");
    const QMap<QString, int> own{{u"systemd-credential"_s, 1024 * 1024},
                                 {u"powershell"_s, 32'767},
                                 {u"cmd"_s, 8191 - int(qstrlen("set \"A=\""))},
                                 {u"docker-env-file"_s, 65'535 - int(qstrlen("A="))},
                                 {u"k8s-from-env-file"_s, 65'535 - int(qstrlen("A="))},
                                 {u"k8s-secret"_s, 1024 * 1024 - 1},
                                 {u"gh-dotenv"_s, 48 * 1024},
                                 {u"s6-envdir"_s, 4094},
                                 {u"crontab"_s, 998 - int(qstrlen("A=\"\""))}};
    for (const Format &format : EnvFile::formats())
        QTest::newRow(qPrintable(format.id))
            << format.id << own.value(format.id, 131'071 - int(qstrlen("A=")));
}

void ReadBackTest::keepsItsLimitToTheByte()
{
    QFETCH(QString, id);
    const Format &format = *EnvFile::findFormat(id);
    QFETCH(int, most);
    QVERIFY(written(format, {{"A", Secret(QByteArray(most, 'x'))}}));
    QVERIFY(!written(format, {{"A", Secret(QByteArray(most + 1, 'x'))}}));
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
