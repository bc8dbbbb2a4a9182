#include "replay.h"
#include "sandbox/armendpoint.h"
#include "sandbox/blobendpoint.h"
#include "smallscenario.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

/// Role assignments and custom roles as they are written, read and removed.
class ArmRoleWritingTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void answersAsRecorded_data();
    void answersAsRecorded();
    void refusesAsRecorded_data();
    void refusesAsRecorded();
    void refusesWhoMayNot_data();
    void refusesWhoMayNot();
    void aRepeatChangesNothing();
    void changesOnlyWhatMayChange();
    void countsAtEachScope_data();
    void countsAtEachScope();
    void reachesTheDataAfterItsTime();
    void waitsForAReplicatedPrincipal();
    void customRolesGrantWhatTheySay();
    void changesARoleOnlyWithRightsAtEveryScope_data();
    void changesARoleOnlyWithRightsAtEveryScope();
    void answersOddRequests();
    void refusesBadInput_data();
    void refusesBadInput();

private:
    Answer ask(const QString &principal, const QByteArray &verb, const QByteArray &target,
               const QByteArray &body = {}, qint64 later = 0)
    {
        const QByteArray token =
            m_world->token(principal, u"https://management.azure.com/.default"_s);
        return m_arm->answer({verb, target, {{"Authorization", "Bearer " + token}}, body},
                             m_world->now.addSecs(later));
    }
    static QJsonObject json(const Answer &answer)
    {
        return QJsonDocument::fromJson(answer.body).object();
    }
    static QString code(const Answer &answer)
    {
        return json(answer).value(u"error"_s)[u"code"_s].toString();
    }
    static QByteArray body(const QByteArray &role, const QString &principal,
                           const QString &key = {}, const QString &value = {})
    {
        QJsonObject properties{
            {u"roleDefinitionId"_s, u"/x/roleDefinitions/"_s + QString::fromLatin1(role)},
            {u"principalId"_s, principal}};
        if (!key.isEmpty())
            properties.insert(key, value);
        return QJsonDocument(QJsonObject{{u"properties"_s, properties}}).toJson();
    }
    static QByteArray roleBody(const QString &name, const QString &action)
    {
        const QJsonObject permission{{u"dataActions"_s, QJsonArray{action}}};
        const QJsonObject properties{
            {u"roleName"_s, name},
            {u"permissions"_s, QJsonArray{permission}},
            {u"assignableScopes"_s, QJsonArray{u"/subscriptions/"_s + Test::subscriptionId}}};
        return QJsonDocument(QJsonObject{{u"properties"_s, properties}}).toJson();
    }
    bool mayRead(const QString &objectId, qint64 later) const
    {
        const Account *account = m_world->scenario.account(u"openaccount"_s);
        const CopySource blob{.account = account->name, .place = {u"one"_s, u"x"_s}, .snapshot = {}};
        return m_world->authorizer.allows(objectId, *account, readingOf(blob, false),
                                          m_world->now.addSecs(later));
    }

    std::unique_ptr<Test::SmallWorld> m_world;
    std::unique_ptr<ArmEndpoint> m_arm;
};

namespace {

const QByteArray s_subscription = "/subscriptions/" + Test::subscriptionId.toLatin1();
const QByteArray s_group = s_subscription + "/resourceGroups/rg";
const QByteArray s_account = s_group + "/providers/Microsoft.Storage/storageAccounts/openaccount";
const QByteArray s_assignments = "/providers/Microsoft.Authorization/roleAssignments/";
const QByteArray s_definitions = "/providers/Microsoft.Authorization/roleDefinitions/";
const QByteArray s_version = "?api-version=2022-04-01";
const QByteArray s_name = "77777777-0000-4000-8000-000000000001";
const QByteArray s_otherName = "77777777-0000-4000-8000-000000000002";
const QByteArray s_reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const QByteArray s_blobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const QString s_blockedObject = u"10001111-aaaa-2222-bbbb-3333cccc4446"_s;
const QString s_ownerObject = u"10001111-aaaa-2222-bbbb-3333cccc4445"_s;

} // namespace

