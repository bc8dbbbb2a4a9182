#include "identity/credentialimport.h"

#include "identity/cloud.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
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
    void takesBareValuesInAProvenOrder();
    void readsAnEmptyValueAsEmpty_data();
    void readsAnEmptyValueAsEmpty();
    void tellsAReference_data();
    void tellsAReference();
    void keepsAnySecretExactlyOrRefuses_data();
    void keepsAnySecretExactlyOrRefuses();
    void readsTheCasesFromOutside();
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
    QTest::newRow("a trailing comma") << rbac().replace("\"\n}", "\",\n}");
    QTest::newRow("comments in JSON") << rbac().replace("{\n", "{ // production\n /* of \"orders\" */");
    QTest::newRow("a terminal's colours") << "\x1B[1;39m" + rbac().replace("\"appId\"", "\x1B[34;1m\"appId\"\x1B[0m");
    QTest::newRow("appsettings.json") << "{\"Logging\":{\"Level\":\"x\"},\"AzureAd\":{\"Instance\":\"https://login.microsoftonline.com/\",\"TenantId\":\"" + tenant
            + "\",\"ClientId\":\"" + client + "\",\"ClientSecret\":\"" + secret + "\"}}";
    QTest::newRow("a list of app settings") << "[{\"name\":\"AZURE_TENANT_ID\",\"value\":\"" + tenant + "\",\"slotSetting\":false},{\"name\":\"AZURE_CLIENT_ID\",\"value\":\""
            + client + "\"},{\"name\":\"AZURE_CLIENT_SECRET\",\"value\":\"" + secret + "\"},{\"name\":\"PORT\",\"value\":\"80\"}]";
    QTest::newRow("a Compose file") << "services:\n  web:\n    image: x\n    environment:\n" + env("      ", ": ", "") + "  db:\n    environment:\n      password: x\n";
    QTest::newRow("a Compose list under its header") << "environment:\n" + env("  - ", "=", "");
    QTest::newRow("a workflow") << "jobs:\n  a:\n    env:\n" + env("      ", ": '", "'");
    QTest::newRow("a Kubernetes Secret") << "apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders\ndata:\n  AZURE_TENANT_ID: " + tenant.toBase64()
            + "\n  AZURE_CLIENT_ID: " + client.toBase64() + "\n  AZURE_CLIENT_SECRET: " + secret.toBase64() + "\n";
    QTest::newRow("az -o yaml") << "appId: " + client + "\ndisplayName: orders\npassword: " + secret + "\ntenant: " + tenant + "\n";
    QTest::newRow("az -o table") << "AppId                                 DisplayName    Password                                  Tenant\n"
                                    "------------------------------------  -------------  ----------------------------------------  ------------------------------------\n"
            + client + "  orders         " + secret + "  " + tenant + "\n";
    QTest::newRow("rclone") << "[other]\ntype = local\n[store]\ntype = azureblob\naccount = a\ntenant = " + tenant + "\nclient_id = " + client + "\nclient_secret = " + secret + "\n";
    QTest::newRow("HCL") << "provider \"azurerm\" {\n  tenant_id       = \"" + tenant + "\"\n  client_id = \"" + client + "\"\n  client_secret   = \"" + secret + "\"\n}\n";
    QTest::newRow("a word alone above") << "production\n" + env("", "=", "");
    QTest::newRow("exported at the end") << env("", "='", "'") + "export AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET\n";
    QTest::newRow("three exports on one line") << "export AZURE_TENANT_ID=" + tenant + " AZURE_CLIENT_ID=" + client + " AZURE_CLIENT_SECRET=" + secret;
    QTest::newRow("docker run") << "docker run -e AZURE_TENANT_ID=" + tenant + " -e AZURE_CLIENT_ID=" + client + " -e AZURE_CLIENT_SECRET='" + secret + "' image";
    QTest::newRow("Ansible's names") << "AZURE_TENANT=" + tenant + "\nAZURE_CLIENT_ID=" + client + "\nAZURE_SECRET=" + secret;
    QTest::newRow("kubelogin's names") << "AZURE_TENANT_ID=" + tenant + "\nAAD_SERVICE_PRINCIPAL_CLIENT_ID=" + client + "\nAAD_SERVICE_PRINCIPAL_CLIENT_SECRET=" + secret;
    QTest::newRow("Spring's names") << "spring.cloud.azure.profile.tenant-id=" + tenant + "\nspring.cloud.azure.credential.client-id=" + client
            + "\nspring.cloud.azure.credential.client-secret=" + secret;
    QTest::newRow("plain names in capitals") << "TENANT=" + tenant + "\nCLIENT_ID=" + client + "\nCLIENT_SECRET=" + secret;
    QTest::newRow("nested in a workflow's secret") << "env:\n  AZURE_CREDENTIALS: '{\"clientId\":\"" + client + "\",\"clientSecret\":\"" + secret + "\",\"tenantId\":\"" + tenant + "\"}'\n";
    QTest::newRow("the tenant elsewhere in the JSON") << "{\"tenantId\":\"" + tenant + "\",\"app\":{\"clientId\":\"" + client + "\",\"clientSecret\":\"" + secret + "\"}}";
    QTest::newRow("a database's password beside it") << "DB_PASSWORD=other\n" + env("", "=", "") + "PASSWORD=other\nSECRET=other\n";
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

