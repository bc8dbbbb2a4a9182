#include "access/contractremedies.h"
#include "access/smallestfix.h"
#include "support/reports.h"
#include "support/rights.h"

#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using Access::AuthorizationFacts;
using Access::Fix;
using Access::OverGrant;
using Access::WantedCell;
using Test::accountId;
using Test::assignment;
using Test::facts;

Q_DECLARE_METATYPE(QList<Access::WantedCell>)

class SmallestFixTest : public QObject
{
    Q_OBJECT
private slots:
    void findsTheRoleThatAllowsLeastElse_data();
    void findsTheRoleThatAllowsLeastElse();
    void saysWhatElseItWouldAllow();
    void putsRolesThatReadKeysLast();
    void prefersACustomRoleThatAllowsJustThat();
    void findsNothingUnderADenyAssignment();
    void dropsWhatNothingElseNeeds();
    void narrowsWhatIsStillNeeded();
    void mendsAContract();

private:
    QDateTime m_now = Test::report({}).startedAt;
};

void SmallestFixTest::findsTheRoleThatAllowsLeastElse_data()
{
    QTest::addColumn<QList<WantedCell>>("wanted");
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("scope");
    const QString invoices = accountId + u"/blobServices/default/containers/invoices"_s;
    QTest::newRow("read in one container") << QList<WantedCell>{{u"invoices"_s, u"blob.read"_s}} << u"Storage Blob Data Reader"_s << invoices;
    QTest::newRow("read in two containers") << QList<WantedCell>{{u"invoices"_s, u"blob.read"_s}, {u"orders"_s, u"blob.read"_s}} << u"Storage Blob Data Reader"_s << accountId;
    QTest::newRow("write and delete") << QList<WantedCell>{{u"invoices"_s, u"blob.write"_s}, {u"invoices"_s, u"blob.delete"_s}}
                                      << u"Storage Blob Data Contributor"_s << invoices;
    QTest::newRow("a delegation key") << QList<WantedCell>{{{}, u"account.userDelegationKey"_s}} << u"Storage Blob Delegator"_s << accountId;
}

void SmallestFixTest::findsTheRoleThatAllowsLeastElse()
{
    QFETCH(QList<WantedCell>, wanted);
    QFETCH(QString, scope);
    QFETCH(QString, role);
    QCOMPARE(Access::smallestFixes(facts({}), wanted, m_now, 2).size(), 2);
    QList<Fix> fixes = Access::smallestFixes(facts({}), wanted, m_now, 1000);
    fixes.removeIf([](const Fix &one) { return one.words().contains(u"assign roles"_s); }); // they come last
    QVERIFY(std::is_sorted(fixes.cbegin(), fixes.cend(), [](const Fix &a, const Fix &b) { return a.alsoAllows.size() < b.alsoAllows.size(); }));
    // What people assign is among the first; a role that was made for a service of Azure's may allow less.
    const auto usual = std::find_if(fixes.cbegin(), fixes.cend(), [&](const Fix &one) { return one.role == role; });
    QVERIFY(usual != fixes.cend());
    QVERIFY2(usual - fixes.cbegin() < 8, qPrintable(QString::number(usual - fixes.cbegin())));
    QCOMPARE(fixes.first().scope.id(), scope);
    QCOMPARE(fixes.first().command, u"az role assignment create --assignee-object-id %1 --assignee-principal-type ServicePrincipal --role '%2' --scope %3"_s.arg(
                                        Test::objectId, fixes.first().role, scope));
}

void SmallestFixTest::saysWhatElseItWouldAllow()
{
    const QList<Fix> fixes = Access::smallestFixes(facts({assignment(u"Storage Blob Data Reader"_s)}), {{u"invoices"_s, u"blob.write"_s}}, m_now, 1000);
    const auto found = std::find_if(fixes.cbegin(), fixes.cend(), [](const Fix &one) { return one.role == u"Storage Blob Data Contributor"; });
    QVERIFY(found != fixes.cend());
    const Fix fix = *found;
    QVERIFY2(fix.words().startsWith(u"would also allow: "_s) && fix.words().contains(u"delete blobs"_s), qPrintable(fix.words()));
    QVERIFY2(!fix.words().contains(u"read blobs"_s), qPrintable(fix.words())); // it may already
}

void SmallestFixTest::putsRolesThatReadKeysLast()
{
    AuthorizationFacts known = facts({});
    known.sharedKeyAllowed = true;
    const QList<Fix> fixes = Access::smallestFixes(known, {{{}, u"container.create"_s}}, m_now, 50);
    const auto keyed = [](const Fix &fix) { return fix.words().contains(u"account's keys"_s); };
    QVERIFY(!keyed(fixes.first()));
    const auto firstKeyed = std::find_if(fixes.cbegin(), fixes.cend(), keyed);
    QVERIFY(firstKeyed != fixes.cend());
    QVERIFY(std::all_of(firstKeyed, fixes.cend(), [&](const Fix &fix) { return keyed(fix) || fix.words().contains(u"assign roles"_s); }));
}

