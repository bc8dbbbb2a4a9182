#include "identity/credentialimport.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using Identity::ImportedCredential;
using Identity::importCredential;

class CredentialImportTest : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryForm_data();
    void readsEveryForm();
    void readsUtf16();
    void keepsTheDisplayNameAndTheExpiry();
    void notesAForeignAuthority();
    void refusesWithTheCause_data();
    void refusesWithTheCause();
    void neverQuotesASecret();
    void isQuickWithAMegabyte();
    void offersTheFormForWhatLooksRight_data();
    void offersTheFormForWhatLooksRight();
};

namespace {

const QByteArray tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const QByteArray client = "00001111-aaaa-2222-bbbb-3333cccc4444";
const QByteArray secret = "Zq78Q~FAKE~not_a-real.secret~0000abcdefg";

QByteArray rbac()
{
    return "{\n  \"appId\": \"" + client + "\",\n  \"displayName\": \"orders-api\",\n  \"password\": \"" + secret + "\",\n  \"tenant\": \"" + tenant + "\"\n}";
}

} // namespace

void CredentialImportTest::readsEveryForm_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto env = [](const char *start, const char *open, const char *close) {
        QByteArray text;
        for (const auto &[name, value] : {std::pair("AZURE_TENANT_ID", tenant), std::pair("AZURE_CLIENT_ID", client), std::pair("AZURE_CLIENT_SECRET", secret)})
            text += QByteArray(start) + name + open + value + close + '\n';
        return text;
    };
    QTest::newRow("create-for-rbac") << rbac();
    QTest::newRow("with az's warning above") << QByteArray("WARNING: The output includes credentials that you must protect.\n") + rbac();
    QTest::newRow("with a prompt around") << QByteArray("$ az ad sp create-for-rbac\n") + rbac() + "\n$ ";
    QTest::newRow("in a code fence") << "```json\n" + rbac() + "\n```";
    QTest::newRow("with a byte order mark and CRLF") << "\xEF\xBB\xBF" + rbac().replace("\n", "\r\n");
    QTest::newRow("an array of one") << "[" + rbac() + "]";
    QTest::newRow("json-auth") << "{\"clientId\":\"" + client + "\",\"clientSecret\":\"" + secret + "\",\"subscriptionId\":\"x\",\"tenantId\":\"" + tenant
            + "\",\"activeDirectoryEndpointUrl\":\"https://login.microsoftonline.com\",\"resourceManagerEndpointUrl\":\"https://management.azure.com/\"}";
    QTest::newRow("a plain env file") << env("", "=", "");
    QTest::newRow("quoted") << env("", "=\"", "\"");
    QTest::newRow("single quotes and export") << env("export ", "='", "'");
    QTest::newRow("PowerShell") << env("$env:", " = '", "'");
    QTest::newRow("cmd") << env("set \"", "=", "\"");
    QTest::newRow("cmd without quotes") << env("set ", "=", "");
    QTest::newRow("systemd unit") << env("Environment=\"", "=", "\"");
    QTest::newRow("fish") << env("set -gx ", " '", "'");
    QTest::newRow("compose list") << env("      - ", "=", "");
    QTest::newRow("YAML") << env("  ", ": \"", "\"");
    QTest::newRow("with comments") << "# production\n" + env("", "=", "   # note");
    QTest::newRow("CRLF") << env("", "=", "\r");
    QTest::newRow("Terraform") << "ARM_TENANT_ID=" + tenant + "\nARM_CLIENT_ID=" + client + "\nARM_CLIENT_SECRET=" + secret;
    QTest::newRow("a JSON map of variables") << "{\"AZURE_TENANT_ID\":\"" + tenant + "\",\"AZURE_CLIENT_ID\":\"" + client + "\",\"AZURE_CLIENT_SECRET\":\"" + secret + "\"}";
    QTest::newRow("labelled lines") << "Application (client) ID: " + client + "\nDirectory (tenant) ID: " + tenant + "\nClient secret: " + secret;
    QTest::newRow("three bare lines") << tenant + "\n" + client + "\n" + secret;
    QTest::newRow("bare, the secret first") << secret + " " + tenant + " " + client;
}

void CredentialImportTest::readsEveryForm()
{
    QFETCH(QByteArray, text);
    const auto found = importCredential(text);
    QVERIFY2(found, qPrintable(found ? QString() : Core::describe(found.error())));
    QCOMPARE(found->tenant, QString::fromLatin1(tenant));
    QCOMPARE(found->clientId, QString::fromLatin1(client));
    QCOMPARE(found->secret.reveal().toByteArray(), secret);
}

void CredentialImportTest::readsUtf16()
{
    const QString text = QString::fromLatin1(rbac());
    QByteArray bytes("\xFF\xFE");
    for (const QChar c : text)
        bytes.append(static_cast<char>(c.unicode() & 0xFF)).append(static_cast<char>(c.unicode() >> 8));
    const auto found = importCredential(bytes);
    QVERIFY(found);
    QCOMPARE(found->secret.reveal().toByteArray(), secret);
}

