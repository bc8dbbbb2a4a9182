#include "access/authorizationfacts.h"
#include "support/reports.h"
#include "support/rights.h"

#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::AuthorizationFacts;
using Access::Decision;
using Access::Observation;
using enum Access::Observation;
using Test::accountId;
using Test::assignment;
using Test::cell;
using Test::facts;
using Test::report;

Q_DECLARE_METATYPE(Access::AuthorizationFacts)
Q_DECLARE_METATYPE(Access::Observation)
Q_DECLARE_METATYPE(Access::Decision)

/// Each cause of a difference, told from the others.
class DisagreementTest : public QObject
{
    Q_OBJECT
private slots:
    void namesTheCause_data();
    void namesTheCause();
    void saysNothingWhereAllIsWell();
    void offersTheSmallestRoleForEachContainer();
    void warnsOfKeys_data();
    void warnsOfKeys();
    void explainsAFirewallByTheRoles();
    void leavesTheObservationsOwnReason();
    void putsTheAskedWitnessBeside();
};

namespace {

const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs"_s;
const QString reader = u"Storage Blob Data Reader"_s;
const QString contributor = u"Storage Blob Data Contributor"_s;

Azure::RoleAssignment conditional(const QString &condition)
{
    Azure::RoleAssignment one = assignment(contributor);
    one.condition = condition;
    one.conditionVersion = u"2.0"_s;
    return one;
}

Azure::RoleAssignment aged(int minutes)
{
    Azure::RoleAssignment one = assignment(reader);
    one.updatedOn = report({}).startedAt.addSecs(-60 * minutes);
    return one;
}

Azure::RoleAssignment toGroup()
{
    Azure::RoleAssignment one = assignment(reader, accountId, u"0a0a0a0a-0000-4000-8000-000000000009"_s);
    one.principalType = u"Group"_s;
    return one;
}

AuthorizationFacts with(AuthorizationFacts base, const std::function<void(AuthorizationFacts &)> &change)
{
    change(base);
    return base;
}

AuthorizationFacts denied()
{
    AuthorizationFacts all = facts({assignment(contributor)});
    Azure::DenyAssignment deny;
    deny.id = u"/deny"_s;
    deny.scope = all.account;
    deny.permissions = {{{}, {}, {blobs + u"/delete"_s}, {}, {}, {}}};
    deny.principals = {{Test::objectId, u"ServicePrincipal"_s}};
    deny.isSystemProtected = true;
    all.denies = {deny};
    return all;
}

} // namespace

