#include "sandbox/entraendpoint.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// Every refusal and success against what the real service was recorded to answer.
class EntraEndpointTest : public QObject
{
    Q_OBJECT
private slots:
    void refusesAsRecorded_data();
    void refusesAsRecorded();
    void refusesByName_data();
    void refusesByName();
    void issuesTokensAsRecorded_data();
    void issuesTokensAsRecorded();
    void describesItselfAsRecorded_data();
    void describesItselfAsRecorded();
    void takesBasicAuthenticationToo();
    void takesTheTenantByDomain();
    void datesTokensByTheSetting();
    void echoesTheCorrelation();
    void saysNothingAboutOtherPaths();

private:
    Answer post(const QByteArray &path, const QByteArray &body) const
    {
        return EntraEndpoint(m_world.scenario, m_world.directory, m_world.issuer, m_world.endpoints)
            .answer({"POST", path, {}, body}, m_world.now);
    }
    Answer get(const QByteArray &target) const
    {
        return EntraEndpoint(m_world.scenario, m_world.directory, m_world.issuer, m_world.endpoints)
            .answer({"GET", target, {}, {}}, m_world.now);
    }
    static QJsonObject json(const QByteArray &body)
    {
        return QJsonDocument::fromJson(body).object();
    }

    Test::SmallWorld m_world;
    const QByteArray m_path = '/' + Test::tenantId.toLatin1() + "/oauth2/v2.0/token";
};

namespace {

const QString s_storage = u"https://storage.azure.com/.default"_s;

QSet<QString> keysOf(const QJsonObject &object)
{
    const QStringList keys = object.keys();
    return {keys.begin(), keys.end()};
}

/// The sentence alone: without the identifiers, times, and the values that differ from case to
/// case.
QString sentence(QString description)
{
    static const QRegularExpression tail(u"\\s*Trace ID:.*$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression guid(u"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return description.remove(tail).replace(guid, u"GUID"_s).trimmed();
}

/// The headers of \a recorded that matter to a client, all of which an answer must carry too.
void compareHeaders(const Answer &answer, const Http::Response &recorded)
{
    static const QSet<QByteArray> passing{
        "set-cookie",       "content-length",
        "connection",       "x-ms-clitelem",
        "x-xss-protection", "client-request-id",
        "server",           "content-security-policy-report-only"};
    for (const auto &[name, value] : recorded.headers) {
        if (!passing.contains(name.toLower()))
            QVERIFY2(!answer.header(name).isEmpty(), name.constData());
    }
    QCOMPARE(answer.header("Content-Type"), recorded.header("Content-Type"));
}

} // namespace

void EntraEndpointTest::refusesAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("ours"); // what stands in the recording, in our words
    QTest::addColumn<QString>("theirs");
    const auto row = [](const char *file, const QByteArray &path, const QByteArray &body,
                        const QString &theirs = {}, const QString &ours = {}) {
        QTest::addRow("%s", file) << QString::fromLatin1(file) + u".json"_s << path << body << ours
                                  << theirs;
    };
    const auto form = [&](const QString &secret, const QString &scope,
                          const QString &client = Test::writerClient) {
        return m_world.tokenRequest(client, secret, scope);
    };
    const QByteArray nobody = "/99998888-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/token";
    row("err-7000215-invalid-secret", m_path, form(u"wrong"_s, s_storage));
    row("err-7000222-secret-expired-2025", m_path, form(u"old"_s, s_storage));
    row("err-700016-application-not-found", m_path, form(u"right"_s, s_storage, Test::tenantId),
        u"'GUID'. This"_s, u"'Contoso'. This"_s);
    row("err-90002-tenant-not-found", nobody, form(u"right"_s, s_storage));
    row("err-900023-invalid-tenant-identifier", "/undefined/oauth2/v2.0/token",
        form(u"right"_s, s_storage));
    row("err-1002012-scope-without-default", m_path,
        form(u"right"_s, u"https://graph.microsoft.com/User.Read.All"_s));
    row("err-500011-resource-principal-not-found", m_path,
        form(u"right"_s, u"user.read/.default"_s), u"tenant named Microsoft"_s,
        u"tenant named Contoso"_s);
    row("err-7000218-no-client-credential", m_path,
        "grant_type=client_credentials&client_id=" + Test::writerClient.toLatin1() +
            "&scope=https%3A%2F%2Fstorage.azure.com%2F.default");
    row("err-90014-missing-field", m_path,
        "grant_type=client_credentials&client_id=" + Test::writerClient.toLatin1() +
            "&client_secret=right");
}

