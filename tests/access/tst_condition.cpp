#include "access/condition.h"
#include "azure/roles.h"
#include "support/recordings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AttributeSource;
using Access::AttributeValue;
using Access::Condition;
using Access::ConditionOperator;
using Access::ConditionSubject;
using Access::ConditionValue;
using Access::Truth;

class ConditionTest : public QObject
{
    Q_OBJECT
private slots:
    void joinsWhatIsPossible();
    void agreesWithTheDocumentedLiterals_data();
    void agreesWithTheDocumentedLiterals();
    void knowsEveryDocumentedOperator();
    void parsesEveryDocumentedExample();
    void parsesTheConditionsOfBuiltInRoles();
    void compares_data();
    void compares();
    void saysWhereItIsMalformed_data();
    void saysWhereItIsMalformed();
    void refusesWhatIsTooDeepOrTooLong();
    void namesItsAttributes();
    void readsInstantsToTheTick_data();
    void readsInstantsToTheTick();
    void saysWhyItDoesNotHold();

private:
    QJsonObject facts() const
    {
        QFile file(Test::sharedFolder() + u"/facts/abac.json"_s);
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
    }
};

namespace {

// One attribute, @Resource[a], with the given values.
Truth evaluate(const QString &text, const std::optional<QList<ConditionValue>> &a = {},
               AttributeValue::State otherwise = AttributeValue::State::Absent)
{
    const auto condition = Condition::parse(text);
    if (!condition)
        return Truth::unknown();
    const ConditionSubject subject{u"X/read"_s, QString(), [&](AttributeSource, const QString &name) {
                                       return a && name == u"a" ? AttributeValue{AttributeValue::State::Present, *a, {}}
                                                                : AttributeValue{otherwise, {}, {}};
                                   }};
    return condition->evaluate(subject).truth;
}

} // namespace

void ConditionTest::joinsWhatIsPossible()
{
    const Truth yes = Truth::holds();
    const Truth no = Truth::holdsNot();
    const Truth fails = Truth::fails();
    QCOMPARE(!yes, no);
    QCOMPARE(!fails, fails);
    QCOMPARE(yes & fails, fails);
    QCOMPARE(no & fails, no);
    QCOMPARE(yes | fails, yes);
    QCOMPARE(no | fails, fails);
    QCOMPARE(yes | Truth::unknown(), yes);
    QVERIFY(!(yes & Truth::unknown()).isCertain());
    QVERIFY((no & Truth::unknown()).isCertain());
    QVERIFY((fails & Truth::unknown()).isCertain()); // fails or does not hold: either way it does not hold
    QVERIFY(!(fails | Truth::unknown()).isCertain());
}

void ConditionTest::agreesWithTheDocumentedLiterals_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<bool>("result");
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not beside the checkout");
    const QJsonArray examples = facts()[u"conditions"][u"literalExamples"].toArray();
    QVERIFY(examples.size() >= 11);
    for (const QJsonValue &one : examples)
        QTest::newRow(qPrintable(one[u"expression"].toString())) << one[u"expression"].toString() << one[u"result"].toBool();
}

void ConditionTest::agreesWithTheDocumentedLiterals()
{
    QFETCH(QString, expression);
    QFETCH(bool, result);
    QCOMPARE(evaluate(expression), Truth::of(result));
}

void ConditionTest::knowsEveryDocumentedOperator()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not beside the checkout");
    const QJsonObject operators = facts()[u"conditions"][u"operators"].toObject();
    int known = 0;
    for (const QString &family : {u"boolean"_s, u"string"_s, u"numeric"_s, u"dateTime"_s, u"guid"_s}) {
        const QJsonArray names = operators[family].toArray();
        for (const QJsonValue &name : names) {
            QVERIFY2(ConditionOperator::named(name.toString().toUpper()), qPrintable(name.toString()));
            QCOMPARE(ConditionOperator::named(name.toString())->name, name.toString());
            ++known;
        }
    }
    QCOMPARE(known, 28);
    const QJsonArray prefixes = operators[u"crossProduct"][u"prefixes"].toArray();
    const QJsonArray inner = operators[u"crossProduct"][u"inner"].toArray();
    for (const QJsonValue &prefix : prefixes) {
        for (const QJsonValue &name : inner)
            QVERIFY(ConditionOperator::named(prefix.toString() + u':' + name.toString()));
    }
    QVERIFY(!ConditionOperator::named(u"ForAnyOfAnyValues:StringStartsWith"_s));
    QVERIFY(!ConditionOperator::named(u"ForAnyOfAnyValues:BoolEquals"_s));
    QVERIFY(!ConditionOperator::named(u"ForSomeOfAnyValues:StringEquals"_s));
    QVERIFY(!ConditionOperator::named(u"StringMatches"_s));
}