void DisagreementTest::namesTheCause_data()
{
    QTest::addColumn<AuthorizationFacts>("known");
    QTest::addColumn<QString>("operation");
    QTest::addColumn<Observation>("observed");
    QTest::addColumn<Decision>("predicted");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("confidence");
    const QString other = accountId + u"/blobServices/default/containers/orders"_s;
    const QString subscription = u"/subscriptions/11112222-bbbb-3333-cccc-4444dddd5555"_s;
    const auto row = [](const char *name, const AuthorizationFacts &known, const QString &operation, Observation observed, Decision predicted, const char *id,
                        const char *confidence) {
        QTest::newRow(name) << known << operation << observed << predicted << QString::fromLatin1(id) << QString::fromLatin1(confidence);
    };
    const QString read = u"blob.read"_s;
    row("assigned five minutes ago", facts({aged(5)}), read, Denied, Decision::Allowed, "still-propagating", "likely");
    row("assigned an hour ago", facts({aged(60)}), read, Denied, Decision::Allowed, "refused-though-allowed", "possible");
    row("assigned nobody knows when", facts({assignment(reader)}), read, Denied, Decision::Allowed, "refused-though-allowed", "possible");
    row("a condition on the path", facts({conditional(u"((!(ActionMatches{'%1/write'})) OR (@Resource[%1:path] StringLike 'in/*'))"_s.arg(blobs))}),
        u"blob.write"_s, Denied, Decision::Denied, "condition", "certain");
    row("a deny assignment", denied(), u"blob.delete"_s, Denied, Decision::Denied, "deny-assignment", "certain");
    row("another container only", facts({assignment(contributor, other)}), read, Denied, Decision::Denied, "scope-too-narrow", "certain");
    row("Owner", facts({assignment(u"Owner"_s)}), read, Denied, Decision::Denied, "role-without-data-actions", "certain");
    row("a reader who wants to write", facts({assignment(reader)}), u"blob.write"_s, Denied, Decision::Denied, "role-does-not-include", "certain");
    row("Owner, and a reader who wants to write", facts({assignment(u"Owner"_s), assignment(reader)}), u"blob.write"_s, Denied, Decision::Denied,
        "role-does-not-include", "certain");
    row("a role for queues, and Owner", facts({assignment(u"Storage Queue Data Reader"_s), assignment(u"Owner"_s)}), read, Denied, Decision::Denied,
        "role-without-data-actions", "certain");
    row("a role for queues", facts({assignment(u"Storage Queue Data Reader"_s)}), read, Denied, Decision::Denied, "role-does-not-include", "certain");
    row("no role at all", facts({}), read, Denied, Decision::Denied, "missing-role", "certain");
    row("the client ID", facts({assignment(reader, accountId, Test::applicationId)}), read, Denied, Decision::Denied, "wrong-object-id", "certain");
    row("the application's object ID",
        with(facts({assignment(reader, accountId, u"aaaa0000-0000-4000-8000-00000000000a"_s)}),
             [](AuthorizationFacts &all) { all.applicationObjectId = u"AAAA0000-0000-4000-8000-00000000000a"_s; }),
        read, Denied, Decision::Denied, "wrong-object-id", "certain");
    row("the client ID, with a role that would not help", facts({assignment(reader, accountId, Test::applicationId)}), u"blob.write"_s, Denied,
        Decision::Denied, "missing-role", "certain");
    row("Databricks", with(facts({assignment(reader, subscription)}), [](AuthorizationFacts &all) { all.subscriptionContainsDatabricks = true; }), read,
        Denied, Decision::Denied, "databricks", "certain");
    row("a group whose members nobody told", with(facts({toGroup()}), [](AuthorizationFacts &all) { all.groupsKnown = false; }), read, Denied,
        Decision::Undecided, "group-membership-unknown", "possible");
    row("an ACL", with(facts({}), [](AuthorizationFacts &all) { all.hierarchicalNamespace = true; }), read, Denied, Decision::Undecided, "acl-unknown", "possible");
    row("allowed, a hierarchical namespace, another role", with(denied(), [](AuthorizationFacts &all) { all.hierarchicalNamespace = true; }), u"blob.delete"_s,
        Allowed, Decision::Denied, "acl-grants-more", "likely");
    row("allowed, open to everybody", with(facts({}), [](AuthorizationFacts &all) { all.publicAccessAllowed = true; }), read, Allowed, Decision::Denied,
        "anonymous-access", "likely");
    row("allowed to write, open to everybody", with(facts({}), [](AuthorizationFacts &all) { all.publicAccessAllowed = true; }), u"blob.write"_s, Allowed,
        Decision::Denied, "allowed-though-refused", "possible");
    row("allowed, nothing explains it", facts({}), read, Allowed, Decision::Denied, "allowed-though-refused", "possible");
    row("asked says yes, read says no",
        with(facts({}), [](AuthorizationFacts &all) { all.askedAnswered = true; all.asked = {{{}, {}, {u"*"_s}, {}, {}, {}}}; }), read, Denied,
        Decision::Denied, "reading-incomplete", "possible");
}

void DisagreementTest::namesTheCause()
{
    QFETCH(AuthorizationFacts, known);
    QFETCH(QString, operation);
    QFETCH(Observation, observed);
    AccessReport one = report({cell(u"invoices"_s, operation, observed)});
    Access::addPrediction(one, known);
    QTEST(one.cells[0].predicted, "predicted");
    QVERIFY(one.cells[0].finding.has_value());
    QTEST(one.cells[0].finding->id, "id");
    QTEST(one.cells[0].finding->confidence, "confidence");
    QVERIFY(!one.cells[0].finding->cause.isEmpty());
    QVERIFY(!one.cells[0].finding->nextStep.isEmpty());
}

void DisagreementTest::saysNothingWhereAllIsWell()
{
    AccessReport one = report({cell(u"invoices"_s, u"blob.read"_s, Allowed), cell(u"invoices"_s, u"blob.write"_s, Skipped)});
    Access::addPrediction(one, facts({assignment(reader)}));
    QVERIFY(!one.cells[0].finding && !one.cells[1].finding);
    QCOMPARE(one.cells[0].predicted, Decision::Allowed);
    QCOMPARE(one.predictedBy, u"the principal itself"_s);
    QVERIFY(one.notes.isEmpty());
}