void CredentialImportTest::takesBareValuesInAProvenOrder()
{
    const auto domain = importCredential(secret + "\ncontoso.onmicrosoft.com " + client);
    QVERIFY(domain);
    QCOMPARE(domain->tenant, u"contoso.onmicrosoft.com"_s);
    QCOMPARE(domain->clientId, QString::fromLatin1(client));
    QCOMPARE(domain->secret.reveal().toByteArray(), secret);

    const QByteArray bare = client + "\n" + secret + "\n" + tenant;
    QCOMPARE(importCredential(bare).error().code, Identity::ambiguousOrder);
    const auto told = importCredential(bare, Identity::BareOrder::ClientFirst);
    QVERIFY(told);
    QCOMPARE(told->tenant, QString::fromLatin1(tenant));
    QCOMPARE(importCredential(bare, Identity::BareOrder::TenantFirst)->tenant, QString::fromLatin1(client));
}

void CredentialImportTest::readsAnEmptyValueAsEmpty_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray ids = "AZURE_TENANT_ID=" + tenant + "\nAZURE_CLIENT_ID=" + client + "\n";
    QTest::newRow("another variable below") << ids + "AZURE_CLIENT_SECRET=\nDB_PASSWORD=database-password-of-production\n";
    QTest::newRow("a general name below") << ids + "AZURE_CLIENT_SECRET=\nPASSWORD=database-password-of-production\n";
    QTest::newRow("a comment below") << ids + "AZURE_CLIENT_SECRET=\n\n# database-password-of-production\n";
    QTest::newRow("blanks and a comment") << ids + "AZURE_CLIENT_SECRET=   # database-password-of-production\n";
    QTest::newRow("empty quotes") << ids + "AZURE_CLIENT_SECRET=\"\"\nx=database-password-of-production\n";
    QTest::newRow("a text below") << ids + "AZURE_CLIENT_SECRET=\ndatabase-password-of-production\n";
    QTest::newRow("the first line") << "AZURE_CLIENT_SECRET=\n" + ids;
    QTest::newRow("YAML") << "env:\n  AZURE_TENANT_ID: " + tenant + "\n  AZURE_CLIENT_ID: " + client + "\n  AZURE_CLIENT_SECRET:\n  DB_PASSWORD: database-password-of-production\n";
    QTest::newRow("labels") << "Tenant ID: " + tenant + "\nClient ID: " + client + "\nClient secret:\nDB password: database-password-of-production\n";
    QTest::newRow("PowerShell") << "$env:AZURE_TENANT_ID='" + tenant + "'\n$env:AZURE_CLIENT_ID='" + client + "'\n$env:AZURE_CLIENT_SECRET=\n'database-password-of-production'\n";
    QTest::newRow("JSON") << "{\"tenant\":\"" + tenant + "\",\"appId\":\"" + client + "\",\"password\":\"\",\"db\":{\"password\":\"database-password-of-production\"}}";
}

