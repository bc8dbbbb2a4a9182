#include "support/recordings.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/// The built program as a script sees it: arguments, exit code, stdout, stderr. No keychain and no
/// network are needed here.
class CliProcessTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void tellsItsVersion();
    void helpsOnEveryCommand_data();
    void helpsOnEveryCommand();
    void takesWrongUseAsWrongUse_data();
    void takesWrongUseAsWrongUse();
    void neverQuotesAnUnexpectedArgument();
    void failsWhenItsOutputDoesNotArrive();
    void keepsOutputOutOfOtherDescriptors();
    void endsOnSignalsWhileItWaitsForTheSecret();
    void waitsForTheWholeOfStandardInput();
    void explainsCodesAsTheDocumentSays();
    void isUndecidedAboutAnUnknownCode();
    void explainsEveryRecordedFailure_data();
    void explainsEveryRecordedFailure();
    void tellsAFirewallFromAMissingRole();
    void simulatesByItsExitCode_data();
    void simulatesByItsExitCode();
    void namesTheFileThatCannotBeSimulated();
    void keepsTheTerminalSafe();
    void refusesBadPastes_data();
    void refusesBadPastes();
    void refusesBadFields_data();
    void refusesBadFields();
    void refusesMoreThanASecretOnStandardInput();
    void refusesBadCloudFiles_data();
    void refusesBadCloudFiles();
    void namesUnknownPrincipals_data();
    void namesUnknownPrincipals();
    void listsNothingAndWritesNothing();
    void leavesADamagedIndexAlone();

private:
    struct Outcome
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
        QJsonObject error() const
        {
            return QJsonDocument::fromJson(out).object()[u"error"].toObject();
        }
    };
    Outcome run(const QStringList &arguments, const QByteArray &input = {}) const;
    QString file(const QString &name, const QByteArray &bytes) const;
    QString config() const { return m_folder->filePath(u"config"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QString clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;

QByteArray joined(const Http::Headers &headers)
{
    QByteArray lines;
    for (const auto &[name, value] : headers)
        lines += name + ": " + value + "\r\n";
    return lines;
}

} // namespace

void CliProcessTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

CliProcessTest::Outcome CliProcessTest::run(const QStringList &arguments,
                                            const QByteArray &input) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"ROLESCOPE_CONFIG_DIR"_s, config());
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s,
                       u"unix:path="_s + m_folder->filePath(u"no-bus"_s));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(ROLESCOPE_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString CliProcessTest::file(const QString &name, const QByteArray &bytes) const
{
    const QString path = m_folder->filePath(name);
    QFile target(path);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return path;
}

void CliProcessTest::tellsItsVersion()
{
    const Outcome outcome = run({u"--version"_s});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.out.startsWith("rolescope-cli "));
    QVERIFY(outcome.err.isEmpty());
}

void CliProcessTest::helpsOnEveryCommand_data()
{
    QTest::addColumn<QStringList>("command");
    for (const char *words : {"", "principal", "principal add", "principal list", "principal show",
                              "principal remove", "principal rename", "principal repair", "token",
                              "containers", "blobs", "check", "export", "exec", "explain", "simulate", "snippet"})
        QTest::newRow(*words ? words : "the program")
            << QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
}

void CliProcessTest::helpsOnEveryCommand()
{
    QFETCH(QStringList, command);
    const Outcome outcome = run(command + QStringList{u"--help"_s});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.out.contains("--help"));
}

