#include "sandbox/entraendpoint.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QCryptographicHash>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// People: device code, authorization code with PKCE, refresh tokens, password.
class SignInTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void deviceCodeFromBeginningToEnd_data();
    void deviceCodeFromBeginningToEnd();
    void pendingIsAnsweredAsRecorded();
    void deviceCodesEnd_data();
    void deviceCodesEnd();
    void authorizationCodeWithProof();
    void authorizationCodesAreRefused_data();
    void authorizationCodesAreRefused();
    void goesOnlyToRegisteredAddresses_data();
    void goesOnlyToRegisteredAddresses();
    void thePageEscapesWhatItShows();
    void refreshTokensRotateAndServeEachResource();
    void refreshTokensExpire();
    void wrongPasswordsAreAnsweredAsRecorded_data();
    void wrongPasswordsAreAnsweredAsRecorded();
    void aPublicClientShowsNoSecret();

private:
    using Fields = QList<std::pair<QString, QString>>;

    static QByteArray form(const Fields &fields)
    {
        QByteArray body;
        for (const auto &[key, value] : fields)
            body +=
                (body.isEmpty() ? "" : "&") + key.toLatin1() + '=' + QUrl::toPercentEncoding(value);
        return body;
    }
    Answer post(const QByteArray &target, const Fields &fields, qint64 later = 0)
    {
        return m_entra->answer({"POST", target, {}, form(fields)}, m_world->now.addSecs(later));
    }
    Answer token(const Fields &fields, qint64 later = 0)
    {
        return post("/organizations/oauth2/v2.0/token", Fields{{u"client_id"_s, s_az}} + fields,
                    later);
    }
    static QJsonObject json(const Answer &answer)
    {
        return QJsonDocument::fromJson(answer.body).object();
    }
    static int number(const Answer &answer)
    {
        return json(answer).value(u"error_codes"_s)[0].toInt();
    }
    QJsonObject deviceCode(const QString &scope = s_arm)
    {
        return json(post("/organizations/oauth2/v2.0/devicecode",
                         {{u"client_id"_s, s_az}, {u"scope"_s, scope}}));
    }
    Fields polling(const QJsonObject &code) const
    {
        return {{u"grant_type"_s, u"urn:ietf:params:oauth:grant-type:device_code"_s},
                {u"device_code"_s, code.value(u"device_code"_s).toString()}};
    }
    static QByteArray authorizeTarget(const QString &redirect, const QString &verifier,
                                      const QString &more = {})
    {
        const QByteArray challenge =
            base64Url(QCryptographicHash::hash(verifier.toLatin1(), QCryptographicHash::Sha256));
        return "/organizations/oauth2/v2.0/"
               "authorize?response_type=code&state=a%2Bb%20c&client_id=" +
               s_az.toLatin1() + "&scope=" + QUrl::toPercentEncoding(s_arm) +
               "&redirect_uri=" + QUrl::toPercentEncoding(redirect) +
               "&code_challenge=" + challenge + "&code_challenge_method=S256" + more.toLatin1();
    }
    QUrlQuery signedIn(const QByteArray &target)
    {
        const Answer answer = post(
            target, {{u"username"_s, u"Ada@contoso.example"_s}, {u"password"_s, u"lovelace"_s}});
        return answer.status == 302
                   ? QUrlQuery(QUrl(QString::fromLatin1(answer.header("Location"))))
                   : QUrlQuery();
    }

    static const QString s_az;
    static const QString s_arm;
    std::unique_ptr<Test::SmallWorld> m_world;
    std::unique_ptr<EntraEndpoint> m_entra;
};

const QString SignInTest::s_az = u"04b07795-8ddb-461a-bbee-02f9e1bf7b46"_s;
const QString SignInTest::s_arm =
    u"https://management.core.windows.net//.default offline_access openid profile"_s;

