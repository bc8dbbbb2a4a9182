#include "identity/tenantid.h"
#include "support/recordings.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;

class TenantIdTest : public QObject
{
    Q_OBJECT
private slots:
    void asksTheAuthority();
    void readsEveryRecordedConfiguration_data();
    void readsEveryRecordedConfiguration();
    void understandsRecordedRefusals_data();
    void understandsRecordedRefusals();
    void readsOtherAnswersToo_data();
    void readsOtherAnswersToo();
};

namespace {

const QString s_id = u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s;

} // namespace

void TenantIdTest::asksTheAuthority()
{
    const Http::Request asked =
        Identity::tenantRequest(Identity::Cloud::azurePublic(), u"contoso.example"_s);
    QCOMPARE(asked.verb, QByteArray("GET"));
    QCOMPARE(
        asked.url.toString(),
        u"https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration"_s);
    QVERIFY(asked.bearer.isEmpty());
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto recorded =
        Test::recording(u"entra-metadata"_s, u"openid-configuration-tenant-v2.json"_s).constFirst();
    QCOMPARE(asked.verb, recorded.verb);
    QCOMPARE(QString(asked.url.toString()).replace(u"contoso.example"_s, u"fake-tenant"_s),
             recorded.url.toString());
}

void TenantIdTest::readsEveryRecordedConfiguration_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("tenant"); // as the recorder left it: mostly no GUID any more
    QTest::newRow("2021") << u"openid-configuration-2021.json"_s << QByteArray("aaaaa");
    QTest::newRow("js") << u"openid-configuration-js.json"_s
                        << QByteArray("12345678-1234-1234-1234-123456789012");
    QTest::newRow("regional") << u"openid-configuration-regional.json"_s
                              << QByteArray("fake-tenant");
    QTest::newRow("tenant") << u"openid-configuration-tenant-v2.json"_s
                            << QByteArray("fake-tenant");
}

void TenantIdTest::readsEveryRecordedConfiguration()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, tenant);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    Http::Response response = Test::recording(u"entra-metadata"_s, file).constFirst().response;
    QVERIFY(response.body.contains(tenant));
    response.body.replace('/' + tenant + '/', '/' + s_id.toUpper().toLatin1() + '/');
    const auto id = Identity::parseTenantId(response);
    QVERIFY2(id, qPrintable(id ? QString() : id.error().message));
    QCOMPARE(*id, s_id);
}

void TenantIdTest::understandsRecordedRefusals_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("code");
    QTest::addColumn<Error::Kind>("kind");
    QTest::newRow("no such tenant") << u"err-90002-tenant-not-found-openid-configuration.json"_s
                                    << u"AADSTS90002"_s << Error::Kind::NotFound;
    QTest::newRow("no such instance")
        << u"err-50049-invalid-instance.json"_s << u"AADSTS50049"_s << Error::Kind::Unauthenticated;
}

void TenantIdTest::understandsRecordedRefusals()
{
    QFETCH(QString, file);
    QFETCH(QString, code);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto id =
        Identity::parseTenantId(Test::recording(u"entra-metadata"_s, file).constFirst().response);
    QVERIFY(!id);
    QTEST(id.error().kind, "kind");
    QCOMPARE(id.error().code, code);
    QVERIFY(!id.error().message.contains(u"Trace ID"));
    QCOMPARE(id.error().requestId.size(), 36);
}

void TenantIdTest::readsOtherAnswersToo_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("good");
    const QByteArray id = s_id.toLatin1();
    QTest::newRow("nothing but the issuer")
        << 200 << "{\"issuer\":\"https://login.microsoftonline.com/" + id + "/v2.0\"}" << true;
    QTest::newRow("version 1.0") << 200 << "{\"issuer\":\"https://sts.windows.net/" + id + "/\"}"
                                 << true;
    QTest::newRow("of any tenant, but endpoints of this one")
        << 200
        << "{\"issuer\":\"https://login.microsoftonline.com/{tenantid}/"
           "v2.0\",\"token_endpoint\":\"https://login.microsoftonline.us/" +
               id + "/oauth2/v2.0/token\"}"
        << true;
    QTest::newRow("of any tenant")
        << 200 << QByteArray("{\"issuer\":\"https://login.microsoftonline.com/{tenantid}/v2.0\"}")
        << false;
    QTest::newRow("another type") << 200 << QByteArray("{\"issuer\":[1]}") << false;
    QTest::newRow("a web page") << 200 << QByteArray("<html>") << false;
    QTest::newRow("nothing") << 200 << QByteArray() << false;
    QTest::newRow("too often") << 429 << QByteArray("{}") << false;
}

void TenantIdTest::readsOtherAnswersToo()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, good);
    Http::Response response;
    response.status = status;
    response.body = body;
    response.url = QUrl(u"https://login.microsoftonline.com/x"_s);
    const auto id = Identity::parseTenantId(response);
    QCOMPARE(id.has_value(), good);
    if (good)
        QCOMPARE(*id, s_id);
    else
        QVERIFY(!id.error().message.isEmpty());
}

QTEST_GUILESS_MAIN(TenantIdTest)
#include "tst_tenantid.moc"