void CliProcessTest::takesWrongUseAsWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList{};
    QTest::newRow("unknown command") << QStringList{u"frobnicate"_s};
    QTest::newRow("principal without a command") << QStringList{u"principal"_s};
    QTest::newRow("show without a name") << QStringList{u"principal"_s, u"show"_s};
    QTest::newRow("rename to nothing") << QStringList{u"principal"_s, u"rename"_s, u"a"_s};
    QTest::newRow("add without a credential")
        << QStringList{u"principal"_s, u"add"_s, u"--name"_s, u"a"_s};
    QTest::newRow("add without a name")
        << QStringList{u"principal"_s, u"add"_s, u"--from"_s, u"-"_s};
    QTest::newRow("add with half the fields")
        << QStringList{u"principal"_s, u"add"_s,         u"--name"_s,        u"a"_s,
                       u"--tenant"_s,  u"contoso.com"_s, u"--secret-stdin"_s};
    QTest::newRow("add from two places") << QStringList{
        u"principal"_s, u"add"_s,         u"--name"_s,      u"a"_s,   u"--from"_s,        u"-"_s,
        u"--tenant"_s,  u"contoso.com"_s, u"--client-id"_s, clientId, u"--secret-stdin"_s};
    QTest::newRow("add with two credentials")
        << QStringList{u"principal"_s,      u"add"_s,           u"--name"_s,      u"a"_s,
                       u"--tenant"_s,       u"contoso.com"_s,   u"--client-id"_s, clientId,
                       u"--secret-stdin"_s, u"--certificate"_s, u"c.pem"_s};
    QTest::newRow("containers without an account") << QStringList{u"containers"_s, u"a"_s};
    QTest::newRow("blobs without a container")
        << QStringList{u"blobs"_s, u"a"_s, u"--account"_s, u"acct"_s};
    QTest::newRow("blobs of no container")
        << QStringList{u"blobs"_s, u"a"_s, u"--account"_s, u"acct"_s, u"--container"_s, QString()};
    for (const QString &name : {u"../x"_s, u"invoices/x"_s, u"a?b=c"_s, u"Invoices"_s, u"ab"_s,
                                u"a--b"_s, u"-ab"_s, u"abc\n"_s}) {
        QTest::addRow("check of container %s", qPrintable(name))
            << QStringList{u"check"_s, u"a"_s, u"--account"_s, u"acct"_s, u"--container"_s, name};
        QTest::addRow("blobs of container %s", qPrintable(name))
            << QStringList{u"blobs"_s, u"a"_s, u"--account"_s, u"acct"_s, u"--container"_s, name};
    }
    QTest::newRow("export to a file without a name")
        << QStringList{u"export"_s, u"a"_s, u"--format"_s, u"shell"_s, u"--output"_s, QString()};
    QTest::newRow("a limit of nothing")
        << QStringList{u"blobs"_s,       u"a"_s,   u"--account"_s, u"acct"_s,
                       u"--container"_s, u"ccc"_s, u"--limit"_s,   u"0"_s};
    QTest::newRow("a limit in words")
        << QStringList{u"blobs"_s,       u"a"_s,   u"--account"_s, u"acct"_s,
                       u"--container"_s, u"ccc"_s, u"--limit"_s,   u"ten"_s};
    QTest::newRow("a report format that is not there")
        << QStringList{u"check"_s, u"a"_s, u"--account"_s, u"acct"_s, u"--format"_s, u"docx"_s};
    QTest::newRow("export without a format") << QStringList{u"export"_s, u"a"_s};
    QTest::newRow("export in an unknown format")
        << QStringList{u"export"_s, u"a"_s, u"--format"_s, u"toml"_s};
    QTest::newRow("explain nothing") << QStringList{u"explain"_s};
    QTest::newRow("explain a code and a status")
        << QStringList{u"explain"_s, u"AADSTS7000215"_s, u"--status"_s, u"403"_s};
    QTest::newRow("explain a body without a status")
        << QStringList{u"explain"_s, u"--body"_s, u"-"_s};
    QTest::newRow("explain a status that is none")
        << QStringList{u"explain"_s, u"--status"_s, u"42"_s};
    QTest::newRow("repair in a way that is none")
        << QStringList{u"principal"_s, u"repair"_s, u"burn"_s};
}

