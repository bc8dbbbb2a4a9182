#include "sandbox/clientassertion.h"
#include "sandbox/entraendpoint.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QRegularExpression>
#include <QTest>

#include <openssl/evp.h>
#include <openssl/rsa.h>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// Certificates and federated tokens in place of a secret.
class ClientAssertionTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void signsInByCertificate_data();
    void signsInByCertificate();
    void refusesAssertions_data();
    void refusesAssertions();
    void clocksMayDifferByFiveMinutes_data();
    void clocksMayDifferByFiveMinutes();
    void takesFractionsOfSeconds();
    void refusalsReadAsRecorded_data();
    void refusalsReadAsRecorded();
    void signsInByFederatedToken_data();
    void signsInByFederatedToken();
    void believesIssuersOfTheScenario();

private:
    static QByteArray sign(const QJsonObject &header, const QJsonObject &claims,
                           const PrivateKey &key)
    {
        const auto part = [](const QJsonObject &object) {
            return base64Url(QJsonDocument(object).toJson(QJsonDocument::Compact));
        };
        const QByteArray text = part(header) + '.' + part(claims);
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        EVP_PKEY_CTX *parameters = nullptr;
        EVP_DigestSignInit(context, &parameters, EVP_sha256(), nullptr, key.get());
        if (header.value(u"alg"_s).toString() == u"PS256") {
            EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
        }
        const auto *bytes = reinterpret_cast<const unsigned char *>(text.constData());
        size_t size = 0;
        EVP_DigestSign(context, nullptr, &size, bytes, size_t(text.size()));
        QByteArray signature(qsizetype(size), Qt::Uninitialized);
        EVP_DigestSign(context, reinterpret_cast<unsigned char *>(signature.data()), &size, bytes,
                       size_t(text.size()));
        EVP_MD_CTX_free(context);
        return text + '.' + base64Url(signature.first(qsizetype(size)));
    }
    QJsonObject claims() const
    {
        const qint64 second = m_world->now.toSecsSinceEpoch();
        return {{u"aud"_s,
                 u"https://login.microsoftonline.com/%1/oauth2/v2.0/token"_s.arg(Test::tenantId)},
                {u"iss"_s, Test::writerClient},
                {u"sub"_s, Test::writerClient},
                {u"jti"_s, newId()},
                {u"nbf"_s, second},
                {u"exp"_s, second + 600}};
    }
    QJsonObject header(const QString &algorithm = u"PS256"_s) const
    {
        return {{u"typ"_s, u"JWT"_s},
                {u"alg"_s, algorithm},
                {u"x5t#S256"_s, QString::fromLatin1(base64Url(
                                    thumbprint(m_certificate, QCryptographicHash::Sha256)))}};
    }
    Answer present(const QByteArray &assertion, qint64 later = 0)
    {
        EntraEndpoint entra(m_world->scenario, m_world->directory, m_world->issuer,
                            m_world->endpoints);
        return entra.answer(
            {"POST",
             '/' + Test::tenantId.toLatin1() + "/oauth2/v2.0/token",
             {},
             "grant_type=client_credentials&client_id=" + Test::writerClient.toLatin1() +
                 "&scope=https%3A%2F%2Fstorage.azure.com%2F.default&client_assertion_type=urn%"
                 "3Aietf%3Aparams%3Aoauth%3A"
                 "client-assertion-type%3Ajwt-bearer&client_assertion=" +
                 assertion},
            m_world->now.addSecs(later));
    }
    static QJsonObject json(const Answer &answer)
    {
        return QJsonDocument::fromJson(answer.body).object();
    }
    static int number(const Answer &answer)
    {
        return json(answer).value(u"error_codes"_s)[0].toInt();
    }
    void addFederation(const QString &issuer)
    {
        m_world->directory.change(application(), [&](DirectoryObject &one) {
            one.federations.append({newId(),
                                    u"ci"_s,
                                    issuer,
                                    u"repo:a/b"_s,
                                    {},
                                    {u"api://AzureADTokenExchange"_s},
                                    {}});
        });
    }
    QString application() const
    {
        return m_world->directory
            .ofClient(Directory::Replica::SignIn, DirectoryObject::Kind::Application,
                      Test::tenantId, Test::writerClient, m_world->now)
            ->id;
    }

    PrivateKey m_key, m_otherKey;
    QByteArray m_certificate;
    std::unique_ptr<Test::SmallWorld> m_world;
};

void ClientAssertionTest::initTestCase()
{
    m_key = newRsaKey(2048);
    m_otherKey = newRsaKey(2048);
    m_certificate = selfSignedDer(m_key, "writer");
}

