#include "report/junitreport.h"

#include "report/wording.h"

#include <QXmlStreamWriter>
#include <algorithm>

namespace Report {

using namespace Qt::StringLiterals;
using Access::Cell;
using State = Access::ContractResult::State;

namespace {

struct TestCase {
    enum class Outcome { Passed, Failed, Skipped };

    QString name;
    Outcome outcome = Outcome::Passed;
    QString type;    ///< of the failure
    QString message; ///< of the failure or of what was skipped
    QString output;
};
using Outcome = TestCase::Outcome;

TestCase caseOf(const Access::ContractResult::Clause &clause, const QString &principal)
{
    const QString name = clauseName(principal, clause);
    switch (clause.state) {
    case State::Kept: return {name, Outcome::Passed, {}, {}, {}};
    case State::Broken: return {name, Outcome::Failed, clause.must ? u"contract/must"_s : u"contract/must-not"_s, clause.why, {}};
    case State::Open: break;
    }
    return {name, Outcome::Skipped, {}, u"undecided: "_s + clause.why, {}};
}

QString explained(const std::optional<Access::Finding> &finding)
{
    return finding ? u" %1 %2"_s.arg(finding->cause, finding->nextStep).trimmed() : QString();
}

TestCase caseOf(const Cell &cell, const QString &principal)
{
    const QString name = u"%1: %2 %3"_s.arg(visible(principal), visible(placeName(cell.container)), visible(cell.operation));
    const QString why = explained(cell.finding);
    if (differs(cell)) {
        return {name, Outcome::Failed, u"prediction"_s,
                u"observed: %1, predicted: %2. %3"_s.arg(observedName(cell), predictedName(cell), why).trimmed(), {}};
    }
    if (!wasAsked(cell))
        return {name, Outcome::Skipped, {}, u"not asked. "_s + why, {}};
    if (cell.observed == Access::Observation::Undecided)
        return {name, Outcome::Skipped, {}, u"undecided. "_s + why, {}};
    return {name, Outcome::Passed, {}, {}, u"observed: %1, predicted: %2"_s.arg(observedName(cell), predictedName(cell))};
}

qsizetype count(const QList<TestCase> &cases, Outcome outcome)
{
    return std::count_if(cases.cbegin(), cases.cend(), [&](const TestCase &one) { return one.outcome == outcome; });
}

QString seconds(const Access::AccessReport &report)
{
    const bool known = report.startedAt.isValid() && report.finishedAt.isValid();
    const qint64 milliseconds = known ? report.startedAt.msecsTo(report.finishedAt) : 0;
    return QString::number(static_cast<double>(std::max<qint64>(0, milliseconds)) / 1000.0, 'f', 3);
}

void writeProperty(QXmlStreamWriter &xml, const QString &name, const QString &value)
{
    xml.writeEmptyElement(u"property"_s);
    xml.writeAttribute(u"name"_s, name);
    xml.writeAttribute(u"value"_s, visible(value));
}

void writeProperties(QXmlStreamWriter &xml, const Access::AccessReport &report, const QString &skippedMeans)
{
    xml.writeStartElement(u"properties"_s);
    writeProperty(xml, u"principal"_s, report.principal);
    writeProperty(xml, u"account"_s, accountName(report.account));
    writeProperty(xml, u"complete"_s, report.complete ? u"true"_s : u"false"_s);
    writeProperty(xml, u"finishedAt"_s, utc(report.finishedAt));
    writeProperty(xml, u"predictedBy"_s, report.predictedBy);
    writeProperty(xml, u"skipped"_s, skippedMeans);
    xml.writeEndElement();
}

void writeCase(QXmlStreamWriter &xml, const TestCase &one, const QString &className)
{
    xml.writeStartElement(u"testcase"_s);
    xml.writeAttribute(u"name"_s, one.name);
    xml.writeAttribute(u"classname"_s, className);
    xml.writeAttribute(u"time"_s, u"0"_s);
    if (one.outcome != Outcome::Passed) {
        xml.writeEmptyElement(one.outcome == Outcome::Failed ? u"failure"_s : u"skipped"_s);
        if (!one.type.isEmpty())
            xml.writeAttribute(u"type"_s, one.type);
        xml.writeAttribute(u"message"_s, visible(one.message.simplified()));
    }
    if (!one.output.isEmpty())
        xml.writeTextElement(u"system-out"_s, visible(one.output, u"\t\n"));
    xml.writeEndElement();
}

// Finding and notes concern no single case.
QString remarks(const Access::AccessReport &report)
{
    QStringList lines;
    if (report.finding)
        lines.append(report.finding->id + u':' + explained(report.finding));
    for (const Access::Finding &note : report.notes)
        lines.append(note.id + u':' + explained(note));
    return lines.join(u'\n');
}

void writeCounts(QXmlStreamWriter &xml, const QList<TestCase> &cases, const Access::AccessReport &report)
{
    xml.writeAttribute(u"name"_s, u"Access of %1 at %2"_s.arg(visible(report.principal), visible(accountName(report.account))));
    xml.writeAttribute(u"tests"_s, QString::number(cases.size()));
    xml.writeAttribute(u"failures"_s, QString::number(count(cases, Outcome::Failed)));
    xml.writeAttribute(u"errors"_s, u"0"_s);
    xml.writeAttribute(u"skipped"_s, QString::number(count(cases, Outcome::Skipped)));
    xml.writeAttribute(u"time"_s, seconds(report));
}

QByteArray document(const Access::AccessReport &report, const QList<TestCase> &cases, const QString &skippedMeans)
{
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(u"testsuites"_s);
    writeCounts(xml, cases, report);
    xml.writeStartElement(u"testsuite"_s);
    writeCounts(xml, cases, report);
    if (report.startedAt.isValid())
        xml.writeAttribute(u"timestamp"_s, report.startedAt.toUTC().toString(u"yyyy-MM-ddTHH:mm:ss"_s));
    xml.writeAttribute(u"hostname"_s, visible(report.account.host()));
    writeProperties(xml, report, skippedMeans);
    for (const TestCase &one : cases)
        writeCase(xml, one, visible(report.account.host()));
    const QString more = remarks(report);
    if (!more.isEmpty())
        xml.writeTextElement(u"system-out"_s, visible(more, u"\t\n"));
    xml.writeEndDocument();
    return bytes;
}

} // namespace

QByteArray junit(const Access::AccessReport &report, const Access::ContractResult &result)
{
    QList<TestCase> cases;
    for (const Access::ContractResult::Clause &clause : result.clauses)
        cases.append(caseOf(clause, report.principal));
    return document(report, cases, u"open: undecided, neither kept nor broken"_s);
}

QByteArray junit(const Access::AccessReport &report)
{
    QList<TestCase> cases;
    for (const Cell &cell : report.cells)
        cases.append(caseOf(cell, report.principal));
    return document(report, cases, u"undecided, or not asked"_s);
}

} // namespace Report