void CliProcessTest::takesWrongUseAsWrongUse()
{
    QFETCH(QStringList, arguments);
    const Outcome plain = run(arguments);
    QCOMPARE(plain.code, 2);
    QVERIFY(plain.out.isEmpty());
    QVERIFY(plain.err.startsWith("error: ") && plain.err.contains("--help"));
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::neverQuotesAnUnexpectedArgument()
{
    for (const QStringList &secret :
         {QStringList{u"--secret"_s, u"mark3r"_s}, QStringList{u"--password=mark3r"_s}}) {
        const Outcome outcome = run(QStringList{u"principal"_s, u"add"_s, u"--name"_s, u"x"_s,
                                                u"--from"_s, u"-"_s, u"--json"_s} +
                                    secret);
        QCOMPARE(outcome.code, 2);
        QVERIFY(!outcome.out.contains("mark3r") && !outcome.err.contains("mark3r"));
        QVERIFY(outcome.err.contains(secret.first().section(u'=', 0, 0).toUtf8()));
    }
}

void CliProcessTest::failsWhenItsOutputDoesNotArrive()
{
    QProcess process;
    process.setStandardOutputFile(u"/dev/full"_s);
    process.start(QStringLiteral(ROLESCOPE_CLI), {u"explain"_s, u"AADSTS7000215"_s});
    QVERIFY(process.waitForFinished(30'000));
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(process.readAllStandardError().contains("could not be written"));
}

void CliProcessTest::keepsOutputOutOfOtherDescriptors()
{
    QProcess process;
    process.start(u"sh"_s, {u"-c"_s, u"exec \"$0\" explain AADSTS7000215 <&- >&-"_s,
                            QStringLiteral(ROLESCOPE_CLI)});
    QVERIFY(process.waitForFinished(30'000));
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(process.readAllStandardError().contains("could not be written"));
}

void CliProcessTest::endsOnSignalsWhileItWaitsForTheSecret()
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"ROLESCOPE_CONFIG_DIR"_s, config());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(ROLESCOPE_CLI),
                  {u"principal"_s, u"add"_s, u"--name"_s, u"x"_s, u"--tenant"_s, u"contoso.com"_s,
                   u"--client-id"_s, clientId, u"--secret-stdin"_s});
    QVERIFY(process.waitForStarted());
    QTest::qWait(300);
    QCOMPARE(process.state(), QProcess::Running);
    process.terminate();
    QVERIFY(process.waitForFinished(2000));
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::waitsForTheWholeOfStandardInput()
{
    QProcess process;
    process.start(QStringLiteral(ROLESCOPE_CLI), {u"convert"_s, u"--from"_s, u"systemd-envfile"_s, u"--to"_s, u"shell"_s, u"--output"_s,
                                                  m_folder->filePath(u"whole"_s), u"-"_s});
    QVERIFY(process.waitForStarted());
    for (const char *piece : {"A=first\n", "B=sec", "ond\n"}) {
        process.write(piece);
        QVERIFY(process.waitForBytesWritten());
        QTest::qWait(150); // as a slow program does
    }
    QCOMPARE(process.state(), QProcess::Running);
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QFile written(m_folder->filePath(u"whole"_s));
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll(), QByteArray("export A='first'\nexport B='second'\n"));
}

void CliProcessTest::explainsCodesAsTheDocumentSays()
{
    const QByteArray plain = run({u"explain"_s, u"aadsts7000222"_s}).out;
    QVERIFY(plain.contains("AADSTS7000222 (entra)"));
    for (const QString &code :
         {u"AADSTS7000222"_s, u"7000222"_s, u"AuthorizationPermissionMismatch"_s,
          u"AuthorizationFailed"_s, u"invalid_client"_s}) {
        const Outcome outcome = run({u"explain"_s, code, u"--json"_s});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.err.isEmpty());
        const QJsonObject remedy = QJsonDocument::fromJson(outcome.out).object();
        QCOMPARE(remedy.keys(), (QStringList{u"cause"_s, u"code"_s, u"meaning"_s, u"nextStep"_s,
                                             u"service"_s, u"transient"_s}));
        QVERIFY(remedy[u"code"].toString().endsWith(code, Qt::CaseInsensitive));
        QVERIFY(remedy[u"transient"].isBool());
        for (const QString &key : {u"service"_s, u"meaning"_s, u"cause"_s, u"nextStep"_s})
            QVERIFY2(!remedy[key].toString().isEmpty(), qPrintable(code + u' ' + key));
    }
}

void CliProcessTest::isUndecidedAboutAnUnknownCode()
{
    const Outcome outcome = run({u"explain"_s, u"NoSuchCode"_s, u"--json"_s});
    QCOMPARE(outcome.code, 4);
    const QJsonObject error = outcome.error();
    QCOMPARE(error.keys(), (QStringList{u"cause"_s, u"code"_s, u"kind"_s, u"message"_s,
                                        u"nextStep"_s, u"requestId"_s}));
    QCOMPARE(error[u"kind"].toString(), u"notFound"_s);
    QVERIFY(error[u"requestId"].isNull());
    QVERIFY(run({u"explain"_s, u"NoSuchCode"_s}).out.isEmpty());
}

void CliProcessTest::explainsEveryRecordedFailure_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("name");
    if (Test::sharedFolder().isEmpty())
        return;
    for (const QString &group : {u"entra-token"_s, u"blob"_s, u"arm"_s, u"graph"_s}) {
        const QStringList names = Test::recordingNames(group);
        for (const QString &name : names) {
            if (Test::recording(group, name).constLast().response.status >= 400)
                QTest::addRow("%s %s", qPrintable(group), qPrintable(name)) << group << name;
        }
    }
}

