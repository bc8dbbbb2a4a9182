#include "support/openssl.h"
#include "ui/principals/credentialrows.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;
using Ui::CredentialRows;
using Ui::GivenCredential;

/// The rows with files that openssl made.
class CredentialRowsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void takesACertificateFromAFile_data();
    void takesACertificateFromAFile();
    void saysWhatTheFileHolds();
    void explainsAFile_data();
    void explainsAFile();
    void makesACertificate();
    void takesATokensFile();
    void aNewSecretForgetsTheOldOnesEnd();
    void refusesAnEndThatIsNoDay();
    void keepsACertificateThatIsNotReplaced();
    void showsOnlyTheRowsOfItsKind();
    void followsAPaste();

private:
    Core::Result<GivenCredential> read();
    template<typename T>
    T *child(const QString &name)
    {
        T *found = m_form->findChild<T *>(name);
        if (!found)
            qFatal("there is no %s", qPrintable(name));
        return found;
    }
    void choose(int kind) { child<QComboBox>(u"credentialKind"_s)->setCurrentIndex(kind); }

    Test::OpenSslTool m_openssl;
    std::unique_ptr<QWidget> m_form;
    CredentialRows *m_rows = nullptr;
    ServicePrincipal m_principal;
};

void CredentialRowsTest::initTestCase()
{
    const auto run = [this](const QString &what) {
        QVERIFY2(m_openssl.run(what), m_openssl.output().constData());
    };
    run(u"req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 90 -subj /CN=orders"_s);
    QVERIFY(m_openssl.write(u"both.pem"_s,
                            m_openssl.read(u"key.pem"_s) + m_openssl.read(u"cert.pem"_s)));
    run(u"pkey -in key.pem -aes256 -passout pass:word -out locked.key"_s);
    QVERIFY(m_openssl.write(u"locked.pem"_s, m_openssl.read(u"locked.key"_s) +
                                                 m_openssl.read(u"cert.pem"_s)));
    run(u"pkcs12 -export -inkey key.pem -in cert.pem -out both.pfx -passout pass:word"_s);
    run(u"ecparam -name prime256v1 -genkey -noout -out ec.pem"_s);
    run(u"req -x509 -key ec.pem -out eccert.pem -days 90 -subj /CN=ec"_s);
    QVERIFY(m_openssl.write(u"ec.both"_s,
                            m_openssl.read(u"ec.pem"_s) + m_openssl.read(u"eccert.pem"_s)));
    QVERIFY(m_openssl.write(u"text"_s, "nothing of that kind"));
    QVERIFY(m_openssl.write(u"token"_s, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"));
    QCOMPARE(::mkfifo(m_openssl.path(u"pipe"_s).toLocal8Bit().constData(), 0600), 0);
}

void CredentialRowsTest::init()
{
    m_form = std::make_unique<QWidget>();
    auto *layout = new QFormLayout(m_form.get());
    m_rows = new CredentialRows(*layout, m_form.get());
    m_form->show();
    m_principal = {};
    m_principal.name = u"orders"_s;
}

Core::Result<GivenCredential> CredentialRowsTest::read()
{
    std::optional<Core::Result<GivenCredential>> outcome;
    m_rows->read(m_principal, QDateTime::currentDateTimeUtc(), this,
                 [&](const auto &given) { outcome = given; });
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 20'000))
        return Core::Error{.message = u"no answer"_s};
    return *outcome;
}

void CredentialRowsTest::takesACertificateFromAFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("passphrase");
    QTest::newRow("PEM") << u"both.pem"_s << QString();
    QTest::newRow("PKCS#12") << u"both.pfx"_s << u"word"_s;
    QTest::newRow("PEM, its key encrypted") << u"locked.pem"_s << u"word"_s;
}

void CredentialRowsTest::takesACertificateFromAFile()
{
    QFETCH(QString, file);
    QFETCH(QString, passphrase);
    choose(1);
    QVERIFY(!m_rows->isComplete());
    child<QLineEdit>(u"certificateField"_s)->setText(m_openssl.path(file));
    child<QLineEdit>(u"passphraseField"_s)->setText(passphrase);
    QVERIFY(m_rows->isComplete());
    const auto given = read();
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QCOMPARE(given->principal.credential, ServicePrincipal::Credential::Certificate);
    QVERIFY(m_openssl.run(u"x509 -in cert.pem -noout -fingerprint -sha1"_s));
    QByteArray print = m_openssl.output().trimmed().split('=').constLast();
    print.replace(":", "");
    QCOMPARE(given->principal.credentialThumbprint.toLatin1(), print);
    QVERIFY(given->principal.credentialExpiresAt.isValid());
    QVERIFY(given->secret && given->secret->reveal().contains("PRIVATE KEY"));
}

void CredentialRowsTest::saysWhatTheFileHolds()
{
    choose(1);
    child<QLineEdit>(u"certificateField"_s)->setText(m_openssl.path(u"both.pem"_s));
    auto *remark = child<QLabel>(u"certificateRemark"_s);
    QTRY_VERIFY2(remark->isVisible() && remark->text().contains(u"CN=orders, 2048 bits"),
                 qPrintable(remark->text()));
    child<QLineEdit>(u"certificateField"_s)->setText(m_openssl.path(u"both.pfx"_s));
    QTRY_VERIFY2(remark->text().contains(u"passphrase"), qPrintable(remark->text()));
    choose(0);
    QVERIFY(!remark->isVisible());
}

void CredentialRowsTest::explainsAFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("passphrase");
    QTest::addColumn<QString>("code");
    QTest::newRow("wrong passphrase") << u"both.pfx"_s << u"other"_s << u"WrongPassphrase"_s;
    QTest::newRow("wrong passphrase, PEM")
        << u"locked.pem"_s << u"other"_s << u"WrongPassphrase"_s;
    QTest::newRow("no passphrase, PEM") << u"locked.pem"_s << QString() << u"PassphraseNeeded"_s;
    QTest::newRow("no passphrase") << u"both.pfx"_s << QString() << u"PassphraseNeeded"_s;
    QTest::newRow("no key") << u"cert.pem"_s << QString() << u"NoPrivateKey"_s;
    QTest::newRow("an elliptic curve") << u"ec.both"_s << QString() << u"KeyNotRsa"_s;
    QTest::newRow("another file") << u"text"_s << QString() << u"NoCertificateFile"_s;
    QTest::newRow("no file") << u"nowhere"_s << QString() << QString();
    QTest::newRow("a pipe, which would never end") << u"pipe"_s << QString() << QString();
}

