#include "access/simulation.h"
#include "support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::Decision;
using Access::Simulation;

/// What Resource Manager really answered when it was asked for role and deny assignments, put
/// through `simulate`. Beside it a judge of its own: which of the recorded roles reads or writes an
/// account, or a blob, by the beginning of its GUID.
class RecordedRightsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void judgesRecordedAssignments_data();
    void judgesRecordedAssignments();
    void readsTheConditionOfOne();
    void readsTheExampleOfADeny();
};

namespace {

struct Question
{
    QString action;
    bool data;
    QSet<QString> roles; ///< that grant it, of those in the recordings
};

const QList<Question> &questions()
{
    // Reader, Contributor, Owner, User Access Administrator (*/read), Resource Policy Contributor
    // (*/read); Storage Blob Data Contributor.
    static const QList<Question> all{
        {u"Microsoft.Storage/storageAccounts/read"_s,
         false,
         {u"acdd72a7"_s, u"b24988ac"_s, u"8e3af657"_s, u"18d7d88d"_s, u"36243c78"_s}},
        {u"Microsoft.Storage/storageAccounts/write"_s, false, {u"b24988ac"_s, u"8e3af657"_s}},
        {u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"_s,
         true,
         {u"ba92f5b4"_s}}};
    return all;
}

QJsonArray listed(const Test::Exchange &exchange)
{
    const QJsonObject body = QJsonDocument::fromJson(exchange.response.body).object();
    return body.contains(u"value"_s) ? body[u"value"].toArray() : QJsonArray{body};
}

bool asksForAssignments(const Test::Exchange &exchange)
{
    return exchange.url.path().contains(u"/roleAssignments"_s, Qt::CaseInsensitive) &&
           exchange.response.status / 100 == 2 && !exchange.response.body.isEmpty();
}

QString accountBelow(const QString &scope)
{
    const QString account = u"/providers/Microsoft.Storage/storageAccounts/acct"_s;
    if (scope.contains(u"/resourceGroups/"_s, Qt::CaseInsensitive))
        return scope + account;
    const bool inSubscription = scope.startsWith(u"/subscriptions/"_s);
    return (inSubscription ? scope : u"/subscriptions/00000000-0000-0000-0000-000000000009"_s) +
           u"/resourceGroups/rg"_s + account;
}

bool judge(const QJsonArray &assignments, const QString &principal, const QString &at,
           const QString &group, const Question &question)
{
    for (const QJsonValue &one : assignments) {
        const QJsonObject properties = one[u"properties"].toObject();
        const QString scope = properties[u"scope"].toString();
        const QString role = properties[u"roleDefinitionId"].toString().section(u'/', -1).first(8);
        const bool reaches =
            scope == u"/" || scope == group || at.startsWith(scope + u'/', Qt::CaseInsensitive);
        if (reaches && properties[u"principalId"].toString() == principal &&
            question.roles.contains(role))
            return true;
    }
    return false;
}

Simulation simulation(const QJsonArray &assignments, const QString &principal, const QString &at,
                      const QString &group, const Question &question)
{
    Simulation one;
    const auto read = Azure::roleAssignmentsFromJson(QJsonDocument(assignments).toJson());
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    one.assignments = *read;
    const QJsonObject request{
        {u"principalId"_s, principal},
        {u"groupIds"_s, QJsonArray()},
        {u"permissions"_s, QJsonArray{QJsonArray{question.action}}},
        {u"isDataAction"_s, question.data},
        {u"scope"_s, at},
        {u"managementGroups"_s, group.isEmpty() ? QJsonArray() : QJsonArray{group}},
        {u"context"_s, QJsonObject{{u"hierarchicalNamespace"_s, false},
                                   {u"subscriptionContainsDatabricks"_s, false}}}};
    if (const auto taken = one.readRequest(QJsonDocument(request).toJson()); !taken)
        qFatal("%s", qPrintable(taken.error().message));
    return one;
}

} // namespace

void RecordedRightsTest::init()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not beside the checkout");
}

