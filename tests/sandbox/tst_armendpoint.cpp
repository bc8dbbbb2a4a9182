#include "sandbox/armendpoint.h"
#include "smallscenario.h"
#include "support/recordings.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace Sandbox;

class ArmEndpointTest : public QObject
{
    Q_OBJECT
private slots:
    void answersInTheRecordedShape_data();
    void answersInTheRecordedShape();
    void refusesAsRecorded_data();
    void refusesAsRecorded();
    void showsWhatTheCallerMaySee_data();
    void showsWhatTheCallerMaySee();
    void filtersAssignments_data();
    void filtersAssignments();
    void listsRolesByName();
    void tellsTheCallersPermissions();
    void survivesAnyPath_data();
    void survivesAnyPath();

private:
    ArmEndpoint endpoint()
    {
        return {m_world.scenario, m_world.authorizer, m_world.roles, m_world.directory, m_world.issuer, m_world.endpoints};
    }
    Answer ask(const QString &principal, const QByteArray &target, qint64 secondsAgo = 0,
               const QString &scope = u"https://management.azure.com/.default"_s)
    {
        return endpoint().answer(
            {"GET",
             target,
             {{"Authorization", "Bearer " + m_world.token(principal, scope, secondsAgo)}},
             {}},
            m_world.now);
    }
    static QJsonObject json(const QByteArray &body)
    {
        return QJsonDocument::fromJson(body).object();
    }
    static QStringList names(const Answer &answer)
    {
        QStringList names;
        for (const QJsonValue &value : json(answer.body).value(u"value"_s).toArray())
            names.append(value.toObject().value(u"name"_s).toString(
                value.toObject().value(u"displayName"_s).toString()));
        return names;
    }

    Test::SmallWorld m_world;
};

namespace {

const QByteArray s_subscription = "/subscriptions/" + Test::subscriptionId.toLatin1();
const QByteArray s_group = s_subscription + "/resourceGroups/rg";
const QByteArray s_account = s_group + "/providers/Microsoft.Storage/storageAccounts/openaccount";
const QByteArray s_version = "api-version=2022-04-01";

/// Whether each key of \a ours is one that the service sends as well, with a value of the same
/// type.
QString difference(const QJsonValue &ours, const QJsonValue &theirs, const QString &where)
{
    if (ours.isObject() && theirs.isObject()) {
        const QJsonObject object = ours.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!theirs[it.key()].isUndefined()) {
                const QString found =
                    difference(it.value(), theirs[it.key()], where + u'.' + it.key());
                if (!found.isEmpty())
                    return found;
            }
        }
        return {};
    }
    if (ours.isArray() && theirs.isArray())
        return ours.toArray().isEmpty() || theirs.toArray().isEmpty()
                   ? QString()
                   : difference(ours[0], theirs[0], where + u"[0]"_s);
    const bool same = ours.type() == theirs.type() || ours.isNull() || theirs.isNull();
    return same ? QString() : where;
}

} // namespace

