#include "sandbox/blobendpoint.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// The door in front of the blobs: who passes, and how the others are refused.
class BlobEndpointTest : public QObject
{
    Q_OBJECT
private slots:
    void refusesAsRecorded_data();
    void refusesAsRecorded();
    void refusesHeadWithoutBody();
    void admitsByRoleAndScope_data();
    void admitsByRoleAndScope();
    void takesTokensForStorageOnly_data();
    void takesTokensForStorageOnly();
    void readsPathsInOneWay_data();
    void readsPathsInOneWay();
    void refusesCopiesFromElsewhere_data();
    void refusesCopiesFromElsewhere();
    void refusesAmbiguousQueries_data();
    void refusesAmbiguousQueries();

private:
    std::variant<Answer, Admitted> decide(const char *account, const Incoming &request) const
    {
        return BlobEndpoint(m_world.scenario, m_world.authorizer, m_world.issuer, m_world.endpoints)
            .decide(*m_world.scenario.account(QString::fromLatin1(account)), request, m_world.now);
    }
    /// "" where the request passes, else the code of the refusal.
    QByteArray code(const char *account, const Incoming &request) const
    {
        const auto decision = decide(account, request);
        return std::holds_alternative<Admitted>(decision)
                   ? QByteArray()
                   : std::get<Answer>(decision).header("x-ms-error-code");
    }
    static Http::Headers with(const QByteArray &token, const QByteArray &version = "2023-11-03")
    {
        return {{"Authorization", "Bearer " + token}, {"x-ms-version", version}};
    }

    Test::SmallWorld m_world;
};

namespace {

/// The body without what differs from answer to answer.
QString shape(const QByteArray &body)
{
    static const QRegularExpression passing(u"RequestId:[0-9a-f-]+|Time:[0-9T:.Z-]+"_s);
    return QString::fromUtf8(body).replace(passing, u"#"_s);
}

} // namespace

void BlobEndpointTest::refusesAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("exchange");
    QTest::addColumn<QByteArray>("account");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Http::Headers>("headers");
    const auto row = [](const char *file, const char *account, const QByteArray &target,
                        const Http::Headers &headers, int exchange = 0) {
        QTest::addRow("%s", file) << QString::fromLatin1(file) + u".json"_s << exchange
                                  << QByteArray(account) << target << headers;
    };
    const QByteArray list = "/?comp=list", blobs = "/two?restype=container&comp=list";
    const QByteArray arm = m_world.token(u"writer"_s, u"https://management.azure.com/.default"_s);
    row("err-401-invalidauthenticationinfo-audience", "openaccount", "/one?restype=container",
        with(arm));
    row("err-401-invalidauthenticationinfo-issuer", "openaccount", blobs,
        with(m_world.token(u"stranger"_s)));
    row("err-400-invalidauthenticationinfo-get", "openaccount", list, with("YOU SHALL NOT PASS"));
    row("flow-oauth-404-and-malformed-bearer-400", "openaccount", "/test?restype=container",
        with("YOU SHALL NOT PASS", "2018-11-09"), 1);
    row("err-401-noauthenticationinformation-delete", "openaccount", list,
        {{"x-ms-version", "2020-02-10"}, {"x-ms-client-request-id", "75541df1"}});
    row("err-403-authorizationfailure-firewall", "walledaccount", list,
        with(m_world.token(u"writer"_s)));
    row("err-403-authorizationpermissionmismatch-list-blobs-oauth", "openaccount", blobs,
        with(m_world.token(u"narrow"_s)));
    row("err-403-authorizationpermissionmismatch-get", "openaccount", list,
        with(m_world.token(u"narrow"_s)) + Http::Headers{{"x-ms-client-request-id", "d6fdc3a4"}});
    row("err-403-bearer-without-x-ms-version", "openaccount", list,
        {{"Authorization", "Bearer " + m_world.token(u"writer"_s)}});
    row("err-403-authenticationfailed-lifetime-older-api", "openaccount", list,
        with(m_world.token(u"writer"_s, u"https://storage.azure.com/.default"_s, 4000),
             "2019-07-07"));
    row("err-403-keybasedauthenticationnotpermitted", "openaccount", list,
        {{"Authorization", "SharedKey openaccount:x"}, {"x-ms-version", "2023-11-03"}});
    row("err-409-publicaccessnotpermitted", "openaccount", blobs, {});
}

