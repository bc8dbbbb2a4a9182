#include "sandbox/blobadapter.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using namespace Sandbox;

class BlobAdapterTest : public QObject
{
    Q_OBJECT
private slots:
    void asksAzuriteInItsOwnForm_data();
    void asksAzuriteInItsOwnForm();
    void answersAsAzure();
    void rewritesTheEndpointOnlyInListings();
    void spellsErrorsAsAzure_data();
    void spellsErrorsAsAzure();
    void answersHeadWithTheBlobsLength();
    void makesUserDelegationKeys_data();
    void makesUserDelegationKeys();
    void findsNoStoredAccessPolicies();
    void doesNotLetBatchesPass();

private:
    Admitted admitted(const Incoming &request) const
    {
        const auto decision = BlobEndpoint(m_world.scenario, m_world.authorizer, m_world.issuer, m_world.endpoints)
                                  .decide(m_world.scenario.accounts.first(), request, m_world.now);
        return std::holds_alternative<Admitted>(decision) ? std::get<Admitted>(decision)
                                                          : Admitted();
    }
    Incoming request(const QByteArray &verb, const QByteArray &target,
                     const Http::Headers &more = {}, const QByteArray &body = {}) const
    {
        return {verb, target,
                Http::Headers{{"Authorization", "Bearer " + m_world.token(u"writer"_s)},
                              {"x-ms-version", "2023-11-03"},
                              {"x-ms-client-request-id", "mine"}} +
                    more,
                body};
    }

    Test::SmallWorld m_world;
    const BlobAdapter m_adapter{m_world.scenario.accounts.first(),
                                u"https://openaccount.blob.core.windows.net"_s,
                                u"https://127.0.0.1:31000"_s};
};

void BlobAdapterTest::asksAzuriteInItsOwnForm_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("asked"); // verb and target
    const auto row = [](const char *name, const char *verb, const char *target, const char *asked) {
        QTest::addRow("%s", name) << QByteArray(verb) << QByteArray(target) << QByteArray(asked);
    };
    row("list", "GET", "/?comp=list", "GET /openaccount/?comp=list");
    row("a blob, encoded anew", "GET", "/one/a%20b%2Fc%41?x=%41&timeout=3",
        "GET /openaccount/one/a%20b/cA?timeout=3");
    row("a blob in the root container", "GET", "/robots.txt", "GET /openaccount/$root/robots.txt");
    row("the root container by name", "GET", "/$root/robots.txt",
        "GET /openaccount/$root/robots.txt");
    row("undelete asks whether it is there", "PUT", "/one/a?comp=undelete",
        "HEAD /openaccount/one/a");
}

void BlobAdapterTest::asksAzuriteInItsOwnForm()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, target);
    const Incoming incoming = request(verb, target);
    const Incoming sent = m_adapter.forAzurite(admitted(incoming));
    QTEST(sent.verb + ' ' + sent.target, "asked");
}

void BlobAdapterTest::answersAsAzure()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded =
        Test::recording(u"blob"_s, u"list-containers-plain.json"_s).first().response;
    Answer fromAzurite{.status = 200,
                       .reason = "OK",
                       .headers = {{"Server", "Azurite-Blob/3.35.0"},
                                   {"x-ms-version", "2025-11-05"},
                                   {"x-ms-request-id", "2b1f1f10-0000-0000-0000-000000000000"},
                                   {"Connection", "keep-alive"},
                                   {"content-type", "application/xml"}},
                       .body = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
                               "<EnumerationResults ServiceEndpoint=\"https://127.0.0.1:31000/"
                               "openaccount\"><Containers/></EnumerationResults>"};
    const Incoming incoming = request("GET", "/?comp=list");
    const Answer answer = m_adapter.asAzure(fromAzurite, incoming, admitted(incoming), m_world.now);
    QCOMPARE(answer.header("Server"), recorded.header("Server"));
    QCOMPARE(answer.header("Content-Type"), recorded.header("Content-Type"));
    QCOMPARE(answer.header("x-ms-version"), QByteArray("2023-11-03")); // as it was asked
    QCOMPARE(answer.header("x-ms-client-request-id"), QByteArray("mine"));
    QVERIFY(answer.header("Connection").isEmpty());
    static const QRegularExpression id(u"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{6}000000$"_s);
    QVERIFY(id.match(QString::fromLatin1(answer.header("x-ms-request-id"))).hasMatch());
    const QByteArray start = "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                             "<EnumerationResults ServiceEndpoint=\"https://";
    QVERIFY(recorded.body.startsWith(start));
    QVERIFY(answer.body.startsWith(start + "openaccount.blob.core.windows.net/\""));
}

void BlobAdapterTest::rewritesTheEndpointOnlyInListings()
{
    const QByteArray content = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
                               "<a ServiceEndpoint=\"https://127.0.0.1:31000/x\"/>";
    const Incoming incoming = request("GET", "/one/a.xml");
    const Answer answer = m_adapter.asAzure({200, "OK", {{"Content-Type", "text/xml"}}, content},
                                            incoming, admitted(incoming), m_world.now);
    QCOMPARE(answer.body, content); // a blob's own bytes
    const Answer typed =
        m_adapter.asAzure({200,
                           "OK",
                           {{"Content-Type", "application/xml"}, {"x-ms-blob-type", "BlockBlob"}},
                           content},
                          incoming, admitted(incoming), m_world.now);
    QCOMPARE(typed.body, content);
}