void ArmEndpointTest::answersInTheRecordedShape_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QStringList>("needed");
    const auto row = [](const char *file, const QByteArray &target, const QStringList &needed) {
        QTest::addRow("%s", file) << QString::fromLatin1(file) + u".json"_s << target << needed;
    };
    row("subscriptions-list", "/subscriptions?" + s_version,
        {u"id"_s, u"subscriptionId"_s, u"tenantId"_s, u"displayName"_s, u"state"_s});
    row("tenants-list", "/tenants?" + s_version,
        {u"id"_s, u"tenantId"_s, u"displayName"_s, u"domains"_s});
    row("resourcegroups-list", s_subscription + "/resourcegroups?" + s_version,
        {u"id"_s, u"name"_s, u"location"_s, u"properties"_s});
    row("storageaccounts-list-subscription",
        s_subscription + "/providers/Microsoft.Storage/storageAccounts?" + s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"kind"_s, u"sku"_s, u"location"_s, u"properties"_s});
    row("roleassignments-list-atscope",
        s_group + "/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()&" +
            s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"properties"_s});
    row("roledefinitions-filter-rolename",
        s_group +
            "/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName%20eq%20'Reader'&" +
            s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"properties"_s});
    row("roleassignments-list-subscription", s_group + "/providers/Microsoft.Authorization/roleAssignments?" + s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"properties"_s});
    row("roledefinitions-full-list-2023", s_group + "/providers/Microsoft.Authorization/roleDefinitions?" + s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"properties"_s});
    row("roledefinition-get-by-id",
        s_group + "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7?" + s_version,
        {u"id"_s, u"name"_s, u"type"_s, u"properties"_s});
    for (const char *file : {"storageaccounts-list-resourcegroup-2019", "storageaccounts-list-sp-2018"})
        row(file, s_group + "/providers/Microsoft.Storage/storageAccounts?" + s_version,
            {u"id"_s, u"name"_s, u"type"_s, u"kind"_s, u"sku"_s, u"location"_s, u"properties"_s});
    row("storageaccount-get-hns", s_account + '?' + s_version, {u"id"_s, u"name"_s, u"kind"_s, u"properties"_s});
    row("storageaccount-firewall-deny", s_group + "/providers/Microsoft.Storage/storageAccounts/walledaccount?" + s_version,
        {u"id"_s, u"name"_s, u"kind"_s, u"properties"_s});
    row("storage-containers-list-arm", s_account + "/blobServices/default/containers?" + s_version, {u"id"_s, u"name"_s, u"type"_s});
    row("permissions-resource-group",
        s_group + "/providers/Microsoft.Authorization/permissions?" + s_version,
        {u"actions"_s, u"notActions"_s, u"dataActions"_s, u"notDataActions"_s});
}

void ArmEndpointTest::answersInTheRecordedShape()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, target);
    QFETCH(QStringList, needed);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const Answer answer = ask(u"owner"_s, target);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("Content-Type"), QByteArray("application/json; charset=utf-8"));
    // The first of a list, or the one.
    const auto firstOf = [](const QJsonObject &body) {
        return body.contains(u"value"_s) ? body.value(u"value"_s)[0] : QJsonValue(body);
    };
    const QJsonValue ours = firstOf(json(answer.body));
    const QJsonValue theirs = firstOf(json(Test::recording(u"arm"_s, file).first().response.body));
    for (const QString &key : needed) {
        QVERIFY2(!theirs[key].isUndefined(), qPrintable(key));
        QVERIFY2(!ours[key].isUndefined(), qPrintable(key));
    }
    QCOMPARE(difference(ours, theirs, u"value[0]"_s), QString());
}

void ArmEndpointTest::refusesAsRecorded_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("principal");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("scope");
    QTest::addColumn<qint64>("age");
    const auto row = [](const char *file, const char *principal, const QByteArray &target,
                        const QString &scope = u"https://management.azure.com/.default"_s,
                        qint64 age = 0) {
        QTest::addRow("%s", file) << QString::fromLatin1(file) + u".json"_s
                                  << QString::fromLatin1(principal) << target << scope << age;
    };
    row("err-401-expiredauthenticationtoken", "owner", "/subscriptions?" + s_version,
        u"https://management.azure.com/.default"_s, 4000);
    row("err-401-invalidauthenticationtokenaudience", "owner", "/subscriptions?" + s_version,
        u"https://graph.microsoft.com/.default"_s);
    row("err-401-invalidauthenticationtokentenant", "stranger", s_subscription + '?' + s_version);
    row("err-403-authorizationfailed-refresh-hint-2", "narrow", s_group + '?' + s_version);
    row("err-403-authorizationfailed-resourcegroup", "narrow",
        s_subscription + "/resourcegroups/non_existent?" + s_version);
    row("err-404-resourcenotfound-storageaccount", "owner",
        s_group + "/providers/Microsoft.Storage/storageAccounts/fakeaccount?" + s_version);
    row("err-404-roledefinition-does-not-exist", "owner",
        s_group +
            "/providers/Microsoft.Authorization/roleDefinitions/"
            "26bcdc6f-b67f-4783-8798-872472f66ee0?" +
            s_version);
    row("err-404-subscriptionnotfound", "owner",
        "/subscriptions/00000000-0000-0000-0000-000000000000?" + s_version);
}

