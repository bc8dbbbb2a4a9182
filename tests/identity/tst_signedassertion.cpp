#include "identity/accesstoken.h"
#include "identity/certificate.h"
#include "identity/clientassertion.h"
#include "support/openssl.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Secret;

class ClientAssertionTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void isSignedAsOpensslVerifies();
    void saysWhoForWhomAndHowLong();
    void isNewEachTime();
    void needsAKey();
    void readsATokenFileAtEachUse();
    void refusesWhatIsNoToken_data();
    void refusesWhatIsNoToken();
    void neverOpensAPipe();

private:
    Core::Result<Secret> assertion() const
    {
        return Identity::clientAssertion(m_certificate.pem, m_clientId, m_audience, m_now);
    }
    static QJsonObject part(const Secret &assertion, int number);

    Identity::Certificate m_certificate;
    const QDateTime m_now{QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC};
    const QString m_clientId = u"00001111-aaaa-2222-bbbb-3333cccc4444"_s;
    const QUrl m_audience{u"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"_s};
};

QJsonObject ClientAssertionTest::part(const Secret &assertion, int number)
{
    const QByteArray bytes = assertion.reveal().toByteArray().split('.').value(number);
    return QJsonDocument::fromJson(QByteArray::fromBase64(bytes, QByteArray::Base64UrlEncoding))
        .object();
}

void ClientAssertionTest::initTestCase()
{
    const auto made = Identity::makeCertificate(u"orders"_s, 30, m_now);
    QVERIFY(made);
    m_certificate = *made;
}

void ClientAssertionTest::isSignedAsOpensslVerifies()
{
    const auto made = assertion();
    QVERIFY(made);
    const QList<QByteArray> parts = made->reveal().toByteArray().split('.');
    QCOMPARE(parts.size(), 3);
    Test::OpenSslTool tool;
    tool.write(u"cert.pem"_s, m_certificate.pem.reveal().toByteArray());
    QVERIFY(tool.run(u"x509 -in cert.pem -pubkey -noout -out public.pem"_s));
    tool.write(u"signature"_s, QByteArray::fromBase64(parts[2], QByteArray::Base64UrlEncoding));
    const QString verify = u"dgst -sha256 -verify public.pem -signature signature -sigopt "
                           u"rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 "
                           "-sigopt rsa_mgf1_md:sha256 text"_s;
    tool.write(u"text"_s, parts[0] + '.' + parts[1]);
    QVERIFY2(tool.run(verify), tool.output().constData());
    tool.write(u"text"_s, parts[0] + '.' + parts[1].chopped(1) + 'A');
    QVERIFY(!tool.run(verify)); // the verifier can say no
}

void ClientAssertionTest::saysWhoForWhomAndHowLong()
{
    const auto made = assertion();
    QVERIFY(made);
    QCOMPARE(part(*made, 0),
             (QJsonObject{{u"alg"_s, u"PS256"_s},
                          {u"typ"_s, u"JWT"_s},
                          {u"x5t#S256"_s,
                           QString::fromLatin1(m_certificate.thumbprint256.toBase64(
                               QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))}}));
    QJsonObject claims = part(*made, 1);
    QCOMPARE(claims.take(u"jti").toString().size(), 36);
    const qint64 from = m_now.toSecsSinceEpoch();
    QCOMPARE(claims, (QJsonObject{{u"aud"_s, m_audience.toString()},
                                  {u"iss"_s, m_clientId},
                                  {u"sub"_s, m_clientId},
                                  {u"iat"_s, from},
                                  {u"nbf"_s, from},
                                  {u"exp"_s, from + 600}}));
}

void ClientAssertionTest::isNewEachTime()
{
    QVERIFY(part(*assertion(), 1)[u"jti"] != part(*assertion(), 1)[u"jti"]);
}

void ClientAssertionTest::needsAKey()
{
    QVERIFY(!Identity::clientAssertion(Secret("no key"), m_clientId, m_audience, m_now));
    QVERIFY(!Identity::clientAssertion(Secret(), m_clientId, m_audience, m_now));
}

void ClientAssertionTest::readsATokenFileAtEachUse()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"token"_s);
    for (const QByteArray &token :
         {QByteArray("e30.eyJzdWIiOiJhIn0.x"), QByteArray("e30.eyJzdWIiOiJiIn0.y\n")}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(token);
        file.close();
        const auto read = Identity::readFederatedToken(path);
        QVERIFY(read);
        QCOMPARE(read->reveal().toByteArray(), token.trimmed());
    }
    // As Kubernetes mounts it: a link that is replaced.
    const QString link = folder.filePath(u"link"_s);
    QVERIFY(QFile::link(path, link));
    QVERIFY(Identity::readFederatedToken(link));
}

void ClientAssertionTest::refusesWhatIsNoToken_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("blanks") << QByteArray(" \n");
    QTest::newRow("a secret") << QByteArray("marker-secret");
    QTest::newRow("no JSON inside") << QByteArray("a.marker.c");
    QTest::newRow("too long") << QByteArray("e30.e30.") + QByteArray(70'000, 'm');
}

void ClientAssertionTest::refusesWhatIsNoToken()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"token"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const auto read = Identity::readFederatedToken(file.fileName());
    QVERIFY(!read);
    QCOMPARE(read.error().code, u"NoFederatedToken"_s);
    QVERIFY(read.error().message.contains(file.fileName()));
    QVERIFY(!Core::describe(read.error()).contains(u"marker"));
    QCOMPARE(Identity::readFederatedToken(folder.filePath(u"absent"_s)).error().kind,
             Error::Kind::NotFound);
}

void ClientAssertionTest::neverOpensAPipe()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"pipe"_s);
    QCOMPARE(::mkfifo(path.toLocal8Bit().constData(), 0600), 0);
    const auto read = Identity::readFederatedToken(path); // would wait forever
    QVERIFY(!read);
    QCOMPARE(read.error().kind, Error::Kind::File);
}

QTEST_GUILESS_MAIN(ClientAssertionTest)
#include "tst_signedassertion.moc"