void SignInTest::init()
{
    m_world = std::make_unique<Test::SmallWorld>();
    m_entra = std::make_unique<EntraEndpoint>(m_world->scenario, m_world->directory,
                                              m_world->issuer, m_world->endpoints);
}

void SignInTest::deviceCodeFromBeginningToEnd_data()
{
    QTest::addColumn<bool>("v2");
    QTest::addRow("v2.0") << true;
    QTest::addRow("v1.0") << false;
}

void SignInTest::deviceCodeFromBeginningToEnd()
{
    QFETCH(bool, v2);
    const QByteArray base = v2 ? "/organizations/oauth2/v2.0/" : "/common/oauth2/";
    const Fields wanted{{u"client_id"_s, s_az},
                        v2 ? std::pair{u"scope"_s, s_arm}
                           : std::pair{u"resource"_s, u"https://management.core.windows.net/"_s}};
    const Answer begun = post(base + "devicecode", wanted);
    QCOMPARE(begun.status, 200);
    const QJsonObject code = json(begun);
    const QString page = code.value(v2 ? u"verification_uri"_s : u"verification_url"_s).toString();
    QCOMPARE(page, u"https://login.microsoft.com/device"_s);
    QVERIFY(code.value(u"message"_s).toString().contains(code.value(u"user_code"_s).toString()));
    QCOMPARE(code.value(u"interval"_s).isString(), !v2);
    const auto poll = [&](qint64 later) {
        return post(base + "token",
                    Fields{{u"client_id"_s, s_az}, {u"client_info"_s, u"1"_s}} + polling(code),
                    later);
    };
    QCOMPARE(json(poll(5)).value(u"error"_s).toString(), u"authorization_pending"_s);
    QCOMPARE(json(poll(6)).value(u"error"_s).toString(), u"slow_down"_s);
    const QString typed = code.value(u"user_code"_s).toString().toLower();
    QVERIFY(post("/device", {{u"code"_s, typed},
                             {u"username"_s, u"ada@contoso.example"_s},
                             {u"password"_s, u"no"_s}})
                .body.contains("invalid username or password"));
    QVERIFY(post("/device", {{u"code"_s, typed},
                             {u"username"_s, u"ada@contoso.example"_s},
                             {u"password"_s, u"lovelace"_s}})
                .body.contains("id=\"done\""));
    const Answer given = poll(15);
    QVERIFY2(given.status == 200, given.body.constData());
    const auto check = m_world->issuer.check(
        json(given).value(u"access_token"_s).toString().toLatin1(), m_world->now);
    QCOMPARE(check.fault, TokenFault::None);
    QCOMPARE(check.claims.value(u"aud"_s).toString(), u"https://management.core.windows.net/"_s);
    QCOMPARE(check.claims.value(u"oid"_s).toString(), u"50001111-aaaa-2222-bbbb-3333cccc4444"_s);
    QCOMPARE(check.claims.value(u"appid"_s).toString(), s_az);
    QCOMPARE(check.claims.value(u"scp"_s).toString(), u"user_impersonation"_s);
    QCOMPARE(check.claims.value(u"upn"_s).toString(), u"ada@contoso.example"_s);
    const auto id =
        m_world->issuer.check(json(given).value(u"id_token"_s).toString().toLatin1(), m_world->now);
    QCOMPARE(id.fault, TokenFault::None);
    QCOMPARE(id.claims.value(u"aud"_s).toString(), s_az);
    const QByteArray info = QByteArray::fromBase64(
        json(given).value(u"client_info"_s).toString().toLatin1(), QByteArray::Base64UrlEncoding);
    QCOMPARE(QJsonDocument::fromJson(info).object().value(u"utid"_s).toString(), Test::tenantId);
    QVERIFY(json(given).value(u"refresh_token"_s).isString());
    QVERIFY(poll(21).status == 400); // a code is good for one time
}

