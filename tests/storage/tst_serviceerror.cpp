#include "storage/serviceerror.h"
#include "support/recordings.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using Core::Error;

class ServiceErrorTest : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryRecordedRefusal_data();
    void readsEveryRecordedRefusal();
    void readsTheDetailBehindARefusedToken();
    void tellsTheNetworkFromARole();
    void namesWhatIsNotTheService();
    void staysCalmWithAnythingElse_data();
    void staysCalmWithAnythingElse();
};

void ServiceErrorTest::readsEveryRecordedRefusal_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : Test::recordingNames(u"blob"_s, u"err-"_s))
        QTest::newRow(qPrintable(file)) << file;
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

void ServiceErrorTest::readsEveryRecordedRefusal()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, file);
    for (const Test::Exchange &exchange : Test::recording(u"blob"_s, file)) {
        const Http::Response &response = exchange.response;
        if (response.isSuccess())
            continue;
        const Storage::ServiceError error = Storage::serviceError(response);
        QVERIFY(!error.code.isEmpty());
        static const QRegularExpression inBody(u"<Code>([^<]+)</Code>|\"code\":\"([^\"]+)\""_s);
        const auto match = inBody.match(QString::fromUtf8(response.body));
        if (match.hasMatch() && !response.header("x-ms-error-code").isEmpty())
            QCOMPARE(error.code, match.captured(1) + match.captured(2));
        const Error whole = Storage::blobError(response);
        QCOMPARE(whole.code, error.code);
        QCOMPARE(whole.status, response.status);
        QVERIFY(!whole.message.isEmpty());
        QVERIFY(!whole.message.contains(u"RequestId"));
    }
}

void ServiceErrorTest::readsTheDetailBehindARefusedToken()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto recorded = Test::recording(u"blob"_s, u"err-401-invalidauthenticationinfo-issuer.json"_s).constFirst().response;
    QVERIFY(Storage::serviceError(recorded).detail.contains(u"Issuer"));
    QCOMPARE(Storage::blobError(recorded).kind, Error::Kind::Unauthenticated);
}

void ServiceErrorTest::tellsTheNetworkFromARole()
{
    Http::Response response;
    response.status = 403;
    response.body = "\xEF\xBB\xBF<?xml version=\"1.0\"?><Error><Code>AuthorizationFailure</Code><Message>m\nRequestId:1\nTime:2</Message></Error>";
    response.headers = {{"Server", "Microsoft-HTTPAPI/2.0"}, {"x-ms-request-id", "r"}};
    QVERIFY(Storage::isNetworkRefusal(response));
    QVERIFY(Storage::blobError(response).nextStep.contains(u"network rules"));
    response.headers.emplaceBack("x-ms-version", "2023-11-03");
    QVERIFY(!Storage::isNetworkRefusal(response));
    QVERIFY(!Storage::blobError(response).message.contains(u"network"));
}

void ServiceErrorTest::namesWhatIsNotTheService()
{
    Http::Response response;
    response.status = 403;
    response.body = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    response.headers = {{"Server", "AmazonS3"}};
    QCOMPARE(Storage::blobError(response).kind, Error::Kind::BadResponse);
    // A gateway may drop the service's headers, but its message stays.
    response.body = "<?xml version=\"1.0\"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>m\nRequestId:1\nTime:2</Message></Error>";
    response.headers.clear();
    QCOMPARE(Storage::blobError(response).kind, Error::Kind::Forbidden);
    // UTF-16, as some gateways write it again.
    const QString text = QString::fromLatin1(response.body);
    response.body = QByteArray("\xFF\xFE", 2) + QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    QCOMPARE(Storage::serviceError(response).code, u"AuthorizationPermissionMismatch"_s);
}

void ServiceErrorTest::staysCalmWithAnythingElse_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a web page") << QByteArray("<html><body>no</body></html>");
    QTest::newRow("half XML") << QByteArray("<?xml version=\"1.0\"?><Error><Code>Auth");
    QTest::newRow("an entity bomb") << QByteArray("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><Error><Code>&a;</Code></Error>");
    QTest::newRow("half JSON") << QByteArray("{\"error\":{\"code\":");
    QTest::newRow("binary") << QByteArray("\0\1\2\xFF", 4);
    QTest::newRow("ten megabytes") << QByteArray("<?xml version=\"1.0\"?><Error>") + QByteArray(10'000'000, 'x');
}

void ServiceErrorTest::staysCalmWithAnythingElse()
{
    QFETCH(QByteArray, body);
    Http::Response response;
    response.status = 403;
    response.body = body;
    response.url = QUrl(u"https://acct.blob.core.windows.net/"_s);
    const Error error = Storage::blobError(response);
    QVERIFY(!error.message.isEmpty());
    QVERIFY(error.message.size() < 1000);
    QVERIFY(!Storage::isFromStorage(response));
}

QTEST_GUILESS_MAIN(ServiceErrorTest)
#include "tst_serviceerror.moc"