void EntraEndpointTest::refusesAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QString, ours);
    QFETCH(QString, theirs);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"entra-token"_s, file).first().response;
    const Answer answer = post(path, body);
    QCOMPARE(answer.status, recorded.status);
    const QJsonObject theirJson = json(recorded.body), ourJson = json(answer.body);
    QCOMPARE(ourJson.value(u"error"_s), theirJson.value(u"error"_s));
    QCOMPARE(ourJson.value(u"error_codes"_s), theirJson.value(u"error_codes"_s));
    QVERIFY(keysOf(ourJson).contains(keysOf(theirJson)));
    QString expected = sentence(theirJson.value(u"error_description"_s).toString());
    if (!theirs.isEmpty())
        QVERIFY2(expected.contains(theirs), qPrintable(expected));
    QCOMPARE(sentence(ourJson.value(u"error_description"_s).toString()),
             theirs.isEmpty() ? expected : expected.replace(theirs, ours));
    compareHeaders(answer, recorded);
    // The 2022 recording is whole: no header is missing that the service sends.
    compareHeaders(
        answer,
        Test::recording(u"entra-token"_s, u"err-7000215-invalid-secret.json"_s).first().response);
    QCOMPARE(answer.header("x-ms-request-id"), ourJson.value(u"trace_id"_s).toString().toLatin1());
}

void EntraEndpointTest::refusesByName_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("error");
    const QByteArray start =
        "grant_type=client_credentials&client_id=" + Test::writerClient.toLatin1();
    const QByteArray v1 = '/' + Test::tenantId.toLatin1() + "/oauth2/token";
    const auto row = [](const char *name, const QByteArray &path, const QByteArray &body, int code,
                        const char *error) {
        QTest::addRow("%s", name) << path << body << code << QString::fromLatin1(error);
    };
    row("nothing", m_path, "", 900144, "invalid_request");
    row("no client", m_path, "grant_type=client_credentials&client_secret=x&scope=y", 900144,
        "invalid_request");
    row("another grant", m_path, "grant_type=implicit&client_id=x", 70003,
        "unsupported_grant_type");
    row("two scopes", m_path, start + "&client_secret=right&scope=a%2F.default+b%2F.default", 70011,
        "invalid_scope");
    row("secret ID for the secret", m_path,
        start + "&client_secret=20001111-aaaa-2222-bbbb-3333cccc4444&scope=https%3A%2F%2Fstorage."
                "azure.com%2F.default",
        7000215, "invalid_client");
    row("the client of another tenant", '/' + Test::otherTenantId.toLatin1() + "/oauth2/v2.0/token",
        start + "&client_secret=right&scope=https%3A%2F%2Fstorage.azure.com%2F.default", 700016,
        "unauthorized_client");
    row("an assertion of no type", m_path,
        start + "&client_assertion=x&scope=https%3A%2F%2Fstorage.azure.com%2F.default", 900144,
        "invalid_request");
    row("common", "/common/oauth2/v2.0/token", start + "&client_secret=right&scope=x%2F.default",
        50059, "invalid_request");
    row("v1.0 without resource", v1, start + "&client_secret=right", 900144, "invalid_request");
    row("v1.0 for an unknown resource", v1,
        start + "&client_secret=right&resource=https%3A%2F%2Fnowhere.example", 500011,
        "invalid_resource");
}

void EntraEndpointTest::refusesByName()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    const QJsonObject answer = json(post(path, body).body);
    QTEST(answer.value(u"error_codes"_s).toArray().first().toInt(), "code");
    QTEST(answer.value(u"error"_s).toString(), "error");
    QVERIFY(!answer.value(u"error_description"_s).toString().contains(u"right"_s));
}

