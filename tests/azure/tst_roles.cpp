#include "azure/roles.h"
#include "support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using Azure::Scope;

class RolesTest : public QObject
{
    Q_OBJECT
private slots:
    void nestsScopes_data();
    void nestsScopes();
    void refusesWhatIsNoScope_data();
    void refusesWhatIsNoScope();
    void takesScopesApart();
    void readsBothFormsAlike();
    void readsEveryRecordedAssignment();
    void readsTheRecordedRoleList();
    void readsADenyAssignment();
    void knowsTheBuiltInRoles();
    void refusesAnAssignmentWithoutItsParts();
};

void RolesTest::nestsScopes_data()
{
    QTest::addColumn<QString>("outer");
    QTest::addColumn<QString>("inner");
    QTest::addColumn<bool>("contains");
    const QString sub = u"/subscriptions/S"_s;
    const QString group = sub + u"/resourceGroups/rg"_s;
    const QString account = group + u"/providers/Microsoft.Storage/storageAccounts/acct"_s;
    QTest::newRow("root") << u"/"_s << account << true;
    QTest::newRow("itself") << account << account << true;
    QTest::newRow("other case") << group.toUpper() << account << true;
    QTest::newRow("a trailing slash") << sub + u'/' << account << true;
    QTest::newRow("a name that only begins alike") << group << sub + u"/resourceGroups/rg2"_s << false;
    QTest::newRow("upwards") << account << group << false;
    QTest::newRow("a sibling") << account << group + u"/providers/Microsoft.Storage/storageAccounts/acct2"_s << false;
    QTest::newRow("a container") << account << account + u"/blobServices/default/containers/c"_s << true;
}

void RolesTest::nestsScopes()
{
    QFETCH(QString, outer);
    QFETCH(QString, inner);
    QFETCH(bool, contains);
    QCOMPARE(Scope::parse(outer)->contains(*Scope::parse(inner)), contains);
}

void RolesTest::refusesWhatIsNoScope_data()
{
    QTest::addColumn<QString>("id");
    for (const QString &id : {u""_s, u"subscriptions/x"_s, u"//x"_s, u"/a b"_s, u"/a?b"_s, u"https://x"_s})
        QTest::newRow(qPrintable(u"“"_s + id + u"”"_s)) << id;
}

void RolesTest::refusesWhatIsNoScope()
{
    QFETCH(QString, id);
    QVERIFY(!Scope::parse(id));
}

void RolesTest::takesScopesApart()
{
    const Scope account = *Scope::parse(u"/subscriptions/S/resourcegroups/rg/providers/Microsoft.Storage/storageAccounts/acct"_s);
    QCOMPARE(account.level(), Scope::Level::Resource);
    QCOMPARE(account.subscriptionId(), u"S"_s);
    QCOMPARE(account.resourceGroup(), u"rg"_s);
    QCOMPARE(account.lastName(), u"acct"_s);
    QCOMPARE(account.container(u"c"_s).level(), Scope::Level::SubResource);
    QCOMPARE(account.container(u"c"_s).lastName(), u"c"_s);
    QCOMPARE(Scope().level(), Scope::Level::Root);
    QCOMPARE(Scope::parse(u"/providers/Microsoft.Management/managementGroups/g"_s)->level(), Scope::Level::ManagementGroup);
    QCOMPARE(Scope::parse(u"/subscriptions/S"_s)->level(), Scope::Level::Subscription);
    QCOMPARE(Scope::parse(u"/subscriptions/S/resourceGroups/rg"_s)->level(), Scope::Level::ResourceGroup);
}

void RolesTest::readsBothFormsAlike()
{
    const QJsonObject flat{{u"id"_s, u"/x/y"_s},
                           {u"roleDefinitionId"_s, u"/subscriptions/S/providers/Microsoft.Authorization/roleDefinitions/ABC"_s},
                           {u"principalId"_s, u"P1"_s},
                           {u"principalType"_s, u"ServicePrincipal"_s},
                           {u"scope"_s, u"/subscriptions/S"_s},
                           {u"condition"_s, QJsonValue()}};
    QJsonObject wrapped{{u"id"_s, u"/x/y"_s}};
    QJsonObject properties = flat;
    properties.remove(u"id"_s);
    wrapped[u"properties"_s] = properties;
    const auto one = Azure::roleAssignmentFromJson(flat);
    const auto other = Azure::roleAssignmentFromJson(wrapped);
    QVERIFY(one && other);
    QVERIFY(*one == *other);
    QCOMPARE(one->roleDefinitionId, u"abc"_s);
    QCOMPARE(one->principalId, u"p1"_s);
    QVERIFY(one->condition.isEmpty());
}

