#include "access/contract.h"
#include "support/reports.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Contract;
using Access::ContractResult;
using enum Access::Observation;
using State = Access::ContractResult::State;
using Test::cell;
using Test::report;

class ContractTest : public QObject
{
    Q_OBJECT
private slots:
    void readsTheExample();
    void refusesWithPlaceAndNextStep_data();
    void refusesWithPlaceAndNextStep();
    void judgesByWhatWasObserved();
    void takesACertainPredictionWhereNothingWasObserved();
    void judgesAContainerOncePerRule();
    void isOpenAboutAnotherPrincipalOrAccount();
    void comesFromAMatrixAndIsKeptByIt();
    void writesWhatItReads_data();
    void writesWhatItReads();
};

namespace {

const QByteArray example = "principal: orders-app\n"
                           "account: https://contosoprod.blob.core.windows.net\n"
                           "rules:\n"
                           "  - account: true   # its own row\n"
                           "    mustNot: [container.create, container.deleteAny]\n"
                           "  - containers: [invoices, \"in-*\"]\n"
                           "    must: [blob.list, blob.read]\n"
                           "    mustNot: [\"blob.delete*\", blob.write]\n";

ContractResult compared(const QByteArray &yaml, const AccessReport &answers)
{
    const auto contract = Contract::parse(yaml);
    if (!contract)
        qFatal("%s", qPrintable(contract.error().message));
    return Access::compare(*contract, answers);
}

} // namespace

void ContractTest::readsTheExample()
{
    const auto contract = Contract::parse(example);
    QVERIFY(contract.has_value());
    QCOMPARE(contract->principal, u"orders-app"_s);
    QCOMPARE(contract->rules.size(), 2);
    QVERIFY(contract->rules[0].account);
    QCOMPARE(contract->rules[0].line, 4);
    QCOMPARE(contract->rules[1].containers, (QStringList{u"invoices"_s, u"in-*"_s}));
    QCOMPARE(contract->rules[1].mustNot, (QStringList{u"blob.delete*"_s, u"blob.write"_s}));
}

void ContractTest::refusesWithPlaceAndNextStep_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("nextStep");
    const auto row = [](const char *name, const char *yaml, const char *message, const char *nextStep) {
        QTest::newRow(name) << QByteArray(yaml) << QString::fromUtf8(message) << QString::fromUtf8(nextStep);
    };
    row("empty", "", "", "");
    row("no YAML", "rules: [", "Line ", "");
    row("no rules", "principal: a\n", "list of rules", "Add rules:");
    row("an unknown key", "roules: []\n", "\"roules\"", "\"rules\"");
    row("a key twice", "rules: []\nrules: []\n", "Line 2", "");
    row("an unknown operation", "rules:\n  - containers: [a]\n    must: [blob.reed]\n", "Line 3, column 12: \"blob.reed\"", "\"blob.read\"");
    row("an operation of the other level", "rules:\n  - account: true\n    must: [blob.read]\n", "of a container", "containers");
    row("a pattern that covers nothing", "rules:\n  - containers: [a]\n    must: ['x*']\n", "covers no operation", "");
    row("the same asked and forbidden", "rules:\n  - containers: [a]\n    must: [blob.read]\n    mustNot: ['blob.r*']\n", "\"blob.read\" stands in must and in mustNot", "Keep one");
    row("the opposite in two rules", "rules:\n  - containers: [a]\n    must: [blob.read]\n  - containers: [A]\n    mustNot: [blob.read]\n", "line 2", "Keep one");
    row("a rule about nothing", "rules:\n  - must: [blob.read]\n", "what it is about", "account: true");
    row("a rule that asks for nothing", "rules:\n  - containers: [a]\n", "asks for nothing", "must:");
    row("account and containers", "rules:\n  - account: true\n    containers: [a]\n    must: [blob.read]\n", "at once", "two rules");
    row("an alias", "rules: &a []\nprincipal: *a\n", "Line ", "");
    row("a tag", "principal: !!binary aGk=\nrules: []\n", "Line ", "");
    row("two documents", "rules: []\n---\nrules: []\n", "", "");
    row("bytes that are no text", "rules: [\xff\xfe]\n", "", "");
}

void ContractTest::refusesWithPlaceAndNextStep()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, message);
    QFETCH(QString, nextStep);
    const auto contract = Contract::parse(yaml);
    QVERIFY(!contract.has_value());
    QCOMPARE(contract.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY2(contract.error().message.contains(message), qPrintable(contract.error().message));
    QVERIFY2(contract.error().nextStep.contains(nextStep), qPrintable(contract.error().nextStep));
}

