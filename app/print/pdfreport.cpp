#include "print/pdfreport.h"

#include "access/probeplan.h"
#include "print/printedtable.h"
#include "report/grouping.h"
#include "report/wording.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QHash>
#include <QPainter>
#include <QPdfWriter>
#include <QTextCursor>
#include <QTextDocument>

namespace Print {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Cell;
using Access::Isolation;
using Access::Observation;
using Access::Probe;
using State = Access::ContractResult::State;

namespace {

constexpr int dotsPerInch = 150;
const QColor good(0x0b, 0x4d, 0x22);
const QColor bad(0x8a, 0x0f, 0x0f);
const QColor open(0x5f, 0x40, 0x00);
const QColor faint(0x55, 0x55, 0x55);

PrintedCell outcome(const Cell *cell)
{
    switch (cell ? cell->observed : Observation::NotAsked) {
    case Observation::Allowed: return {u"✔"_s + (Report::differs(*cell) ? u" ◪"_s : QString()), good, true};
    case Observation::Denied: return {u"✖"_s + (Report::differs(*cell) ? u" ◪"_s : QString()), bad, true};
    case Observation::Undecided: return {u"?"_s, open, true};
    default: return {u"·"_s, faint, false};
    }
}

void appendFacts(QTextCursor &cursor, const QList<std::pair<QString, QString>> &facts)
{
    for (const auto &[name, value] : facts) {
        if (!value.isEmpty())
            appendText(cursor, name + u": "_s + value);
    }
}

void appendMatrix(QTextCursor &cursor, const AccessReport &report, Probe::Level level, const QStringList &rows)
{
    QStringList head{QString()};
    for (const Probe &probe : Access::defaultProbes()) {
        if (probe.level == level)
            head.append(probe.group + u'\n' + probe.title);
    }
    QHash<std::pair<QString, QString>, const Cell *> known;
    for (const Cell &cell : report.cells)
        known.insert({cell.container, cell.operation}, &cell);
    QList<QList<PrintedCell>> cells;
    for (const QString &row : rows) {
        QList<PrintedCell> line{{Report::placeName(row), Qt::black, true}};
        for (const Probe &probe : Access::defaultProbes()) {
            if (probe.level == level)
                line.append(outcome(known.value({row, probe.operation})));
        }
        cells.append(line);
    }
    const int columns = static_cast<int>(head.size()) - 1;
    QList<int> widths(columns, 80 / std::max(columns, 1));
    widths.prepend(100 - columns * (80 / std::max(columns, 1)));
    appendTable(cursor, head, cells, widths);
}

void appendFinding(QTextCursor &cursor, const Access::Finding &finding, const QString &where)
{
    const QString confidence = finding.confidence.isEmpty() ? QString() : u" ("_s + finding.confidence + u')';
    appendText(cursor, finding.id + confidence + u": "_s + finding.cause);
    if (!where.isEmpty())
        appendText(cursor, where, faint);
    if (!finding.nextStep.isEmpty())
        appendText(cursor, u"Next: "_s + finding.nextStep);
    if (!finding.command.isEmpty())
        appendCode(cursor, finding.command);
}

void appendFindings(QTextCursor &cursor, const AccessReport &report)
{
    const auto groups = Report::groupedFindings(report);
    if (!report.finding && groups.isEmpty() && report.notes.isEmpty())
        return;
    appendHeading(cursor, u"Findings"_s, 2);
    if (report.finding)
        appendFinding(cursor, *report.finding, {});
    for (const Report::FindingGroup &group : groups)
        appendFinding(cursor, group.finding, u"At "_s + group.places.join(u", "_s) + u". "_s + Report::evidenceLine(group.evidence));
    for (const Access::Finding &note : report.notes)
        appendFinding(cursor, note, {});
}

void appendContract(QTextCursor &cursor, const Access::ContractResult &result)
{
    appendHeading(cursor, u"Contract: %1 kept, %2 broken, %3 open"_s.arg(Report::count(result, State::Kept)).arg(Report::count(result, State::Broken))
                              .arg(Report::count(result, State::Open)), 2);
    QList<QList<PrintedCell>> rows;
    for (const auto &clause : result.clauses) {
        const PrintedCell state = clause.state == State::Kept ? PrintedCell{u"✔ kept"_s, good, true}
            : clause.state == State::Broken                   ? PrintedCell{u"✖ broken"_s, bad, true}
                                                              : PrintedCell{u"? open"_s, open, true};
        rows.append({state, {Report::placeName(clause.container)}, {clause.must ? u"must"_s : u"must not"_s}, {clause.operation}, {clause.why}});
    }
    appendTable(cursor, {u"Result"_s, u"Place"_s, QString(), u"Operation"_s, u"Why"_s}, rows, {10, 20, 10, 20, 40});
    for (const Access::Finding &one : result.remedies)
        appendFinding(cursor, one, {});
}

void appendDrift(QTextCursor &cursor, const Access::Drift &drift)
{
    appendHeading(cursor, u"Since the last check, "_s + Report::utc(drift.since), 2);
    if (drift.changes.isEmpty())
        appendText(cursor, u"Nothing has changed."_s);
    for (const Access::Change &change : drift.changes)
        appendText(cursor, Access::inWords(change));
}

void appendEvidence(QTextCursor &cursor, const AccessReport &report)
{
    QList<QList<PrintedCell>> rows;
    for (const Cell &cell : report.cells) {
        PrintedCell observed = outcome(&cell);
        observed.text += u' ' + Report::observedName(cell);
        QStringList because;
        for (const auto &one : cell.because)
            because.append(one.why);
        rows.append({{Report::placeName(cell.container)}, {cell.operation}, observed, {Report::predictedName(cell)}, {Report::askedName(cell)},
                     {because.join(u'\n')}, {Report::evidenceLine(cell.evidence)}});
    }
    appendHeading(cursor, u"Evidence"_s, 2);
    appendTable(cursor, {u"Place"_s, u"Operation"_s, u"Observed"_s, u"Roles"_s, u"Resource Manager"_s, u"Because"_s, u"Asked and answered"_s}, rows,
                {14, 13, 9, 8, 9, 22, 25});
}

// Page by page, with a line of where and what at the foot.
QByteArray printed(QTextDocument &document, const QString &title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Landscape, QMarginsF(12, 12, 12, 12), QPageLayout::Millimeter));
    writer.setResolution(dotsPerInch);
    writer.setTitle(title);
    writer.setCreator(u"Rolescope " ROLESCOPE_VERSION ""_s);
    const QSizeF paper = writer.pageLayout().paintRectPixels(dotsPerInch).size();
    const qreal foot = dotsPerInch / 4.0;
    document.documentLayout()->setPaintDevice(&writer);
    document.setPageSize(QSizeF(paper.width(), paper.height() - foot));
    QPainter painter(&writer);
    const int pages = document.pageCount();
    for (int page = 0; page < pages; ++page) {
        if (page > 0)
            writer.newPage();
        const QRectF view(0, page * (paper.height() - foot), paper.width(), paper.height() - foot);
        painter.save();
        painter.translate(0, -view.top());
        document.drawContents(&painter, view);
        painter.restore();
        painter.setFont(QFont(document.defaultFont().family(), 7));
        painter.setPen(faint);
        painter.drawText(QRectF(0, paper.height() - foot, paper.width(), foot), Qt::AlignBottom | Qt::AlignLeft, title);
        painter.drawText(QRectF(0, paper.height() - foot, paper.width(), foot), Qt::AlignBottom | Qt::AlignRight, u"%1 / %2"_s.arg(page + 1).arg(pages));
    }
    painter.end();
    return bytes;
}

