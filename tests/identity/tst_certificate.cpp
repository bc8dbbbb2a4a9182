#include "identity/certificate.h"
#include "support/openssl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Secret;
using Identity::Certificate;
using Identity::importCertificate;

/// Files as the openssl program makes them, and what is said of those that cannot be used.
class CertificateTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void readsWhatOpensslMakes_data();
    void readsWhatOpensslMakes();
    void tellsWhatItIsLikeOpenssl();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void neverQuotesTheFileOrThePassphrase();
    void knowsWhenItIsValid_data();
    void knowsWhenItIsValid();
    void survivesAnyCut();
    void makesOneThatOpensslTakes();
    void refusesWhatCannotBeMade_data();
    void refusesWhatCannotBeMade();
    void encryptsForAFile();

private:
    QByteArray file(const char *name) const { return m_tool.read(QLatin1StringView(name)); }
    Test::OpenSslTool m_tool;
    QDateTime m_now = QDateTime::currentDateTimeUtc();
};

void CertificateTest::initTestCase()
{
    const auto make = [&](const char *command) {
        QVERIFY2(m_tool.run(QString::fromLatin1(command)), m_tool.output().constData());
    };
    make("req -x509 -newkey rsa:2048 -noenc -keyout key.pem -out cert.pem -days 30 -subj "
         "/O=Contoso/CN=orders");
    // Taken after the certificate, or it may begin a second later than "now".
    m_now = QDateTime::currentDateTimeUtc();
    make("req -x509 -newkey rsa:2048 -noenc -keyout other.pem -out othercert.pem -days 30 -subj "
         "/CN=other");
    make("req -x509 -key key.pem -out renewed.pem -days 60 -subj /CN=orders");
    make("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout eckey.pem -out "
         "eccert.pem -days 30 -subj /CN=ec");
    make(
        "req -x509 -newkey ed25519 -noenc -keyout edkey.pem -out edcert.pem -days 30 -subj /CN=ed");
    make("req -x509 -newkey rsa:1024 -noenc -keyout smallkey.pem -out smallcert.pem -days 30 -subj "
         "/CN=small");
    // Five primes: made in a second rather than in half a minute.
    make("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:8192 -pkeyopt rsa_keygen_primes:5 -out "
         "hugekey.pem");
    make("req -x509 -key hugekey.pem -out hugecert.pem -days 30 -subj /CN=huge");
    make("rsa -in key.pem -traditional -out rsakey.pem");
    make("pkcs8 -topk8 -in key.pem -passout pass:open-sesame -out locked.pem");
    make("rsa -in key.pem -traditional -aes256 -passout pass:open-sesame -out oldlocked.pem");
    make("pkcs12 -export -inkey key.pem -in cert.pem -passout pass:open-sesame -out locked.pfx");
    make("pkcs12 -export -inkey key.pem -in cert.pem -passout pass: -out open.pfx");
    make("pkcs12 -export -inkey key.pem -in cert.pem -certfile othercert.pem -passout "
         "pass:open-sesame -out chain.pfx");
    make("pkcs12 -export -inkey key.pem -in cert.pem -legacy -passout pass:open-sesame -out "
         "old.pfx");
    make("pkcs12 -export -nokeys -in cert.pem -passout pass:open-sesame -out nokey.pfx");
}

void CertificateTest::readsWhatOpensslMakes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("passphrase");
    const QByteArray none;
    const QByteArray sesame = "open-sesame";
    QTest::newRow("key, then certificate") << file("key.pem") + file("cert.pem") << none;
    QTest::newRow("certificate, then key") << file("cert.pem") + file("key.pem") << none;
    QTest::newRow("traditional RSA key") << file("rsakey.pem") + file("cert.pem") << none;
    QTest::newRow("with text between") << "Bag Attributes\n  x: y\n" + file("key.pem") +
                                              "\nsubject=/CN=orders\n" + file("cert.pem")
                                       << none;
    QTest::newRow("with CRLF")
        << QByteArray(file("key.pem") + file("cert.pem")).replace("\n", "\r\n") << none;
    QTest::newRow("with a passphrase that is not needed")
        << file("key.pem") + file("cert.pem") << sesame;
    QTest::newRow("an intermediate first")
        << file("othercert.pem") + file("key.pem") + file("cert.pem") << none;
    QTest::newRow("encrypted PKCS#8") << file("locked.pem") + file("cert.pem") << sesame;
    QTest::newRow("encrypted traditional") << file("oldlocked.pem") + file("cert.pem") << sesame;
    QTest::newRow("PKCS#12") << file("locked.pfx") << sesame;
    QTest::newRow("PKCS#12 without passphrase") << file("open.pfx") << none;
    QTest::newRow("PKCS#12 with a chain") << file("chain.pfx") << sesame;
}

