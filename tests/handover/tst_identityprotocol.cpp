#include "handover/identityprotocol.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Handover;
using namespace Qt::StringLiterals;
using Serving::Incoming;

/// Who gets a token, and what an answer looks like.
class IdentityProtocolTest : public QObject
{
    Q_OBJECT
private slots:
    void admitsWhatTheSdksSend_data();
    void admitsWhatTheSdksSend();
    void refusesEverythingElse_data();
    void refusesEverythingElse();
    void tellsNothingToThoseWithoutTheHeader();
    void answersAsAppServiceDoes();
    void tellsWhatMayPassFromWhatWillNot_data();
    void tellsWhatMayPassFromWhatWillNot();
};

namespace {

const QByteArray header(64, 'a');

IdentityRules rules()
{
    return {"127.0.0.1:4000",
            Core::Secret(header),
            u"00001111-aaaa-2222-bbbb-3333cccc4444"_s,
            {u"https://storage.azure.com"_s, u"https://management.azure.com"_s}};
}

Incoming request(const QByteArray &target)
{
    return {"GET", target, {{"Host", "127.0.0.1:4000"}, {"X-IDENTITY-HEADER", header}}, {}};
}

const QByteArray good =
    "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com";

Incoming with(const QByteArray &name, const QByteArray &value)
{
    Incoming one = request(good);
    one.headers.removeIf([&](const auto &each) { return each.first == name; });
    if (!value.isNull())
        one.headers.append({name, value});
    return one;
}

} // namespace

void IdentityProtocolTest::admitsWhatTheSdksSend_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("resource");
    const QString storage = u"https://storage.azure.com"_s;
    QTest::newRow("encoded") << good << storage;
    QTest::newRow("other order, not encoded, a slash at the end")
        << QByteArray("/msi/token?resource=https://storage.azure.com/&api-version=2019-08-01")
        << storage;
    QTest::newRow("the other resource")
        << QByteArray(
               "/msi/token?api-version=2019-08-01&resource=https://management.azure.com//.default")
        << u"https://management.azure.com"_s;
    QTest::newRow("capitals in the host")
        << QByteArray("/msi/token?api-version=2019-08-01&resource=https://Storage.Azure.com")
        << u"https://Storage.Azure.com"_s;
    QTest::newRow("its own client ID")
        << good + "&client_id=00001111-AAAA-2222-bbbb-3333cccc4444" << storage;
}

void IdentityProtocolTest::admitsWhatTheSdksSend()
{
    QFETCH(QByteArray, target);
    QFETCH(QString, resource);
    const auto admitted = admit(request(target), rules());
    QVERIFY2(admitted, qPrintable(admitted ? QString() : admitted.error().message));
    QCOMPARE(*admitted, resource);
}

void IdentityProtocolTest::refusesEverythingElse_data()
{
    QTest::addColumn<Incoming>("asked");
    QTest::addColumn<int>("status");
    QTest::newRow("no header") << with("X-IDENTITY-HEADER", {}) << 401;
    QTest::newRow("an empty header") << with("X-IDENTITY-HEADER", "") << 401;
    QTest::newRow("a wrong header") << with("X-IDENTITY-HEADER", QByteArray(64, 'b')) << 401;
    QTest::newRow("half a header") << with("X-IDENTITY-HEADER", header.left(32)) << 401;
    Incoming olderForm = with("X-IDENTITY-HEADER", {});
    olderForm.headers.emplaceBack("Secret", header);
    Incoming twice = request(good);
    twice.headers.emplaceBack("x-identity-header", "other");
    QTest::newRow("two headers") << twice << 401;
    QTest::newRow("the header of an older version") << olderForm << 401;
    QTest::newRow("no host") << with("Host", {}) << 400;
    for (const char *host :
         {"localhost:4000", "127.0.0.1", "127.0.0.1:4001", "evil.example", "evil.example:4000",
          "127.0.0.1:4000.evil.example", "[::1]:4000", "127.1:4000"})
        QTest::addRow("the host %s", host) << with("Host", host) << 400;
    Incoming hosts = request(good);
    hosts.headers.emplaceBack("host", "evil.example");
    QTest::newRow("two hosts") << hosts << 400;
    for (const char *name : {"Origin", "Referer", "Sec-Fetch-Site", "Via", "Forwarded",
                             "X-Forwarded-For", "X-Forwarded-Host"})
        QTest::addRow("a request with %s", name) << with(name, "x") << 400;
    for (const char *path :
         {"/", "/msi", "/msi/token/", "/msi/token/../token", "//msi/token", "/msi/./token",
          "/msi%2Ftoken", "/MSI/token", "/metadata/identity/oauth2/token",
          "/http://169.254.169.254/", "/msi/token;x", "/.env"})
        QTest::addRow("the path %s", path) << request(path + good.mid(good.indexOf('?'))) << 404;
    for (const char *verb :
         {"POST", "HEAD", "OPTIONS", "PUT", "DELETE", "CONNECT", "TRACE", "get"}) {
        Incoming other = request(good);
        other.verb = verb;
        QTest::addRow("the method %s", verb) << other << 405;
    }
    Incoming body = request(good);
    body.body = "resource=https://graph.microsoft.com";
    QTest::newRow("a body") << body << 400;
    QTest::newRow("no query") << request("/msi/token") << 400;
    QTest::newRow("no version") << request("/msi/token?resource=https://storage.azure.com") << 400;
    QTest::newRow("another version")
        << request("/msi/token?api-version=2017-09-01&resource=https://storage.azure.com") << 400;
    QTest::newRow("no resource") << request("/msi/token?api-version=2019-08-01") << 400;
    QTest::newRow("two resources")
        << request(good + "&resource=https://graph.microsoft.com") << 400;
    QTest::newRow("another client")
        << request(good + "&client_id=99999999-aaaa-2222-bbbb-3333cccc4444") << 400;
    QTest::newRow("an identity by its object") << request(good + "&object_id=1") << 400;
    for (const char *resource :
         {"https://graph.microsoft.com", "https://storage.azure.com.evil.example",
          "https://storage.azure.com/x", "http://storage.azure.com",
          "https://storage.azure.com@evil.example", "", "%00", "https://storage.azure.com%23",
          "https://acct.blob.core.windows.net",
          "https://storage.azure.com%20https://graph.microsoft.com"})
        QTest::addRow("the resource %s", resource)
            << request(QByteArray("/msi/token?api-version=2019-08-01&resource=") + resource) << 403;
}