void BlobEndpointTest::refusesAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(int, exchange);
    QFETCH(QByteArray, account);
    QFETCH(QByteArray, target);
    QFETCH(Http::Headers, headers);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"blob"_s, file).at(exchange).response;
    const auto decision = decide(account.constData(), {"GET", target, headers, {}});
    QVERIFY(std::holds_alternative<Answer>(decision));
    const Answer &answer = std::get<Answer>(decision);
    QCOMPARE(answer.status, recorded.status);
    QCOMPARE(shape(answer.body), shape(recorded.body));
    QCOMPARE(answer.header("Server"), recorded.header("Server"));
    QCOMPARE(answer.header("Content-Type"), recorded.header("Content-Type"));
    QCOMPARE(answer.header("x-ms-error-code"), recorded.header("x-ms-error-code"));
    for (const char *telling :
         {"x-ms-version", "WWW-Authenticate", "x-ms-client-request-id", "x-ms-request-id"})
        QVERIFY2(answer.header(telling).isEmpty() == recorded.header(telling).isEmpty(), telling);
    if (const QByteArray challenge = answer.header("WWW-Authenticate"); !challenge.isEmpty()) {
        const auto parts = challenge.split(' '),
                   theirs = recorded.header("WWW-Authenticate").split(' ');
        QCOMPARE(parts.size(), theirs.size());
        QCOMPARE(parts.first(), theirs.first());
        QCOMPARE(parts.last(), theirs.last());
        QCOMPARE(parts[1], "authorization_uri=https://login.microsoftonline.com/" +
                               Test::tenantId.toLatin1() + "/oauth2/authorize");
    }
}

void BlobEndpointTest::refusesHeadWithoutBody()
{
    const auto decision =
        decide("openaccount", {"HEAD", "/two/blob", with(m_world.token(u"narrow"_s)), {}});
    const Answer &answer = std::get<Answer>(decision);
    QCOMPARE(answer.status, 403);
    QVERIFY(answer.body.isEmpty());
    QCOMPARE(answer.header("x-ms-error-code"), QByteArray("AuthorizationPermissionMismatch"));
}

void BlobEndpointTest::admitsByRoleAndScope_data()
{
    QTest::addColumn<QString>("principal");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("code");
    const QByteArray no = "AuthorizationPermissionMismatch";
    const auto row = [](const char *name, const char *principal, const char *verb,
                        const char *target, const QByteArray &code) {
        QTest::addRow("%s", name) << QString::fromLatin1(principal) << QByteArray(verb)
                                  << QByteArray(target) << code;
    };
    row("contributor lists containers", "writer", "GET", "/?comp=list", {});
    row("contributor writes", "writer", "PUT", "/one/a?comp=metadata", {});
    row("contributor deletes a container", "writer", "DELETE", "/one?restype=container", {});
    row("contributor moves no ownership", "writer", "GET", "/?restype=account&comp=properties", no);
    row("owner lists containers", "owner", "GET", "/?comp=list", {});
    row("owner reads no blob", "owner", "GET", "/one/a", no);
    row("owner lists no blobs", "owner", "GET", "/one?restype=container&comp=list", no);
    row("narrow reads in its container", "narrow", "GET", "/one/a", {});
    row("narrow reads in no other", "narrow", "GET", "/two/a", no);
    row("narrow reads in none that is missing either", "narrow", "GET", "/missing/a", no);
    row("narrow lists no containers", "narrow", "GET", "/?comp=list", no);
    row("narrow writes nothing", "narrow", "PUT", "/one/a", no);
    row("a slash that is encoded does not widen", "narrow", "GET", "/two%2Fa", no);
    row("dots do not widen", "narrow", "GET", "/one/../two/a", "InvalidUri");
    row("blocked by its address", "blocked", "GET", "/?comp=list", "AuthorizationFailure");
    row("an unknown operation", "writer", "PATCH", "/one/a", "UnsupportedHttpVerb");
}

