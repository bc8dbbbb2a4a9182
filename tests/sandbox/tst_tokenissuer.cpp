#include "sandbox/tokenissuer.h"

#include <QJsonDocument>
#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;
Q_DECLARE_METATYPE(Sandbox::TokenFault)

class TokenIssuerTest : public QObject
{
    Q_OBJECT
private slots:
    void tellsItsTokensFromOthers_data();
    void tellsItsTokensFromOthers();
    void toleratesFiveMinutes_data();
    void toleratesFiveMinutes();
    void doesNotTakeAnothersTokens();
    void publishesItsKey();
    void issuesCertificatesThatQtTrusts();

private:
    const QDateTime m_now{QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC};
    TokenIssuer m_issuer;
    QByteArray token(qint64 notBefore = 0, qint64 expires = 3600) const
    {
        const qint64 second = m_now.toSecsSinceEpoch();
        return m_issuer.sign(
            {{u"oid"_s, u"x"_s}, {u"nbf"_s, second + notBefore}, {u"exp"_s, second + expires}});
    }
};

void TokenIssuerTest::tellsItsTokensFromOthers_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<TokenFault>("fault");
    const QByteArrayList parts = token().split('.');
    const QByteArray none = base64Url("{\"alg\":\"none\",\"typ\":\"JWT\"}");
    const QByteArray hmac = base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    const QByteArray claims =
        base64Url("{\"oid\":\"somebody else\",\"nbf\":0,\"exp\":99999999999}");
    QTest::addRow("its own") << token() << TokenFault::None;
    QTest::addRow("other claims") << parts[0] + '.' + claims + '.' + parts[2]
                                  << TokenFault::Signature;
    QTest::addRow("no signature") << parts[0] + '.' + parts[1] + '.' << TokenFault::Signature;
    QTest::addRow("algorithm none") << none + '.' + claims + '.' << TokenFault::Signature;
    QTest::addRow("algorithm HS256")
        << hmac + '.' + parts[1] + '.' + parts[2] << TokenFault::Signature;
    QTest::addRow("nothing") << QByteArray() << TokenFault::Malformed;
    QTest::addRow("words") << QByteArray("YOU SHALL NOT PASS") << TokenFault::Malformed;
    QTest::addRow("two parts") << parts[0] + '.' + parts[1] << TokenFault::Malformed;
    QTest::addRow("four parts") << token() + ".x" << TokenFault::Malformed;
    QTest::addRow("no base64") << QByteArray("***.***.***") << TokenFault::Malformed;
    QTest::addRow("no JSON") << base64Url("a") + '.' + base64Url("b") + '.' + base64Url("c")
                             << TokenFault::Malformed;
}

void TokenIssuerTest::tellsItsTokensFromOthers()
{
    QFETCH(QByteArray, token);
    QTEST(m_issuer.check(token, m_now).fault, "fault");
}

void TokenIssuerTest::toleratesFiveMinutes_data()
{
    QTest::addColumn<qint64>("notBefore");
    QTest::addColumn<qint64>("expires");
    QTest::addColumn<TokenFault>("fault");
    QTest::addRow("five minutes late") << qint64(-4000) << qint64(-300) << TokenFault::None;
    QTest::addRow("a second more") << qint64(-4000) << qint64(-301) << TokenFault::Expired;
    QTest::addRow("five minutes early") << qint64(300) << qint64(4000) << TokenFault::None;
    QTest::addRow("a second more still") << qint64(301) << qint64(4000) << TokenFault::NotYet;
}

void TokenIssuerTest::toleratesFiveMinutes()
{
    QFETCH(qint64, notBefore);
    QFETCH(qint64, expires);
    const TokenCheck check = m_issuer.check(token(notBefore, expires), m_now);
    QTEST(check.fault, "fault");
    QCOMPARE(check.claims.value(u"oid"_s).toString(), u"x"_s);
}

void TokenIssuerTest::doesNotTakeAnothersTokens()
{
    const TokenIssuer other;
    QCOMPARE(other.check(token(), m_now).fault, TokenFault::Signature);
}

void TokenIssuerTest::publishesItsKey()
{
    const QJsonObject key = m_issuer.keys(u"https://issuer"_s).first().toObject();
    const QJsonObject header =
        QJsonDocument::fromJson(QByteArray::fromBase64(token().split('.').first())).object();
    QCOMPARE(key.value(u"kid"_s), header.value(u"kid"_s));
    QCOMPARE(key.value(u"kty"_s).toString(), u"RSA"_s);
    QCOMPARE(key.value(u"e"_s).toString(), u"AQAB"_s);
    const QByteArray modulus = QByteArray::fromBase64(key.value(u"n"_s).toString().toLatin1(),
                                                      QByteArray::Base64UrlEncoding);
    QCOMPARE(modulus.size(), 256);
    const QSslCertificate certificate(
        QByteArray::fromBase64(key.value(u"x5c"_s).toArray().first().toString().toLatin1()),
        QSsl::Der);
    QVERIFY(certificate.publicKey().toDer().contains(modulus));
}

void TokenIssuerTest::issuesCertificatesThatQtTrusts()
{
    const auto authority = CertificateAuthority::create();
    QVERIFY(authority);
    const auto issued = authority->issue(
        {u"localhost"_s, u"127.0.0.1"_s, u"::1"_s, u"login.microsoftonline.com"_s});
    QVERIFY(issued);
    const auto chain = QSslCertificate::fromData(issued->chainPem);
    QCOMPARE(chain.size(), 2);
    const auto names = chain.first().subjectAlternativeNames();
    QCOMPARE(names.values(QSsl::DnsEntry).size(), 2);
    QVERIFY(names.contains(QSsl::DnsEntry, u"login.microsoftonline.com"_s));
    QCOMPARE(names.values(QSsl::IpAddressEntry).size(), 2);
    QVERIFY(!QSslKey(issued->keyPem, QSsl::Ec).isNull());
    QCOMPARE(chain.last(), QSslCertificate::fromData(authority->pem()).first());
    QVERIFY(chain.first().expiryDate() > QDateTime::currentDateTimeUtc().addDays(20));
    QVERIFY(chain.first().effectiveDate() < QDateTime::currentDateTimeUtc());
}

QTEST_GUILESS_MAIN(TokenIssuerTest)
#include "tst_tokenissuer.moc"