void SmallestFixTest::prefersACustomRoleThatAllowsJustThat()
{
    AuthorizationFacts known = facts({});
    Azure::RoleDefinition custom;
    custom.id = u"cccc0000-0000-4000-8000-000000000001"_s;
    custom.name = u"Tag readers"_s;
    custom.permissions = {{{}, {}, {u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read"_s}, {}, {}, {}}};
    known.definitions.append(custom);
    const Fix fix = Access::smallestFixes(known, {{u"invoices"_s, u"blob.tags.read"_s}}, m_now).first();
    QCOMPARE(fix.role, u"Tag readers"_s);
    QCOMPARE(fix.words(), u"allows nothing else in the matrix"_s);
}

void SmallestFixTest::findsNothingUnderADenyAssignment()
{
    AuthorizationFacts known = facts({});
    Azure::DenyAssignment deny;
    deny.scope = known.account;
    deny.permissions = {{{}, {}, {u"*"_s}, {}, {}, {}}};
    deny.principals = {{Test::objectId, {}}};
    known.denies = {deny};
    QVERIFY(Access::smallestFixes(known, {{u"invoices"_s, u"blob.read"_s}}, m_now).isEmpty());
}

void SmallestFixTest::dropsWhatNothingElseNeeds()
{
    const AuthorizationFacts known = facts({assignment(u"Storage Blob Data Reader"_s), assignment(u"Storage Blob Delegator"_s)});
    const QList<OverGrant> grants = Access::overGrants(known, {{{}, u"account.userDelegationKey"_s}}, m_now);
    // Both allow it: the reader role holds generateUserDelegationKey too.
    QCOMPARE(grants.size(), 2);
    QCOMPARE(grants[1].role, u"Storage Blob Delegator"_s);
    QVERIFY(grants[1].alsoLost.isEmpty());
    QCOMPARE(grants[1].command, u"az role assignment delete --ids '%1'"_s.arg(known.assignments[1].id));
    QVERIFY(grants[1].words().startsWith(u"Drop"_s));
    QVERIFY(Access::overGrants(known, {{u"invoices"_s, u"blob.write"_s}}, m_now).isEmpty());
}

void SmallestFixTest::narrowsWhatIsStillNeeded()
{
    AuthorizationFacts known = facts({assignment(u"Storage Blob Data Contributor"_s)});
    Azure::RoleDefinition custom;
    custom.id = u"cccc0000-0000-4000-8000-000000000002"_s;
    custom.name = u"All but delete"_s;
    custom.permissions = known.definitions[0].permissions;
    for (const Azure::RoleDefinition &role : std::as_const(known.definitions)) {
        if (role.name == u"Storage Blob Data Contributor")
            custom.permissions = role.permissions;
    }
    for (Azure::Permission &permission : custom.permissions)
        permission.notDataActions.append(u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete"_s);
    known.definitions.append(custom);
    const QList<OverGrant> grants = Access::overGrants(known, {{u"invoices"_s, u"blob.delete"_s}}, m_now);
    QCOMPARE(grants.size(), 1);
    QVERIFY(grants[0].alsoLost.contains(u"read blobs"_s));
    QVERIFY(grants[0].narrower.has_value());
    QCOMPARE(grants[0].narrower->role, u"All but delete"_s);
    QCOMPARE(grants[0].narrower->scope.id(), accountId);
    QVERIFY(grants[0].words().contains(u"All but delete"_s));
}

void SmallestFixTest::mendsAContract()
{
    Access::ContractResult result;
    using State = Access::ContractResult::State;
    result.clauses = {{u"invoices"_s, u"blob.write"_s, false, State::Broken, {}, 1},
                      {u"orders"_s, u"blob.list"_s, true, State::Broken, {}, 2},
                      {u"orders"_s, u"blob.read"_s, true, State::Broken, {}, 2},
                      {u"orders"_s, u"blob.tier"_s, true, State::Open, {}, 2},
                      {u"orders"_s, u"blob.add"_s, false, State::Kept, {}, 2}};
    const QString invoices = accountId + u"/blobServices/default/containers/invoices"_s;
    const auto remedies = Access::contractRemedies(result, facts({assignment(u"Storage Blob Data Contributor"_s, invoices)}), m_now);
    QCOMPARE(remedies.size(), 2);
    QCOMPARE(remedies[0].id, u"assign-role"_s);
    QVERIFY(remedies[0].command.contains(u"Storage Blob Data Reader"_s) && remedies[0].command.contains(u"/containers/orders"_s));
    QCOMPARE(remedies[1].id, u"narrow-assignment"_s);
    QVERIFY(remedies[1].command.contains(u"az role assignment delete --ids"_s));
}

QTEST_GUILESS_MAIN(SmallestFixTest)
#include "tst_smallestfix.moc"