void BlobEndpointTest::admitsByRoleAndScope()
{
    QFETCH(QString, principal);
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, target);
    QTEST(code("openaccount", {verb, target, with(m_world.token(principal)), {}}), "code");
}

void BlobEndpointTest::takesTokensForStorageOnly_data()
{
    QTest::addColumn<QString>("scope");
    QTest::addColumn<qint64>("age");
    QTest::addColumn<QByteArray>("code");
    const QByteArray no = "InvalidAuthenticationInfo";
    QTest::addRow("storage") << u"https://storage.azure.com/.default"_s << qint64(0)
                             << QByteArray();
    QTest::addRow("storage, with slash")
        << u"https://storage.azure.com//.default"_s << qint64(0) << QByteArray();
    QTest::addRow("this account") << u"https://openaccount.blob.core.windows.net/.default"_s
                                  << qint64(0) << QByteArray();
    QTest::addRow("another account")
        << u"https://walledaccount.blob.core.windows.net/.default"_s << qint64(0) << no;
    QTest::addRow("graph") << u"https://graph.microsoft.com/.default"_s << qint64(0) << no;
    QTest::addRow("just expired") << u"https://storage.azure.com/.default"_s << qint64(3700)
                                  << QByteArray();
    QTest::addRow("expired") << u"https://storage.azure.com/.default"_s << qint64(3901) << no;
    QTest::addRow("of the future") << u"https://storage.azure.com/.default"_s << qint64(-601) << no;
}

void BlobEndpointTest::takesTokensForStorageOnly()
{
    QFETCH(QString, scope);
    QFETCH(qint64, age);
    const QByteArray token = m_world.token(u"writer"_s, scope, age);
    QVERIFY(!token.isEmpty());
    QTEST(code("openaccount", {"GET", "/?comp=list", with(token), {}}), "code");
}

void BlobEndpointTest::readsPathsInOneWay_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("place"); // "container|blob", or nothing
    const auto row = [](const char *target, const QString &place) {
        QTest::addRow("%s", target) << QByteArray(target) << place;
    };
    row("/", u"|"_s);
    row("/?comp=list", u"|"_s);
    row("/c?restype=container", u"c|"_s);
    row("/c/b", u"c|b"_s);
    row("/c/b/", u"c|b/"_s);
    row("/c/a/b%2Fc%20d", u"c|a/b/c d"_s);
    row("/c%2Fb", u"c|b"_s);
    row("/root.txt", u"$root|root.txt"_s);
    row("/c/%25", u"c|%"_s);
    row("/c/%252e%252e/d", u"c|%2e%2e/d"_s);
    row("/c/a+b", u"c|a+b"_s);
    row("/c/a%5cb%5Cc", u"c|a/b/c"_s);
    row("/c/..a/b..", u"c|..a/b.."_s);
    row("/c/%EF%BB%BFb", u"c|\ufeffb"_s);
    row("/c/%F0%9F%98%80", u"c|\U0001F600"_s);
    row("/c/../d/b", {});
    row("/c/./b", {});
    row("/c/%2e%2E/d/b", {});
    row("/c/.%2e%2fd", {});
    row("/c/..%5cd/b", {});
    row("/../c/b", {});
    row("/%2fc/b", {});
    row("/%5cc/b", {});
    row("/c/%zz", {});
    row("/c/%4", {});
    row("/c/%c0%ae%c0%ae/d", {}); // overlong
    row("/c/%ff", {});
    row("/c/%ed%a0%80", {}); // half of a surrogate pair
    row("/c/%0a", {});
    row("/c/%7f", {});
    row("http://other/c/b", {});
    row("*", {});
    row("//c/b", {});
    row("/c/\\b", {});
    row("/c/b#x", {});
    row("/c/\xc3\xbc", {});
    row("/c/%00", {});
}