void ArmRoleWritingTest::init()
{
    m_world = std::make_unique<Test::SmallWorld>();
    // The owner owns the subscription too, as the recordings' caller does.
    Azure::RoleAssignment all = m_world->scenario.assignments[1];
    all.scope = *Azure::Scope::parse(QString::fromLatin1(s_subscription));
    all.id = u"/subscriptions/x/providers/Microsoft.Authorization/roleAssignments/all"_s;
    m_world->scenario.assignments.append(all);
    m_world->roles = RoleRegister(m_world->scenario, m_world->now);
    m_arm = std::make_unique<ArmEndpoint>(m_world->scenario, m_world->authorizer, m_world->roles,
                                          m_world->directory, m_world->issuer, m_world->endpoints);
}

void ArmRoleWritingTest::answersAsRecorded_data()
{
    QTest::addColumn<QString>("principal"); // of the recording
    QTest::addColumn<QString>("group");
    QTest::addRow("flow-roleassignment-create-list-delete")
        << u"0207ee96-75b6-43d8-af87-f8718fde0acc"_s << u"cli_sp_create_for_rbac000001"_s;
    QTest::addRow("roleassignment-with-condition")
        << u"06651546-4121-4ccd-a25d-13fe0422467e"_s << u"cli_role_assign000001"_s;
    QTest::addRow("flow-custom-roledefinition") << u"-"_s << u"-"_s;
}

void ArmRoleWritingTest::answersAsRecorded()
{
    QFETCH(QString, principal);
    QFETCH(QString, group);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const QByteArray tag = QTest::currentDataTag();
    Test::Replay replay;
    if (principal != u"-")
        replay.stands(principal, tag == "roleassignment-with-condition"
                                     ? u"50001111-aaaa-2222-bbbb-3333cccc4444"_s // a user, as there
                                     : Test::writerObject);
    if (group != u"-")
        replay.stands(group, u"rg"_s);
    replay.stands(u"00000000-0000-0000-0000-000000000000"_s, Test::subscriptionId);
    for (const Test::Exchange &exchange :
         Test::recording(u"arm"_s, QString::fromLatin1(tag) + u".json"_s)) {
        const Incoming request = replay.request(exchange);
        const Answer answer = ask(u"owner"_s, request.verb, request.target, request.body);
        QVERIFY2(answer.status == exchange.response.status, answer.body.constData());
        const QJsonObject theirs = QJsonDocument::fromJson(exchange.response.body).object();
        const QString different = Test::difference(json(answer), theirs, {});
        QVERIFY2(different.isEmpty(), qPrintable(different));
        QStringList missing = Test::Replay::missingHeaders(exchange, answer);
        missing.removeAll(u"vary"_s); // of compressed answers
        QCOMPARE(missing, QStringList());
        // The first answer to PUT does not tell the creator; a later one does.
        if (request.verb == "PUT" && theirs[u"properties"_s][u"principalId"_s].isString())
            QVERIFY(json(answer)[u"properties"_s][u"createdBy"_s].isNull());
        if (request.verb == "DELETE")
            QCOMPARE(json(answer)[u"properties"_s][u"createdBy"_s].toString(), s_ownerObject);
    }
}

void ArmRoleWritingTest::refusesAsRecorded_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("version");
    QTest::addRow("err-400-principalnotfound")
        << body(s_reader, u"4954b03e-a052-4a45-964d-6ff71e742b99"_s)
        << QByteArray("?api-version=2015-07-01");
    QTest::addRow("err-409-roleassignmentexists")
        << body(s_blobReader, s_blockedObject) << QByteArray("?api-version=2020-04-01-preview");
    QTest::addRow("err-409-roleassignmentexists-with-id")
        << body(s_blobReader, s_blockedObject) << s_version;
}

void ArmRoleWritingTest::refusesAsRecorded()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, version);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded =
        Test::recording(u"arm"_s, QString::fromLatin1(QTest::currentDataTag()) + u".json"_s)
            .first();
    const Answer answer =
        ask(u"owner"_s, "PUT", s_account + s_assignments + s_name + version, body);
    QCOMPARE(answer.status, recorded.response.status);
    const QJsonObject theirs = QJsonDocument::fromJson(recorded.response.body).object();
    static const QRegularExpression id(u"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"_s);
    QCOMPARE(json(answer).value(u"error"_s)[u"message"_s].toString().replace(id, u"ID"_s),
             theirs.value(u"error"_s)[u"message"_s].toString().replace(id, u"ID"_s));
    QCOMPARE(code(answer), theirs.value(u"error"_s)[u"code"_s].toString());
}