void RolesTest::readsEveryRecordedAssignment()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    int count = 0;
    for (const QString &file : Test::recordingNames(u"arm"_s, u"roleassignment"_s)) {
        for (const Test::Exchange &exchange : Test::recording(u"arm"_s, file)) {
            if (!exchange.response.isSuccess())
                continue;
            const QJsonObject body = QJsonDocument::fromJson(exchange.response.body).object();
            const QJsonArray list = body.contains(u"value") ? body[u"value"].toArray() : QJsonArray{body};
            for (const QJsonValue &one : list) {
                const auto assignment = Azure::roleAssignmentFromJson(one.toObject());
                QVERIFY2(assignment, qPrintable(file));
                QCOMPARE(assignment->roleDefinitionId.size(), 36);
                ++count;
            }
        }
    }
    QVERIFY(count > 10);
}

void RolesTest::readsTheRecordedRoleList()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto exchange = Test::recording(u"arm"_s, u"roledefinitions-full-list-2023.json"_s).constFirst();
    const QJsonArray list = QJsonDocument::fromJson(exchange.response.body).object()[u"value"].toArray();
    QVERIFY(list.size() > 300);
    bool found = false;
    for (const QJsonValue &one : list) {
        const auto role = Azure::roleDefinitionFromJson(one.toObject());
        QVERIFY(role);
        if (role->name == u"Storage Blob Data Reader") {
            found = true;
            QCOMPARE(role->id, u"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"_s);
            QCOMPARE(role->type, u"BuiltInRole"_s);
            QVERIFY(!role->permissions.constFirst().dataActions.isEmpty());
        }
    }
    QVERIFY(found);
}

void RolesTest::readsADenyAssignment()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not there");
    const auto exchange = Test::recording(u"arm"_s, u"denyassignments-list-official-example.json"_s).constFirst();
    const auto deny = Azure::denyAssignmentFromJson(QJsonDocument::fromJson(exchange.response.body).object()[u"value"].toArray().first().toObject());
    QVERIFY(deny);
    QCOMPARE(deny->principals, (QList<Azure::DenyAssignment::Principal>{{u"principalid1"_s, u"principalType1"_s}}));
    QCOMPARE(deny->excludedPrincipals, (QList<Azure::DenyAssignment::Principal>{{u"principalid2"_s, u"principalType2"_s}}));
    QVERIFY(deny->isSystemProtected);
    QVERIFY(!deny->doNotApplyToChildScopes);
}

void RolesTest::knowsTheBuiltInRoles()
{
    const auto &roles = Azure::builtInRoles();
    QVERIFY(roles.size() > 900);
    const auto byName = [&](const QString &name) {
        return std::find_if(roles.cbegin(), roles.cend(), [&](const auto &role) { return role.name == name; });
    };
    QVERIFY(byName(u"Owner"_s)->permissions.constFirst().dataActions.isEmpty());
    QCOMPARE(byName(u"Owner"_s)->permissions.constFirst().actions, QStringList{u"*"_s});
    QVERIFY(std::any_of(roles.cbegin(), roles.cend(), [](const auto &role) { return role.permissions.size() > 1; }));
}

void RolesTest::refusesAnAssignmentWithoutItsParts()
{
    const QJsonObject whole{{u"roleDefinitionId"_s, u"r"_s}, {u"principalId"_s, u"p"_s}, {u"scope"_s, u"/"_s}};
    QVERIFY(Azure::roleAssignmentFromJson(whole));
    for (const QString &key : whole.keys()) {
        QJsonObject part = whole;
        part.remove(key);
        QVERIFY(!Azure::roleAssignmentFromJson(part));
    }
}

QTEST_GUILESS_MAIN(RolesTest)
#include "tst_roles.moc"
