#include "access/roleevaluator.h"

#include <QRandomGenerator>
#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using Access::Decision;
using Access::EvaluationInput;
using Access::Requirement;
using Azure::DenyAssignment;
using Azure::Permission;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Azure::Scope;

class RoleEvaluatorTest : public QObject
{
    Q_OBJECT
private slots:
    void matchesWildcards_data();
    void matchesWildcards();
    void decides_data();
    void decides();
    void saysWhyNot();
    void namesTheNearestMissFirst();
    void addsOneAssignmentToOthers();
    void obeysDenyAssignments();
    void addingARoleNeverTakesAway();
    void theOrderOfAssignmentsDoesNotMatter();
};

namespace {

const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"_s;
const QString containers = u"Microsoft.Storage/storageAccounts/blobServices/containers/"_s;
const QString subscription = u"/subscriptions/S"_s;
const QString group = subscription + u"/resourceGroups/rg"_s;
const QString account = group + u"/providers/Microsoft.Storage/storageAccounts/acct"_s;
const QString container = account + u"/blobServices/default/containers/c"_s;

QString idOf(const QString &roleName)
{
    for (const RoleDefinition &role : Azure::builtInRoles()) {
        if (role.name == roleName)
            return role.id;
    }
    return roleName;
}

RoleAssignment assign(const QString &role, const QString &scope, const QString &principal = u"me"_s)
{
    RoleAssignment assignment;
    assignment.id = role + u'@' + scope;
    assignment.roleDefinitionId = idOf(role);
    assignment.principalId = principal;
    assignment.scope = *Scope::parse(scope);
    return assignment;
}

EvaluationInput needs(const QString &action, bool data, const QString &scope = container)
{
    EvaluationInput input{{u"me"_s, u"my-group"_s}, {{{action, data}}}, *Scope::parse(scope), {}};
    input.circumstances.subscriptionContainsDatabricks = false;
    return input;
}

Decision decide(const EvaluationInput &input, const QList<RoleAssignment> &assignments, const QList<DenyAssignment> &denies = {})
{
    return Access::evaluate(input, assignments, Azure::builtInRoles(), denies).decision;
}

} // namespace

void RoleEvaluatorTest::matchesWildcards_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("action");
    QTest::addColumn<bool>("matches");
    QTest::newRow("everything") << u"*"_s << u"a/b/c"_s << true;
    QTest::newRow("at the end, across slashes") << u"Microsoft.Storage/*"_s << blobs + u"read"_s << true;
    QTest::newRow("at the beginning") << u"*/read"_s << blobs + u"read"_s << true;
    QTest::newRow("in the middle") << u"a/*/c"_s << u"a/x/y/c"_s << true;
    QTest::newRow("several") << u"*/b/*"_s << u"a/b/c"_s << true;
    QTest::newRow("any case") << u"MICROSOFT.storage/READ"_s << u"microsoft.Storage/read"_s << true;
    QTest::newRow("nothing for the star") << u"a*"_s << u"a"_s << true;
    QTest::newRow("another end") << u"*/read"_s << u"a/read/action"_s << false;
    QTest::newRow("longer") << u"a/b"_s << u"a/b/c"_s << false;
    QTest::newRow("shorter") << u"a/b/c"_s << u"a/b"_s << false;
    QTest::newRow("empty pattern") << QString() << u"a"_s << false;
    QTest::newRow("backtracking") << u"*ab*ab"_s << u"xababxab"_s << true;
}

void RoleEvaluatorTest::matchesWildcards()
{
    QFETCH(QString, pattern);
    QFETCH(QString, action);
    QFETCH(bool, matches);
    QCOMPARE(Access::matchesAction(pattern, action), matches);
}