void ArmRoleWritingTest::refusesWhoMayNot_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("action");
    QTest::addRow("assigning") << QByteArray("PUT") << s_assignments + s_name
                               << u"Microsoft.Authorization/roleAssignments/write"_s;
    QTest::addRow("removing") << QByteArray("DELETE") << s_assignments + s_name
                              << u"Microsoft.Authorization/roleAssignments/delete"_s;
    QTest::addRow("defining") << QByteArray("PUT") << s_definitions + s_name
                              << u"Microsoft.Authorization/roleDefinitions/write"_s;
}

void ArmRoleWritingTest::refusesWhoMayNot()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, target);
    QFETCH(QString, action);
    const Answer answer =
        ask(u"writer"_s, verb, s_account + target + s_version, body(s_reader, Test::writerObject));
    QCOMPARE(answer.status, 403);
    QCOMPARE(code(answer), u"AuthorizationFailed"_s);
    QVERIFY(answer.body.contains(action.toLatin1()));
    QVERIFY(!m_world->roles.definition(QString::fromLatin1(s_name)));
}

void ArmRoleWritingTest::aRepeatChangesNothing()
{
    const QByteArray at = s_account + s_assignments + s_name + s_version;
    const auto count = m_world->roles.assignments().size();
    QCOMPARE(ask(u"owner"_s, "PUT", at, body(s_reader, Test::writerObject)).status, 201);
    QCOMPARE(ask(u"owner"_s, "PUT", at, body(s_reader, Test::writerObject)).status, 201);
    QCOMPARE(m_world->roles.assignments().size(), count + 1);
    QCOMPARE(code(ask(u"owner"_s, "PUT", s_account + s_assignments + s_otherName + s_version,
                      body(s_reader, Test::writerObject))),
             u"RoleAssignmentExists"_s);
    QCOMPARE(ask(u"owner"_s, "DELETE", at).status, 200);
    QCOMPARE(ask(u"owner"_s, "DELETE", at).status, 204);
    QCOMPARE(m_world->roles.assignments().size(), count);
}

void ArmRoleWritingTest::changesOnlyWhatMayChange()
{
    const QByteArray at = s_account + s_assignments + s_name + s_version;
    QCOMPARE(ask(u"owner"_s, "PUT", at, body(s_reader, Test::writerObject)).status, 201);
    const Answer changed = ask(u"owner"_s, "PUT", at,
                               body(s_reader, Test::writerObject, u"description"_s, u"why"_s), 60);
    QCOMPARE(json(changed)[u"properties"_s][u"description"_s].toString(), u"why"_s);
    QVERIFY(json(changed)[u"properties"_s][u"createdOn"_s] !=
            json(changed)[u"properties"_s][u"updatedOn"_s]);
    QCOMPARE(code(ask(u"owner"_s, "PUT", at, body(s_reader, s_blockedObject))),
             u"RoleAssignmentUpdateNotPermitted"_s);
}

void ArmRoleWritingTest::countsAtEachScope_data()
{
    QTest::addColumn<QByteArray>("scope");
    QTest::addColumn<bool>("reaches"); // the blob one/x of openaccount
    QTest::addRow("management group")
        << QByteArray("/providers/Microsoft.Management/managementGroups/all") << true;
    QTest::addRow("another one") << QByteArray(
                                        "/providers/Microsoft.Management/managementGroups/else")
                                 << false;
    QTest::addRow("subscription") << s_subscription << true;
    QTest::addRow("resource group") << s_group << true;
    QTest::addRow("account") << s_account << true;
    QTest::addRow("container") << s_account + "/blobServices/default/containers/one" << true;
    QTest::addRow("another container")
        << s_account + "/blobServices/default/containers/two" << false;
}

void ArmRoleWritingTest::countsAtEachScope()
{
    QFETCH(QByteArray, scope);
    QFETCH(bool, reaches);
    for (const QString &name : {u"all"_s, u"else"_s}) {
        m_world->scenario.managementGroups.append(
            {name,
             name,
             Test::tenantId,
             {},
             name == u"all" ? QStringList{Test::subscriptionId} : QStringList()});
        Azure::RoleAssignment owner = m_world->scenario.assignments[1];
        owner.scope = m_world->scenario.managementGroups.last().scope();
        owner.id = owner.scope.id() + u"/providers/Microsoft.Authorization/roleAssignments/owner"_s;
        m_world->roles.assign(owner, {}, m_world->now);
    }
    QVERIFY(!mayRead(s_ownerObject, 0));
    const QByteArray at = scope + s_assignments + s_name + s_version;
    const Answer made = ask(u"owner"_s, "PUT", at, body(s_blobReader, s_ownerObject));
    QVERIFY2(made.status == 201, made.body.constData());
    QCOMPARE(json(made)[u"properties"_s][u"scope"_s].toString(), QString::fromLatin1(scope));
    QCOMPARE(mayRead(s_ownerObject, 0), reaches);
    QCOMPARE(ask(u"owner"_s, "GET", at).status, 200);
    QCOMPARE(ask(u"owner"_s, "DELETE", at).status, 200);
    QVERIFY(!mayRead(s_ownerObject, 0));
}