void ConditionTest::parsesEveryDocumentedExample()
{
    if (Test::sharedFolder().isEmpty())
        QSKIP("the shared folder is not beside the checkout");
    const QJsonArray examples = facts()[u"conditions"][u"examples"].toArray();
    QVERIFY(examples.size() >= 18);
    for (const QJsonValue &one : examples) {
        const auto condition = Condition::parse(one[u"condition"].toString());
        QVERIFY2(condition, qPrintable(one[u"title"].toString() + u": "_s + (condition ? QString() : condition.error().message)));
        QVERIFY(!condition->attributes().isEmpty());
    }
}

void ConditionTest::parsesTheConditionsOfBuiltInRoles()
{
    int count = 0;
    for (const Azure::RoleDefinition &role : Azure::builtInRoles()) {
        for (const Azure::Permission &permission : role.permissions) {
            if (permission.condition.isEmpty())
                continue;
            ++count;
            const auto condition = Condition::parse(permission.condition);
            QVERIFY2(condition, qPrintable(role.name + u": "_s + (condition ? QString() : condition.error().message)));
        }
    }
    QVERIFY(count >= 29);
}

void ConditionTest::compares_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<ConditionValue>>("a");
    QTest::addColumn<int>("holds"); // 1 yes, 0 no, -1 unknown
    const auto row = [](const char *name, const QString &text, const QList<ConditionValue> &a, int holds) {
        QTest::newRow(name) << text << a << holds;
    };
    using Values = QList<ConditionValue>;
    row("equal", u"@Resource[a] StringEquals 'x'"_s, Values{u"x"_s}, 1);
    row("equal, another case", u"@Resource[a] StringEquals 'x'"_s, Values{u"X"_s}, 0);
    row("equal, ignoring case", u"@Resource[a] StringEqualsIgnoreCase 'x'"_s, Values{u"X"_s}, 1);
    row("not equal", u"@Resource[a] StringNotEquals 'x'"_s, Values{u"X"_s}, 1);
    row("not equal, ignoring case", u"@Resource[a] StringNotEqualsIgnoreCase 'x'"_s, Values{u"X"_s}, 0);
    row("starts", u"@Resource[a] StringStartsWith 'in/'"_s, Values{u"in/x"_s}, 1);
    row("starts, another case", u"@Resource[a] StringStartsWith 'in/'"_s, Values{u"IN/x"_s}, 0);
    row("does not start", u"@Resource[a] StringNotStartsWith 'in/'"_s, Values{u"out/in/"_s}, 1);
    row("starts, ignoring case", u"@Resource[a] StringStartsWithIgnoreCase 'in/'"_s, Values{u"IN/x"_s}, 1);
    row("like across slashes", u"@Resource[a] StringLike 'logs*'"_s, Values{u"logs/2026/x"_s}, 1);
    row("like nothing", u"@Resource[a] StringLike 'logs*'"_s, Values{u"logs"_s}, 1);
    row("like one", u"@Resource[a] StringLike 'a?c'"_s, Values{u"ac"_s}, 0);
    row("like one beyond the basic plane", u"@Resource[a] StringLike 'a?c'"_s, Values{u"a\U0001F600c"_s}, 1);
    row("like an escaped star", u"@Resource[a] StringLike 'a\\*'"_s, Values{u"a*"_s}, 1);
    row("an escaped star is a star", u"@Resource[a] StringLike 'a\\*'"_s, Values{u"ab"_s}, 0);
    row("like a backslash", u"@Resource[a] StringLike 'a\\\\b'"_s, Values{u"a\\b"_s}, 1);
    row("another escape", u"@Resource[a] StringLike 'a\\n'"_s, Values{u"an"_s}, -1);
    row("not like", u"@Resource[a] StringNotLike 'a*'"_s, Values{u"b"_s}, 1);
    row("like, ignoring case", u"@Resource[a] StringLikeIgnoreCase 'A*Z'"_s, Values{u"abz"_s}, 1);
    row("star upon star", u"@Resource[a] StringLike '*a*a*a*a*a*a*a*a*b'"_s, Values{QString(4000, u'a')}, 0);
    row("numbers", u"@Resource[a] NumericGreaterThanEquals 5"_s, Values{5.0}, 1);
    row("numbers, less", u"@Resource[a] NumericLessThan -1"_s, Values{-2.0}, 1);
    row("a number in quotes", u"@Resource[a] NumericEquals '5'"_s, Values{5.0}, 1);
    row("no number", u"@Resource[a] NumericEquals 5"_s, Values{u"five"_s}, -1);
    row("boolean", u"@Resource[a] BoolEquals true"_s, Values{true}, 1);
    row("boolean, not", u"@Resource[a] BoolNotEquals TRUE"_s, Values{true}, 0);
    row("a boolean as text", u"@Resource[a] BoolEquals 'True'"_s, Values{true}, 1);
    row("no boolean", u"@Resource[a] BoolEquals true"_s, Values{u"yes"_s}, -1);
    row("dates", u"@Resource[a] DateTimeLessThanEquals '2026-01-01T00:00:00Z'"_s, Values{u"2026-01-01T00:00:00.0000000Z"_s}, 1);
    row("dates, a tick later", u"@Resource[a] DateTimeGreaterThan '2026-01-01T00:00:00Z'"_s, Values{u"2026-01-01T00:00:00.0000001Z"_s}, 1);
    row("no date", u"@Resource[a] DateTimeLessThan 'tomorrow'"_s, Values{u"2026-01-01T00:00:00Z"_s}, -1);
    row("GUIDs", u"@Resource[a] GuidEquals 2A2B9908-6ea1-4ae2-8e65-a410df84e7d1"_s, Values{u"2a2b99086ea14ae28e65a410df84e7d1"_s}, 1);
    row("GUIDs in quotes", u"@Resource[a] GuidNotEquals '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'"_s, Values{u"2a2b99086ea14ae28e65a410df84e7d1"_s}, 0);
    row("no GUID", u"@Resource[a] GuidEquals '2a2b'"_s, Values{u"2a2b"_s}, -1);
    row("any of any", u"@Resource[a] ForAnyOfAnyValues:StringEquals {'x', 'y'}"_s, Values{u"z"_s, u"y"_s}, 1);
    row("all of any", u"@Resource[a] ForAllOfAnyValues:StringEquals {'x', 'y'}"_s, Values{u"z"_s, u"y"_s}, 0);
    row("any of all", u"@Resource[a] ForAnyOfAllValues:StringNotEquals {'x', 'y'}"_s, Values{u"x"_s, u"z"_s}, 1);
    row("all of all", u"@Resource[a] ForAllOfAllValues:StringNotLike {'x*', 'y*'}"_s, Values{u"a"_s, u"yy"_s}, 0);
    row("nothing is any", u"@Resource[a] ForAnyOfAnyValues:StringEquals {'x'}"_s, Values{}, 0);
    row("nothing is all", u"@Resource[a] ForAllOfAnyValues:StringEquals {'x'}"_s, Values{}, -1);
    row("a list under a plain operator", u"@Resource[a] StringEquals {'x', 'y'}"_s, Values{u"x"_s}, -1);
    row("one in braces", u"@Resource[a] StringEquals {'x'}"_s, Values{u"x"_s}, 1);
    row("keywords in any case", u"not @resource[a] stringequals 'x' And (exists @RESOURCE[a] or false boolequals TRUE)"_s, Values{u"y"_s}, 1);
    row("signs", u"!(@Resource[a] StringEquals 'x') && (@Resource[a] StringEquals 'y' || @Resource[a] StringEquals 'z')"_s, Values{u"z"_s}, 1);
}