void CertificateTest::readsWhatOpensslMakes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, passphrase);
    const auto read = importCertificate(bytes, Secret(passphrase), m_now);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QCOMPARE(read->subject, u"CN=orders,O=Contoso"_s);
    QCOMPARE(read->keyBits, 2048);
    QVERIFY(read->pem.reveal().startsWith("-----BEGIN PRIVATE KEY-----"));
    // What is kept reads back as the same.
    const auto again = Identity::readCertificate(read->pem.reveal());
    QVERIFY(again);
    QCOMPARE(*again, *read);
}

void CertificateTest::tellsWhatItIsLikeOpenssl()
{
    const auto read = importCertificate(file("key.pem") + file("cert.pem"), {}, m_now);
    QVERIFY(read);
    QVERIFY(m_tool.run(u"x509 -in cert.pem -noout -fingerprint -sha1"_s));
    QCOMPARE(read->thumbprint, m_tool.output().trimmed().split('=').last().replace(":", ""));
    QVERIFY(m_tool.run(u"x509 -in cert.pem -noout -fingerprint -sha256"_s));
    QCOMPARE(read->thumbprint256.toHex().toUpper(),
             m_tool.output().trimmed().split('=').last().replace(":", ""));
    QVERIFY(m_tool.run(u"x509 -in cert.pem -outform DER"_s));
    QCOMPARE(read->der, m_tool.output());
    QCOMPARE(read->notBefore.secsTo(read->notAfter), 30 * 86400);
}

void CertificateTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("passphrase");
    QTest::addColumn<QString>("code");
    const QByteArray none;
    const QByteArray good = file("key.pem") + file("cert.pem");
    QTest::newRow("nothing") << none << none << u"NoCertificateFile"_s;
    QTest::newRow("some text") << QByteArray("hello") << none << u"NoCertificateFile"_s;
    QTest::newRow("PEM of something else")
        << QByteArray("-----BEGIN X-----\nAAAA\n-----END X-----\n") << none
        << u"NoCertificateFile"_s;
    QTest::newRow("cut off") << good.chopped(40) << none << u"NoCertificateFile"_s;
    QTest::newRow("a damaged certificate")
        << file("key.pem") + file("cert.pem").replace(100, 8, "!!!!!!!!") << none
        << u"NoCertificateFile"_s;
    QTest::newRow("a damaged key")
        << file("key.pem").replace(100, 8, "AAAAAAAA").replace(400, 60, QByteArray(60, 'A')) +
               file("cert.pem")
        << none << u"NoCertificateFile"_s;
    QTest::newRow("too long") << QByteArray(300 * 1024, ' ') + good << none
                              << u"NoCertificateFile"_s;
    QTest::newRow("no key") << file("cert.pem") << none << u"NoPrivateKey"_s;
    QTest::newRow("no certificate") << file("key.pem") << none << u"NoCertificate"_s;
    QTest::newRow("another's key")
        << file("other.pem") + file("cert.pem") << none << u"KeyMismatch"_s;
    QTest::newRow("two keys") << file("key.pem") + file("other.pem") + file("cert.pem") << none
                              << u"SeveralKeys"_s;
    QTest::newRow("two certificates of one key")
        << good + file("renewed.pem") << none << u"SeveralCertificates"_s;
    QTest::newRow("EC key") << file("eckey.pem") + file("eccert.pem") << none << u"KeyNotRsa"_s;
    QTest::newRow("Ed25519 key") << file("edkey.pem") + file("edcert.pem") << none
                                 << u"KeyNotRsa"_s;
    QTest::newRow("1024 bits") << file("smallkey.pem") + file("smallcert.pem") << none
                               << u"KeySize"_s;
    QTest::newRow("8192 bits") << file("hugekey.pem") + file("hugecert.pem") << none
                               << u"KeySize"_s;
    QTest::newRow("locked PEM, nothing given")
        << file("locked.pem") + file("cert.pem") << none << u"PassphraseNeeded"_s;
    QTest::newRow("locked PEM, wrong")
        << file("locked.pem") + file("cert.pem") << QByteArray("sesame") << u"WrongPassphrase"_s;
    QTest::newRow("old locked PEM, wrong")
        << file("oldlocked.pem") + file("cert.pem") << QByteArray("sesame") << u"WrongPassphrase"_s;
    QTest::newRow("PKCS#12, nothing given") << file("locked.pfx") << none << u"PassphraseNeeded"_s;
    QTest::newRow("PKCS#12, wrong")
        << file("locked.pfx") << QByteArray("sesame") << u"WrongPassphrase"_s;
    QTest::newRow("PKCS#12, a very long passphrase")
        << file("locked.pfx") << QByteArray(10'000, 'x') << u"WrongPassphrase"_s;
    QTest::newRow("locked PEM, a very long passphrase")
        << file("locked.pem") + file("cert.pem") << QByteArray(10'000, 'x') << u"WrongPassphrase"_s;
    QTest::newRow("PKCS#12 of old")
        << file("old.pfx") << QByteArray("open-sesame") << u"LegacyPkcs12"_s;
    QTest::newRow("PKCS#12 without key")
        << file("nokey.pfx") << QByteArray("open-sesame") << u"NoPrivateKey"_s;
}

void CertificateTest::saysWhatIsWrong()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, passphrase);
    QFETCH(QString, code);
    const auto read = importCertificate(bytes, Secret(passphrase), m_now);
    QVERIFY(!read);
    QCOMPARE(read.error().code, code);
    QCOMPARE(read.error().kind, Error::Kind::InvalidInput);
    QVERIFY(!read.error().message.isEmpty());
    QVERIFY(!read.error().nextStep.isEmpty());
}