void BlobEndpointTest::readsPathsInOneWay()
{
    QFETCH(QByteArray, target);
    const QByteArray path = target.split('?').first();
    const auto place = placeOf(path, target.contains("restype=container"));
    QTEST(place ? place->container + u'|' + place->blob : QString(), "place");
}

void BlobEndpointTest::refusesCopiesFromElsewhere_data()
{
    QTest::addColumn<QString>("principal");
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("passesAs");
    QTest::addRow("a blob it may read")
        << u"writer"_s << QByteArray("https://openaccount.blob.core.windows.net/one/a%20b?sig=x")
        << u"/openaccount/one/a%20b"_s;
    QTest::addRow("a blob it may not read")
        << u"writer"_s << QByteArray("https://walledaccount.blob.core.windows.net/one/a")
        << QString();
    QTest::addRow("the wide world")
        << u"writer"_s << QByteArray("https://example.org/x") << QString();
    QTest::addRow("this machine") << u"writer"_s << QByteArray("http://127.0.0.1:22/") << QString();
    QTest::addRow("no URL") << u"writer"_s << QByteArray("::::") << QString();
}

void BlobEndpointTest::refusesCopiesFromElsewhere()
{
    QFETCH(QString, principal);
    QFETCH(QByteArray, source);
    QFETCH(QString, passesAs);
    const auto decision = decide("openaccount", {"PUT",
                                                 "/two/b",
                                                 with(m_world.token(principal)) +
                                                     Http::Headers{{"x-ms-copy-source", source}},
                                                 {}});
    if (passesAs.isEmpty()) {
        QVERIFY(std::holds_alternative<Answer>(decision));
        QCOMPARE(std::get<Answer>(decision).header("x-ms-error-code"),
                 QByteArray("CannotVerifyCopySource"));
    } else {
        QVERIFY(std::holds_alternative<Admitted>(decision));
        const auto sent = serialisedForAzurite(std::get<Admitted>(decision).request,
                                               u"openaccount"_s, u"https://azurite"_s);
        QCOMPARE(sent.header("x-ms-copy-source"), "https://azurite" + passesAs.toLatin1());
    }
}

void BlobEndpointTest::refusesAmbiguousQueries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("code");
    const QByteArray no = "InvalidQueryParameterValue";
    const auto row = [](const char *query, const QByteArray &code) {
        QTest::addRow("%s", query) << QByteArray(query) << code;
    };
    row("restype=container&comp=list", {});
    row("restype=container&c%6Fmp=list", {});
    row("restype=container&comp=list&comp=acl", no);
    row("restype=container&comp=list&c%6Fmp=acl", no);
    row("restype=container&comp[]=list", no);
    row("restype=container&comp%5B%5D=list", no);
    row("restype=container&comp=LIST", no);
    row("restype=Container&comp=list", no);
    row("restype=container&comp=list&COMP=acl", no);
    row("restype=container&comp=list&versionid=2000-01-01T00:00:00Z", no);
    row("restype=container&comp=list&%zz", no);
    row("restype=container&comp=list&prefix=%00", no);
    row("restype=container&comp=list&include=everything", no);
    row("restype=container&comp=list&timeout=soon", no);
    row("restype=container&comp=list#", "InvalidUri");
    row("#&comp=list", "InvalidUri");
    row("restype=service&comp=list", "UnsupportedHttpVerb");
}

void BlobEndpointTest::refusesAmbiguousQueries()
{
    QFETCH(QByteArray, query);
    const auto headers = with(m_world.token(u"writer"_s));
    QTEST(code("openaccount", {"GET", "/one?" + query, headers, {}}), "code");
}

QTEST_GUILESS_MAIN(BlobEndpointTest)
#include "tst_blobendpoint.moc"