void IdentityProtocolTest::refusesEverythingElse()
{
    QFETCH(Incoming, asked);
    QFETCH(int, status);
    const auto admitted = admit(asked, rules());
    QVERIFY(!admitted);
    QCOMPARE(admitted.error().status, status);
    const auto answer = refusal(admitted.error());
    QCOMPARE(answer.status, status);
    QVERIFY(!answer.body.contains(header));
    QCOMPARE(answer.header("Allow").isEmpty(), status != 405);
}

void IdentityProtocolTest::tellsNothingToThoseWithoutTheHeader()
{
    Incoming stranger = with("X-IDENTITY-HEADER", "guess");
    QList<QByteArray> answers;
    for (const QByteArray &target :
         {good, QByteArray("/other"), good + "&client_id=x",
          QByteArray("/msi/token?resource=https://graph.microsoft.com")}) {
        stranger.target = target;
        answers.append(refusal(admit(stranger, rules()).error()).body);
    }
    QCOMPARE(answers.count(answers.first()), answers.size());
}

void IdentityProtocolTest::answersAsAppServiceDoes()
{
    const QDateTime expiry = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    const auto answer = tokenAnswer({Core::Secret("the.token"), expiry, u"s"_s},
                                    u"https://storage.azure.com"_s, u"id"_s);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("Cache-Control"), "no-store");
    QVERIFY(answer.header("Content-Type").startsWith("application/json"));
    QVERIFY(answer.header("Access-Control-Allow-Origin").isEmpty());
    QCOMPARE(QJsonDocument::fromJson(answer.body).object(),
             (QJsonObject{{u"access_token"_s, u"the.token"_s},
                          {u"expires_on"_s, u"1800000000"_s},
                          {u"resource"_s, u"https://storage.azure.com"_s},
                          {u"token_type"_s, u"Bearer"_s},
                          {u"client_id"_s, u"id"_s}}));
}

void IdentityProtocolTest::tellsWhatMayPassFromWhatWillNot_data()
{
    QTest::addColumn<Core::Error::Kind>("kind");
    QTest::addColumn<int>("status");
    using Kind = Core::Error::Kind;
    QTest::newRow("a secret that has expired") << Kind::Unauthenticated << 400;
    QTest::newRow("a keychain that was locked meanwhile") << Kind::KeychainLocked << 400;
    QTest::newRow("too often") << Kind::Throttled << 429;
    QTest::newRow("no network") << Kind::Network << 502;
    QTest::newRow("no answer in time") << Kind::Timeout << 504;
}

void IdentityProtocolTest::tellsWhatMayPassFromWhatWillNot()
{
    QFETCH(Core::Error::Kind, kind);
    QFETCH(int, status);
    const auto answer = refusal({.kind = kind,
                                 .message = u"It failed."_s,
                                 .code = u"AADSTS7000222"_s,
                                 .nextStep = u"Make a new one."_s,
                                 .status = 401});
    QCOMPARE(answer.status, status);
    const QJsonObject object = QJsonDocument::fromJson(answer.body).object();
    QCOMPARE(object[u"message"].toString(), u"It failed. Make a new one."_s);
    QCOMPARE(object[u"error"].toString(), u"AADSTS7000222"_s);
    QCOMPARE(object[u"statusCode"].toInt(), status);
}

QTEST_GUILESS_MAIN(IdentityProtocolTest)
#include "tst_identityprotocol.moc"