void CredentialImportTest::readsAnEmptyValueAsEmpty()
{
    QFETCH(QByteArray, text);
    for (const QByteArray lineEnd : {"\n", "\r\n", "\r"}) {
        const auto found = importCredential(QByteArray(text).replace("\n", lineEnd));
        QVERIFY2(found, qPrintable(found ? QString() : Core::describe(found.error())));
        QVERIFY(found->secret.isEmpty());
        QVERIFY(!found->emptySecret.isEmpty());
        QCOMPARE(found->tenant, QString::fromLatin1(tenant));
    }
}

void CredentialImportTest::tellsAReference_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char *value : {"@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/orders/)", "${ORDERS_SECRET}", "$ORDERS_SECRET", "$(pass orders)", "%ORDERS_SECRET%",
                              "%(ENV_ORDERS)s", "{{ orders_secret }}", "${{ secrets.ORDERS }}", "op://vault/orders/secret", "vault:secret/data/orders#secret", "<your-secret>",
                              "changeme", "CHANGE_ME", "xxxx", "XXXXXXXX", "your-client-secret", "#{ORDERS_SECRET}#", "__ORDERS_SECRET__", "var.client_secret", "********", "ref+vault://orders",
                              "<secret>", "[your secret]"})
        QTest::newRow(value) << QByteArray(value);
}

void CredentialImportTest::tellsAReference()
{
    QFETCH(QByteArray, value);
    const QByteArray ids = "AZURE_TENANT_ID=" + tenant + "\nAZURE_CLIENT_ID=" + client + "\n";
    const QByteArray json = "{\"tenant\":\"" + tenant + "\",\"appId\":\"" + client + "\",\"password\":\"" + value + "\"}";
    for (const QByteArray &text : {ids + "AZURE_CLIENT_SECRET=" + value, ids + "AZURE_CLIENT_SECRET='" + value + "'", ids + "AZURE_CLIENT_SECRET=\"" + value + "\"", json}) {
        const auto found = importCredential(text);
        QVERIFY2(!found, text.constData());
        QCOMPARE(found.error().code, u"SecretIsReference"_s);
        QVERIFY(found.error().message.contains(u"reference"_s) || found.error().message.contains(u"placeholder"_s));
        QVERIFY(!found.error().nextStep.isEmpty());
    }
}

void CredentialImportTest::keepsAnySecretExactlyOrRefuses_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::newRow("the same at every run") << quint32(7);
    const quint32 fresh = QRandomGenerator::global()->generate();
    QTest::addRow("seed %u", fresh) << fresh;
}

// Never another line's text, never a part: the secret as it was, or an error.
void CredentialImportTest::keepsAnySecretExactlyOrRefuses()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-";
    const QList<QByteArray> ends{"\n", "\r\n", "\r"};
    int kept = 0;
    for (int round = 0; round < 3000; ++round) {
        const bool printable = round % 2;
        QByteArray value = printable ? QByteArray() : QByteArray("Ab1") + "8Q~";
        const int length = printable ? random.bounded(1, 256) : 40;
        while (value.size() < length)
            value += printable ? char(random.bounded(0x21, 0x7F)) : alphabet[random.bounded(alphabet.size())];
        QList<QByteArray> lines{"AZURE_TENANT_ID=" + tenant, "AZURE_CLIENT_ID=" + client, "DB_PASSWORD=other-password-of-production", "# a comment", ""};
        const bool shellQuoted = printable || random.bounded(2);
        const QByteArray quoted = "'" + QByteArray(value).replace("'", "'\\''") + "'";
        lines.insert(random.bounded(lines.size() + 1), QByteArray(shellQuoted ? "export " : "") + "AZURE_CLIENT_SECRET=" + (shellQuoted ? quoted : value));
        const auto found = importCredential(lines.join(ends[random.bounded(3)]));
        if (!found) {
            QVERIFY2(!value.isEmpty() && !Core::describe(found.error()).contains(QString::fromLatin1(value)) , value.constData());
            QVERIFY2(printable, value.constData()); // what Entra ID generates is always kept
            continue;
        }
        ++kept;
        QCOMPARE(found->secret.reveal().toByteArray(), value);
    }
    QVERIFY(kept > 1500);
}

