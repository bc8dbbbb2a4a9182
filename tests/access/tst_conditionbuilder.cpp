#include "access/condition.h"
#include "access/conditionbuilder.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using Access::AttributeSource;
using Access::AttributeValue;
using Access::Condition;
using Access::ConditionForm;
using Access::ConditionSubject;
using Core::Result;

namespace {

const QString blobs = u"Microsoft.Storage/storageAccounts/blobServices/containers/blobs"_s;

ConditionSubject subject(const QString &action, const std::optional<QString> &subOperation,
                         const QHash<QString, QString> &attributes)
{
    return {blobs + u'/' + action, subOperation,
            [attributes](AttributeSource source, const QString &name) {
                const QString key = Access::attributeSourceName(source) +
                                    name.section(u':', -1).remove(u"<$key_case_sensitive$>"_s);
                if (!attributes.contains(key))
                    return AttributeValue{AttributeValue::State::Absent, {}, u"absent"_s};
                return AttributeValue{AttributeValue::State::Present, {attributes.value(key)}, {}};
            }};
}

} // namespace

/// What the form builds is read by the program's own parser, and does what the form promises.
class ConditionBuilderTest : public QObject
{
    Q_OBJECT
private slots:
    void doesWhatItPromises_data();
    void doesWhatItPromises();
    void readsBackWhateverItTakes();
    void refusesWhatCannotBeWritten_data();
    void refusesWhatCannotBeWritten();
};

void ConditionBuilderTest::doesWhatItPromises_data()
{
    QTest::addColumn<ConditionForm>("form");
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("subOperation");
    QTest::addColumn<QString>("attribute");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("allowed");
    const ConditionForm path{ConditionForm::Kind::PathPrefix, {}, u"in/2026/"_s};
    const QString list = u"Blob.List"_s;
    QTest::newRow("reads below the prefix")
        << path << u"read"_s << QString() << u"@Resourcepath"_s << u"in/2026/a.txt"_s << true;
    QTest::newRow("reads beside it")
        << path << u"read"_s << QString() << u"@Resourcepath"_s << u"in/2025/a.txt"_s << false;
    QTest::newRow("lists the prefix")
        << path << u"read"_s << list << u"@Requestprefix"_s << u"in/2026/"_s << true;
    QTest::newRow("lists above it")
        << path << u"read"_s << list << u"@Requestprefix"_s << u"in/"_s << false;
    QTest::newRow("lists everything")
        << path << u"read"_s << list << QString() << QString() << false;
    for (const QString &action : {u"write"_s, u"add/action"_s, u"delete"_s, u"tags/write"_s,
                                  u"deleteBlobVersion/action"_s, u"move/action"_s}) {
        QTest::newRow(qPrintable(action + u" below the prefix"_s))
            << path << action << QString() << u"@Resourcepath"_s << u"in/2026/a"_s << true;
        QTest::newRow(qPrintable(action + u" beside it"_s))
            << path << action << QString() << u"@Resourcepath"_s << u"out/a"_s << false;
    }
    const ConditionForm tag{ConditionForm::Kind::Tag, u"Project"_s, u"Cascade"_s};
    QTest::newRow("reads what has the tag")
        << tag << u"read"_s << QString() << u"@ResourceProject"_s << u"Cascade"_s << true;
    QTest::newRow("reads what has another")
        << tag << u"read"_s << QString() << u"@ResourceProject"_s << u"Baker"_s << false;
    QTest::newRow("reads what has none")
        << tag << u"read"_s << QString() << QString() << QString() << false;
    QTest::newRow("lists") << tag << u"read"_s << list << QString() << QString() << true;
    QTest::newRow("writes with the tag") << tag << u"write"_s << u"Blob.Write.WithTagHeaders"_s
                                         << u"@RequestProject"_s << u"Cascade"_s << true;
    QTest::newRow("writes with another") << tag << u"write"_s << u"Blob.Write.WithTagHeaders"_s
                                         << u"@RequestProject"_s << u"Baker"_s << false;
    const ConditionForm container{ConditionForm::Kind::Container, {}, u"invoices"_s};
    QTest::newRow("reads in the container")
        << container << u"read"_s << QString() << u"@Resourcename"_s << u"invoices"_s << true;
    QTest::newRow("reads in another")
        << container << u"read"_s << QString() << u"@Resourcename"_s << u"audit-log"_s << false;
    QTest::newRow("lists in another")
        << container << u"read"_s << list << u"@Resourcename"_s << u"audit-log"_s << false;
}