void ConditionTest::compares()
{
    QFETCH(QString, text);
    QFETCH(QList<ConditionValue>, a);
    QFETCH(int, holds);
    const auto condition = Condition::parse(text);
    QVERIFY2(condition, qPrintable(condition ? QString() : condition.error().message));
    const Truth truth = evaluate(text, a);
    QCOMPARE(truth.isCertain(), holds >= 0);
    QCOMPARE(truth.certainlyHolds(), holds == 1);
}

void ConditionTest::saysWhereItIsMalformed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("character");
    QTest::newRow("nothing") << QString() << 1;
    QTest::newRow("blanks") << u"   "_s << 4;
    QTest::newRow("a bracket that does not close") << u"(true BoolEquals true"_s << 22;
    QTest::newRow("one too many") << u"true BoolEquals true)"_s << 21;
    QTest::newRow("no operator") << u"@Resource[a] 'x'"_s << 14;
    QTest::newRow("an unknown operator") << u"@Resource[a] StringMatches 'x'"_s << 14;
    QTest::newRow("an unknown source") << u"@Account[a] StringEquals 'x'"_s << 1;
    QTest::newRow("no name") << u"@Resource[] StringEquals 'x'"_s << 1;
    QTest::newRow("a name that does not end") << u"@Resource[a StringEquals 'x'"_s << 1;
    QTest::newRow("a string that does not end") << u"@Resource[a] StringEquals 'x"_s << 27;
    QTest::newRow("a quote in a string") << u"@Resource[a] StringEquals 'x\\'y'"_s << 29;
    QTest::newRow("double quotes") << u"@Resource[a] StringEquals \"x\""_s << 27;
    QTest::newRow("mixed") << u"true BoolEquals true AND true BoolEquals true OR true BoolEquals true"_s << 47;
    QTest::newRow("an empty list") << u"@Resource[a] ForAnyOfAnyValues:StringEquals {}"_s << 46;
    QTest::newRow("a list without end") << u"@Resource[a] ForAnyOfAnyValues:StringEquals {'x' 'y'}"_s << 50;
    QTest::newRow("a function without braces") << u"ActionMatches 'x'"_s << 15;
    QTest::newRow("a function of no string") << u"SubOperationMatches{x}"_s << 21;
    QTest::newRow("exists what") << u"Exists 'x'"_s << 8;
    QTest::newRow("negated twice") << u"!!true BoolEquals true"_s << 2;
    QTest::newRow("joined with nothing") << u"true BoolEquals true AND"_s << 25;
    QTest::newRow("infinity") << u"@Resource[a] NumericLessThan inf"_s << 30;
    QTest::newRow("a sign") << u"@Resource[a] = 'x'"_s << 14;
}