void CertificateTest::neverQuotesTheFileOrThePassphrase()
{
    for (const QByteArray &bytes :
         {QByteArray("-----BEGIN PRIVATE KEY-----\nmarker\n-----END PRIVATE KEY-----"),
          QByteArray("marker"), QByteArray("-----BEGIN marker-----"),
          file("locked.pem") + file("cert.pem")}) {
        const auto read = importCertificate(bytes, Secret("marker"), m_now);
        QVERIFY(!read);
        QVERIFY(!Core::describe(read.error()).contains(u"marker"));
    }
}

void CertificateTest::knowsWhenItIsValid_data()
{
    QTest::addColumn<qint64>("later");
    QTest::addColumn<QString>("code");
    QTest::newRow("now") << qint64(0) << QString();
    QTest::newRow("on its last day") << qint64(29 * 86400) << QString();
    QTest::newRow("after its end") << qint64(31 * 86400) << u"CertificateExpired"_s;
    QTest::newRow("before its beginning") << qint64(-86400) << u"CertificateNotYetValid"_s;
}

void CertificateTest::knowsWhenItIsValid()
{
    QFETCH(qint64, later);
    QFETCH(QString, code);
    const auto read =
        importCertificate(file("key.pem") + file("cert.pem"), {}, m_now.addSecs(later));
    QCOMPARE(read ? QString() : read.error().code, code);
}

void CertificateTest::survivesAnyCut()
{
    const QByteArray store = file("locked.pfx");
    for (qsizetype size = 0; size < store.size(); size += 7)
        QVERIFY(!importCertificate(store.first(size), Secret("open-sesame"), m_now));
    const QByteArray pem = file("key.pem") + file("cert.pem");
    for (qsizetype size = 0; size < pem.size() - 60; size += 7)
        QVERIFY(!importCertificate(pem.first(size), {}, m_now));
}

void CertificateTest::makesOneThatOpensslTakes()
{
    const auto made = Identity::makeCertificate(u" Bestellungen – größer "_s, 90, m_now);
    QVERIFY2(made, qPrintable(made ? QString() : made.error().message));
    QCOMPARE(made->keyBits, 2048);
    QCOMPARE(made->subject, u"CN=Bestellungen – größer"_s);
    QCOMPARE(m_now.addDays(90).secsTo(made->notAfter), 0);
    QVERIFY(importCertificate(made->pem.reveal(), {}, m_now));
    m_tool.write(u"made.pem"_s, made->pem.reveal().toByteArray());
    QVERIFY2(m_tool.run(u"verify -CAfile made.pem -purpose sslclient made.pem"_s),
             m_tool.output().constData());
    QVERIFY(m_tool.run(u"x509 -in made.pem -noout -text"_s));
    QVERIFY(m_tool.output().contains("CA:FALSE"));
    const auto other = Identity::makeCertificate(u"x"_s, 1, m_now);
    QVERIFY(other && !(other->pem == made->pem));
}

void CertificateTest::refusesWhatCannotBeMade_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("days");
    QTest::newRow("no name") << u"  "_s << 30;
    QTest::newRow("too long a name") << QString(65, u'x') << 30;
    QTest::newRow("no day") << u"x"_s << 0;
    QTest::newRow("too many days") << u"x"_s << 731;
}

void CertificateTest::refusesWhatCannotBeMade()
{
    QFETCH(QString, name);
    QFETCH(int, days);
    const auto made = Identity::makeCertificate(name, days, m_now);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, Error::Kind::InvalidInput);
}

void CertificateTest::encryptsForAFile()
{
    const auto read = importCertificate(file("key.pem") + file("cert.pem"), {}, m_now);
    QVERIFY(read);
    QCOMPARE(*Identity::certificateForFile(read->pem), read->pem);
    const auto locked = Identity::certificateForFile(read->pem, Secret("pass word"));
    QVERIFY(locked);
    QVERIFY(locked->reveal().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    QVERIFY(!locked->reveal().contains("BEGIN PRIVATE KEY"));
    QCOMPARE(importCertificate(locked->reveal(), Secret("pass"), m_now).error().code,
             u"WrongPassphrase"_s);
    QCOMPARE(*importCertificate(locked->reveal(), Secret("pass word"), m_now), *read);
}

QTEST_GUILESS_MAIN(CertificateTest)
#include "tst_certificate.moc"