PrintedCell pairCell(const Isolation::Pair *pair)
{
    const auto state = pair ? pair->state : Isolation::State::Open;
    return {Report::isolationWords(pair), state == Isolation::State::Kept ? good : state == Isolation::State::Broken ? bad : open, true};
}

} // namespace

QByteArray pdf(const AccessReport &report, const Report::Attachments &attachments)
{
    const QString title = Report::visible(u"Access of %1 at %2"_s.arg(report.principal, Report::accountName(report.account)));
    QTextDocument document;
    document.setUndoRedoEnabled(false);
    document.setDocumentMargin(0);
    QTextCursor cursor(&document);
    appendHeading(cursor, title, 1);
    appendFacts(cursor, Report::factsOf(report));
    if (attachments.contract)
        appendContract(cursor, *attachments.contract);
    if (attachments.drift)
        appendDrift(cursor, *attachments.drift);
    appendHeading(cursor, u"What it may do"_s, 2);
    appendMatrix(cursor, report, Probe::Level::Account, {QString()});
    if (const QStringList containers = report.containers(); !containers.isEmpty()) {
        appendText(cursor, {});
        appendMatrix(cursor, report, Probe::Level::Container, containers);
    }
    appendText(cursor, u"✔ allowed   ✖ denied   ? undecided   · not asked   ◪ the roles say otherwise"_s, faint);
    appendFindings(cursor, report);
    appendEvidence(cursor, report);
    return printed(document, title);
}

QByteArray pdf(const Isolation &isolation)
{
    const QString title = u"Isolation of the environments"_s;
    QTextDocument document;
    document.setUndoRedoEnabled(false);
    document.setDocumentMargin(0);
    QTextCursor cursor(&document);
    appendHeading(cursor, title, 1);
    appendFacts(cursor, Report::factsOf(isolation));
    appendHeading(cursor, u"Each principal at each account"_s, 2);
    QList<QList<PrintedCell>> rows;
    for (const Isolation::Pair &pair : isolation.pairs) {
        const auto &subject = isolation.subjects[pair.subject];
        const QString when = pair.report ? Report::utc(pair.report->startedAt) : QString();
        rows.append({{subject.name, Qt::black, true}, {subject.environment}, {Report::accountName(isolation.places[pair.place].account)},
                     {pair.own ? u"allowed"_s : u"denied"_s}, pairCell(&pair), {pair.why}, {when}});
    }
    appendTable(cursor, {u"Principal"_s, u"Environment"_s, u"Account"_s, u"Wanted"_s, u"Result"_s, u"Why"_s, u"Asked at"_s}, rows, {14, 11, 22, 8, 13, 20, 12});
    if (!isolation.warnings.isEmpty())
        appendHeading(cursor, u"Warnings"_s, 2);
    for (const Access::Finding &one : isolation.warnings)
        appendFinding(cursor, one, {});
    return printed(document, title);
}

} // namespace Print