void SignInTest::pendingIsAnsweredAsRecorded()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded =
        Test::recording(u"entra-token"_s, u"err-70016-device-code-pending.json"_s).first().response;
    const QJsonObject theirs = QJsonDocument::fromJson(recorded.body).object();
    const Answer answer = token(polling(deviceCode()));
    QCOMPARE(answer.status, recorded.status);
    QCOMPARE(json(answer).keys(), theirs.keys());
    QCOMPARE(json(answer).value(u"error"_s), theirs.value(u"error"_s));
    QCOMPARE(json(answer).value(u"error_codes"_s), theirs.value(u"error_codes"_s));
    const auto sentence = [](const QJsonObject &one) {
        return one.value(u"error_description"_s).toString().section(u"Trace"_s, 0, 0).trimmed();
    };
    QCOMPARE(sentence(json(answer)), sentence(theirs));
}

void SignInTest::deviceCodesEnd_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("error");
    QTest::addRow("declined") << u"decline"_s << u"authorization_declined"_s;
    QTest::addRow("too late") << u"wait"_s << u"expired_token"_s;
    QTest::addRow("never given") << u"invent"_s << u"bad_verification_code"_s;
}

void SignInTest::deviceCodesEnd()
{
    QFETCH(QString, how);
    QJsonObject code = deviceCode();
    if (how == u"decline")
        QCOMPARE(post("/device",
                      {{u"code"_s, code.value(u"user_code"_s).toString()}, {u"decline"_s, u"1"_s}})
                     .status,
                 200);
    if (how == u"invent")
        code.insert(u"device_code"_s, u"x"_s);
    const Answer answer = token(polling(code), how == u"wait" ? 900 : 5);
    QCOMPARE(answer.status, 400);
    QTEST(json(answer).value(u"error"_s).toString(), "error");
    // Nobody signs in with it any more.
    const Answer late = post("/device",
                             {{u"code"_s, code.value(u"user_code"_s).toString()},
                              {u"username"_s, u"ada@contoso.example"_s},
                              {u"password"_s, u"lovelace"_s}},
                             901);
    QVERIFY(!late.body.contains("id=\"done\""));
}

void SignInTest::authorizationCodeWithProof()
{
    const QString redirect = u"http://localhost:40123/"_s, verifier = u"v"_s.repeated(43);
    const QByteArray target = authorizeTarget(redirect, verifier, u"&nonce=n1&login_hint=ada"_s);
    const Answer page = m_entra->answer({"GET", target, {}, {}}, m_world->now);
    QCOMPARE(page.status, 200);
    QVERIFY(page.body.contains("name=\"password\""));
    QVERIFY(page.body.contains("value=\"ada\""));
    QVERIFY(!page.header("Content-Security-Policy").isEmpty());
    const QUrlQuery result = signedIn(target);
    QCOMPARE(result.queryItemValue(u"state"_s, QUrl::FullyDecoded), u"a+b c"_s);
    const Fields redeem{{u"grant_type"_s, u"authorization_code"_s},
                        {u"code"_s, result.queryItemValue(u"code"_s, QUrl::FullyDecoded)},
                        {u"redirect_uri"_s, redirect},
                        {u"code_verifier"_s, verifier}};
    const Answer given = token(redeem);
    QVERIFY2(given.status == 200, given.body.constData());
    const auto id =
        m_world->issuer.check(json(given).value(u"id_token"_s).toString().toLatin1(), m_world->now);
    QCOMPARE(id.claims.value(u"nonce"_s).toString(), u"n1"_s);
    const Answer again = token(redeem);
    QCOMPARE(number(again), 54005);
    // Redeemed twice, the code takes the refresh token along.
    QCOMPARE(token({{u"grant_type"_s, u"refresh_token"_s},
                    {u"refresh_token"_s, json(given).value(u"refresh_token"_s).toString()},
                    {u"scope"_s, s_arm}})
                 .status,
             400);
}

