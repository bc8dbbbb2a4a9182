#include "replay.h"
#include "sandbox/armendpoint.h"
#include "smallscenario.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// Resource groups that are made, changed and deleted while the sandbox runs.
class ArmGroupsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void livesAsRecorded();
    void tellsWhenADeletionIsOver();
    void refuses_data();
    void refuses();

private:
    Answer ask(const QString &principal, const Incoming &request, qint64 later = 0)
    {
        Incoming asked = request;
        asked.headers = {
            {"Authorization",
             "Bearer " + m_world->token(principal, u"https://management.azure.com/.default"_s)}};
        return m_arm->answer(asked, m_world->now.addSecs(later));
    }
    static QJsonObject json(const Answer &answer)
    {
        return QJsonDocument::fromJson(answer.body).object();
    }

    std::unique_ptr<Test::SmallWorld> m_world;
    std::unique_ptr<ArmEndpoint> m_arm;
};

namespace {

const QByteArray s_group = "/subscriptions/" + Test::subscriptionId.toLatin1() + "/resourcegroups/";
const QByteArray s_version = "?api-version=2021-04-01";
const QByteArray s_body = R"({"location": "westeurope"})";

} // namespace

void ArmGroupsTest::init()
{
    m_world = std::make_unique<Test::SmallWorld>();
    Azure::RoleAssignment all = m_world->scenario.assignments[1]; // the owner's
    all.scope = *Azure::Scope::parse(u"/subscriptions/"_s + Test::subscriptionId);
    all.id = u"/subscriptions/x/providers/Microsoft.Authorization/roleAssignments/all"_s;
    m_world->scenario.assignments.append(all);
    m_world->roles = RoleRegister(m_world->scenario, m_world->now);
    m_arm = std::make_unique<ArmEndpoint>(m_world->scenario, m_world->authorizer, m_world->roles,
                                          m_world->directory, m_world->issuer, m_world->endpoints);
}

// Each request as it was sent, as many seconds after the first as then.
void ArmGroupsTest::livesAsRecorded()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto exchanges = Test::recording(u"arm"_s, u"flow-resourcegroup-lifecycle.json"_s);
    Test::Replay replay;
    replay.stands(u"00000000-0000-0000-0000-000000000000"_s, Test::subscriptionId);
    const QList<qint64> seconds{0, 1, 4, 10, 38, 43}; // by the answers' Date
    QCOMPARE(exchanges.size(), seconds.size());
    for (qsizetype at = 0; at < exchanges.size(); ++at) {
        const Test::Exchange &exchange = exchanges[at];
        const Answer answer = ask(u"owner"_s, replay.request(exchange), seconds[at]);
        QCOMPARE(answer.status, exchange.response.status);
        const QJsonObject theirs =
            QJsonDocument::fromJson(replay.translated(exchange.response.body)).object();
        QCOMPARE(json(answer).value(u"error"_s), theirs.value(u"error"_s));
        QCOMPARE(Test::difference(json(answer), theirs, {}), QString());
        QCOMPARE(json(answer).value(u"properties"_s), theirs.value(u"properties"_s));
        QStringList missing = Test::Replay::missingHeaders(exchange, answer);
        missing.removeAll(u"vary"_s); // of compressed answers
        QCOMPARE(missing, QStringList());
    }
}

void ArmGroupsTest::tellsWhenADeletionIsOver()
{
    QCOMPARE(ask(u"owner"_s, {"PUT", s_group + "new" + s_version, {}, s_body}).status, 201);
    QCOMPARE(ask(u"owner"_s, {"PUT",
                              s_group + "NEW" + s_version,
                              {},
                              R"({"location": "WestEurope", "tags": {"a": "b"}})"})
                 .status,
             200);
    QCOMPARE(json(ask(u"owner"_s, {"GET", s_group + "new" + s_version, {}, {}}))
                 .value(u"tags"_s)[u"a"_s]
                 .toString(),
             u"b"_s);
    const Answer accepted = ask(u"owner"_s, {"DELETE", s_group + "new" + s_version, {}, {}});
    QCOMPARE(accepted.status, 202);
    QVERIFY(accepted.body.isEmpty());
    const QUrl location = QUrl::fromEncoded(accepted.header("Location"));
    QCOMPARE(location.host(), u"management.azure.com"_s);
    const QByteArray poll = location.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority);
    QCOMPARE(ask(u"owner"_s, {"GET", poll, {}, {}}, 5).status, 202);
    QCOMPARE(ask(u"owner"_s, {"PUT", s_group + "new" + s_version, {}, s_body}, 5).status, 409);
    QCOMPARE(ask(u"owner"_s, {"GET", poll, {}, {}}, 60).status, 200);
    QCOMPARE(ask(u"owner"_s, {"GET", s_group + "new" + s_version, {}, {}}, 60).status, 404);
    QCOMPARE(ask(u"owner"_s, {"PUT", s_group + "new" + s_version, {}, s_body}, 61).status, 201);
}

void ArmGroupsTest::refuses_data()
{
    QTest::addColumn<QString>("principal");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *tag, const char *principal, const char *verb, const char *name,
                        const QByteArray &body, int status, const char *code) {
        QTest::addRow("%s", tag) << QString::fromLatin1(principal) << QByteArray(verb)
                                 << QByteArray(name) << body << status << QString::fromLatin1(code);
    };
    row("making it, who may not", "narrow", "PUT", "new", s_body, 403, "AuthorizationFailed");
    row("deleting it, who may not", "writer", "DELETE", "new", {}, 403, "AuthorizationFailed");
    row("one that is not there", "owner", "DELETE", "new", {}, 404, "ResourceGroupNotFound");
    row("one of the scenario", "owner", "DELETE", "RG", {}, 409, "ScopeLocked");
    row("a place is missing", "owner", "PUT", "new", "{}", 400, "LocationRequired");
    row("a bad name", "owner", "PUT", "new.", s_body, 400, "InvalidResourceGroup");
    row("another verb", "owner", "POST", "new", {}, 405, "HttpMethodNotAllowed");
}

void ArmGroupsTest::refuses()
{
    QFETCH(QString, principal);
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, body);
    const Answer answer = ask(principal, {verb, s_group + name + s_version, {}, body});
    QTEST(answer.status, "status");
    QTEST(json(answer).value(u"error"_s)[u"code"_s].toString(), "code");
}

QTEST_GUILESS_MAIN(ArmGroupsTest)
#include "tst_armgroups.moc"