void DisagreementTest::offersTheSmallestRoleForEachContainer()
{
    AccessReport one = report({cell(u"invoices"_s, u"blob.read"_s, Denied), cell(u"orders"_s, u"blob.read"_s, Denied)});
    Access::addPrediction(one, facts({}));
    for (const Access::Cell &at : std::as_const(one.cells)) {
        QVERIFY(at.finding->command.contains(u"--role 'Storage Blob Data Reader'"_s));
        QVERIFY2(at.finding->command.contains(accountId + u"/blobServices/default/containers/"_s + at.container), qPrintable(at.finding->command));
        QVERIFY(at.finding->command.contains(u"--assignee-object-id "_s + Test::objectId));
        QVERIFY(at.finding->nextStep.contains(at.container));
    }
}

void DisagreementTest::warnsOfKeys_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<int>("keys");
    QTest::addColumn<bool>("warned");
    QTest::newRow("Owner, keys accepted") << u"Owner"_s << 1 << true;
    QTest::newRow("Owner, not said") << u"Owner"_s << -1 << true;
    QTest::newRow("Owner, keys refused") << u"Owner"_s << 0 << false;
    QTest::newRow("a data role, keys accepted") << contributor << 1 << false;
}

void DisagreementTest::warnsOfKeys()
{
    QFETCH(QString, role);
    QFETCH(int, keys);
    QFETCH(bool, warned);
    AuthorizationFacts known = facts({assignment(role)});
    known.sharedKeyAllowed = keys < 0 ? std::nullopt : std::optional(keys == 1);
    AccessReport one = report({cell(u"invoices"_s, u"blob.read"_s, Denied)});
    Access::addPrediction(one, known);
    QCOMPARE(std::any_of(one.notes.cbegin(), one.notes.cend(), [](const Access::Finding &note) { return note.id == u"key-access"; }),
             warned);
}

void DisagreementTest::explainsAFirewallByTheRoles()
{
    AccessReport one = report({cell({}, u"container.list"_s, Undecided), cell(u"invoices"_s, u"blob.read"_s, Skipped)});
    one.cells[0].finding = Access::Finding{u"firewall"_s, u"Refused by the network rules."_s, u"Add the address."_s, {}, {}};
    one.finding = one.cells[0].finding;
    AuthorizationFacts known = facts({assignment(reader)});
    known.networkRestricted = true;
    Access::addPrediction(one, known);
    QCOMPARE(one.finding->id, u"firewall"_s);
    QCOMPARE(one.finding->confidence, u"certain"_s);
    QVERIFY2(one.finding->cause.contains(u"The roles would allow 2 of 2"_s), qPrintable(one.finding->cause));
    QCOMPARE(one.cells[0].finding->confidence, u"certain"_s);
    QCOMPARE(one.cells[1].predicted, Decision::Allowed);
}

void DisagreementTest::leavesTheObservationsOwnReason()
{
    AccessReport one = report({cell(u"invoices"_s, u"blob.read"_s, Undecided)});
    one.cells[0].finding = Access::Finding{u"throttled"_s, u"Busy."_s, u"Later."_s, {}, {}};
    Access::addPrediction(one, facts({assignment(reader)}));
    QCOMPARE(one.cells[0].finding->id, u"throttled"_s);
}

void DisagreementTest::putsTheAskedWitnessBeside()
{
    AuthorizationFacts known = facts({assignment(reader)});
    known.askedAnswered = true;
    known.asked = {{{}, {}, {blobs + u"/read"_s}, {}, {}, {}}};
    AccessReport one = report({cell({}, u"container.create"_s, Denied), cell(u"invoices"_s, u"blob.read"_s, Allowed), cell(u"invoices"_s, u"blob.write"_s, Denied)});
    Access::addPrediction(one, known);
    QCOMPARE(one.cells[0].asked, Decision::Denied);
    QCOMPARE(one.cells[1].asked, Decision::Allowed);
    QCOMPARE(one.cells[2].asked, std::nullopt); // a role at the container would not stand in the account's list
}

QTEST_GUILESS_MAIN(DisagreementTest)
#include "tst_disagreement.moc"
