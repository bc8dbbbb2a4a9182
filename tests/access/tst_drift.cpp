#include "access/drift.h"
#include "support/reports.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Change;
using enum Access::Observation;
using Test::cell;
using Test::report;

class DriftTest : public QObject
{
    Q_OBJECT
private slots:
    void namesWhatIsAnotherThanBefore();
    void passesOverWhatWasNotAsked();
    void seesContainersComeAndGo();
    void takesAContainerThatWasNotNamedForNeither();
    void keepsWhatAPartialCheckDidNotAsk();
    void letsAWholeCheckReplaceTheEarlier();
    void saysChangesInWordsAndJson();
};

void DriftTest::namesWhatIsAnotherThanBefore()
{
    const AccessReport before = report({cell({}, u"container.list"_s, Allowed), cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"a"_s, u"blob.write"_s, Denied)});
    const AccessReport after = report({cell({}, u"container.list"_s, Allowed), cell(u"a"_s, u"blob.read"_s, Denied), cell(u"a"_s, u"blob.write"_s, Undecided)});
    QCOMPARE(Access::drift(before, after), (QList<Change>{{u"a"_s, u"blob.read"_s, Allowed, Denied}, {u"a"_s, u"blob.write"_s, Denied, Undecided}}));
    QVERIFY(Access::drift(after, after).isEmpty());
}

void DriftTest::passesOverWhatWasNotAsked()
{
    const AccessReport before = report({cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"a"_s, u"blob.write"_s, Skipped)});
    const AccessReport after = report({cell(u"a"_s, u"blob.read"_s, Skipped), cell(u"a"_s, u"blob.write"_s, Allowed)});
    QVERIFY(Access::drift(before, after).isEmpty());
}

void DriftTest::seesContainersComeAndGo()
{
    const AccessReport before = report({cell(u"old"_s, u"blob.read"_s, Allowed)});
    const AccessReport after = report({cell(u"new"_s, u"blob.read"_s, Denied)});
    QCOMPARE(Access::drift(before, after), (QList<Change>{{u"new"_s, u"blob.read"_s, NotAsked, Denied}, {u"old"_s, u"blob.read"_s, Allowed, NotAsked}}));
}

void DriftTest::takesAContainerThatWasNotNamedForNeither()
{
    AccessReport before = report({cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"b"_s, u"blob.read"_s, Allowed)});
    AccessReport after = report({cell(u"a"_s, u"blob.read"_s, Allowed)});
    after.allContainers = false; // only "a" was asked for
    QVERIFY(Access::drift(before, after).isEmpty());
    QVERIFY(Access::drift(after, before).isEmpty());
}

void DriftTest::keepsWhatAPartialCheckDidNotAsk()
{
    const AccessReport before = report({cell({}, u"container.list"_s, Allowed), cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"b"_s, u"blob.read"_s, Allowed)});
    AccessReport after = report({cell({}, u"container.list"_s, Skipped), cell(u"b"_s, u"blob.read"_s, Denied), cell(u"c"_s, u"blob.read"_s, Denied)});
    after.allContainers = false;
    after.startedAt = before.startedAt.addDays(1);
    const AccessReport both = Access::merged(before, after);
    QCOMPARE(both.startedAt, after.startedAt);
    QVERIFY(both.allContainers);
    QCOMPARE(both.containers(), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(both.cell({}, u"container.list"_s)->observed, Allowed);
    QCOMPARE(both.cell(u"a"_s, u"blob.read"_s)->observed, Allowed);
    QCOMPARE(both.cell(u"b"_s, u"blob.read"_s)->observed, Denied);
    QCOMPARE(both.cells.size(), 4);
}

void DriftTest::letsAWholeCheckReplaceTheEarlier()
{
    const AccessReport before = report({cell(u"gone"_s, u"blob.read"_s, Allowed)});
    const AccessReport after = report({cell(u"a"_s, u"blob.read"_s, Denied)});
    QCOMPARE(Access::merged(before, after), after);
}

void DriftTest::saysChangesInWordsAndJson()
{
    QCOMPARE(Access::inWords(Change{{}, u"container.list"_s, Allowed, Denied}), u"(account) container.list: denied, was allowed"_s);
    QCOMPARE(Access::inWords(Change{u"a"_s, u"blob.read"_s, NotAsked, Denied}), u"a blob.read: denied, a new container"_s);
    QCOMPARE(Access::inWords(Change{u"a"_s, u"blob.read"_s, Allowed, NotAsked}), u"a blob.read: was allowed, the container is gone"_s);
    const QJsonObject json = Access::toJson(Access::Drift{report({}).startedAt, {{{}, u"container.list"_s, NotAsked, Denied}}});
    QCOMPARE(json[u"since"].toString(), u"2026-01-31T09:04:59.000Z"_s);
    const QJsonObject change = json[u"changes"].toArray().first().toObject();
    QCOMPARE(change, (QJsonObject{{u"container"_s, QJsonValue()}, {u"operation"_s, u"container.list"_s}, {u"before"_s, QJsonValue()}, {u"after"_s, u"denied"_s}}));
}

QTEST_GUILESS_MAIN(DriftTest)
#include "tst_drift.moc"
