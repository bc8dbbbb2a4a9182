#include "services/operatorsession.h"
#include "support/faketransport.h"
#include "support/manualclock.h"
#include "support/memorysecretstore.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Services::Operator;
using Services::OperatorSession;

class OperatorSessionTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void keepsTheRefreshTokenInTheKeychainOnly();
    void choosesByCloudAndTenant();
    void saysHowToSignIn();
    void refreshesAndKeepsTheNewToken();
    void keepsATokenUntilFiveMinutesBeforeItsEnd();
    void asksAgainWhereTheGrantIsOver_data();
    void asksAgainWhereTheGrantIsOver();
    void tokenOutlivesAKeychainThatRefusesTheNewOne();
    void signingInAgainLeavesNothingBehind();
    void signingOutForgetsTheToken();
    void aLockedKeychainKeepsTheSignIn();
    void thePublicClientIsASetting();
    void leavesADamagedFileAsItIs();
    void aDomainMeansTheSameTenantAsItsGuid();
    void aDomainThatNobodyKnowsIsNotSignedInTo();
    void severalTenantsAreKeptApart();
    void findsAndRemovesOrphans();
    void sendsARefreshTokenOnlyWhereItWasStoredFor_data();
    void sendsARefreshTokenOnlyWhereItWasStoredFor();
    void bindsTheTokenOfAnEarlierVersion();
    void keepsWhatItDoesNotKnow();
    void leavesWhatItCannotReadAsItIs_data();
    void leavesWhatItCannotReadAsItIs();

private:
    template<typename T>
    Result<T> wait(const std::function<void(QObject *, Core::Done<T>)> &ask);
    Result<Operator> keep(const QString &tenant, const QString &tenantId,
                          const QByteArray &refresh = "refresh-1");
    Result<AccessToken> token(const QString &tenant, const QString &scope = u"graph"_s);
    void answer(int status, const QJsonObject &body);
    QByteArray fileText() const;
    void writeFile(const QByteArray &text) const;
    /// The refresh token in the only entry of the keychain.
    QByteArray storedToken() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Test::FakeTransport> m_transport;
    std::unique_ptr<Test::MemorySecretStore> m_secrets;
    std::unique_ptr<OperatorSession> m_operators;
    Test::ManualClock m_clock;
};

namespace {

const QString home = u"aaaabbbb-0000-cccc-1111-dddd2222eeee"_s;
const QString guest = u"bbbbcccc-1111-dddd-2222-eeee3333ffff"_s;

QUrlQuery fields(const Http::Request &request)
{
    return QUrlQuery(QString::fromUtf8(request.secretBody.reveal()));
}

} // namespace

void OperatorSessionTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_transport = std::make_unique<Test::FakeTransport>();
    m_secrets = std::make_unique<Test::MemorySecretStore>();
    m_clock = Test::ManualClock();
    m_operators = std::make_unique<OperatorSession>(*m_transport, *m_secrets, m_clock,
                                                    m_folder->filePath(u"new"_s));
}

template<typename T>
Result<T> OperatorSessionTest::wait(const std::function<void(QObject *, Core::Done<T>)> &ask)
{
    std::optional<Result<T>> got;
    QObject context;
    ask(&context, [&](Result<T> result) { got = std::move(result); });
    if (!QTest::qWaitFor([&] { return got.has_value(); }, 3000))
        return Error{.message = u"the test waited in vain"_s};
    return *got;
}

Result<Operator> OperatorSessionTest::keep(const QString &tenant, const QString &tenantId,
                                           const QByteArray &refresh)
{
    Operator who;
    who.way = Operator::Way::DeviceCode;
    who.tenant = tenant;
    who.tenantId = tenantId;
    who.username = u"ada@contoso.com"_s;
    who.objectId = u"9f3c0000-0000-0000-0000-000000000001"_s;
    who.clientId = Identity::wellKnownPublicClient();
    who.signedInAt = m_clock.now();
    return wait<Operator>([&](QObject *context, auto done) {
        m_operators->keep(who, Secret(refresh), context, done);
    });
}

Result<AccessToken> OperatorSessionTest::token(const QString &tenant, const QString &scope)
{
    return wait<AccessToken>([&](QObject *context, auto done) {
        m_operators->token(u"AzurePublic"_s, tenant, scope, context, done);
    });
}

void OperatorSessionTest::answer(int status, const QJsonObject &body)
{
    m_transport->reply(status, QJsonDocument(body).toJson());
}

