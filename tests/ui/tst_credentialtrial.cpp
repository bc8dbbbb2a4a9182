#include "core/atomicfile.h"
#include "sandbox/entraendpoint.h"
#include "sandbox/smallscenario.h"
#include "services/services.h"
#include "serving/httpserver.h"
#include "ui/handover/credentialtrial.h"

#include <QAbstractButton>
#include <QJsonArray>
#include <QLabel>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace Ui;
using namespace Qt::StringLiterals;

/// Whether a foreign file's credential works, asked of the sandbox's Entra ID over a real
/// connection.
class CredentialTrialTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void sendsNothingToAnotherHostUnasked();
    void saysWhetherItWorks_data();
    void saysWhetherItWorks();
    void asksOfAHostThatNobodyKnows();
    void cancelsAtOnce();
    void refusesAnAuthorityThatIsNoHost_data();
    void refusesAnAuthorityThatIsNoHost();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void findsThePlace_data();
    void findsThePlace();

private:
    using Values = QList<std::pair<QByteArray, QByteArray>>;
    static Identity::Variables variables(const Values &values)
    {
        Identity::Variables all;
        for (const auto &[name, value] : values)
            all.append({name, Core::Secret(value)});
        return all;
    }
    Identity::Variables file(const QByteArray &secret, const QByteArray &authority) const
    {
        return variables({{"AZURE_TENANT_ID", Test::tenantId.toLatin1()},
                          {"AZURE_CLIENT_ID", Test::writerClient.toLatin1()},
                          {"AZURE_CLIENT_SECRET", secret},
                          {"AZURE_AUTHORITY_HOST", authority}});
    }
    template<typename T>
    T *in(const char *name) const
    {
        T *found = m_trial->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QString outcome() const { return in<QLabel>("trialOutcome")->text(); }
    void press(const char *button) { in<QAbstractButton>(button)->click(); }
    bool asked() const { return in<QWidget>("trialConfirmation")->isVisible(); }

    QTemporaryDir m_folder;
    std::unique_ptr<Test::SmallWorld> m_world;
    std::unique_ptr<Sandbox::EntraEndpoint> m_entra;
    std::unique_ptr<Serving::HttpServer> m_server;
    std::unique_ptr<Services::Services> m_services;
    std::unique_ptr<CredentialTrial> m_trial;
    QByteArray m_authority;
    int m_requests = 0;
    bool m_silent = false;
};

// A server, and a principal of the index whose cloud file names it.
void CredentialTrialTest::init()
{
    m_requests = 0;
    m_silent = false;
    m_world = std::make_unique<Test::SmallWorld>();
    m_entra = std::make_unique<Sandbox::EntraEndpoint>(m_world->scenario, m_world->directory,
                                                       m_world->issuer, m_world->endpoints);
    m_server = std::make_unique<Serving::HttpServer>(
        std::nullopt, [this](const Sandbox::Incoming &request, QObject *,
                             const Serving::HttpServer::Reply &reply) {
            ++m_requests;
            if (!m_silent)
                reply(m_entra->answer(request, m_world->now));
        });
    const auto port = m_server->listen(QHostAddress::LocalHost, 0);
    QVERIFY(port);
    m_authority = "http://127.0.0.1:" + QByteArray::number(*port);
    const QString cloud = m_folder.filePath(u"cloud.json"_s);
    QVERIFY(Core::writeFileAtomically(
        cloud, QJsonDocument(QJsonObject{{u"name"_s, u"Here"_s},
                                         {u"authorityHost"_s, QString::fromLatin1(m_authority)},
                                         {u"allowPlainLoopback"_s, true}})
                   .toJson()));
    const QJsonObject principal{{u"id"_s, u"1"_s},
                                {u"name"_s, u"kept"_s},
                                {u"tenant"_s, u"t"_s},
                                {u"clientId"_s, u"c"_s},
                                {u"cloud"_s, cloud}};
    QVERIFY(Core::writeFileAtomically(
        m_folder.filePath(u"principals.json"_s),
        QJsonDocument(QJsonObject{{u"version"_s, 1},
                                  {u"id"_s, u"i"_s},
                                  {u"principals"_s, QJsonArray{principal}}})
            .toJson()));
    m_trial.reset();
    m_services = std::make_unique<Services::Services>(m_folder.path());
    m_trial = std::make_unique<CredentialTrial>(*m_services);
    m_trial->show();
}