void RoleEvaluatorTest::decides_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("action");
    QTest::addColumn<bool>("data");
    QTest::addColumn<QString>("where");
    QTest::addColumn<int>("decision");
    const int yes = static_cast<int>(Decision::Allowed);
    const int no = static_cast<int>(Decision::Denied);
    const int open = static_cast<int>(Decision::Undecided);
    const QString read = blobs + u"read"_s;
    QTest::newRow("reader at the account") << u"Storage Blob Data Reader"_s << account << read << true << container << yes;
    QTest::newRow("inherited from the subscription") << u"Storage Blob Data Reader"_s << subscription << read << true << container << yes;
    QTest::newRow("from the root") << u"Storage Blob Data Reader"_s << u"/"_s << read << true << container << yes;
    QTest::newRow("another container only") << u"Storage Blob Data Reader"_s << account + u"/blobServices/default/containers/d"_s << read << true << container << no;
    QTest::newRow("a container's role does not list containers") << u"Storage Blob Data Reader"_s << container << containers + u"read"_s << false << account << no;
    QTest::newRow("Owner has no data") << u"Owner"_s << account << read << true << container << no;
    QTest::newRow("Owner makes containers") << u"Owner"_s << account << containers + u"write"_s << false << account << yes;
    QTest::newRow("Reader lists containers") << u"Reader"_s << account << containers + u"read"_s << false << account << yes;
    QTest::newRow("Reader reads no blob") << u"Reader"_s << account << read << true << container << no;
    QTest::newRow("Contributor's tags") << u"Storage Blob Data Contributor"_s << account << blobs + u"tags/read"_s << true << container << no;
    QTest::newRow("Data Owner's wildcard") << u"Storage Blob Data Owner"_s << account << blobs + u"tags/write"_s << true << container << yes;
    QTest::newRow("notActions of Contributor") << u"Contributor"_s << account << u"Microsoft.Authorization/roleAssignments/write"_s << false << account << no;
    QTest::newRow("an unknown role") << u"11111111-0000-0000-0000-000000000000"_s << account << read << true << container << open;
    QTest::newRow("a management group that is not told") << u"Storage Blob Data Reader"_s << u"/providers/Microsoft.Management/managementGroups/g"_s << read
                                                         << true << container << no;
}

void RoleEvaluatorTest::decides()
{
    QFETCH(QString, role);
    QFETCH(QString, at);
    QFETCH(QString, action);
    QFETCH(bool, data);
    QFETCH(QString, where);
    QFETCH(int, decision);
    const EvaluationInput input = needs(action, data, where);
    QCOMPARE(static_cast<int>(decide(input, {assign(role, at)})), decision);
    // What another principal holds is nothing to this one; what its group holds is.
    QCOMPARE(decide(input, {assign(role, at, u"somebody"_s)}), Decision::Denied);
    QCOMPARE(static_cast<int>(decide(input, {assign(role, at, u"my-group"_s)})), decision);
}

void RoleEvaluatorTest::saysWhyNot()
{
    const auto because = [](const QList<RoleAssignment> &assignments) {
        return Access::evaluate(needs(blobs + u"read"_s, true), assignments, Azure::builtInRoles()).because.constFirst().why;
    };
    QVERIFY(because({assign(u"Owner"_s, account)}).contains(u"no dataActions"));
    QVERIFY(because({assign(u"Storage Blob Data Reader"_s, account + u"/blobServices/default/containers/d"_s)}).contains(u"only at d"));
    QVERIFY(because({}).contains(u"No role assignment"));
    RoleAssignment conditional = assign(u"Storage Blob Data Reader"_s, account);
    conditional.condition = u"@Resource[x] StringEquals 'y'"_s;
    QCOMPARE(decide(needs(blobs + u"read"_s, true), {conditional}), Decision::Undecided);
    // One assignment that allows is enough, whatever a condition elsewhere says.
    QCOMPARE(decide(needs(blobs + u"read"_s, true), {conditional, assign(u"Storage Blob Data Reader"_s, group)}), Decision::Allowed);
}

void RoleEvaluatorTest::namesTheNearestMissFirst()
{
    const QList<RoleAssignment> furthestFirst{
        assign(u"Storage Queue Data Reader"_s, account), assign(u"Owner"_s, account), assign(u"Storage Blob Data Reader"_s, account),
        assign(u"Storage Blob Data Contributor"_s, account + u"/blobServices/default/containers/d"_s)};
    const auto roles = [](const QList<RoleAssignment> &assignments) {
        QStringList names;
        for (const auto &because : Access::evaluate(needs(blobs + u"write"_s, true), assignments, Azure::builtInRoles()).because)
            names.append(because.role);
        return names;
    };
    const QStringList nearestFirst{u"Storage Blob Data Contributor"_s, u"Storage Blob Data Reader"_s, u"Owner"_s, u"Storage Queue Data Reader"_s};
    QCOMPARE(roles(furthestFirst), nearestFirst);
    QCOMPARE(roles(QList<RoleAssignment>(furthestFirst.crbegin(), furthestFirst.crend())), nearestFirst);
}