QByteArray OperatorSessionTest::fileText() const
{
    QFile file(m_folder->filePath(u"new/operators.json"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void OperatorSessionTest::writeFile(const QByteArray &text) const
{
    QFile file(m_folder->filePath(u"new/operators.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(text), text.size());
}

QByteArray OperatorSessionTest::storedToken() const
{
    const QByteArray entry = m_secrets->entries.first().reveal().toByteArray();
    return QByteArray::fromBase64(
        QJsonDocument::fromJson(entry)[u"secret"].toString().toLatin1());
}

void OperatorSessionTest::keepsTheRefreshTokenInTheKeychainOnly()
{
    const auto kept = keep(u"organizations"_s, home, "refresh-marker");
    QVERIFY(kept);
    QVERIFY(fileText().contains("ada@contoso.com"));
    QVERIFY(!fileText().contains("marker"));
    QCOMPARE(m_secrets->entries.size(), 1);
    QVERIFY(m_secrets->entries.firstKey().startsWith(u"operator/"));
    QCOMPARE(storedToken(), QByteArray("refresh-marker"));
    const auto mode = QFile::permissions(m_folder->filePath(u"new/operators.json"_s));
    QVERIFY(!(mode & (QFile::ReadGroup | QFile::ReadOther)));
    OperatorSession again(*m_transport, *m_secrets, m_clock, m_folder->filePath(u"new"_s));
    QCOMPARE(again.list()->size(), 1);
    QCOMPARE(again.list()->first(), *kept);
}

void OperatorSessionTest::choosesByCloudAndTenant()
{
    QVERIFY(keep(u"organizations"_s, home));
    m_clock.advance(std::chrono::seconds(1));
    QVERIFY(keep(u"fabrikam.com"_s, guest));
    QCOMPARE(m_operators->find(u"AzurePublic"_s, home)->tenantId, home);
    QCOMPARE(m_operators->find(u"AzurePublic"_s, guest.toUpper())->tenantId, guest);
    QCOMPARE(m_operators->find(u"AzurePublic"_s, u"FABRIKAM.com"_s)->tenantId, guest);
    QCOMPARE(m_operators->find(u"AzurePublic"_s, {})->tenantId, guest); // the newest
    QVERIFY(!m_operators->find(u"AzureChina"_s, home));
}

void OperatorSessionTest::saysHowToSignIn()
{
    const auto nobody = token(home);
    QVERIFY(!nobody);
    QCOMPARE(nobody.error().code, u"NoOperator"_s);
    QVERIFY(nobody.error().nextStep.contains(u"operator sign-in --tenant "_s + home));
    QVERIFY(keep(u"fabrikam.com"_s, guest));
    const auto other = token(home);
    QVERIFY(other.error().message.contains(guest));
    QVERIFY(m_transport->requests().isEmpty());
}

void OperatorSessionTest::refreshesAndKeepsTheNewToken()
{
    QVERIFY(keep(u"organizations"_s, home));
    answer(200, {{u"access_token"_s, u"a1"_s},
                 {u"expires_in"_s, 3600},
                 {u"refresh_token"_s, u"refresh-2"_s}});
    const auto got = token(home, u"arm"_s);
    QVERIFY(got);
    QCOMPARE(got->value.reveal().toByteArray(), QByteArray("a1"));
    const Http::Request &asked = m_transport->requests().constFirst();
    QCOMPARE(asked.url,
             QUrl(u"https://login.microsoftonline.com/"_s + home + u"/oauth2/v2.0/token"_s));
    QVERIFY(asked.body.isEmpty());
    QCOMPARE(fields(asked).queryItemValue(u"client_id"_s), Identity::wellKnownPublicClient());
    QCOMPARE(fields(asked).queryItemValue(u"grant_type"_s), u"refresh_token"_s);
    QCOMPARE(fields(asked).queryItemValue(u"refresh_token"_s), u"refresh-1"_s);
    QCOMPARE(fields(asked).queryItemValue(u"scope"_s, QUrl::FullyDecoded),
             u"https://management.azure.com/.default offline_access openid profile"_s);
    QCOMPARE(m_secrets->entries.size(), 1);
    QCOMPARE(storedToken(), QByteArray("refresh-2"));
}

void OperatorSessionTest::keepsATokenUntilFiveMinutesBeforeItsEnd()
{
    QVERIFY(keep(u"organizations"_s, home));
    for (const char *name : {"a1", "a2", "a3"})
        answer(200, {{u"access_token"_s, QString::fromLatin1(name)}, {u"expires_in"_s, 3600}});
    QCOMPARE(token(home)->value.reveal().toByteArray(), QByteArray("a1"));
    m_clock.advance(std::chrono::seconds(3299));
    QCOMPARE(token(home)->value.reveal().toByteArray(), QByteArray("a1"));
    QCOMPARE(token(home, u"arm"_s)->value.reveal().toByteArray(), QByteArray("a2"));
    m_clock.advance(std::chrono::seconds(1));
    QCOMPARE(token(home)->value.reveal().toByteArray(), QByteArray("a3"));
}

void OperatorSessionTest::asksAgainWhereTheGrantIsOver_data()
{
    QTest::addColumn<QString>("oauth");
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("again");
    QTest::newRow("revoked") << u"invalid_grant"_s << 50173 << true;
    QTest::newRow("unused too long") << u"invalid_grant"_s << 700082 << true;
    QTest::newRow("a second factor is wanted") << u"interaction_required"_s << 50076 << true;
    QTest::newRow("a number never seen") << u"invalid_grant"_s << 999999 << true;
    QTest::newRow("another client's fault") << u"unauthorized_client"_s << 700016 << false;
}

void OperatorSessionTest::asksAgainWhereTheGrantIsOver()
{
    QFETCH(QString, oauth);
    QFETCH(int, number);
    QFETCH(bool, again);
    QVERIFY(keep(u"organizations"_s, home));
    answer(400, {{u"error"_s, oauth},
                 {u"error_description"_s, u"AADSTS: no."_s},
                 {u"error_codes"_s, QJsonArray{number}}});
    const auto got = token(home);
    QVERIFY(!got);
    QCOMPARE(got.error().kind, Error::Kind::Unauthenticated);
    QCOMPARE(got.error().code, u"AADSTS%1"_s.arg(number));
    QCOMPARE(got.error().nextStep.contains(u"operator sign-in"), again);
    QCOMPARE(m_operators->list()->size(), 1);
}

void OperatorSessionTest::tokenOutlivesAKeychainThatRefusesTheNewOne()
{
    QVERIFY(keep(u"organizations"_s, home));
    m_transport->setHandler([this](const Http::Request &) {
        m_secrets->failure = Error{.kind = Error::Kind::KeychainLocked};
        Http::Response response;
        response.status = 200;
        response.body = R"({"access_token":"a1","expires_in":3600,"refresh_token":"refresh-2"})";
        return response;
    });
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"refresh token was not kept"_s));
    QVERIFY(token(home));
    QCOMPARE(storedToken(), QByteArray("refresh-1"));
}

void OperatorSessionTest::signingInAgainLeavesNothingBehind()
{
    QVERIFY(keep(u"organizations"_s, home, "old"));
    QVERIFY(keep(home, home, "new"));
    QCOMPARE(m_operators->list()->size(), 1);
    QCOMPARE(m_secrets->entries.size(), 1);
    QCOMPARE(storedToken(), QByteArray("new"));
}

void OperatorSessionTest::signingOutForgetsTheToken()
{
    const auto who = keep(u"organizations"_s, home);
    answer(200, {{u"access_token"_s, u"a1"_s}, {u"expires_in"_s, 3600}});
    QVERIFY(token(home));
    QVERIFY(wait<void>(
        [&](QObject *context, auto done) { m_operators->signOut(*who, context, done); }));
    QVERIFY(m_secrets->entries.isEmpty());
    QVERIFY(m_operators->list()->isEmpty());
    QCOMPARE(token(home).error().code, u"NoOperator"_s); // not the one in memory
}

void OperatorSessionTest::aLockedKeychainKeepsTheSignIn()
{
    const auto who = keep(u"organizations"_s, home);
    m_secrets->failure = Error{.kind = Error::Kind::KeychainLocked};
    const auto out =
        wait<void>([&](QObject *context, auto done) { m_operators->signOut(*who, context, done); });
    QCOMPARE(out.error().kind, Error::Kind::KeychainLocked);
    QCOMPARE(m_operators->list()->size(), 1);
    QCOMPARE(token(home).error().kind, Error::Kind::KeychainLocked);
    QVERIFY(!keep(u"fabrikam.com"_s, guest));
    QCOMPARE(m_operators->list()->size(), 1);
}

void OperatorSessionTest::thePublicClientIsASetting()
{
    QCOMPARE(*m_operators->publicClientId(), Identity::wellKnownPublicClient());
    QVERIFY(!m_operators->setPublicClientId(u"no guid"_s));
    QVERIFY(m_operators->setPublicClientId(u"11112222-BBBB-3333-cccc-4444dddd5555"_s));
    QCOMPARE(*m_operators->publicClientId(), u"11112222-bbbb-3333-cccc-4444dddd5555"_s);
    QVERIFY(keep(u"organizations"_s, home)); // does not lose it
    QCOMPARE(*m_operators->publicClientId(), u"11112222-bbbb-3333-cccc-4444dddd5555"_s);
    QVERIFY(m_operators->setPublicClientId({}));
    QCOMPARE(*m_operators->publicClientId(), Identity::wellKnownPublicClient());
}

void OperatorSessionTest::leavesADamagedFileAsItIs()
{
    QVERIFY(keep(u"organizations"_s, home));
    writeFile("{\"version\":1,");
    QCOMPARE(m_operators->list().error().kind, Error::Kind::InvalidInput);
    QVERIFY(!keep(u"organizations"_s, home));
    QCOMPARE(fileText(), QByteArray("{\"version\":1,"));
}

void OperatorSessionTest::aDomainMeansTheSameTenantAsItsGuid()
{
    QVERIFY(keep(u"organizations"_s, home));
    answer(200, {{u"issuer"_s, u"https://login.microsoftonline.com/%1/v2.0"_s.arg(home)}});
    answer(200, {{u"access_token"_s, u"a1"_s}, {u"expires_in"_s, 3600}});
    QVERIFY(token(u"Contoso.example"_s));
    QCOMPARE(m_transport->requests().constFirst().url.path(),
             u"/Contoso.example/v2.0/.well-known/openid-configuration"_s);
    QCOMPARE(m_transport->requests().constLast().url.path(), u"/%1/oauth2/v2.0/token"_s.arg(home));
    // Asked once only; from then on it is known without asking.
    QVERIFY(token(u"contoso.EXAMPLE"_s));
    QCOMPARE(m_transport->requests().size(), 2);
    QVERIFY(m_operators->find(u"AzurePublic"_s, u"contoso.example"_s));
    const auto meant = wait<QList<Operator>>([&](QObject *context, auto done) {
        m_operators->signInsTo(u"contoso.example"_s, context, done);
    });
    QVERIFY(meant);
    QCOMPARE(meant->size(), 1);
}

void OperatorSessionTest::aDomainThatNobodyKnowsIsNotSignedInTo()
{
    // Where nobody is signed in nobody is asked.
    QCOMPARE(token(u"contoso.example"_s).error().code, u"NoOperator"_s);
    QVERIFY(m_transport->requests().isEmpty());
    QVERIFY(keep(u"organizations"_s, home));
    answer(400, {{u"error"_s, u"invalid_tenant"_s}, {u"error_codes"_s, QJsonArray{90002}}});
    const auto unknown = token(u"contoso.example"_s);
    QCOMPARE(unknown.error().code, u"NoOperator"_s);
    QVERIFY(unknown.error().message.contains(home));
    answer(200, {{u"issuer"_s, u"https://login.microsoftonline.com/%1/v2.0"_s.arg(guest)}});
    QCOMPARE(token(u"fabrikam.example"_s).error().code, u"NoOperator"_s);
}

void OperatorSessionTest::severalTenantsAreKeptApart()
{
    QVERIFY(keep(u"contoso.example"_s, home, "refresh-home"));
    QVERIFY(keep(guest, guest, "refresh-guest"));
    answer(200, {{u"access_token"_s, u"a-home"_s}, {u"expires_in"_s, 3600}});
    QCOMPARE(token(home)->value.reveal().toByteArray(), QByteArray("a-home"));
    QCOMPARE(fields(m_transport->requests().constLast()).queryItemValue(u"refresh_token"_s),
             u"refresh-home"_s);
    answer(200, {{u"access_token"_s, u"a-guest"_s}, {u"expires_in"_s, 3600}});
    QCOMPARE(token(guest)->value.reveal().toByteArray(), QByteArray("a-guest"));
    QCOMPARE(fields(m_transport->requests().constLast()).queryItemValue(u"refresh_token"_s),
             u"refresh-guest"_s);
    const auto out = wait<void>([&](QObject *context, auto done) {
        m_operators->signOut(*m_operators->find(u"AzurePublic"_s, home), context, done);
    });
    QVERIFY(out);
    QCOMPARE(token(home).error().code, u"NoOperator"_s);
    QCOMPARE(token(guest)->value.reveal().toByteArray(), QByteArray("a-guest"));
    QCOMPARE(m_secrets->entries.size(), 1);
}

void OperatorSessionTest::findsAndRemovesOrphans()
{
    const auto kept = keep(u"organizations"_s, home);
    const QString own = m_secrets->entries.firstKey();
    const QString left = own.section(u'/', 0, 1) + u"/11112222-0000-0000-0000-000000000001"_s;
    const QString other = u"operator/another-list/11112222-0000-0000-0000-000000000002"_s;
    m_secrets->entries.insert(left, Secret("r1"));
    m_secrets->entries.insert(other, Secret("r2"));
    m_secrets->entries.insert(u"index/principal"_s, Secret("s"));
    using Orphans = QList<OperatorSession::Orphan>;
    const auto find = [&] {
        return wait<Orphans>(
            [&](QObject *context, auto done) { m_operators->findOrphans(context, done); });
    };
    const auto found = find();
    QVERIFY(found);
    QVERIFY(found->size() == 2 && found->contains({left, false}) && found->contains({other, true}));
    for (const auto &one : *found) {
        QVERIFY(wait<void>(
            [&](QObject *context, auto done) { m_operators->removeOrphan(one, context, done); }));
    }
    QCOMPARE(*find(), Orphans());
    QCOMPARE(m_secrets->entries.keys(), (QStringList{u"index/principal"_s, own}));
    const auto refused = wait<void>([&](QObject *context, auto done) {
        m_operators->removeOrphan({u"index/principal"_s, true}, context, done);
    });
    QVERIFY(!refused && m_secrets->entries.contains(u"index/principal"_s));
}

void OperatorSessionTest::sendsARefreshTokenOnlyWhereItWasStoredFor_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("entry"); // in place of the one that was stored, where not empty
    QTest::newRow("cloud") << u"cloud"_s << u"AzureChina"_s << QByteArray();
    QTest::newRow("tenant") << u"tenantId"_s << guest << QByteArray();
    QTest::newRow("client") << u"clientId"_s << guest << QByteArray();
    QTest::newRow("cloud file") << u"cloud"_s << u"FILE"_s << QByteArray();
    QTest::newRow("cloud file and an earlier version's token")
        << u"cloud"_s << u"FILE"_s << QByteArray("0.AXrefresh-1");
    QTest::newRow("a principal's secret")
        << u"username"_s << u"ada"_s
        << QByteArray(R"({"v":1,"principal":{"cloud":"AzurePublic"},"secret":"cmVmcmVzaC0x"})");
}

void OperatorSessionTest::sendsARefreshTokenOnlyWhereItWasStoredFor()
{
    QFETCH(QString, member);
    QFETCH(QString, value);
    QFETCH(QByteArray, entry);
    QVERIFY(keep(u"organizations"_s, home));
    if (value == u"FILE") {
        value = m_folder->filePath(u"cloud.json"_s);
        QFile file(value);
        QVERIFY(file.open(QIODevice::WriteOnly));
        // Its authority is Microsoft's, its certificates are its own.
        QVERIFY(file.write(R"({"name":"Other","authorityHost":"https://login.microsoftonline.com",
                               "graph":"https://graph.example"})") > 0);
    }
    QJsonObject all = QJsonDocument::fromJson(fileText()).object();
    QJsonObject one = all[u"operators"][0].toObject();
    one[member] = value;
    all[u"operators"_s] = QJsonArray{one};
    writeFile(QJsonDocument(all).toJson());
    if (!entry.isEmpty())
        m_secrets->entries.first() = Secret(entry);
    const Operator who = m_operators->list()->constFirst();
    const auto got = wait<AccessToken>(
        [&](QObject *context, auto done) { m_operators->token(who, u"graph"_s, context, done); });
    QVERIFY(!got);
    QVERIFY2(got.error().code == u"SecretBoundElsewhere" || got.error().code == u"EntryUnreadable",
             qPrintable(Core::describe(got.error())));
    QVERIFY(!Core::describe(got.error()).contains(u"refresh-1"));
    QVERIFY(m_transport->requests().isEmpty());
}

void OperatorSessionTest::bindsTheTokenOfAnEarlierVersion()
{
    QVERIFY(keep(u"organizations"_s, home));
    m_secrets->entries.first() = Secret("0.AXold");
    answer(200, {{u"access_token"_s, u"a1"_s}, {u"expires_in"_s, 3600}});
    QVERIFY(token(home));
    QCOMPARE(fields(m_transport->requests().constFirst()).queryItemValue(u"refresh_token"_s),
             u"0.AXold"_s);
    QCOMPARE(storedToken(), QByteArray("0.AXold"));
    QVERIFY(m_secrets->entries.first().reveal().toByteArray().contains(
        "https://login.microsoftonline.com"));
}

void OperatorSessionTest::keepsWhatItDoesNotKnow()
{
    QVERIFY(keep(u"organizations"_s, home));
    QJsonObject all = QJsonDocument::fromJson(fileText()).object();
    QJsonObject one = all[u"operators"][0].toObject();
    one[u"later"_s] = QJsonObject{{u"deep"_s, QJsonArray{1, QJsonValue()}}};
    all[u"operators"_s] = QJsonArray{one};
    all[u"future"_s] = 7;
    writeFile(QJsonDocument(all).toJson());
    QVERIFY(m_operators->setPublicClientId(guest));
    QVERIFY(keep(u"organizations"_s, guest));
    const QJsonDocument now = QJsonDocument::fromJson(fileText());
    QCOMPARE(now[u"future"].toInt(), 7);
    QCOMPARE(now[u"operators"][1][u"later"], one[u"later"]);
}

void OperatorSessionTest::leavesWhatItCannotReadAsItIs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    const auto list = [](const QByteArray &one) {
        return R"({"version":1,"id":"i","operators":[)" + one + "]}";
    };
    for (const QByteArray value : {"2", "\"1\"", "null", "{}", "0", "1.5"})
        QTest::addRow("version %s", value.constData())
            << "{\"version\":" + value + R"(,"id":"i","operators":[]})" << u"version"_s;
    QTest::newRow("no operators") << QByteArray(R"({"version":1,"id":"i"})") << u"operators"_s;
    QTest::newRow("operators are an object")
        << QByteArray(R"({"version":1,"id":"i","operators":{}})") << u"operators"_s;
    QTest::newRow("public client") << QByteArray(
        R"({"version":1,"id":"i","operators":[],"publicClientId":{}})") << u"publicClientId"_s;
    for (const char *name : {"id", "way", "cloud", "tenant", "tenantId", "username", "objectId",
                             "clientId", "signedInAt"}) {
        for (const QByteArray value : {"{}", "null", "7", "[]"}) {
            QJsonObject one{{u"id"_s, u"x"_s}, {u"way"_s, u"az"_s}, {u"cloud"_s, u"AzurePublic"_s}};
            one[QString::fromLatin1(name)] = QJsonDocument::fromJson('[' + value + ']')[0];
            QTest::addRow("%s is %s", name, value.constData())
                << list(QJsonDocument(one).toJson(QJsonDocument::Compact))
                << u"operators[0].%1"_s.arg(QLatin1String(name));
        }
    }
    QTest::newRow("an unknown way") << list(R"({"id":"x","way":"phone","cloud":"AzurePublic"})")
                                    << u"operators[0].way"_s;
    QTest::newRow("no cloud") << list(R"({"id":"x","way":"az"})") << u"operators[0].cloud"_s;
    QTest::newRow("one ID twice") << list(
        R"({"id":"x","way":"az","cloud":"AzurePublic"},{"id":"x","way":"az","cloud":"AzureChina"})")
                                  << u"operators[1].id"_s;
    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("too large") << R"({"version":1,"id":"i","operators":[],"x":")" +
                                      QByteArray(5 << 20, 'x') + "\"}"
                               << u"larger"_s;
}

void OperatorSessionTest::leavesWhatItCannotReadAsItIs()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    QVERIFY(keep(u"organizations"_s, home));
    writeFile(text);
    const auto all = m_operators->list();
    QVERIFY(!all);
    QVERIFY2(all.error().message.contains(named), qPrintable(all.error().message));
    QVERIFY(all.error().message.contains(u"operators.json") && !all.error().nextStep.isEmpty());
    QVERIFY(!keep(u"organizations"_s, guest));
    QVERIFY(!m_operators->setPublicClientId(guest));
    QCOMPARE(fileText(), text);
}

QTEST_GUILESS_MAIN(OperatorSessionTest)
#include "tst_operatorsession.moc"