void SignInTest::authorizationCodesAreRefused_data()
{
    QTest::addColumn<QString>("verifier");
    QTest::addColumn<QString>("redirect");
    QTest::addColumn<qint64>("later");
    QTest::addColumn<int>("code");
    const QString good = u"v"_s.repeated(43), here = u"http://localhost:40123/"_s;
    QTest::addRow("another verifier") << u"w"_s.repeated(43) << here << qint64(1) << 501481;
    QTest::addRow("no verifier") << QString() << here << qint64(1) << 501481;
    QTest::addRow("another address") << good << u"http://localhost:1/"_s << qint64(1) << 500112;
    QTest::addRow("after ten minutes") << good << here << qint64(600) << 70008;
}

void SignInTest::authorizationCodesAreRefused()
{
    QFETCH(QString, verifier);
    QFETCH(QString, redirect);
    QFETCH(qint64, later);
    const QUrlQuery result =
        signedIn(authorizeTarget(u"http://localhost:40123/"_s, u"v"_s.repeated(43)));
    QTEST(number(token({{u"grant_type"_s, u"authorization_code"_s},
                        {u"code"_s, result.queryItemValue(u"code"_s, QUrl::FullyDecoded)},
                        {u"redirect_uri"_s, redirect},
                        {u"code_verifier"_s, verifier}},
                       later)),
          "code");
}

void SignInTest::goesOnlyToRegisteredAddresses_data()
{
    QTest::addColumn<QString>("redirect");
    QTest::addColumn<int>("status");
    QTest::addRow("loopback") << u"http://localhost:5"_s << 200;
    QTest::addRow("the loopback address") << u"http://127.0.0.1:5/x"_s << 200;
    QTest::addRow("native client")
        << u"https://login.microsoftonline.com/common/oauth2/nativeclient"_s << 200;
    QTest::addRow("elsewhere") << u"https://attacker.example/"_s << 400;
    QTest::addRow("looks like loopback") << u"http://localhost.attacker.example/"_s << 400;
    QTest::addRow("script") << u"javascript:alert(1)"_s << 400;
    QTest::addRow("nowhere") << QString() << 400;
}

void SignInTest::goesOnlyToRegisteredAddresses()
{
    QFETCH(QString, redirect);
    const QByteArray target = authorizeTarget(redirect, u"v"_s.repeated(43));
    const Answer answer = m_entra->answer({"GET", target, {}, {}}, m_world->now);
    QTEST(answer.status, "status");
    if (answer.status != 200)
        QVERIFY(answer.header("Location").isEmpty() && answer.body.contains("AADSTS50011"));
}

void SignInTest::thePageEscapesWhatItShows()
{
    const QByteArray target = authorizeTarget(u"http://localhost:5"_s, u"v"_s.repeated(43),
                                              u"&x=%22%3E%3Cscript%3E&login_hint=%22%3E%3Cb%3E"_s);
    const Answer page = m_entra->answer({"GET", target, {}, {}}, m_world->now);
    QVERIFY(!page.body.contains("<script>") && !page.body.contains("<b>"));
    const Answer declined = post(target, {{u"decline"_s, u"1"_s}});
    QVERIFY(declined.header("Location").startsWith("http://localhost:5?error=access_denied"));
}