void ArmEndpointTest::refusesAsRecorded()
{
    QFETCH(QString, file);
    QFETCH(QString, principal);
    QFETCH(QByteArray, target);
    QFETCH(QString, scope);
    QFETCH(qint64, age);
    if (Test::sharedFolder().isEmpty())
        QSKIP("the folder with the recordings is not beside the checkout");
    const auto recorded = Test::recording(u"arm"_s, file).first().response;
    const Answer answer = ask(principal, target, age, scope);
    QCOMPARE(answer.status, recorded.status);
    const QJsonObject ours = json(answer.body).value(u"error"_s).toObject();
    const QJsonObject theirs = json(recorded.body).value(u"error"_s).toObject();
    QCOMPARE(ours.value(u"code"_s), theirs.value(u"code"_s));
    // The words before the first value; the values themselves are each other's.
    const auto beginning = [](const QJsonObject &error) {
        return error.value(u"message"_s).toString().section(u'\'', 0, 0);
    };
    QCOMPARE(beginning(ours), beginning(theirs));
    QCOMPARE(answer.header("WWW-Authenticate").isEmpty(), recorded.status != 401);
    if (!recorded.header("WWW-Authenticate").isEmpty())
        QCOMPARE(answer.header("WWW-Authenticate"), recorded.header("WWW-Authenticate"));
}

void ArmEndpointTest::showsWhatTheCallerMaySee_data()
{
    QTest::addColumn<QString>("principal");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::addColumn<QStringList>("names");
    const auto row = [](const char *name, const char *principal, const QByteArray &target,
                        int status, const QStringList &names = {}) {
        QTest::addRow("%s", name) << QString::fromLatin1(principal) << target + '?' + s_version
                                  << status << names;
    };
    const QByteArray accounts = "/providers/Microsoft.Storage/storageAccounts";
    row("the owner of a group sees its subscription", "owner", "/subscriptions", 200, {u"One"_s});
    row("the stranger sees none", "stranger", "/subscriptions", 200, {});
    row("the owner of a group lists its accounts", "owner", s_subscription + accounts, 200,
        {u"openaccount"_s, u"walledaccount"_s});
    row("in the group as well, whatever the case", "owner", s_group.toUpper() + accounts.toLower(),
        200, {u"openaccount"_s, u"walledaccount"_s});
    row("a data role alone lists no accounts", "narrow", s_subscription + accounts, 403);
    row("an account by name", "owner", s_account, 200);
    row("a data role does not read the account", "writer", s_account, 403);
    row("containers", "owner", s_account + "/blobServices/default/containers", 200,
        {u"one"_s, u"two"_s});
    row("a data role lists them", "writer", s_account + "/blobServices/default/containers", 200,
        {u"one"_s, u"two"_s});
    row("no assignments for a data role", "writer",
        s_account + "/providers/Microsoft.Authorization/roleAssignments", 403);
}

void ArmEndpointTest::showsWhatTheCallerMaySee()
{
    QFETCH(QString, principal);
    QFETCH(QByteArray, target);
    const Answer answer = ask(principal, target);
    QTEST(answer.status, "status");
    QTEST(names(answer), "names");
}