void EntraEndpointTest::issuesTokensAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addRow("v2.0") << u"ok-v2-storage-client-secret.json"_s << m_path
                          << m_world.tokenRequest(Test::writerClient, u"right"_s, s_storage);
    QTest::addRow("v1.0") << u"ok-v1-storage-client-secret.json"_s
                          << '/' + Test::tenantId.toLatin1() + "/oauth2/token?api-version=1.0"
                          << "grant_type=client_credentials&client_secret=right&resource=https%3A%"
                             "2F%2Fstorage.azure.com&client_id=" +
                                 Test::writerClient.toLatin1();
}

void EntraEndpointTest::issuesTokensAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"entra-token"_s, file).first().response;
    const Answer answer = post(path, body);
    QCOMPARE(answer.status, 200);
    compareHeaders(answer, recorded);
    const QJsonObject theirs = json(recorded.body), ours = json(answer.body);
    QCOMPARE(keysOf(ours), keysOf(theirs));
    for (const QString &key : theirs.keys())
        QCOMPARE(ours.value(key).type(), theirs.value(key).type());

    const auto claims = [](const QJsonObject &token, int part) {
        const QByteArray text =
            token.value(u"access_token"_s).toString().toLatin1().split('.').value(part);
        return json(QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding));
    };
    QCOMPARE(keysOf(claims(ours, 0)), keysOf(claims(theirs, 0)));
    const QJsonObject ourClaims = claims(ours, 1), theirClaims = claims(theirs, 1);
    QCOMPARE(keysOf(ourClaims), keysOf(theirClaims));
    for (const QString &key : theirClaims.keys())
        QCOMPARE(ourClaims.value(key).type(), theirClaims.value(key).type());
    QCOMPARE(ourClaims.value(u"aud"_s).toString(), u"https://storage.azure.com"_s);
    QCOMPARE(ourClaims.value(u"iss"_s).toString(),
             u"https://sts.windows.net/%1/"_s.arg(Test::tenantId));
    QCOMPARE(ourClaims.value(u"oid"_s).toString(), Test::writerObject);
    const qint64 lifetime =
        ourClaims.value(u"exp"_s).toInteger() - ourClaims.value(u"nbf"_s).toInteger();
    QCOMPARE(lifetime,
             theirClaims.value(u"exp"_s).toInteger() - theirClaims.value(u"nbf"_s).toInteger());
    QCOMPARE(m_world.issuer.check(ours.value(u"access_token"_s).toString().toLatin1(), m_world.now)
                 .fault,
             TokenFault::None);
}

void EntraEndpointTest::describesItselfAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("target");
    const QByteArray tenant = Test::tenantId.toLatin1();
    QTest::addRow("openid-configuration")
        << u"openid-configuration-tenant-v2.json"_s
        << '/' + tenant + "/v2.0/.well-known/openid-configuration";
    for (const char *file :
         {"openid-configuration-2021", "openid-configuration-js", "openid-configuration-regional"})
        QTest::addRow("%s", file) << QString::fromLatin1(file) + u".json"_s
                                  << '/' + tenant + "/v2.0/.well-known/openid-configuration";
    QTest::addRow("user realm") << u"user-realm-managed.json"_s
                                << QByteArray(
                                       "/common/UserRealm/ada@contoso.example?api-version=1.0");
    QTest::addRow("instance discovery, another recorder")
        << u"instance-discovery-js.json"_s
        << QByteArray("/common/discovery/"
                      "instance?api-version=1.1&authorization_endpoint=https%3A%2F%2Flogin."
                      "microsoftonline.com%2F"
                      "12345678-1234-1234-1234-123456789012%2Foauth2%2Fv2.0%2Fauthorize");
    QTest::addRow("instance discovery")
        << u"instance-discovery-tenant.json"_s
        << QByteArray(
               "/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2F"
               "login.microsoftonline.com%2Ffake-tenant%2Foauth2%2Fv2.0%2Fauthorize");
    QTest::addRow("unknown instance")
        << u"err-50049-invalid-instance.json"_s
        << QByteArray(
               "/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2F"
               "login.unknown.example%2Fx%2Foauth2%2Fv2.0%2Fauthorize");
    QTest::addRow("unknown tenant")
        << u"err-90002-tenant-not-found-openid-configuration.json"_s
        << QByteArray(
               "/12345678-1234-1234-1234-123456789012/v2.0/.well-known/openid-configuration");
}