void ConditionBuilderTest::doesWhatItPromises()
{
    QFETCH(ConditionForm, form);
    QFETCH(QString, action);
    QFETCH(QString, subOperation);
    QFETCH(QString, attribute);
    QFETCH(QString, value);
    QFETCH(bool, allowed);
    const Result<QString> text = Access::conditionText(form);
    QVERIFY(text);
    const Result<Condition> condition = Condition::parse(*text);
    QVERIFY2(condition, condition ? "" : qPrintable(condition.error().message + u'\n' + *text));
    QHash<QString, QString> attributes;
    if (!attribute.isEmpty())
        attributes.insert(attribute, value);
    const auto outcome = condition->evaluate(subject(action, subOperation, attributes));
    QVERIFY2(allowed ? outcome.truth.certainlyHolds() : !outcome.truth.mayHold(),
             qPrintable(outcome.why));
}

void ConditionBuilderTest::readsBackWhateverItTakes()
{
    QRandomGenerator dice(1);
    const QString alphabet = u"abzAZ09 -_./:+=()[]{}<>$@!|&,;#%*?\"`~^äé日\U0001F600'\\\n"_s;
    int taken = 0;
    for (int i = 0; i < 3000; ++i) {
        QString value;
        for (int length = dice.bounded(1, 12); length > 0; --length)
            value += alphabet[dice.bounded(alphabet.size())];
        for (const auto kind : {ConditionForm::Kind::PathPrefix, ConditionForm::Kind::Tag,
                                ConditionForm::Kind::Container}) {
            const Result<QString> text = Access::conditionText({kind, value, value});
            if (!text)
                continue;
            ++taken;
            const Result<Condition> condition = Condition::parse(*text);
            QVERIFY2(condition, qPrintable(value));
            if (kind ==
                ConditionForm::Kind::PathPrefix) { // nothing in the value becomes more than a value
                QCOMPARE(condition->attributes().size(), 2);
                QVERIFY(condition
                            ->evaluate(subject(u"read"_s, QString(),
                                               {{u"@Resourcepath"_s, value + u"more"_s}}))
                            .truth.certainlyHolds());
                QVERIFY(condition
                                ->evaluate(subject(u"read"_s, QString(),
                                                   {{u"@Resourcepath"_s, u"#"_s + value}}))
                                .truth.certainlyHolds() == false ||
                        value.startsWith(u'#'));
            }
        }
    }
    QVERIFY2(taken > 1000, qPrintable(QString::number(taken)));
}

void ConditionBuilderTest::refusesWhatCannotBeWritten_data()
{
    QTest::addColumn<ConditionForm>("form");
    const auto path = ConditionForm::Kind::PathPrefix;
    QTest::newRow("nothing") << ConditionForm{path, {}, {}};
    QTest::newRow("a quote") << ConditionForm{path, {}, u"O'Brien/"_s};
    QTest::newRow("a way out of the string")
        << ConditionForm{path, {}, u"x' OR @Resource[a:b] StringEquals 'y"_s};
    QTest::newRow("a backslash at the end") << ConditionForm{path, {}, u"in\\"_s};
    QTest::newRow("a line feed") << ConditionForm{path, {}, u"in\n"_s};
    QTest::newRow("a slash in front") << ConditionForm{path, {}, u"/in"_s};
    QTest::newRow("a tag without name") << ConditionForm{ConditionForm::Kind::Tag, {}, u"x"_s};
    QTest::newRow("a tag that ends the attribute")
        << ConditionForm{ConditionForm::Kind::Tag, u"a] StringEquals 'x"_s, u"x"_s};
    QTest::newRow("no container") << ConditionForm{
        ConditionForm::Kind::Container, {}, u"No Container"_s};
}

void ConditionBuilderTest::refusesWhatCannotBeWritten()
{
    QFETCH(ConditionForm, form);
    const Result<QString> text = Access::conditionText(form);
    QVERIFY(!text);
    QCOMPARE(text.error().kind, Core::Error::Kind::InvalidInput);
    QVERIFY(!text.error().nextStep.isEmpty());
}

QTEST_GUILESS_MAIN(ConditionBuilderTest)
#include "tst_conditionbuilder.moc"