void CredentialImportTest::readsTheCasesFromOutside()
{
    QFile file(QStringLiteral(ROLESCOPE_SHARED_DIR "/cases/pasted.json"));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the cases are not beside the project");
    const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray();
    QVERIFY(cases.size() > 10);
    for (const QJsonValue &value : cases) {
        const QJsonObject one = value.toObject();
        const auto found = importCredential(one[u"text"].toString().toUtf8());
        const QByteArray name = one[u"name"].toString().toUtf8();
        if (one[u"expect"].isString()) {
            QVERIFY2(!found || found->secret.isEmpty(), name.constData());
            continue;
        }
        if (!found && one[u"orRefused"].toBool())
            continue;
        QVERIFY2(found, name.constData());
        const QJsonObject expected = one[u"expect"].toObject();
        QCOMPARE(found->tenant, expected[u"tenant"].toString());
        QCOMPARE(found->clientId, expected[u"clientId"].toString());
        QCOMPARE(found->secret.reveal().toByteArray(), expected[u"secret"].toString().toUtf8());
        if (expected.contains(u"cloud"))
            QCOMPARE(Identity::Cloud::forAuthority(found->authorityHost)->name, expected[u"cloud"].toString());
    }
}

void CredentialImportTest::refusesWithTheCause_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QByteArray() << u"no text"_s;
    QTest::newRow("blanks") << QByteArray(" \r\n\t ") << u"no text"_s;
    QTest::newRow("half JSON") << rbac().left(90) << u"line"_s;
    QTest::newRow("JSON that breaks off at once") << QByteArray("{") << u"line 1"_s;
    QTest::newRow("an AWS key") << QByteArray("{\"AccessKeyId\":\"AKIA\",\"SecretAccessKey\":\"x\"}") << u"AWS"_s;
    QTest::newRow("a Google key") << QByteArray("{\"type\":\"service_account\",\"private_key_id\":\"x\",\"client_email\":\"a@b\"}") << u"Google"_s;
    QTest::newRow("az account show") << QByteArray("{\"environmentName\":\"AzureCloud\",\"homeTenantId\":\"x\",\"id\":\"y\"}") << u"az account show"_s;
    QTest::newRow("az ad app show") << QByteArray("{\"appId\":\"") + client + "\",\"signInAudience\":\"x\"}" << u"without its secret"_s;
    QTest::newRow("an access token") << QByteArray("{\"accessToken\":\"x\",\"expiresOn\":\"y\"}") << u"access token"_s;
    QTest::newRow("two principals") << "[" + rbac() + "," + rbac().replace("0000", "9999") + "]" << u"2 principals"_s;
    QTest::newRow("an empty list") << QByteArray("[]") << u"no tenant"_s;
    QTest::newRow("bare values in the variables' order") << tenant + "\n" + client + "\n" + secret << u"which of the two GUIDs"_s;
    QTest::newRow("bare values in az's order") << client + "\t" + secret + "\t" + tenant << u"which of the two GUIDs"_s;
    QTest::newRow("az -o tsv") << client + "\torders\t" + secret + "\t" + tenant << u"which of the two GUIDs"_s;
    QTest::newRow("two principals in one object") << "{\"a\":" + rbac() + ",\"b\":" + rbac().replace("0000", "9999") + "}" << u"2 principals"_s;
    QTest::newRow("two sections") << "[a]\ntenant=t\nclient_id=" + client + "\nclient_secret=" + secret + "\n[b]\ntenant=t\nclient_id=" + tenant + "\nclient_secret=" + secret << u"2 principals"_s;
    QTest::newRow("two names that differ") << "AZURE_TENANT_ID=" + tenant + "\nARM_TENANT_ID=" + client + "\nAZURE_CLIENT_ID=" + client << u"more than one principal"_s;
    QTest::newRow("an open quote") << "AZURE_CLIENT_SECRET='" + secret + "\nAZURE_CLIENT_ID='" + client + "'\n" << u"does not end on its line"_s;
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