void ArmEndpointTest::filtersAssignments_data()
{
    QTest::addColumn<QByteArray>("scope");
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<int>("count");
    const auto row = [](const char *name, const QByteArray &scope, const QByteArray &filter,
                        int count) { QTest::addRow("%s", name) << scope << filter << count; };
    row("at, above and below a group", s_group, "", 4);
    row("not below it", s_group, "atScope()", 1);
    row("at and above an account", s_account, "atScope()", 3);
    row("at, above and below an account", s_account, "", 4);
    row("for a principal", s_group, "principalId%20eq%20'" + Test::writerObject.toLatin1() + '\'',
        1);
    row("assigned to a principal", s_group,
        "assignedTo('" + Test::writerObject.toLatin1().toUpper() + "')", 1);
    row("both", s_group, "atScope()+and+assignedTo('" + Test::writerObject.toLatin1() + "')", 0);
}

void ArmEndpointTest::filtersAssignments()
{
    QFETCH(QByteArray, scope);
    QFETCH(QByteArray, filter);
    const Answer answer =
        ask(u"owner"_s, scope + "/providers/Microsoft.Authorization/roleAssignments?" + s_version +
                            (filter.isEmpty() ? "" : "&$filter=" + filter));
    QCOMPARE(answer.status, 200);
    QTEST(int(names(answer).size()), "count");
}

void ArmEndpointTest::listsRolesByName()
{
    const QByteArray path = s_group + "/providers/Microsoft.Authorization/roleDefinitions";
    QVERIFY(names(ask(u"owner"_s, path + '?' + s_version)).size() > 300);
    const Answer one =
        ask(u"owner"_s,
            path + "?$filter=roleName%20eq%20'storage%20blob%20data%20reader'&" + s_version);
    QCOMPARE(names(one), QStringList{u"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"_s});
    const auto role = Azure::roleDefinitionFromJson(json(one.body).value(u"value"_s)[0].toObject());
    QVERIFY(role);
    QCOMPARE(role->name, u"Storage Blob Data Reader"_s);
}

void ArmEndpointTest::tellsTheCallersPermissions()
{
    const Answer answer =
        ask(u"owner"_s, s_account + "/providers/Microsoft.Authorization/permissions?" + s_version);
    const QJsonObject permission = json(answer.body).value(u"value"_s)[0].toObject();
    QCOMPARE(permission.value(u"actions"_s).toArray(), QJsonArray{u"*"_s});
    QCOMPARE(permission.value(u"dataActions"_s).toArray(), QJsonArray());
    QCOMPARE(
        ask(u"narrow"_s, s_account + "/providers/Microsoft.Authorization/permissions?" + s_version)
            .status,
        403);
}

void ArmEndpointTest::survivesAnyPath_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    const auto row = [](const QByteArray &target, int status) {
        QTest::addRow("%s", target.left(60).constData()) << target + '?' + s_version << status;
    };
    row("/", 404);
    row("//", 404);
    row("/subscriptions//x", 400);
    row("/subscriptions/a%20b", 400);
    row("/providers/Microsoft.Authorization/", 404);
    row("/providers/Microsoft.Authorization/roleDefinitions", 403);
    row(s_subscription + "/resourceGroups", 200);
    row(s_subscription + "/resourceGroups/rg/providers", 404);
    row(s_subscription + "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/"
                         "openaccount/blobServices",
        404);
    row(s_subscription + "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/"
                         "openaccount/blobServices/default/containers/none",
        404);
    row(s_account + "/providers/Microsoft.Authorization/roleAssignments/a/b", 404);
}

void ArmEndpointTest::survivesAnyPath()
{
    QFETCH(QByteArray, target);
    QTEST(ask(u"owner"_s, target).status, "status");
    QCOMPARE(ask(u"owner"_s, target.split('?').first()).status, 400); // no api-version
    QCOMPARE(endpoint()
                 .answer({"GET", target, {}, {}}, m_world.now)
                 .status,
             401);
}

QTEST_GUILESS_MAIN(ArmEndpointTest)
#include "tst_armendpoint.moc"