void CredentialRowsTest::explainsAFile()
{
    QFETCH(QString, file);
    QFETCH(QString, passphrase);
    QFETCH(QString, code);
    choose(1);
    child<QLineEdit>(u"certificateField"_s)->setText(m_openssl.path(file));
    child<QLineEdit>(u"passphraseField"_s)->setText(passphrase);
    const auto given = read();
    QVERIFY(!given);
    QVERIFY(given.error().message != u"no answer");
    QCOMPARE(given.error().code, code);
}

void CredentialRowsTest::makesACertificate()
{
    choose(2);
    QVERIFY(m_rows->isComplete());
    child<QSpinBox>(u"madeDays"_s)->setValue(30);
    const auto given = read();
    QVERIFY(given);
    QVERIFY(m_openssl.write(u"made.pem"_s, given->secret->reveal().toByteArray()));
    QVERIFY(m_openssl.run(u"x509 -in made.pem -noout -subject"_s));
    QVERIFY2(m_openssl.output().contains("orders"), m_openssl.output().constData());
    const qint64 days =
        QDateTime::currentDateTimeUtc().daysTo(given->principal.credentialExpiresAt);
    QVERIFY2(days >= 29 && days <= 30, qPrintable(QString::number(days)));
}

void CredentialRowsTest::takesATokensFile()
{
    choose(3);
    QVERIFY(!m_rows->isComplete());
    child<QLineEdit>(u"tokenFileField"_s)->setText(m_openssl.path(u"token"_s));
    QVERIFY(m_rows->isComplete());
    m_principal.credentialThumbprint = u"AA"_s;
    const auto given = read();
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QCOMPARE(given->principal.credential, ServicePrincipal::Credential::FederatedToken);
    QCOMPARE(given->principal.credentialFile, m_openssl.path(u"token"_s));
    QVERIFY(given->principal.credentialThumbprint.isEmpty());
    QVERIFY(!given->secret);
    child<QLineEdit>(u"tokenFileField"_s)->setText(m_openssl.path(u"text"_s));
    QCOMPARE(read().error().code, u"NoFederatedToken"_s);
}

void CredentialRowsTest::aNewSecretForgetsTheOldOnesEnd()
{
    m_principal.credentialKeyId = u"old"_s;
    m_principal.credentialExpiresAt = QDateTime({2026, 5, 1}, {0, 0}, Qt::UTC);
    m_rows->setKept(m_principal);
    QVERIFY(m_rows->isComplete());
    const auto same = read();
    QVERIFY(same && !same->secret);
    QCOMPARE(same->principal, m_principal);
    child<QLineEdit>(u"secretField"_s)->setText(u" new "_s);
    child<QLineEdit>(u"secretEnds"_s)->clear();
    const auto given = read();
    QCOMPARE(given->secret->reveal().toByteArray(), QByteArray("new"));
    QVERIFY(given->principal.credentialKeyId.isEmpty());
    QVERIFY(!given->principal.credentialExpiresAt.isValid());
}

void CredentialRowsTest::refusesAnEndThatIsNoDay()
{
    child<QLineEdit>(u"secretField"_s)->setText(u"secret"_s);
    child<QLineEdit>(u"secretEnds"_s)->setText(u"soon"_s);
    const auto given = read();
    QVERIFY(!given);
    QVERIFY2(given.error().message.contains(u"soon"), qPrintable(given.error().message));
}

void CredentialRowsTest::keepsACertificateThatIsNotReplaced()
{
    m_principal.credential = ServicePrincipal::Credential::Certificate;
    m_principal.credentialThumbprint = u"AABB"_s;
    m_rows->setKept(m_principal);
    QVERIFY(m_rows->isComplete());
    const auto given = read();
    QVERIFY(given && !given->secret);
    QCOMPARE(given->principal, m_principal);
}

void CredentialRowsTest::showsOnlyTheRowsOfItsKind()
{
    const QStringList names{u"secretField"_s, u"certificateField"_s, u"madeDays"_s,
                            u"tokenFileField"_s};
    for (int kind = 0; kind < names.size(); ++kind) {
        choose(kind);
        for (int one = 0; one < names.size(); ++one)
            QCOMPARE(child<QWidget>(names[one])->isVisible(), one == kind);
    }
}

void CredentialRowsTest::followsAPaste()
{
    Identity::ImportedCredential imported;
    imported.certificateFile = m_openssl.path(u"both.pem"_s);
    m_rows->fill(imported);
    QCOMPARE(child<QComboBox>(u"credentialKind"_s)->currentIndex(), 1);
    QVERIFY(m_rows->isComplete());
    imported.secret = Core::Secret::take("s");
    m_rows->fill(imported);
    QCOMPARE(child<QComboBox>(u"credentialKind"_s)->currentIndex(), 0);
}

QTEST_MAIN(CredentialRowsTest)
#include "tst_credentialrows.moc"