void ContractTest::judgesByWhatWasObserved()
{
    const AccessReport answers = report({cell(u"a"_s, u"blob.read"_s, Allowed), cell(u"a"_s, u"blob.list"_s, Denied), cell(u"a"_s, u"blob.write"_s, Allowed),
                                         cell(u"a"_s, u"blob.delete"_s, Denied), cell(u"a"_s, u"blob.tier"_s, Undecided)});
    const ContractResult result = compared("rules:\n  - containers: [a]\n    must: [blob.read, blob.list, blob.tier]\n    mustNot: [blob.write, blob.delete]\n", answers);
    QList<State> states;
    for (const auto &clause : result.clauses)
        states.append(clause.state);
    QCOMPARE(states, (QList<State>{State::Kept, State::Broken, State::Open, State::Broken, State::Kept}));
    QVERIFY(result.clauses[0].why.isEmpty());
    QCOMPARE(result.clauses[1].why, u"This was denied: 403 AuthorizationPermissionMismatch."_s);
    QCOMPARE(result.clauses[3].why, u"This was allowed: 200."_s);
    QVERIFY(!result.clauses[2].why.isEmpty());
    QCOMPARE(result.count(State::Broken), 2);
}

void ContractTest::takesACertainPredictionWhereNothingWasObserved()
{
    AccessReport answers = report({cell(u"a"_s, u"blob.read"_s, Skipped), cell(u"a"_s, u"blob.write"_s, Skipped), cell(u"a"_s, u"blob.list"_s, Undecided)});
    answers.cells[0].predictionKnown = answers.cells[1].predictionKnown = true;
    answers.cells[0].predicted = Access::Decision::Allowed;
    answers.cells[1].predicted = Access::Decision::Undecided;
    const ContractResult result = compared("rules:\n  - containers: [a]\n    must: [blob.read, blob.write, blob.list]\n", answers);
    QCOMPARE(result.clauses[0].state, State::Kept);
    QVERIFY(result.clauses[0].why.contains(u"predicted, not observed"_s));
    QCOMPARE(result.clauses[1].state, State::Open);
    QCOMPARE(result.clauses[2].state, State::Open);
}

void ContractTest::judgesAContainerOncePerRule()
{
    const AccessReport answers = report({cell(u"in-1"_s, u"blob.read"_s, Allowed), cell(u"in-2"_s, u"blob.read"_s, Denied)});
    const ContractResult result = compared("rules:\n  - containers: [in-1, 'in-*', other, 'none-*']\n    must: [blob.read]\n", answers);
    QCOMPARE(result.clauses.size(), 4);
    QCOMPARE(result.clauses[1].container, u"in-2"_s);
    QCOMPARE(result.clauses[2].container, u"other"_s);
    QCOMPARE(result.clauses[2].state, State::Open);
    QCOMPARE(result.clauses[3].container, u"none-*"_s);
    QCOMPARE(result.clauses[3].state, State::Open);
}

void ContractTest::isOpenAboutAnotherPrincipalOrAccount()
{
    const AccessReport answers = report({cell({}, u"container.create"_s, Denied)});
    const QByteArray rule = "rules:\n  - account: true\n    mustNot: [container.create]\n";
    QCOMPARE(compared("principal: ORDERS\naccount: https://contosoprod.blob.core.windows.net/\n" + rule, answers).clauses.size(), 1);
    for (const QByteArray &head : {QByteArray("principal: other\n"), QByteArray("account: https://other.blob.core.windows.net\n")}) {
        const ContractResult result = compared(head + rule, answers);
        QCOMPARE(result.clauses.size(), 2);
        QCOMPARE(result.clauses[0].state, State::Open);
        QVERIFY(result.clauses[0].why.contains(u"other"_s));
    }
}

void ContractTest::comesFromAMatrixAndIsKeptByIt()
{
    const AccessReport answers = report({cell({}, u"container.list"_s, Allowed), cell({}, u"container.create"_s, Denied), cell(u"a"_s, u"blob.read"_s, Allowed),
                                         cell(u"a"_s, u"blob.write"_s, Denied), cell(u"b"_s, u"blob.read"_s, Allowed), cell(u"b"_s, u"blob.write"_s, Denied),
                                         cell(u"2024"_s, u"blob.read"_s, Denied), cell(u"2024"_s, u"blob.write"_s, Undecided)});
    const Contract made = Contract::of(answers);
    QCOMPARE(made.rules.size(), 3); // the account, "a" with "b", "2024"
    QCOMPARE(made.rules[1].containers, (QStringList{u"a"_s, u"b"_s}));
    const auto back = Contract::parse(made.toYaml());
    QVERIFY2(back.has_value(), made.toYaml().constData());
    const ContractResult result = Access::compare(*back, answers);
    QCOMPARE(result.count(State::Kept), 7);
    QCOMPARE(result.clauses.size(), 7);
}

void ContractTest::writesWhatItReads_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"orders", "null", "true", "2024", "a: b", "- a", "#a", "\"quoted\"", "it's", " blank ", "größe", "line\nfeed", "*", "&a", "~", "0x1F", "1e3"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void ContractTest::writesWhatItReads()
{
    QFETCH(QString, name);
    Contract contract{name, u"https://contosoprod.blob.core.windows.net"_s, {}};
    contract.rules.append({false, {name}, {u"blob.read"_s}, {}, 0});
    auto back = Contract::parse(contract.toYaml());
    QVERIFY2(back.has_value(), contract.toYaml().constData());
    back->rules[0].line = 0;
    QCOMPARE(*back, contract);
}

QTEST_GUILESS_MAIN(ContractTest)
#include "tst_contract.moc"