void CredentialTrialTest::sendsNothingToAnotherHostUnasked()
{
    m_trial->setVariables(file("right", m_authority));
    press("tryCredentialButton");
    QVERIFY(asked());
    QVERIFY2(in<QLabel>("trialQuestion")->text().contains(QString::fromLatin1(m_authority)),
             "the question shows the host");
    QVERIFY(in<QAbstractButton>("sendAnywayButton")->text().contains(u"127.0.0.1"));
    QTest::qWait(100);
    QCOMPARE(m_requests, 0);
    press("doNotSendButton");
    QVERIFY(!asked());
    QTest::qWait(100);
    QCOMPARE(m_requests, 0);
    QVERIFY(outcome().contains(u"Nothing was sent"));
    QVERIFY(in<QAbstractButton>("tryCredentialButton")->isEnabled());
}

void CredentialTrialTest::saysWhetherItWorks_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("code");
    QTest::addRow("the right secret") << QByteArray("right") << u"✔ It works"_s << QString();
    QTest::addRow("another secret")
        << QByteArray("wrong") << u"✖ It does not work"_s << u"AADSTS7000215"_s;
    QTest::addRow("an expired one")
        << QByteArray("old") << u"✖ It does not work"_s << u"AADSTS7000222"_s;
}

void CredentialTrialTest::saysWhetherItWorks()
{
    QFETCH(QByteArray, secret);
    QFETCH(QString, said);
    QFETCH(QString, code);
    m_trial->setVariables(file(secret, m_authority));
    press("tryCredentialButton");
    press("sendAnywayButton");
    QTRY_VERIFY2(outcome().startsWith(said), qPrintable(outcome()));
    QCOMPARE(m_requests, 1);
    auto *error = in<QWidget>("trialError");
    QCOMPARE(error->isVisible(), !code.isEmpty());
    if (!code.isEmpty()) {
        const QString facts = error->accessibleName();
        QVERIFY2(facts.contains(code), qPrintable(facts));
        const auto labels = error->findChildren<QLabel *>();
        QVERIFY2(std::any_of(labels.cbegin(), labels.cend(),
                             [](const QLabel *one) { return one->text().contains(u"request "); }),
                 "the request ID is there to copy");
    }
    // Once more is asked once more: an old answer proves little.
    press("tryCredentialButton");
    press("sendAnywayButton");
    QTRY_COMPARE(m_requests, 2);
}