void ArmRoleWritingTest::reachesTheDataAfterItsTime()
{
    m_world->scenario.assignmentDelay = 30;
    m_world->roles = RoleRegister(m_world->scenario, m_world->now);
    const QByteArray at = s_account + s_assignments + s_name + s_version;
    QCOMPARE(ask(u"owner"_s, "PUT", at, body(s_blobReader, s_ownerObject)).status, 201);
    QVERIFY(!mayRead(s_ownerObject, 29));
    QVERIFY(mayRead(s_ownerObject, 30));
    QCOMPARE(ask(u"owner"_s, "DELETE", at, {}, 100).status, 200);
    QVERIFY(mayRead(s_ownerObject, 129)); // what is taken away stays as long
    QVERIFY(!mayRead(s_ownerObject, 130));
}

void ArmRoleWritingTest::waitsForAReplicatedPrincipal()
{
    m_world->scenario.replication.resourceManager = 20;
    m_world->directory.add({.kind = DirectoryObject::Kind::ServicePrincipal,
                            .id = u"60001111-aaaa-2222-bbbb-3333cccc4444"_s,
                            .tenant = Test::tenantId,
                            .appId = u"70001111-aaaa-2222-bbbb-3333cccc4444"_s,
                            .created = m_world->now});
    const QByteArray at = s_account + s_assignments + s_name + s_version;
    const QByteArray wanted = body(s_reader, u"60001111-aaaa-2222-bbbb-3333cccc4444"_s,
                                   u"principalType"_s, u"ServicePrincipal"_s);
    const Answer early = ask(u"owner"_s, "PUT", at, wanted, 19);
    QCOMPARE(code(early), u"PrincipalNotFound"_s);
    QVERIFY(early.body.contains(" does not exist in the directory ")); // what az waits for
    QCOMPARE(ask(u"owner"_s, "PUT", at, wanted, 20).status, 201);
}

void ArmRoleWritingTest::customRolesGrantWhatTheySay()
{
    const QByteArray at = s_subscription + s_definitions + s_name + s_version;
    const QByteArray role =
        roleBody(u"Blob looker"_s,
                 u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"_s);
    QCOMPARE(ask(u"owner"_s, "PUT", at, role).status, 201);
    QCOMPARE(code(ask(u"owner"_s, "PUT", s_subscription + s_definitions + s_otherName + s_version,
                      role)),
             u"RoleDefinitionWithSameNameExists"_s);
    const QByteArray assignment = s_account + s_assignments + s_name + s_version;
    QCOMPARE(ask(u"owner"_s, "PUT", assignment, body(s_name, s_ownerObject)).status, 201);
    QVERIFY(mayRead(s_ownerObject, 0));
    QCOMPARE(code(ask(u"owner"_s, "DELETE", at)), u"RoleDefinitionHasAssignments"_s);
    QCOMPARE(ask(u"owner"_s, "DELETE", assignment).status, 200);
    QCOMPARE(ask(u"owner"_s, "DELETE", at).status, 200);
    QCOMPARE(code(ask(u"owner"_s, "GET", at)), u"RoleDefinitionDoesNotExist"_s);
}

void ArmRoleWritingTest::changesARoleOnlyWithRightsAtEveryScope_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QStringList>("after");
    QTest::addColumn<bool>("changes");
    QTest::addColumn<bool>("removes");
    const QString all = QString::fromLatin1(s_subscription);
    const QString group = QString::fromLatin1(s_group);
    const QString other = all + u"/resourceGroups/other"_s;
    QTest::addRow("the own group") << QStringList{group} << QStringList{group} << true << true;
    QTest::addRow("the own group in capitals and with a slash")
        << QStringList{group.toUpper() + u'/'} << QStringList{group + u'/'} << true << true;
    QTest::addRow("narrowed to the own group")
        << QStringList{all} << QStringList{group} << false << false;
    QTest::addRow("widened to the subscription")
        << QStringList{group} << QStringList{group, all} << false << true;
    QTest::addRow("one old scope of two")
        << QStringList{group, other} << QStringList{group} << false << false;
    QTest::addRow("one new scope of two")
        << QStringList{group} << QStringList{group, other} << false << true;
    QTest::addRow("another group whose name begins alike")
        << QStringList{group} << QStringList{group + u"2"_s} << false << true;
    QTest::addRow("the root") << QStringList{group} << QStringList{u"/"_s} << false << true;
    QTest::addRow("a management group")
        << QStringList{group}
        << QStringList{u"/providers/Microsoft.Management/managementGroups/all"_s} << false << true;
    QTest::addRow("another subscription")
        << QStringList{group} << QStringList{u"/subscriptions/"_s + Test::otherTenantId} << false
        << true;
}