void EntraEndpointTest::describesItselfAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, target);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"entra-metadata"_s, file).first().response;
    const Answer answer = get(target);
    QCOMPARE(answer.status, recorded.status);
    const QJsonObject theirs = json(recorded.body), ours = json(answer.body);
    QCOMPARE(ours.value(u"error_codes"_s), theirs.value(u"error_codes"_s));
    QSet<QString> missing = keysOf(theirs) - keysOf(ours);
    missing -= QSet<QString>{u"kerberos_endpoint"_s};
    QVERIFY2(missing.isEmpty(), qPrintable(missing.values().join(u' ')));
    for (const QString &key : {u"ver"_s, u"account_type"_s, u"cloud_instance_name"_s,
                               u"cloud_audience_urn"_s, u"api-version"_s})
        QCOMPARE(ours.value(key), theirs.value(key));
    if (answer.status == 200)
        compareHeaders(answer, recorded);
    QCOMPARE(ours.value(u"tenant_discovery_endpoint"_s),
             theirs.value(u"tenant_discovery_endpoint"_s));
    if (ours.contains(u"token_endpoint"_s))
        QCOMPARE(ours.value(u"token_endpoint"_s).toString(),
                 u"https://login.microsoftonline.com"_s + QString::fromLatin1(m_path));
}

void EntraEndpointTest::takesBasicAuthenticationToo()
{
    EntraEndpoint entra(m_world.scenario, m_world.directory, m_world.issuer, m_world.endpoints);
    const QByteArray pair = (Test::writerClient.toLatin1() + ":right").toBase64();
    const Answer answer = entra.answer(
        {"POST",
         m_path,
         {{"Authorization", "Basic " + pair}},
         "grant_type=client_credentials&scope=https%3A%2F%2Fstorage.azure.com%2F.default"},
        m_world.now);
    QCOMPARE(answer.status, 200);
}

void EntraEndpointTest::takesTheTenantByDomain()
{
    const QByteArray body = m_world.tokenRequest(Test::writerClient, u"right"_s, s_storage);
    QCOMPARE(post("/contoso.example/oauth2/v2.0/token", body).status, 200);
    QCOMPARE(json(get("/Contoso.Example/v2.0/.well-known/openid-configuration").body)
                 .value(u"issuer"_s)
                 .toString(),
             u"https://login.microsoftonline.com/%1/v2.0"_s.arg(Test::tenantId));
}

void EntraEndpointTest::datesTokensByTheSetting()
{
    Test::SmallWorld world;
    world.scenario.tokenLifetime = 60;
    const QByteArray token = world.token(u"writer"_s);
    QCOMPARE(world.issuer.check(token, world.now.addSecs(360)).fault, TokenFault::None);
    QCOMPARE(world.issuer.check(token, world.now.addSecs(362)).fault, TokenFault::Expired);
}

void EntraEndpointTest::echoesTheCorrelation()
{
    EntraEndpoint entra(m_world.scenario, m_world.directory, m_world.issuer, m_world.endpoints);
    const QByteArray id = "be75f958-27f4-4f9b-88f9-f81bff77832d";
    QCOMPARE(json(entra.answer({"POST", m_path, {{"client-request-id", id}}, {}}, m_world.now).body)
                 .value(u"correlation_id"_s)
                 .toString(),
             QString::fromLatin1(id));
    QVERIFY(
        json(entra.answer({"POST", m_path, {{"client-request-id", "<script>"}}, {}}, m_world.now)
                 .body)
            .value(u"correlation_id"_s)
            .toString() != u"<script>"_s);
}

void EntraEndpointTest::saysNothingAboutOtherPaths()
{
    QCOMPARE(get("/").status, 404);
    QCOMPARE(get("/a/b/c").status, 404);
    QCOMPARE(get(m_path).status, 400);
}

QTEST_GUILESS_MAIN(EntraEndpointTest)
#include "tst_entraendpoint.moc"