void CliProcessTest::explainsEveryRecordedFailure()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, group);
    QFETCH(QString, name);
    const Http::Response response = Test::recording(group, name).constLast().response;
    const Outcome outcome =
        run({u"explain"_s, u"--json"_s, u"--status"_s, QString::number(response.status),
             u"--body"_s, u"-"_s, u"--headers"_s, file(u"headers"_s, joined(response.headers))},
            response.body);
    QCOMPARE(outcome.code, 0);
    const QJsonObject remedy = QJsonDocument::fromJson(outcome.out).object();
    const QString code = remedy[u"code"].toString();
    QVERIFY(!code.isEmpty() && !remedy[u"meaning"].toString().isEmpty() &&
            !remedy[u"nextStep"].toString().isEmpty());
    // The code is the answer's own: it stands in its body or its headers, or it is the bare status.
    const QByteArray whole = response.body + joined(response.headers);
    QVERIFY2(whole.contains(code.toUtf8()) || code == u"HTTP %1"_s.arg(response.status) ||
                 code == u"NotAnAzureAnswer",
             qPrintable(code));
    if (const QByteArray given = response.header("x-ms-error-code"); !given.isEmpty())
        QCOMPARE(code.toUtf8(), given);
}

void CliProcessTest::tellsAFirewallFromAMissingRole()
{
    const QByteArray body =
        "\xEF\xBB\xBF<?xml version=\"1.0\" "
        "encoding=\"utf-8\"?><Error><Code>AuthorizationFailure</Code><Message>This request is "
        "not authorized to perform this operation.</Message></Error>";
    const auto meaning = [&](const QByteArray &headers) {
        const Outcome outcome =
            run({u"explain"_s, u"--json"_s, u"--status"_s, u"403"_s, u"--body"_s, u"-"_s,
                 u"--headers"_s, file(u"headers"_s, headers)},
                body);
        return QJsonDocument::fromJson(outcome.out).object()[u"meaning"].toString();
    };
    const QString frontDoor =
        meaning("HTTP/1.1 403 Forbidden\nServer: Microsoft-HTTPAPI/2.0\nx-ms-error-code: "
                "AuthorizationFailure\n");
    const QString service =
        meaning("Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\nx-ms-version: "
                "2023-11-03\nx-ms-error-code: AuthorizationFailure\n");
    QVERIFY(frontDoor.contains(u"network rules"));
    QVERIFY(!service.isEmpty() && service != frontDoor);
}

void CliProcessTest::simulatesByItsExitCode_data()
{
    QTest::addColumn<QJsonObject>("one");
    QFile cases(QFINDTESTDATA("../data/simulations.json"));
    QVERIFY(cases.open(QIODevice::ReadOnly));
    const QJsonArray all = QJsonDocument::fromJson(cases.readAll()).object()[u"cases"].toArray();
    QStringList seen; // one of each answer, and one with each kind of file
    for (const QJsonValue &one : all) {
        const QString kind = one[u"decision"].toString() + (one.toObject().contains(u"deny"_s) ? u"+deny"_s : QString())
            + (one.toObject().contains(u"definitions"_s) ? u"+definitions"_s : QString());
        if (seen.contains(kind))
            continue;
        seen.append(kind);
        QTest::newRow(qPrintable(kind)) << one.toObject();
    }
    QVERIFY(seen.size() >= 8);
}