void ArmRoleWritingTest::changesARoleOnlyWithRightsAtEveryScope()
{
    QFETCH(QStringList, before);
    QFETCH(QStringList, after);
    QFETCH(bool, changes);
    // The owner owns one resource group only.
    m_world->roles =
        RoleRegister(Sandbox::Scenario::parse(Test::smallScenario()).value(), m_world->now);
    const auto role = [](const QStringList &scopes, const QString &action) {
        Azure::RoleDefinition one;
        one.id = QString::fromLatin1(s_name);
        one.name = u"Mine"_s;
        one.type = u"CustomRole"_s;
        one.permissions.append(Azure::Permission{});
        one.permissions[0].dataActions = {action};
        one.assignableScopes = scopes;
        return one;
    };
    m_world->roles.define(role(before, u"read"_s), {}, m_world->now);
    const QJsonObject properties{
        {u"roleName"_s, u"Mine"_s},
        {u"permissions"_s, QJsonArray{QJsonObject{{u"dataActions"_s, QJsonArray{u"*"_s}}}}},
        {u"assignableScopes"_s, QJsonArray::fromStringList(after)}};
    const QByteArray body = QJsonDocument(QJsonObject{{u"properties"_s, properties}}).toJson();
    const QByteArray at = s_group + s_definitions + s_name + s_version;
    const Answer answer = ask(u"owner"_s, "PUT", at, body);
    QCOMPARE(answer.status == 201, changes);
    QVERIFY(changes || answer.status == 403 || answer.status == 400);
    const Azure::RoleDefinition *now = m_world->roles.definition(QString::fromLatin1(s_name));
    QCOMPARE(now->permissions.first().dataActions, QStringList{changes ? u"*"_s : u"read"_s});
    QCOMPARE(now->assignableScopes, changes ? after : before);
    const Answer removal = ask(u"owner"_s, "DELETE", at);
    QTEST(removal.status == 200, "removes");
    QCOMPARE(m_world->roles.definition(QString::fromLatin1(s_name)) == nullptr,
             removal.status == 200);
}

