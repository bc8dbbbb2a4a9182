#include "services/expiryreader.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Core::Secret;
using Identity::ServicePrincipal;

class ExpiryReaderTest : public QObject
{
    Q_OBJECT
private slots:
    void findsTheCredentialThatIsKept_data();
    void findsTheCredentialThatIsKept();
};

namespace {

const QDateTime march(QDate(2026, 3, 1), QTime(0, 0), Qt::UTC);
const QDateTime june(QDate(2026, 6, 1), QTime(0, 0), Qt::UTC);

Azure::PasswordCredential password(const QString &id, const QString &hint, const QDateTime &ends)
{
    Azure::PasswordCredential one;
    one.keyId = id;
    one.hint = hint;
    one.endsAt = ends;
    return one;
}

} // namespace

void ExpiryReaderTest::findsTheCredentialThatIsKept_data()
{
    QTest::addColumn<ServicePrincipal::Credential>("kind");
    QTest::addColumn<QString>("keyId");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QString>("thumbprint");
    QTest::addColumn<QString>("answer"); // the key ID, or the error's code
    const auto secret = ServicePrincipal::Credential::Secret;
    const auto certificate = ServicePrincipal::Credential::Certificate;
    QTest::newRow("by its first characters")
        << secret << QString() << QByteArray("abc8Q~x") << QString() << u"one"_s;
    QTest::newRow("by its ID, before the characters")
        << secret << u"two"_s << QByteArray("abc8Q~x") << QString() << u"two"_s;
    QTest::newRow("two begin alike")
        << secret << QString() << QByteArray("xyz8Q~x") << QString() << u"CredentialAmbiguous"_s;
    QTest::newRow("none begins so")
        << secret << QString() << QByteArray("zzz") << QString() << u"CredentialNotListed"_s;
    QTest::newRow("nothing is kept")
        << secret << QString() << QByteArray() << QString() << u"CredentialNotListed"_s;
    QTest::newRow("certificate") << certificate << QString() << QByteArray("PEM") << u"AB12"_s
                                 << u"cert"_s;
    QTest::newRow("another certificate")
        << certificate << QString() << QByteArray("PEM") << u"FF00"_s << u"CredentialNotListed"_s;
}

void ExpiryReaderTest::findsTheCredentialThatIsKept()
{
    QFETCH(ServicePrincipal::Credential, kind);
    QFETCH(QString, keyId);
    QFETCH(QByteArray, secret);
    QFETCH(QString, thumbprint);
    QFETCH(QString, answer);
    Azure::Application application;
    application.passwords = {
        password(u"one"_s, u"abc"_s, march), password(u"two"_s, u"xyz"_s, june),
        password(u"three"_s, u"xyz"_s, march), password(u"four"_s, QString(), march)};
    Azure::KeyCredential key;
    key.keyId = u"cert"_s;
    key.thumbprint = u"ab12"_s;
    key.endsAt = june;
    application.keys = {key};
    ServicePrincipal principal;
    principal.credential = kind;
    principal.credentialKeyId = keyId;
    principal.credentialThumbprint = thumbprint;
    const auto found = Services::credentialOf(application, principal, Secret(secret));
    QCOMPARE(found ? found->keyId : found.error().code, answer);
    if (found)
        QCOMPARE(found->endsAt, answer == u"one" ? march : june);
}

QTEST_GUILESS_MAIN(ExpiryReaderTest)
#include "tst_expiryreader.moc"