void BlobAdapterTest::spellsErrorsAsAzure_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("message");
    QTest::addRow("no container") << u"err-404-containernotfound-get.json"_s
                                  << QByteArray("ContainerNotFound")
                                  << QByteArray("The specified container does not exist.");
    QTest::addRow("no blob") << u"err-404-blobnotfound-get.json"_s << QByteArray("BlobNotFound")
                             << QByteArray("The specified blob does not exist.");
}

void BlobAdapterTest::spellsErrorsAsAzure()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, message);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"blob"_s, file).first().response;
    const QByteArray azurites = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                                "<Error>\n  <Code>" +
                                code + "</Code>\n  <Message>" + message +
                                "\nRequestId:1\nTime:2026-01-02T03:04:05.000Z</Message>\n</Error>";
    const Incoming incoming = request("GET", "/one/a");
    const Answer answer = m_adapter.asAzure({404, message, {{"x-ms-error-code", code}}, azurites},
                                            incoming, admitted(incoming), m_world.now);
    static const QRegularExpression passing(u"RequestId:[0-9a-f-]+|Time:[0-9T:.Z-]+"_s);
    QCOMPARE(QString::fromUtf8(answer.body).replace(passing, u"#"_s),
             QString::fromUtf8(recorded.body).replace(passing, u"#"_s));
    QCOMPARE(answer.header("x-ms-error-code"), code);
    QCOMPARE(answer.status, 404);
}

void BlobAdapterTest::answersHeadWithTheBlobsLength()
{
    const Incoming incoming = request("HEAD", "/one/a");
    const Answer answer =
        m_adapter.asAzure({200, "OK", {{"Content-Length", "4754"}, {"ETag", "\"0x1\""}}, {}},
                          incoming, admitted(incoming), m_world.now);
    QCOMPARE(answer.header("Content-Length"), QByteArray("4754"));
}

void BlobAdapterTest::makesUserDelegationKeys_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("expiry");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *start, const char *expiry, int status) {
        QTest::addRow("%s", name) << QByteArray(start) << QByteArray(expiry) << status;
    };
    row("five minutes", "2026-01-02T03:04:05Z", "2026-01-02T03:09:05Z", 200);
    row("seven days", "2026-01-02T03:04:05Z", "2026-01-09T03:04:05Z", 200);
    row("longer", "2026-01-02T03:04:05Z", "2026-01-09T03:04:06Z", 400);
    row("backwards", "2026-01-02T03:04:05Z", "2026-01-02T03:04:04Z", 400);
    row("of the past", "2025-01-02T03:04:05Z", "2025-01-02T03:09:05Z", 400);
    row("no times", "", "", 400);
}

void BlobAdapterTest::makesUserDelegationKeys()
{
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, expiry);
    QFETCH(int, status);
    const QByteArray body =
        "<KeyInfo><Start>" + start + "</Start><Expiry>" + expiry + "</Expiry></KeyInfo>";
    const Incoming incoming = request("POST", "/?restype=service&comp=userdelegationkey", {}, body);
    const auto answer = m_adapter.own(incoming, admitted(incoming), m_world.now);
    QVERIFY(answer);
    QCOMPARE(answer->status, status);
    if (status != 200 || Test::sharedFolder().isEmpty())
        return;
    const auto elements = [](const QByteArray &xml) {
        QStringList names;
        for (QXmlStreamReader reader(xml); !reader.atEnd();) {
            if (reader.readNext() == QXmlStreamReader::StartElement)
                names.append(reader.name().toString());
        }
        return names;
    };
    const auto recorded = Test::recording(u"blob"_s, u"user-delegation-key-200.json"_s).first();
    QCOMPARE(elements(answer->body), elements(recorded.response.body));
    QVERIFY(answer->body.contains("<SignedOid>" + Test::writerObject.toLatin1()));
}

void BlobAdapterTest::findsNoStoredAccessPolicies()
{
    const Incoming incoming = request("GET", "/one?restype=container&comp=acl");
    // The writer has no right to it, so nobody is asked here.
    const Admitted may{
        std::get<BlobRequest>(readBlobRequest(incoming, m_world.endpoints.accounts)), {}};
    const Incoming sent = m_adapter.forAzurite(may);
    QCOMPARE(sent.verb + ' ' + sent.target, QByteArray("HEAD /openaccount/one?restype=container"));
    const Answer answer =
        m_adapter.asAzure({200, "OK", {{"ETag", "\"0x1\""}, {"Last-Modified", "then"}}, {}},
                          incoming, may, m_world.now);
    QVERIFY(answer.body.endsWith("<SignedIdentifiers />"));
    QCOMPARE(answer.header("ETag"), QByteArray("\"0x1\""));
}

void BlobAdapterTest::doesNotLetBatchesPass()
{
    const Incoming incoming = request("POST", "/?comp=batch", {}, "--x\r\n");
    const auto answer = m_adapter.own(incoming, admitted(incoming), m_world.now);
    QVERIFY(answer);
    QCOMPARE(answer->status, 501);
}

QTEST_GUILESS_MAIN(BlobAdapterTest)
#include "tst_blobadapter.moc"