void CliProcessTest::simulatesByItsExitCode()
{
    QFETCH(QJsonObject, one);
    const auto saved = [&](const QString &key) {
        const QJsonValue value = one[key];
        return file(key, value.isArray() ? QJsonDocument(value.toArray()).toJson() : QJsonDocument(value.toObject()).toJson());
    };
    QStringList arguments{u"simulate"_s, u"--assignments"_s, saved(u"assignments"_s), u"--request"_s, saved(u"request"_s)};
    if (one.contains(u"deny"_s))
        arguments += QStringList{u"--deny"_s, saved(u"deny"_s)};
    if (one.contains(u"definitions"_s))
        arguments += QStringList{u"--definitions"_s, saved(u"definitions"_s)};
    const Outcome outcome = run(arguments);
    const QString decision = one[u"decision"].toString();
    QCOMPARE(outcome.code, decision == u"allow" ? 0 : decision == u"deny" ? 1 : 4);
    const QJsonObject answer = QJsonDocument::fromJson(outcome.out).object();
    QCOMPARE(answer[u"decision"].toString(), decision);
    QVERIFY(!answer[u"because"].toArray().isEmpty());
    QVERIFY(outcome.err.isEmpty());
}

void CliProcessTest::namesTheFileThatCannotBeSimulated()
{
    const QString request = file(u"request"_s, "{}");
    const Outcome broken = run({u"simulate"_s, u"--assignments"_s, file(u"broken.json"_s, "[{]"), u"--request"_s, request});
    QCOMPARE(broken.code, 3);
    QVERIFY(broken.error()[u"message"].toString().contains(u"broken.json"_s));
    const Outcome empty = run({u"simulate"_s, u"--assignments"_s, file(u"none.json"_s, "[]"), u"--request"_s, request});
    QCOMPARE(empty.code, 3);
    QVERIFY(empty.error()[u"message"].toString().contains(u"principalId"_s));
    QCOMPARE(run({u"simulate"_s, u"--assignments"_s, u"/no/such/file"_s, u"--request"_s, request}).code, 3);
    QCOMPARE(run({u"simulate"_s, u"--request"_s, request}).code, 2);
}

void CliProcessTest::keepsTheTerminalSafe()
{
    const Outcome outcome =
        run({u"explain"_s, u"--status"_s, u"418"_s, u"--body"_s, u"-"_s, u"--headers"_s,
             file(u"headers"_s, "x-ms-error-code: Ev\x1b]0;title\x07il\xE2\x80\xAE\n")},
            R"({"error":{"code":"Ev\u001b]0;title\u0007il\u202e","message":"m"}})");
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.out.contains("Ev\\u{1b}]0;title\\u{7}il"));
    QVERIFY(!outcome.out.contains('\x1b') && !outcome.out.contains('\x07') &&
            !outcome.out.contains("\xE2\x80\xAE"));
}