void ClientAssertionTest::init()
{
    m_world = std::make_unique<Test::SmallWorld>();
    m_world->now = QDateTime::currentDateTimeUtc(); // the certificate is of today
    m_world->directory.change(application(), [&](DirectoryObject &one) {
        one.keys.append({newId(),
                         u"CN=writer"_s,
                         m_certificate,
                         m_world->now.addDays(-1),
                         m_world->now.addDays(20),
                         {}});
    });
}

void ClientAssertionTest::signsInByCertificate_data()
{
    QTest::addColumn<QJsonObject>("header");
    QTest::addColumn<QString>("audience");
    const QString sha1 = QString::fromLatin1(base64Url(thumbprint(m_certificate)));
    const QString v2 =
        u"https://login.microsoftonline.com/%1/oauth2/v2.0/token"_s.arg(Test::tenantId);
    QTest::addRow("PS256, x5t#S256") << header() << v2;
    QTest::addRow("RS256, x5t") << QJsonObject{{u"alg"_s, u"RS256"_s}, {u"x5t"_s, sha1}} << v2;
    QTest::addRow("the v1.0 endpoint")
        << header() << u"https://login.microsoftonline.com/%1/oauth2/token"_s.arg(Test::tenantId);
    QTest::addRow("the issuer") << header()
                                << u"https://login.microsoftonline.com/%1/v2.0"_s.arg(
                                       Test::tenantId);
    QTest::addRow("the tenant's domain")
        << header() << u"https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"_s;
}

void ClientAssertionTest::signsInByCertificate()
{
    QFETCH(QJsonObject, header);
    QFETCH(QString, audience);
    QJsonObject said = claims();
    said.insert(u"aud"_s, audience);
    const Answer answer = present(sign(header, said, m_key));
    QVERIFY2(answer.status == 200, answer.body.constData());
    const auto check = m_world->issuer.check(
        json(answer).value(u"access_token"_s).toString().toLatin1(), m_world->now);
    QCOMPARE(check.claims.value(u"appidacr"_s).toString(), u"2"_s);
}

void ClientAssertionTest::refusesAssertions_data()
{
    QTest::addColumn<QByteArray>("assertion");
    QTest::addColumn<int>("code");
    const auto with = [this](const QString &key, const QJsonValue &value) {
        QJsonObject said = claims();
        said.insert(key, value);
        return sign(header(), said, m_key);
    };
    init();
    QTest::addRow("no JWT") << QByteArray("x.y") << 50027;
    QTest::addRow("another key's signature") << sign(header(), claims(), m_otherKey) << 700027;
    QTest::addRow("the padding of another algorithm")
        << sign(header(u"RS256"_s), claims(), m_otherKey) << 700027;
    QTest::addRow("no algorithm") << sign(header(u"none"_s), claims(), m_key) << 700027;
    QTest::addRow("no thumbprint") << sign({{u"alg"_s, u"PS256"_s}}, claims(), m_key) << 700027;
    QTest::addRow("another subject") << with(u"sub"_s, u"x"_s) << 700021;
    QTest::addRow("another audience")
        << with(u"aud"_s, u"https://login.microsoftonline.com/common/oauth2/v2.0/token"_s)
        << 700023;
    QTest::addRow("another issuer") << with(u"iss"_s, u"https://x"_s) << 700211;
    QTest::addRow("no end") << with(u"exp"_s, QJsonValue()) << 700024;
}

void ClientAssertionTest::refusesAssertions()
{
    QFETCH(QByteArray, assertion);
    QTEST(number(present(assertion)), "code");
}

void ClientAssertionTest::clocksMayDifferByFiveMinutes_data()
{
    QTest::addColumn<qint64>("skew"); // of the client's clock, seconds
    QTest::addColumn<int>("code");
    QTest::addRow("right") << qint64(0) << 0;
    QTest::addRow("four minutes ahead") << qint64(240) << 0;
    QTest::addRow("ten minutes ahead") << qint64(600) << 700024;
    QTest::addRow("ten minutes behind")
        << qint64(-600) << 0; // it ends just now, and five minutes are granted
    QTest::addRow("sixteen minutes behind") << qint64(-960) << 700024;
}

void ClientAssertionTest::takesFractionsOfSeconds() // as MSAL for Python writes them
{
    QJsonObject said = claims();
    said.remove(u"nbf"_s);
    said.insert(u"iat"_s, double(m_world->now.toSecsSinceEpoch()) + 0.25);
    said.insert(u"exp"_s, double(m_world->now.toSecsSinceEpoch()) + 600.25);
    QCOMPARE(number(present(sign(header(), said, m_key))), 0);
}

