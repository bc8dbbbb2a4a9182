#include "identity/accesstoken.h"
#include "support/recordings.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;
using Identity::TokenClaims;

class AccessTokenTest : public QObject
{
    Q_OBJECT
private slots:
    void readsTheClaimsOfARealToken();
    void readsNumbersThatAreStrings();
    void readsNothingFromWhatIsNoToken_data();
    void readsNothingFromWhatIsNoToken();
};

namespace {

Secret token(const QByteArray &payload)
{
    return Secret("e30." + payload.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".sig");
}

} // namespace

void AccessTokenTest::readsTheClaimsOfARealToken()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const QByteArray body = Test::recording(u"entra-token"_s, u"ok-v2-storage-client-secret.json"_s).constLast().response.body;
    const QByteArray raw = QJsonDocument::fromJson(body).object()[u"access_token"].toString().toUtf8();
    const auto claims = TokenClaims::decode(Secret(raw));
    if (raw.count('.') < 2) // the recording's token may be sanitised away
        QSKIP("this recording holds no readable token");
    QVERIFY(claims);
    QVERIFY(!claims->audience.isEmpty());
    QVERIFY(claims->issuer.startsWith(u"https://"));
    QVERIFY(claims->expiresAt > claims->issuedAt);
}

void AccessTokenTest::readsNumbersThatAreStrings()
{
    const auto claims = TokenClaims::decode(token(R"({"exp":"1700000000","iat":1699996400,"aud":["a","b"],"azp":"c","roles":["r1","r2"],"oid":"o","tid":"t"})"));
    QVERIFY(claims);
    QCOMPARE(claims->expiresAt.toSecsSinceEpoch(), 1700000000);
    QCOMPARE(claims->issuedAt.toSecsSinceEpoch(), 1699996400);
    QCOMPARE(claims->audience, u"a"_s);
    QCOMPARE(claims->appId, u"c"_s);
    QCOMPARE(claims->roles, (QStringList{u"r1"_s, u"r2"_s}));
    QVERIFY(!claims->notBefore.isValid());
}

void AccessTokenTest::readsNothingFromWhatIsNoToken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("opaque") << QByteArray("abcdef");
    QTest::newRow("two dots") << QByteArray("..");
    QTest::newRow("bad base64") << QByteArray("a.!!!.c");
    QTest::newRow("no JSON") << QByteArray("a.YWJj.c");
    QTest::newRow("a JSON array") << QByteArray("a.W10.c");
}

void AccessTokenTest::readsNothingFromWhatIsNoToken()
{
    QFETCH(QByteArray, text);
    QVERIFY(!TokenClaims::decode(Secret(text)));
}

QTEST_GUILESS_MAIN(AccessTokenTest)
#include "tst_accesstoken.moc"
