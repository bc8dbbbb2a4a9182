#include "access/remedies.h"
#include "support/recordings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::Remedy;

class RemediesTest : public QObject
{
    Q_OBJECT
private slots:
    void knowsEveryCodeOfTheTables_data();
    void knowsEveryCodeOfTheTables();
    void findsACodeHoweverItIsWritten();
    void explainsEveryRecordedRefusal_data();
    void explainsEveryRecordedRefusal();
    void explainsWhatItDoesNotKnow_data();
    void explainsWhatItDoesNotKnow();
    void readsTheFormBeforeTheCode();
};

void RemediesTest::knowsEveryCodeOfTheTables_data()
{
    QTest::addColumn<QString>("code");
    for (const QString &file : {u"aadsts-errors.json"_s, u"storage-errors.json"_s}) {
        QFile source(Test::sharedFolder() + u"/facts/"_s + file);
        if (!source.open(QIODevice::ReadOnly))
            continue;
        const QJsonObject table = QJsonDocument::fromJson(source.readAll()).object();
        for (const QJsonValue &one : table[u"errors"].toArray()) {
            const QString code = one.toObject()[u"code"].toString();
            QTest::addRow("%s", qPrintable(code)) << code;
        }
        for (const QJsonValue &one : table[u"oauthErrors"].toArray())
            QTest::addRow("%s", qPrintable(one.toObject()[u"error"].toString())) << one.toObject()[u"error"].toString();
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString();
}

void RemediesTest::knowsEveryCodeOfTheTables()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, code);
    const auto remedy = Access::remedyFor(code);
    QVERIFY(remedy);
    QVERIFY(!remedy->meaning.isEmpty());
    QVERIFY(!remedy->cause.isEmpty());
    QVERIFY(!remedy->nextStep.isEmpty());
    QVERIFY(!remedy->service.isEmpty());
}

void RemediesTest::findsACodeHoweverItIsWritten()
{
    for (const QString &text : {u"AADSTS7000215"_s, u"aadsts7000215"_s, u"7000215"_s, u" AADSTS7000215 "_s})
        QCOMPARE(Access::remedyFor(text)->code, u"AADSTS7000215"_s);
    QVERIFY(!Access::remedyFor(u"Invented"_s));
    QVERIFY(!Access::remedyFor({}));
}

void RemediesTest::explainsEveryRecordedRefusal_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("file");
    for (const QString &group : {u"blob"_s, u"arm"_s, u"graph"_s, u"entra-token"_s, u"entra-metadata"_s}) {
        for (const QString &file : Test::recordingNames(group, u"err-"_s))
            QTest::addRow("%s %s", qPrintable(group), qPrintable(file)) << group << file;
    }
    if (Test::sharedFolder().isEmpty())
        QTest::newRow("absent") << QString() << QString();
}

void RemediesTest::explainsEveryRecordedRefusal()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    QFETCH(QString, group);
    QFETCH(QString, file);
    const Http::Response response = Test::recording(group, file).constLast().response;
    if (response.isSuccess())
        return; // a flow that ends well
    const Remedy remedy = Access::explainResponse(response.status, response.headers, response.body);
    QVERIFY(!remedy.meaning.isEmpty());
    QVERIFY(!remedy.cause.isEmpty());
    QVERIFY(!remedy.nextStep.isEmpty());
    const QByteArray code = response.header("x-ms-error-code");
    if (!code.isEmpty())
        QCOMPARE(remedy.code, QString::fromLatin1(code));
    if (group == u"entra-token")
        QVERIFY(remedy.code.startsWith(u"AADSTS"));
    if (group == u"arm" || group == u"graph")
        QVERIFY2(remedy.service == group || remedy.service == u"arm", qPrintable(remedy.service));
    if (response.status == 429 || response.status == 503)
        QVERIFY(remedy.transient);
}

void RemediesTest::explainsWhatItDoesNotKnow_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("a web page") << 200 << QByteArray("<!DOCTYPE html><html></html>");
    QTest::newRow("nothing") << 403 << QByteArray();
    QTest::newRow("half JSON") << 400 << QByteArray("{\"error\":");
    QTest::newRow("an unknown code") << 409 << QByteArray("<?xml version=\"1.0\"?><Error><Code>Invented</Code></Error>");
    QTest::newRow("an unknown AADSTS number") << 400 << QByteArray("{\"error\":\"invalid_request\",\"error_description\":\"AADSTS1: x\",\"error_codes\":[1]}");
    QTest::newRow("a number where a word should be") << 500 << QByteArray("{\"error\":5}");
    QTest::newRow("an array") << 404 << QByteArray("[1]");
}

void RemediesTest::explainsWhatItDoesNotKnow()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const Remedy remedy = Access::explainResponse(status, {}, body);
    QVERIFY(!remedy.code.isEmpty());
    QVERIFY(!remedy.cause.isEmpty());
    QVERIFY(!remedy.nextStep.isEmpty());
}

void RemediesTest::readsTheFormBeforeTheCode()
{
    const QByteArray body = "\xEF\xBB\xBF<?xml version=\"1.0\"?><Error><Code>AuthorizationFailure</Code></Error>";
    const Remedy firewall = Access::explainResponse(403, {{"Server", "Microsoft-HTTPAPI/2.0"}}, body);
    QVERIFY(firewall.meaning.contains(u"network"));
    const Remedy role = Access::explainResponse(403, {{"Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"}, {"x-ms-version", "1"}}, body);
    QVERIFY(role.cause != firewall.cause);
}

QTEST_GUILESS_MAIN(RemediesTest)
#include "tst_remedies.moc"