void CliProcessTest::refusesBadPastes_data()
{
    QTest::addColumn<QByteArray>("paste");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half JSON") << QByteArray(
        "{\"appId\": \"00001111-aaaa-2222-bbbb-3333cccc4444\", \"password\": \"mark3r");
    QTest::newRow("JSON of another tool")
        << QByteArray("{\"type\": \"service_account\", \"private_key\": \"mark3r\"}");
    QTest::newRow("a JSON list") << QByteArray("[\"mark3r\"]");
    QTest::newRow("a megabyte") << QByteArray(1'000'000, 'm') + "mark3r";
    QTest::newRow("more than a megabyte") << QByteArray(2'000'000, 'm') + "mark3r";
    QTest::newRow("a zero byte") << QByteArray("mark3r\0x", 8);
    QTest::newRow("deep nesting") << QByteArray(100'000, '[') + "mark3r";
    QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html><body>mark3r</body></html>");
    QTest::newRow("no secret in it") << QByteArray(
        "AZURE_CLIENT_ID=00001111-aaaa-2222-bbbb-3333cccc4444\nAZURE_TENANT_ID=contoso.com\n");
    QTest::newRow("a wrong client ID")
        << QByteArray("{\"appId\": \"mark3r-is-no-guid\", \"password\": \"mark3rQ~\", \"tenant\": "
                      "\"contoso.com\", \"displayName\": \"x\"}");
}

void CliProcessTest::refusesBadPastes()
{
    QFETCH(QByteArray, paste);
    const QStringList add{u"principal"_s, u"add"_s, u"--name"_s, u"x"_s, u"--json"_s, u"--from"_s};
    for (const Outcome &outcome :
         {run(add + QStringList{u"-"_s}, paste), run(add + QStringList{file(u"paste"_s, paste)})}) {
        QCOMPARE(outcome.code, 3);
        QVERIFY(!outcome.error()[u"message"].toString().isEmpty());
        QVERIFY(!outcome.out.contains("mark3r") && !outcome.err.contains("mark3r"));
        QVERIFY(outcome.err.size() < 2000);
    }
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::refusesBadFields_data()
{
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QByteArray>("secret");
    const QByteArray secret = "abc8Q~mark3rmark3rmark3rmark3rmark3rmark";
    QTest::newRow("a tenant that is a URL")
        << u"https://login.microsoftonline.com/x"_s << clientId << secret;
    QTest::newRow("the tenant of everybody") << u"common"_s << clientId << secret;
    QTest::newRow("a tenant that is a word") << u"contoso"_s << clientId << secret;
    QTest::newRow("tenant and client swapped") << clientId << u"contoso.com"_s << secret;
    QTest::newRow("the same twice") << clientId << clientId << secret;
    QTest::newRow("a GUID with a digit too few")
        << u"contoso.com"_s << clientId.chopped(1) << secret;
    QTest::newRow("the secret's ID")
        << u"contoso.com"_s << clientId << QByteArray("99991111-aaaa-2222-bbbb-3333cccc4444");
    QTest::newRow("a masked secret") << u"contoso.com"_s << clientId << QByteArray("mark3r***");
    QTest::newRow("a file in place of the secret")
        << u"contoso.com"_s << clientId << QByteArray("{\"password\": \"mark3r\"}");
    QTest::newRow("a secret of blanks") << u"contoso.com"_s << clientId << QByteArray("   \n");
    QTest::newRow("a secret of quotes") << u"contoso.com"_s << clientId << QByteArray("\"\"");
    QTest::newRow("a secret that is no text")
        << u"contoso.com"_s << clientId << QByteArray("abc8Q~mark3r\xFFmark3rmark3rmark3rmark3rma");
    QTest::newRow("a secret with a zero byte")
        << u"contoso.com"_s << clientId
        << QByteArray("abc8Q~mark3r\0mark3rmark3rmark3rmark3rmark", 40);
    QTest::newRow("no secret") << u"contoso.com"_s << clientId << QByteArray();
    QTest::newRow("a line feed for a secret") << u"contoso.com"_s << clientId << QByteArray("\n");
}

void CliProcessTest::refusesBadFields()
{
    QFETCH(QString, tenant);
    QFETCH(QString, client);
    QFETCH(QByteArray, secret);
    const Outcome outcome =
        run({u"principal"_s, u"add"_s, u"--name"_s, u"x"_s, u"--tenant"_s, tenant, u"--client-id"_s,
             client, u"--secret-stdin"_s, u"--json"_s},
            secret);
    QCOMPARE(outcome.code, 3);
    QCOMPARE(outcome.error()[u"kind"].toString(), u"invalidInput"_s);
    QVERIFY(!outcome.out.contains("mark3r") && !outcome.err.contains("mark3r"));
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::refusesMoreThanASecretOnStandardInput()
{
    const Outcome outcome = run({u"principal"_s, u"add"_s, u"--name"_s, u"x"_s, u"--tenant"_s,
                                 u"contoso.com"_s, u"--client-id"_s, clientId, u"--secret-stdin"_s},
                                QByteArray(48 * 1024 + 2, 'm'));
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.err.size() < 500 && !outcome.err.contains("mmmm"));
}

void CliProcessTest::refusesBadCloudFiles_data()
{
    QTest::addColumn<QString>("cloud");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no file") << u"absent.json"_s << QByteArray();
    QTest::newRow("a folder") << u"."_s << QByteArray();
    QTest::newRow("half JSON") << u"cloud.json"_s << QByteArray("{\"name\": \"x\"");
    QTest::newRow("no authority") << u"cloud.json"_s << QByteArray("{\"name\": \"x\"}");
    QTest::newRow("a plain authority")
        << u"cloud.json"_s
        << QByteArray("{\"name\": \"x\", \"authorityHost\": \"http://login.example\"}");
    QTest::newRow("an authority with a user")
        << u"cloud.json"_s
        << QByteArray("{\"name\": \"x\", \"authorityHost\": "
                      "\"https://login.microsoftonline.com@evil.example\"}");
    QTest::newRow("a well-known name")
        << u"cloud.json"_s
        << QByteArray("{\"name\": \"AzurePublic\", \"authorityHost\": \"https://evil.example\"}");
    QTest::newRow("authorities that are none")
        << u"cloud.json"_s
        << QByteArray("{\"name\": \"x\", \"authorityHost\": \"https://login.example\", "
                      "\"caCertificates\": [\"nonsense\"]}");
}

void CliProcessTest::refusesBadCloudFiles()
{
    QFETCH(QString, cloud);
    QFETCH(QByteArray, json);
    const QString path = json.isEmpty() ? m_folder->filePath(cloud) : file(cloud, json);
    const Outcome outcome =
        run({u"principal"_s, u"add"_s, u"--name"_s, u"x"_s, u"--cloud"_s, path, u"--tenant"_s,
             u"contoso.com"_s, u"--client-id"_s, clientId, u"--secret-stdin"_s},
            "abc8Q~mark3rmark3rmark3rmark3rmark3rmark");
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.err.startsWith("error: ") && !outcome.err.contains("mark3r"));
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::namesUnknownPrincipals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("show") << QStringList{u"principal"_s, u"show"_s, u"nobody"_s};
    QTest::newRow("remove") << QStringList{u"principal"_s, u"remove"_s, u"nobody"_s};
    QTest::newRow("rename") << QStringList{u"principal"_s, u"rename"_s, u"nobody"_s, u"x"_s};
    QTest::newRow("token") << QStringList{u"token"_s, u"nobody"_s};
    QTest::newRow("containers") << QStringList{u"containers"_s, u"nobody"_s, u"--account"_s,
                                               u"acct"_s};
    QTest::newRow("blobs") << QStringList{u"blobs"_s, u"nobody"_s,      u"--account"_s,
                                          u"acct"_s,  u"--container"_s, u"ccc"_s};
    QTest::newRow("check") << QStringList{u"check"_s, u"nobody"_s, u"--account"_s, u"acct"_s};
    QTest::newRow("export") << QStringList{u"export"_s, u"nobody"_s, u"--format"_s, u"shell"_s};
}

void CliProcessTest::namesUnknownPrincipals()
{
    QFETCH(QStringList, arguments);
    const Outcome outcome = run(arguments + QStringList{u"--json"_s});
    QCOMPARE(outcome.code, 3);
    QCOMPARE(outcome.error()[u"kind"].toString(), u"notFound"_s);
    QVERIFY(outcome.error()[u"message"].toString().contains(u"nobody"));
    QVERIFY(outcome.err.startsWith("error: "));
}

void CliProcessTest::listsNothingAndWritesNothing()
{
    const Outcome outcome = run({u"principal"_s, u"list"_s, u"--json"_s});
    QCOMPARE(outcome.code, 0);
    QVERIFY(QJsonDocument::fromJson(outcome.out).object()[u"principals"].isArray());
    QVERIFY(!QFile::exists(config()));
}

void CliProcessTest::leavesADamagedIndexAlone()
{
    QVERIFY(QDir().mkpath(config()));
    const QByteArray damaged = "{\"version\": 1, \"principals\": [";
    const QString path = file(u"config/principals.json"_s, damaged);
    for (const QStringList &arguments :
         {QStringList{u"principal"_s, u"list"_s},
          QStringList{u"principal"_s, u"repair"_s, u"remove"_s},
          QStringList{u"principal"_s, u"remove"_s, u"x"_s},
          QStringList{u"principal"_s, u"rename"_s, u"x"_s, u"y"_s}}) {
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.err.contains("principals.json"));
    }
    QFile index(path);
    QVERIFY(index.open(QIODevice::ReadOnly));
    QCOMPARE(index.readAll(), damaged);
}

QTEST_GUILESS_MAIN(CliProcessTest)
#include "tst_cli_more.moc"
