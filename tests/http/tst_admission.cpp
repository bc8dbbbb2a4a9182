#include "http/admission.h"

#include <QTest>

using namespace Qt::StringLiterals;

class AdmissionTest : public QObject
{
    Q_OBJECT
private slots:
    void asksOnlyWhereItMay_data();
    void asksOnlyWhereItMay();
    void followsOnlyWithinTheOrigin_data();
    void followsOnlyWithinTheOrigin();
};

void AdmissionTest::asksOnlyWhereItMay_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("plain");
    QTest::addColumn<bool>("admitted");
    QTest::newRow("https") << u"https://acct.blob.core.windows.net/"_s << false << true;
    QTest::newRow("http") << u"http://acct.blob.core.windows.net/"_s << true << false;
    QTest::newRow("http to loopback, not allowed") << u"http://127.0.0.1/"_s << false << false;
    QTest::newRow("http to loopback, allowed") << u"http://127.0.0.1:10000/"_s << true << true;
    QTest::newRow("http to localhost, allowed") << u"http://localhost/"_s << true << true;
    QTest::newRow("http to ::1, allowed") << u"http://[::1]/"_s << true << true;
    QTest::newRow("a host that begins like loopback") << u"http://127.0.0.1.evil.example/"_s << true << false;
    QTest::newRow("localhost as a subdomain") << u"http://localhost.evil.example/"_s << true << false;
    QTest::newRow("a private address") << u"http://10.0.0.1/"_s << true << false;
    QTest::newRow("user info") << u"https://login.microsoftonline.com@evil.example/"_s << false << false;
    QTest::newRow("another scheme") << u"file:///etc/passwd"_s << true << false;
    QTest::newRow("no host") << u"https:///x"_s << false << false;
    QTest::newRow("empty") << QString() << true << false;
}

void AdmissionTest::asksOnlyWhereItMay()
{
    QFETCH(QString, url);
    QFETCH(bool, plain);
    QFETCH(bool, admitted);
    Http::Trust trust;
    trust.plainLoopback = plain;
    QCOMPARE(Http::admit(QUrl(url), trust).has_value(), admitted);
}

void AdmissionTest::followsOnlyWithinTheOrigin_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("location");
    QTest::addColumn<QString>("target"); // empty: refused
    QTest::newRow("a path") << QByteArray("GET") << QByteArray("/b") << u"https://host:8/b"_s;
    QTest::newRow("the same origin") << QByteArray("HEAD") << QByteArray("https://host:8/b?x=1") << u"https://host:8/b?x=1"_s;
    QTest::newRow("another host") << QByteArray("GET") << QByteArray("https://evil:8/b") << QString();
    QTest::newRow("another port") << QByteArray("GET") << QByteArray("https://host:9/b") << QString();
    QTest::newRow("no TLS") << QByteArray("GET") << QByteArray("http://host:8/b") << QString();
    QTest::newRow("scheme-relative") << QByteArray("GET") << QByteArray("//evil:8/b") << QString();
    QTest::newRow("user info") << QByteArray("GET") << QByteArray("https://x@host:8/b") << QString();
    QTest::newRow("a body would be sent again") << QByteArray("POST") << QByteArray("/b") << QString();
    QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray("/b") << QString();
}

void AdmissionTest::followsOnlyWithinTheOrigin()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, location);
    QFETCH(QString, target);
    Http::Request request;
    request.verb = verb;
    const auto followed = Http::redirectTarget(request, QUrl(u"https://host:8/a"_s), location);
    QCOMPARE(followed ? followed->toString() : QString(), target);
}

QTEST_GUILESS_MAIN(AdmissionTest)
#include "tst_admission.moc"