// A request never ends the program: the fixed ones did, or came near; the generated ones are new
// each time, and a failure names its seed.
void ArmRoleWritingTest::answersOddRequests()
{
    const QByteArray id = Test::subscriptionId.toLatin1();
    QList<QByteArray> targets{
        "/subscriptions/a%20b/providers/Microsoft.Authorization/permissions",
        "/subscriptions/" + id + "%20x/providers/Microsoft.Authorization/roleAssignments",
        "/subscriptions/" + id +
            "/resourceGroups/a%20b/providers/Microsoft.Storage/storageAccounts",
        "/subscriptions/" + id +
            "/resourceGroups/a%20b/providers/Microsoft.Storage/storageAccounts/x",
        "/subscriptions/" + id +
            "/resourceGroups/a%20b/providers/Microsoft.Authorization/permissions",
        "/subscriptions/a%20b/providers/x",
        "/%20/providers/Microsoft.Authorization/permissions",
        "/",
        "",
        "//",
        "/%2F",
        "/providers/Microsoft.Authorization/",
        "/providers/Microsoft.Authorization/%2F"};
    const QList<QByteArray> parts{"subscriptions",
                                  id,
                                  "a%20b",
                                  "%20",
                                  "%00",
                                  "%ff",
                                  "%2f",
                                  "%2e%2e",
                                  "%",
                                  "%zz",
                                  "",
                                  "..",
                                  "resourceGroups",
                                  "rg",
                                  "providers",
                                  "Microsoft.Authorization",
                                  "Microsoft.Storage",
                                  "storageAccounts",
                                  "openaccount",
                                  "blobServices",
                                  "default",
                                  "containers",
                                  "permissions",
                                  "roleAssignments",
                                  "roleDefinitions",
                                  "denyAssignments",
                                  s_name,
                                  "resources",
                                  "operationresults",
                                  "tenants",
                                  "Microsoft.Management",
                                  "managementGroups",
                                  QByteArray(5000, 'x'),
                                  "%E2%80%A8",
                                  "a%3Fb",
                                  "a%23b"};
    const auto generate = [&](quint32 seed, int count) {
        QRandomGenerator random(seed);
        for (int i = 0; i < count; ++i) {
            QByteArray target = random.bounded(3) == 0 ? QByteArray() : "/subscriptions/" + id;
            for (quint32 left = random.bounded(9U); left > 0; --left)
                target += '/' + parts[random.bounded(parts.size())];
            targets.append(target);
        }
    };
    const quint32 fresh = QRandomGenerator::system()->generate();
    generate(20261201, 1500);
    generate(fresh, 1500);
    const QList<QByteArray> bodies{
        {},
        "{",
        "[]",
        "null",
        "1",
        "{\"properties\":[]}",
        "{\"properties\":{\"assignableScopes\":{}}}",
        "{\"properties\":{\"roleName\":1,\"assignableScopes\":[1,null,{}],\"permissions\":[1]}}",
        "{\"properties\":{\"roleName\":\"x\",\"assignableScopes\":[\"/subscriptions/a b\"]}}",
        "{\"location\":[],\"tags\":3}",
        "\xff\xfe",
        QByteArray("[").repeated(100'000),
        QByteArray("{\"properties\":").repeated(5000)};
    const QByteArray token = m_world->token(u"owner"_s, u"https://management.azure.com/.default"_s);
    for (qsizetype i = 0; i < targets.size(); ++i) {
        for (const QByteArray verb : {"GET", "PUT", "DELETE", "POST"}) {
            const QByteArray query = i % 3 == 0 ? "&$filter=%ff'%20eq%20('" : "&$skiptoken=-9";
            const Answer answer = m_arm->answer({verb,
                                                 targets[i] + s_version + query,
                                                 {{"Authorization", "Bearer " + token}},
                                                 bodies[i % bodies.size()]},
                                                m_world->now);
            QVERIFY2(answer.status >= 200 && answer.status < 500,
                     (verb + ' ' + targets[i] + " seed " + QByteArray::number(fresh)).constData());
            if (i < 7 && verb == "GET")
                QVERIFY2(answer.status >= 400, targets[i].constData());
        }
    }
}

void ArmRoleWritingTest::refusesBadInput_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    const QByteArray at = s_account + s_assignments;
    QTest::addRow("no JSON") << at + s_name << QByteArray("{") << u"InvalidRequestContent"_s;
    QTest::addRow("a name that is no GUID")
        << at + "x" << body(s_reader, Test::writerObject) << u"InvalidRoleAssignmentId"_s;
    QTest::addRow("a principal that is no GUID")
        << at + s_name << body(s_reader, u"writer"_s) << u"InvalidPrincipalId"_s;
    QTest::addRow("no such role") << at + s_name << body(s_name, Test::writerObject)
                                  << u"RoleDefinitionDoesNotExist"_s;
    QTest::addRow("another type") << at + s_name
                                  << body(s_reader, Test::writerObject, u"principalType"_s,
                                          u"User"_s)
                                  << u"UnmatchedPrincipalType"_s;
    QTest::addRow("a built-in role")
        << s_subscription + s_definitions + s_reader << roleBody(u"Reader"_s, u"*"_s)
        << u"RoleDefinitionUpdateNotPermitted"_s;
    QTest::addRow("another resource") << s_account << QByteArray("{}") << u"HttpMethodNotAllowed"_s;
}

void ArmRoleWritingTest::refusesBadInput()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QTEST(code(ask(u"owner"_s, "PUT", target + s_version, body)), "code");
}

QTEST_GUILESS_MAIN(ArmRoleWritingTest)
#include "tst_armrolewriting.moc"