void ClientAssertionTest::clocksMayDifferByFiveMinutes()
{
    QFETCH(qint64, skew);
    QJsonObject said = claims();
    for (const QString &key : {u"nbf"_s, u"exp"_s})
        said.insert(key, said.value(key).toInteger() + skew);
    QTEST(number(present(sign(header(), said, m_key))), "code");
}

void ClientAssertionTest::refusalsReadAsRecorded_data()
{
    QTest::addColumn<int>("number");
    QTest::addRow("err-700024-assertion-time-range") << 700024;
    QTest::addRow("err-700027-client-assertion-key-not-found") << 700027;
    QTest::addRow("err-700213-federated-subject-mismatch") << 700213;
}

void ClientAssertionTest::refusalsReadAsRecorded()
{
    QFETCH(int, number);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    QJsonObject said = claims(), head = header(u"RS256"_s);
    if (number == 700024)
        said.insert(u"exp"_s, 1);
    if (number == 700027) {
        head.remove(u"x5t#S256"_s);
        head.insert(u"x5t"_s, u"jKaJXFj9XJru0TEh94RinkAmGXc"_s);
    }
    if (number == 700213) {
        addFederation(u"https://token.actions.example"_s);
        said.insert(u"iss"_s, u"https://token.actions.example"_s);
        said.insert(u"sub"_s, u"repo:c/d"_s);
    }
    const Answer answer = present(sign(head, said, m_key));
    const auto recorded =
        Test::recording(u"entra-token"_s, QString::fromLatin1(QTest::currentDataTag()) + u".json"_s)
            .first()
            .response;
    const QJsonObject theirs = QJsonDocument::fromJson(recorded.body).object();
    QCOMPARE(answer.status, recorded.status);
    QCOMPARE(json(answer).value(u"error_codes"_s), theirs.value(u"error_codes"_s));
    QCOMPARE(json(answer).value(u"error"_s), theirs.value(u"error"_s));
    static const QRegularExpression changing(
        u"\\s*Trace ID:.*$|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|'(repo:)[^']*'|'[0-9A-F]{40}'"_s,
        QRegularExpression::DotMatchesEverythingOption);
    const auto sentence = [&](const QJsonObject &one) {
        return one.value(u"error_description"_s).toString().replace(changing, u"…"_s);
    };
    QCOMPARE(sentence(json(answer)), sentence(theirs));
}

void ClientAssertionTest::signsInByFederatedToken_data()
{
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("audience");
    QTest::addColumn<bool>("forged");
    QTest::addColumn<int>("code");
    const QString good = sandboxIssuer(), subject = u"repo:a/b"_s,
                  audience = u"api://AzureADTokenExchange"_s;
    QTest::addRow("as registered") << good << subject << audience << false << 0;
    QTest::addRow("a slash more") << good + u'/' << subject << audience << false << 700211;
    QTest::addRow("another subject") << good << u"repo:a/c"_s << audience << false << 700213;
    QTest::addRow("another audience") << good << subject << u"api://else"_s << false << 700212;
    QTest::addRow("not signed by the issuer") << good << subject << audience << true << 50013;
}

void ClientAssertionTest::signsInByFederatedToken()
{
    QFETCH(QString, issuer);
    QFETCH(QString, subject);
    QFETCH(QString, audience);
    QFETCH(bool, forged);
    addFederation(sandboxIssuer());
    QJsonObject said = claims();
    said.insert(u"iss"_s, issuer);
    said.insert(u"sub"_s, subject);
    said.insert(u"aud"_s, audience);
    QTEST(number(present(forged ? sign({{u"alg"_s, u"RS256"_s}}, said, m_otherKey)
                                : m_world->issuer.sign(said))),
          "code");
}

void ClientAssertionTest::believesIssuersOfTheScenario()
{
    const QString issuer = u"https://oidc.example"_s;
    addFederation(issuer);
    const TokenIssuer other;
    QJsonObject said = claims();
    said.insert(u"iss"_s, issuer);
    said.insert(u"sub"_s, u"repo:a/b"_s);
    said.insert(u"aud"_s, u"api://AzureADTokenExchange"_s);
    QCOMPARE(number(present(other.sign(said))), 50013);
    m_world->scenario.issuers = {{issuer, other.keys(issuer)}};
    QCOMPARE(present(other.sign(said)).status, 200);
    QCOMPARE(number(present(m_world->issuer.sign(said))), 50013);
}

QTEST_GUILESS_MAIN(ClientAssertionTest)
#include "tst_clientassertion.moc"