void RecordedRightsTest::judgesRecordedAssignments_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &prefix : {u"roleassignments-"_s, u"flow-roleassignment-"_s}) {
        for (const QString &file : Test::recordingNames(u"arm"_s, prefix))
            QTest::newRow(qPrintable(file)) << file;
    }
}

void RecordedRightsTest::judgesRecordedAssignments()
{
    QFETCH(QString, file);
    int asked = 0;
    for (const Test::Exchange &exchange : Test::recording(u"arm"_s, file)) {
        if (!asksForAssignments(exchange))
            continue;
        const QJsonArray all = listed(exchange);
        for (const QJsonValue &one : all) {
            const QJsonObject properties = one[u"properties"].toObject();
            const QString principal = properties[u"principalId"].toString();
            const QString scope = properties[u"scope"].toString();
            const QString group =
                scope.startsWith(u"/providers/Microsoft.Management/"_s) ? scope : QString();
            const QString at = accountBelow(scope);
            for (const Question &question : questions()) {
                const Access::Verdict verdict =
                    simulation(all, principal, at, group, question).run();
                const Decision wanted = judge(all, principal, at, group, question)
                                            ? Decision::Allowed
                                            : Decision::Denied;
                QVERIFY2(verdict.decision == wanted,
                         qPrintable(u"%1 %2 %3"_s.arg(principal, scope, question.action)));
                QVERIFY(!verdict.because.isEmpty());
                ++asked;
            }
        }
    }
    QVERIFY(asked > 0);
}

void RecordedRightsTest::readsTheConditionOfOne()
{
    const Test::Exchange exchange =
        Test::recording(u"arm"_s, u"roleassignment-with-condition.json"_s).constFirst();
    const QJsonArray all = listed(exchange);
    const QJsonObject properties = all[0][u"properties"].toObject();
    QVERIFY(properties[u"condition"].toString().contains(u"'foo'"));
    const QString container =
        accountBelow(properties[u"scope"].toString()) + u"/blobServices/default/containers/"_s;
    const Question question{
        u"Microsoft.Storage/storageAccounts/blobServices/containers/read"_s, false, {}};
    const auto decide = [&](const QString &name) {
        return simulation(all, properties[u"principalId"].toString(), container + name, {},
                          question)
            .run()
            .decision;
    };
    QCOMPARE(decide(u"foo"_s), Decision::Allowed);
    // The recorded role has management actions only, for which conditions are not documented.
    QCOMPARE(decide(u"bar"_s), Decision::Undecided);
}

// The published example holds placeholders: its scope is a subscription's, its action is "action".
void RecordedRightsTest::readsTheExampleOfADeny()
{
    const QByteArray body =
        Test::recording(u"arm"_s, u"denyassignments-list-official-example.json"_s)
            .constFirst()
            .response.body;
    const auto denies = Azure::denyAssignmentsFromJson(body);
    QVERIFY(denies);
    const QString at =
        u"/subscriptions/subId/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct"_s;
    const auto decide = [&](const QString &principal) {
        Simulation one = simulation({}, principal, at, {}, {u"action"_s, true, {}});
        Azure::RoleAssignment owner;
        owner.roleDefinitionId = u"everything"_s;
        owner.principalId = principal;
        owner.scope = *Azure::Scope::parse(u"/subscriptions/subId"_s);
        one.assignments.entries = {owner};
        Azure::RoleDefinition everything;
        everything.id = everything.name = u"everything"_s;
        everything.permissions = {Azure::Permission{{}, {}, {u"*"_s}, {}, {}, {}}};
        one.definitions.entries = {everything};
        one.denies = *denies;
        return one.run();
    };
    QCOMPARE(decide(u"principalId1"_s).decision, Decision::Denied);
    QVERIFY(decide(u"principalId1"_s).because.constFirst().why.contains(u"system-protected"));
    QCOMPARE(decide(u"principalId2"_s).decision, Decision::Allowed);
}

QTEST_GUILESS_MAIN(RecordedRightsTest)
#include "tst_recordedrights.moc"