// Whether one is added to prepared others or stands among them makes no difference.
void RoleEvaluatorTest::addsOneAssignmentToOthers()
{
    QRandomGenerator random(11);
    const auto &roles = Azure::builtInRoles();
    const QStringList scopes{u"/"_s, subscription, group, account, container};
    const QStringList actions{blobs + u"read"_s, blobs + u"write"_s, containers + u"read"_s, containers + u"write"_s};
    DenyAssignment deny;
    deny.permissions = {Permission{{}, {}, {blobs + u"write"_s}, {}, {}}};
    deny.scope = *Scope::parse(container);
    deny.principals = {{u"me"_s, u"ServicePrincipal"_s}};
    int allowed = 0;
    for (int round = 0; round < 400; ++round) {
        QList<RoleAssignment> assignments;
        for (int i = 0; i < 3; ++i)
            assignments.append(assign(roles[random.bounded(static_cast<int>(roles.size()))].name, scopes[random.bounded(5)]));
        const QList<DenyAssignment> denies = round % 4 == 0 ? QList{deny} : QList<DenyAssignment>();
        const int which = random.bounded(4);
        const EvaluationInput input = needs(actions[which], which < 2);
        const Access::RoleEvaluator others(assignments.first(2), roles, denies);
        const Access::RoleEvaluator with(others, {assignments.last()}, roles);
        const Decision whole = decide(input, assignments, denies);
        QCOMPARE(with.evaluate(input).decision, whole);
        QCOMPARE(with.denied(input, input.requirement[0][0]).decision, others.denied(input, input.requirement[0][0]).decision);
        allowed += whole == Decision::Allowed;
    }
    QVERIFY2(allowed > 20 && allowed < 380, qPrintable(QString::number(allowed)));
}

void RoleEvaluatorTest::obeysDenyAssignments()
{
    DenyAssignment deny;
    deny.permissions = {Permission{{}, {}, {u"*"_s}, {}, {}}};
    deny.scope = *Scope::parse(group);
    deny.principals = {{u"00000000-0000-0000-0000-000000000000"_s, u"SystemDefined"_s}};
    const QList<RoleAssignment> owner{assign(u"Storage Blob Data Owner"_s, account)};
    const EvaluationInput read = needs(blobs + u"read"_s, true);
    QCOMPARE(decide(read, owner, {deny}), Decision::Denied);
    deny.excludedPrincipals = {{u"me"_s, {}}};
    QCOMPARE(decide(read, owner, {deny}), Decision::Allowed);
    deny.excludedPrincipals.clear();
    deny.doNotApplyToChildScopes = true;
    QCOMPARE(decide(read, owner, {deny}), Decision::Allowed);
    deny.doNotApplyToChildScopes = false;
    deny.principals = {{u"somebody"_s, u"User"_s}};
    QCOMPARE(decide(read, owner, {deny}), Decision::Allowed);
    deny.principals = {{u"my-group"_s, u"Group"_s}};
    QCOMPARE(decide(read, owner, {deny}), Decision::Denied);
    deny.permissions.first().notDataActions = {blobs + u"read"_s};
    QCOMPARE(decide(read, owner, {deny}), Decision::Allowed);
}

void RoleEvaluatorTest::addingARoleNeverTakesAway()
{
    QRandomGenerator random(7);
    const auto &roles = Azure::builtInRoles();
    const QStringList scopes{u"/"_s, subscription, group, account, container};
    for (int round = 0; round < 300; ++round) {
        QList<RoleAssignment> assignments;
        for (int i = 0; i < 4; ++i)
            assignments.append(assign(roles[random.bounded(static_cast<int>(roles.size()))].name, scopes[random.bounded(5)]));
        const QStringList actions{blobs + u"read"_s, blobs + u"write"_s, containers + u"read"_s, containers + u"write"_s};
        const int which = random.bounded(4);
        const EvaluationInput input = needs(actions[which], which < 2);
        const Decision before = decide(input, assignments.first(3));
        if (before == Decision::Allowed)
            QCOMPARE(decide(input, assignments), Decision::Allowed);
    }
}

void RoleEvaluatorTest::theOrderOfAssignmentsDoesNotMatter()
{
    QList<RoleAssignment> assignments{assign(u"Owner"_s, account), assign(u"nobody-knows"_s, account), assign(u"Storage Blob Data Reader"_s, container),
                                      assign(u"Reader"_s, subscription)};
    std::sort(assignments.begin(), assignments.end(), [](const auto &a, const auto &b) { return a.id < b.id; });
    do {
        QCOMPARE(decide(needs(blobs + u"read"_s, true), assignments), Decision::Allowed);
        QCOMPARE(decide(needs(blobs + u"write"_s, true), assignments), Decision::Undecided);
    } while (std::next_permutation(assignments.begin(), assignments.end(), [](const auto &a, const auto &b) { return a.id < b.id; }));
}

QTEST_GUILESS_MAIN(RoleEvaluatorTest)
#include "tst_roleevaluator.moc"