void CredentialImportTest::keepsTheDisplayNameAndTheExpiry()
{
    QCOMPARE(importCredential(rbac())->displayName, u"orders-api"_s);
    QByteArray text = rbac();
    text.replace("\"tenant\"", "\"endDateTime\":\"2027-01-02T03:04:05Z\",\"tenant\"");
    QCOMPARE(importCredential(text)->expiresAt, QDateTime(QDate(2027, 1, 2), QTime(3, 4, 5), Qt::UTC));
}

void CredentialImportTest::notesAForeignAuthority()
{
    const auto found = importCredential("AZURE_AUTHORITY_HOST=https://evil.example\nAZURE_TENANT_ID=" + tenant + "\nAZURE_CLIENT_ID=" + client + "\nAZURE_CLIENT_SECRET=" + secret);
    QVERIFY(found);
    QVERIFY(found->notes.join(u' ').contains(u"evil.example"));
}

void CredentialImportTest::refusesWithTheCause_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QByteArray() << u"no text"_s;
    QTest::newRow("blanks") << QByteArray(" \r\n\t ") << u"no text"_s;
    QTest::newRow("half JSON") << rbac().left(90) << u"line"_s;
    QTest::newRow("JSON that breaks off at once") << QByteArray("{") << u"line 1"_s;
    QTest::newRow("a trailing comma") << rbac().replace("\"\n}", "\",\n}") << u"line"_s;
    QTest::newRow("an AWS key") << QByteArray("{\"AccessKeyId\":\"AKIA\",\"SecretAccessKey\":\"x\"}") << u"AWS"_s;
    QTest::newRow("a Google key") << QByteArray("{\"type\":\"service_account\",\"private_key_id\":\"x\",\"client_email\":\"a@b\"}") << u"Google"_s;
    QTest::newRow("az account show") << QByteArray("{\"environmentName\":\"AzureCloud\",\"homeTenantId\":\"x\",\"id\":\"y\"}") << u"az account show"_s;
    QTest::newRow("az ad app show") << QByteArray("{\"appId\":\"") + client + "\",\"signInAudience\":\"x\"}" << u"without its secret"_s;
    QTest::newRow("an access token") << QByteArray("{\"accessToken\":\"x\",\"expiresOn\":\"y\"}") << u"access token"_s;
    QTest::newRow("two principals") << "[" + rbac() + "," + rbac() + "]" << u"list of 2"_s;
    QTest::newRow("an empty list") << QByteArray("[]") << u"list of 0"_s;
    QTest::newRow("prose") << QByteArray("please find the secret attached, best regards") << u"no tenant"_s;
    QTest::newRow("zero bytes") << QByteArray("a\0b\0c", 5) << u"zero bytes"_s;
    QTest::newRow("variables of something else") << QByteArray("AZURE_REGION=west\n") << u"none of tenant"_s;
}

void CredentialImportTest::refusesWithTheCause()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const auto found = importCredential(text);
    QVERIFY(!found);
    QCOMPARE(found.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(found.error().message.contains(says), qPrintable(found.error().message));
    QVERIFY(!found.error().nextStep.isEmpty() || found.error().message.size() > 10);
}

void CredentialImportTest::neverQuotesASecret()
{
    for (qsizetype length = 0; length < rbac().size(); ++length) {
        const auto found = importCredential(QByteArrayView(rbac()).first(length));
        if (!found)
            QVERIFY(!Core::describe(found.error()).contains(QString::fromLatin1(secret.left(12))));
    }
}

void CredentialImportTest::isQuickWithAMegabyte()
{
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!importCredential(QByteArray(1 << 20, '{')));
    for (const char fill : {'{', '[', '=', '"', 'A', '\n', ' '})
        (void)importCredential(QByteArray(200 * 1024, fill));
    (void)importCredential(QByteArray("AZURE_X=").repeated(25'000));
    QVERIFY(timer.elapsed() < 5000);
}

void CredentialImportTest::offersTheFormForWhatLooksRight_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("offered");
    QTest::newRow("create-for-rbac") << QString::fromLatin1(rbac()) << true;
    QTest::newRow("an env file") << u"AZURE_CLIENT_ID=00001111-aaaa-2222-bbbb-3333cccc4444"_s << true;
    QTest::newRow("a URL") << u"https://contoso.blob.core.windows.net/container/blob"_s << false;
    QTest::newRow("a GUID") << QString::fromLatin1(client) << false;
    QTest::newRow("a megabyte") << QString(1 << 20, u'x') << false;
}

void CredentialImportTest::offersTheFormForWhatLooksRight()
{
    QFETCH(QString, text);
    QFETCH(bool, offered);
    QCOMPARE(Identity::looksLikeCredential(text), offered);
}

QTEST_GUILESS_MAIN(CredentialImportTest)
#include "tst_credentialimport.moc"