void SignInTest::refreshTokensRotateAndServeEachResource()
{
    const auto byPassword = json(token({{u"grant_type"_s, u"password"_s},
                                        {u"username"_s, u"ada@contoso.example"_s},
                                        {u"password"_s, u"lovelace"_s},
                                        {u"scope"_s, s_arm}}));
    QString refresh = byPassword.value(u"refresh_token"_s).toString();
    QSet<QString> seen{refresh};
    for (const QString &resource :
         {u"https://graph.microsoft.com"_s, u"https://storage.azure.com"_s,
          u"https://management.azure.com"_s}) {
        const Answer answer = post('/' + Test::tenantId.toLatin1() + "/oauth2/v2.0/token",
                                   {{u"client_id"_s, s_az},
                                    {u"grant_type"_s, u"refresh_token"_s},
                                    {u"refresh_token"_s, refresh},
                                    {u"scope"_s, resource + u"/.default offline_access"_s}});
        QVERIFY2(answer.status == 200, answer.body.constData());
        refresh = json(answer).value(u"refresh_token"_s).toString();
        QVERIFY(!seen.contains(refresh));
        seen.insert(refresh);
        const auto check = m_world->issuer.check(
            json(answer).value(u"access_token"_s).toString().toLatin1(), m_world->now);
        QCOMPARE(check.claims.value(u"aud"_s).toString(), resource);
    }
    const Fields other{{u"client_id"_s, u"1950a258-227b-4e31-a9cf-717495945fc2"_s},
                       {u"grant_type"_s, u"refresh_token"_s},
                       {u"refresh_token"_s, refresh},
                       {u"scope"_s, s_arm}};
    QCOMPARE(post("/organizations/oauth2/v2.0/token", other).status, 400);
    const Fields elsewhere{{u"client_id"_s, s_az},
                           {u"grant_type"_s, u"refresh_token"_s},
                           {u"refresh_token"_s, refresh},
                           {u"scope"_s, s_arm}};
    QCOMPARE(number(post('/' + Test::otherTenantId.toLatin1() + "/oauth2/v2.0/token", elsewhere)),
             50020);
}

void SignInTest::refreshTokensExpire()
{
    m_world->scenario.signIn.refreshTokenLifetime = 100;
    const QString refresh = json(token({{u"grant_type"_s, u"password"_s},
                                        {u"username"_s, u"ada@contoso.example"_s},
                                        {u"password"_s, u"lovelace"_s},
                                        {u"scope"_s, s_arm}}))
                                .value(u"refresh_token"_s)
                                .toString();
    const Fields fields{
        {u"grant_type"_s, u"refresh_token"_s}, {u"refresh_token"_s, refresh}, {u"scope"_s, s_arm}};
    QCOMPARE(token(fields, 99).status, 200);
    QCOMPARE(number(token(fields, 100)), 700082);
}

void SignInTest::wrongPasswordsAreAnsweredAsRecorded_data()
{
    QTest::addColumn<QString>("user");
    QTest::addRow("err-50126-wrong-user-password") << u"ada@contoso.example"_s;
    QTest::addRow("err-50034-user-unknown") << u"nobody@contoso.example"_s;
}

void SignInTest::wrongPasswordsAreAnsweredAsRecorded()
{
    QFETCH(QString, user);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded =
        Test::recording(u"entra-token"_s, QString::fromLatin1(QTest::currentDataTag()) + u".json"_s)
            .first()
            .response;
    const QJsonObject theirs = QJsonDocument::fromJson(recorded.body).object();
    const Answer answer = token({{u"grant_type"_s, u"password"_s},
                                 {u"username"_s, user},
                                 {u"password"_s, u"x"_s},
                                 {u"scope"_s, s_arm}});
    QCOMPARE(answer.status, recorded.status);
    QCOMPARE(json(answer).value(u"error"_s), theirs.value(u"error"_s));
    QCOMPARE(json(answer).value(u"error_codes"_s), theirs.value(u"error_codes"_s));
}

void SignInTest::aPublicClientShowsNoSecret()
{
    QCOMPARE(number(token({{u"grant_type"_s, u"password"_s},
                           {u"username"_s, u"ada@contoso.example"_s},
                           {u"password"_s, u"lovelace"_s},
                           {u"scope"_s, s_arm},
                           {u"client_secret"_s, u"x"_s}})),
             700025);
    QCOMPARE(
        number(post("/organizations/oauth2/v2.0/token", {{u"client_id"_s, Test::writerClient},
                                                         {u"grant_type"_s, u"password"_s},
                                                         {u"username"_s, u"ada@contoso.example"_s},
                                                         {u"password"_s, u"lovelace"_s},
                                                         {u"scope"_s, s_arm}})),
        7000218);
}

QTEST_GUILESS_MAIN(SignInTest)
#include "tst_signin.moc"