void CredentialTrialTest::asksOfAHostThatNobodyKnows()
{
    QTcpServer stranger;
    QVERIFY(stranger.listen(QHostAddress::LocalHost));
    int connections = 0;
    connect(&stranger, &QTcpServer::newConnection, this, [&] {
        ++connections;
        stranger.nextPendingConnection()->close();
    });
    const QByteArray host = "https://localhost:" + QByteArray::number(stranger.serverPort());
    m_trial->setVariables(file("right", host + '/'));
    press("tryCredentialButton");
    QVERIFY(in<QLabel>("trialQuestion")->text().contains(QString::fromLatin1(host)));
    QVERIFY(in<QLabel>("trialQuestion")->text().contains(u"none of Azure's"));
    QTest::qWait(100);
    QCOMPARE(connections, 0);
    press("sendAnywayButton");
    QTRY_VERIFY_WITH_TIMEOUT(connections > 0, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(outcome().startsWith(u"?"), 60'000);
    QVERIFY(in<QWidget>("trialError")->isVisible());
}

void CredentialTrialTest::cancelsAtOnce()
{
    m_silent = true;
    m_trial->setVariables(file("right", m_authority));
    press("tryCredentialButton");
    press("sendAnywayButton");
    auto *button = in<QAbstractButton>("tryCredentialButton");
    QCOMPARE(button->text(), u"Cancel"_s);
    QTRY_COMPARE(m_requests, 1);
    button->click();
    QVERIFY(outcome().startsWith(u"Cancelled"));
    QVERIFY(button->text() != u"Cancel" && button->isEnabled());
    // Another file while one is asked about: the old answer is not told of the new one.
    press("tryCredentialButton");
    press("sendAnywayButton");
    m_trial->setVariables(file("other", m_authority));
    QTest::qWait(200);
    QVERIFY(!in<QLabel>("trialOutcome")->isVisible());
}

void CredentialTrialTest::refusesAnAuthorityThatIsNoHost_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addRow("no TLS") << QByteArray("http://login.microsoftonline.com");
    QTest::addRow("a user in front")
        << QByteArray("https://login.microsoftonline.com@evil.example");
    QTest::addRow("a path") << QByteArray("https://evil.example/login.microsoftonline.com");
    QTest::addRow("no URL") << QByteArray("login.microsoftonline.com");
    QTest::addRow("white space") << QByteArray("https://evil.example /");
    QTest::addRow("another scheme") << QByteArray("file:///etc/passwd");
}

void CredentialTrialTest::refusesAnAuthorityThatIsNoHost()
{
    QFETCH(QByteArray, authority);
    m_trial->setVariables(file("right", authority));
    press("tryCredentialButton");
    QVERIFY(!asked());
    QVERIFY(in<QWidget>("trialError")->isVisible());
    QVERIFY(in<QWidget>("trialError")->accessibleName().contains(u"BadAuthority"));
}

void CredentialTrialTest::saysWhatIsMissing_data()
{
    QTest::addColumn<QByteArray>("without");
    QTest::addColumn<QString>("said");
    QTest::addRow("no secret") << QByteArray("AZURE_CLIENT_SECRET")
                               << u"without AZURE_CLIENT_SECRET"_s;
    QTest::addRow("no tenant") << QByteArray("AZURE_TENANT_ID") << u"without AZURE_TENANT_ID"_s;
}

void CredentialTrialTest::saysWhatIsMissing()
{
    QFETCH(QByteArray, without);
    QFETCH(QString, said);
    Identity::Variables all = file("right", {});
    all.removeIf([&](const auto &one) { return one.first == without; });
    m_trial->setVariables(all);
    const QString facts = in<QLabel>("trialFacts")->text();
    QVERIFY2(facts.contains(said), qPrintable(facts));
    QVERIFY(!in<QAbstractButton>("tryCredentialButton")->isEnabled());
    m_trial->setVariables(variables({{"PATH", "/bin"}}));
    QVERIFY(in<QLabel>("trialFacts")->text().contains(u"none of the Azure"));
    QVERIFY(!in<QAbstractButton>("tryCredentialButton")->isVisible());
}

void CredentialTrialTest::findsThePlace_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("wellKnown");
    QTest::addRow("none") << QByteArray() << u"login.microsoftonline.com"_s << true;
    QTest::addRow("public") << QByteArray("https://login.microsoftonline.com/")
                            << u"login.microsoftonline.com"_s << true;
    QTest::addRow("government") << QByteArray("https://login.microsoftonline.us")
                                << u"login.microsoftonline.us"_s << true;
    QTest::addRow("look-alike") << QByteArray("https://login.microsoftonline.com.evil.example")
                                << u"login.microsoftonline.com.evil.example"_s << false;
    QTest::addRow("another port") << QByteArray("https://login.microsoftonline.com:8443")
                                  << u"login.microsoftonline.com"_s << false;
}

void CredentialTrialTest::findsThePlace()
{
    QFETCH(QByteArray, authority);
    QFETCH(QString, host);
    QFETCH(bool, wellKnown);
    const auto place = Services::signInPlace(file("s", authority), {});
    QVERIFY(place);
    QCOMPARE(place->cloud.authorityHost.host(), host);
    QCOMPARE(place->isWellKnown, wellKnown);
}

QTEST_MAIN(CredentialTrialTest)
#include "tst_credentialtrial.moc"
