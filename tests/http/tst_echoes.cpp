#include "http/echoes.h"

#include <QTest>

using namespace Qt::StringLiterals;

class EchoesTest : public QObject
{
    Q_OBJECT
private slots:
    void masksWhatWasSent_data();
    void masksWhatWasSent();
    void leavesTheRestAlone();
    void leavesAnAnswerWithTokensAlone();
};

namespace {

const QByteArray value = "abc8Q~/+=%\"&<'x";

Http::Request signIn()
{
    return {
        .secretBody = Core::Secret(
            "client_id=00001111&scope=s%2F.default&grant_type=client_credentials&client_secret=" +
            value.toPercentEncoding())};
}

Http::Request withToken()
{
    return {.bearer = Core::Secret("eyJ0.eyJ1.sig")};
}

} // namespace

void EchoesTest::masksWhatWasSent_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("as it is") << value;
    QTest::newRow("as sent") << value.toPercentEncoding();
    QTest::newRow("as sent, small letters") << value.toPercentEncoding().toLower();
    QTest::newRow("JSON") << QByteArray("abc8Q~/+=%\\\"&<'x");
    QTest::newRow("JSON with slashes") << QByteArray("abc8Q~\\/+=%\\\"&<'x");
    QTest::newRow("markup") << QByteArray("abc8Q~/+=%&quot;&amp;&lt;'x");
}

void EchoesTest::masksWhatWasSent()
{
    QFETCH(QByteArray, said);
    for (const int status : {200, 401, 503}) {
        Http::Response response{.status = status,
                                .headers = {{"x-ms-request-id", said}},
                                .body = "{\"error\":\"<" + said + ">\"}"};
        Http::maskEchoes(response, signIn());
        QCOMPARE(response.body, QByteArray("{\"error\":\"<********>\"}"));
        QCOMPARE(response.header("x-ms-request-id"), QByteArray("********"));
    }
    Http::Response response{.status = 403, .body = "Bearer eyJ0.eyJ1.sig is not welcome"};
    Http::maskEchoes(response, withToken());
    QCOMPARE(response.body, QByteArray("Bearer ******** is not welcome"));
}

void EchoesTest::leavesTheRestAlone()
{
    const QByteArray said = "00001111 may not client_credentials s/.default";
    Http::Response response{.status = 401, .body = said};
    Http::maskEchoes(response, signIn());
    QCOMPARE(response.body, said);
    Http::maskEchoes(response, Http::Request{.secretBody = Core::Secret(
                                                 "client_secret=ma")}); // short: in every text
    QCOMPARE(response.body, said);
}

void EchoesTest::leavesAnAnswerWithTokensAlone()
{
    const Http::Request refresh{
        .secretBody = Core::Secret("grant_type=refresh_token&refresh_token=0.AAA.bbb")};
    Http::Response response{.status = 200,
                            .body = "{\"access_token\":\"x\",\"refresh_token\":\"0.AAA.bbb\"}"};
    Http::maskEchoes(response, refresh);
    QVERIFY(response.body.contains("0.AAA.bbb"));
    response.body.replace('}', ",\"error\":\"0.AAA.bbb\"}");
    Http::maskEchoes(response, refresh);
    QVERIFY(!response.body.contains("0.AAA.bbb"));
}

QTEST_GUILESS_MAIN(EchoesTest)
#include "tst_echoes.moc"