void ConditionTest::saysWhereItIsMalformed()
{
    QFETCH(QString, text);
    QFETCH(int, character);
    const auto condition = Condition::parse(text);
    QVERIFY(!condition);
    const QString end = u"(character %1)"_s.arg(character);
    QVERIFY2(condition.error().message.endsWith(end), qPrintable(condition.error().message + u" / wanted "_s + end));
}

void ConditionTest::refusesWhatIsTooDeepOrTooLong()
{
    const QString term = u"true BoolEquals true"_s;
    QVERIFY(Condition::parse(QString(50, u'(') + term + QString(50, u')')));
    QVERIFY(!Condition::parse(QString(3000, u'(') + term + QString(3000, u')')));
    QVERIFY(!Condition::parse(QString(8000, u'(')));
    QVERIFY(!Condition::parse(term + QString(8192, u' ')));
}

void ConditionTest::namesItsAttributes()
{
    const auto condition = Condition::parse(
        u"@Resource[a] StringEquals @Principal[b] AND (Exists @Request[c] OR @resource[a] StringEquals 'x')"_s);
    QVERIFY(condition);
    QCOMPARE(condition->attributes(), (QStringList{u"@Resource[a]"_s, u"@Principal[b]"_s, u"@Request[c]"_s}));
}

void ConditionTest::readsInstantsToTheTick_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ticks");
    QTest::newRow("epoch") << u"1970-01-01T00:00:00Z"_s << qint64(0);
    QTest::newRow("one tick") << u"1970-01-01T00:00:00.0000001Z"_s << qint64(1);
    QTest::newRow("a tenth") << u"1970-01-01T00:00:00.1Z"_s << qint64(1'000'000);
    QTest::newRow("an offset") << u"1970-01-01T01:00:00+01:00"_s << qint64(0);
    QTest::newRow("a date") << u"1970-01-02"_s << qint64(864'000'000'000);
    QTest::newRow("no such day") << u"2026-02-30T00:00:00Z"_s << qint64(-1);
    QTest::newRow("no such hour") << u"2026-02-03T25:00:00Z"_s << qint64(-1);
    QTest::newRow("words") << u"now"_s << qint64(-1);
}

void ConditionTest::readsInstantsToTheTick()
{
    QFETCH(QString, text);
    QFETCH(qint64, ticks);
    QCOMPARE(Access::ticksOf(text).value_or(-1), ticks);
}

void ConditionTest::saysWhyItDoesNotHold()
{
    const auto why = [](const QString &text, const std::optional<ConditionValue> &a, const QString &action = u"X/read"_s) {
        const ConditionSubject subject{action, QString(), [&](AttributeSource, const QString &) {
                                           return a ? AttributeValue{AttributeValue::State::Present, {*a}, {}}
                                                    : AttributeValue{AttributeValue::State::Absent, {}, {}};
                                       }};
        return Condition::parse(text)->evaluate(subject).why;
    };
    const QString guarded = u"(!(ActionMatches{'X/write'}) OR @Resource[w] StringEquals 'other') AND "
                            "(!(ActionMatches{'X/read'}) OR @Resource[a] StringEquals 'x')"_s;
    // The block that is not about this action says nothing.
    QCOMPARE(why(guarded, u"y"_s), u"@Resource[a] is 'y'; the condition wants StringEquals 'x'."_s);
    QCOMPARE(why(guarded, {}), u"There is no @Resource[a], which the condition asks for."_s);
    QCOMPARE(why(guarded, u"x"_s), QString());
    QVERIFY(why(u"NOT @Resource[a] StringEquals 'x'"_s, u"x"_s).contains(u"negates"_s));
    QVERIFY(why(u"@Resource[a] NumericEquals 5"_s, u"five"_s).contains(u"(character 1)"_s));
}

QTEST_GUILESS_MAIN(ConditionTest)
#include "tst_condition.moc"
