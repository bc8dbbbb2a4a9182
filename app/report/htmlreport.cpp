#include "report/htmlreport.h"

#include "access/probeplan.h"
#include "report/grouping.h"
#include "report/htmlpage.h"
#include "report/wording.h"

namespace Report {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Cell;
using Access::Observation;
using Access::Probe;
using State = Access::ContractResult::State;

namespace {

QString section(const QString &title, const QString &content)
{
    return content.isEmpty() ? QString() : u"<h2>"_s + escaped(title) + u"</h2>\n"_s + content;
}

QString cellHtml(const Cell *cell)
{
    const auto [mark, name] = sign(cell ? cell->observed : Observation::NotAsked);
    if (!cell)
        return u"<td class=\"skipped\" title=\"not asked\">"_s + mark + u"</td>"_s;
    const QString tip = cell->predictionKnown ? u"%1; the roles say %2"_s.arg(name, predictedName(*cell)) : name;
    const QString corner = differs(*cell) ? u"<span class=\"mark\" aria-label=\"the roles say otherwise\">◪</span>"_s : QString();
    return u"<td class=\""_s + name + u"\" title=\""_s + tip + u"\">"_s + mark + corner + u"</td>"_s;
}

QString matrix(const AccessReport &report, Probe::Level level, const QStringList &rows)
{
    QString heads;
    for (const Probe &probe : Access::defaultProbes()) {
        if (probe.level == level)
            heads += u"<th class=\"op\" scope=\"col\" title=\""_s + escaped(probe.operation) + u"\"><span class=\"faint\">"_s + escaped(probe.group)
                + u"</span><br>"_s + escaped(probe.title) + u"</th>"_s;
    }
    QString body;
    for (const QString &row : rows) {
        body += u"<tr><th scope=\"row\">"_s + escaped(placeName(row)) + u"</th>"_s;
        for (const Probe &probe : Access::defaultProbes()) {
            if (probe.level == level)
                body += cellHtml(report.cell(row, probe.operation));
        }
        body += u"</tr>\n"_s;
    }
    return u"<div class=\"scroll\"><table class=\"matrix\"><thead><tr><th></th>"_s + heads + u"</tr></thead>\n<tbody>"_s + body
        + u"</tbody></table></div>\n"_s;
}

QString legend(const AccessReport &report)
{
    QString text = u"<p class=\"faint\">✔ allowed · ✖ denied · ? undecided · · not asked"_s;
    if (!report.predictedBy.isEmpty())
        text += u" · ◪ the roles say otherwise"_s;
    return text + u"</p>\n"_s;
}

QString findings(const AccessReport &report)
{
    QString items;
    if (report.finding)
        items += u"<li>"_s + findingHtml(*report.finding) + u"</li>\n"_s;
    for (const FindingGroup &group : groupedFindings(report)) {
        items += u"<li>"_s + findingHtml(group.finding) + u"<div class=\"faint\">At: "_s + escaped(group.places.join(u", "_s));
        if (!group.evidence.requestId.isEmpty())
            items += u"<br>Evidence: "_s + escaped(evidenceLine(group.evidence));
        items += u"</div></li>\n"_s;
    }
    for (const Access::Finding &note : report.notes)
        items += u"<li>"_s + findingHtml(note) + u"</li>\n"_s;
    return items.isEmpty() ? QString() : u"<ul class=\"findings\">\n"_s + items + u"</ul>\n"_s;
}

QString contractRows(const Access::ContractResult &result)
{
    QString rows;
    for (const auto &clause : result.clauses) {
        const bool kept = clause.state == State::Kept;
        const bool broken = clause.state == State::Broken;
        rows += u"<tr><td class=\"%1\">%2</td><td>"_s.arg(kept ? u"allowed"_s : broken ? u"denied"_s : u"undecided"_s,
                                                          kept ? u"✔ kept"_s : broken ? u"✖ broken"_s : u"? open"_s)
            + escaped(placeName(clause.container)) + u"</td><td>"_s + (clause.must ? u"must"_s : u"must not"_s) + u"</td><td>"_s
            + escaped(clause.operation) + u"</td><td>"_s + escaped(clause.why) + u"</td></tr>\n"_s;
    }
    return rows;
}

QString contractHtml(const Access::ContractResult &result)
{
    QString remedies;
    for (const Access::Finding &one : result.remedies)
        remedies += u"<li>"_s + findingHtml(one) + u"</li>\n"_s;
    if (!remedies.isEmpty())
        remedies = u"<ul class=\"findings\">\n"_s + remedies + u"</ul>\n"_s;
    return u"<p>%1 kept, %2 broken, %3 open.</p>\n"_s.arg(count(result, State::Kept)).arg(count(result, State::Broken)).arg(count(result, State::Open))
        + u"<table><thead><tr><th>Result</th><th>Place</th><th></th><th>Operation</th><th>Why</th></tr></thead>\n<tbody>"_s + contractRows(result)
        + u"</tbody></table>\n"_s + remedies;
}

QString driftHtml(const Access::Drift &drift)
{
    QString text = u"<p>The last check was at "_s + escaped(utc(drift.since));
    if (drift.changes.isEmpty())
        return text + u"; nothing has changed.</p>\n"_s;
    text += u":</p>\n<ul>\n"_s;
    for (const Access::Change &change : drift.changes)
        text += u"<li>"_s + escaped(Access::inWords(change)) + u"</li>\n"_s;
    return text + u"</ul>\n"_s;
}

QString evidenceTable(const AccessReport &report)
{
    QString rows;
    for (const Cell &cell : report.cells) {
        QString because;
        for (const auto &one : cell.because)
            because += (because.isEmpty() ? u""_s : u"<br>"_s) + escaped(one.why);
        const auto [mark, name] = sign(cell.observed);
        rows += u"<tr><td>"_s + escaped(placeName(cell.container)) + u"</td><td>"_s + escaped(cell.operation) + u"<br><code class=\"faint\">"_s
            + escaped(cell.permission) + u"</code></td><td class=\""_s + name + u"\">"_s + mark + u' ' + observedName(cell) + u"</td><td>"_s
            + escaped(predictedName(cell)) + u"</td><td>"_s + escaped(askedName(cell)) + u"</td><td>"_s + because + u"</td><td>"_s
            + escaped(evidenceLine(cell.evidence)) + u"</td></tr>\n"_s;
    }
    return u"<div class=\"scroll\"><table class=\"evidence\"><thead><tr><th>Place</th><th>Operation</th><th>Observed</th><th>Roles</th><th>Resource "
           "Manager</th><th>Because</th><th>What was asked and answered</th></tr></thead>\n<tbody>"_s
        + rows + u"</tbody></table></div>\n"_s;
}

QString isolationTable(const Access::Isolation &isolation)
{
    QString text = u"<div class=\"scroll\"><table class=\"matrix\"><thead><tr><th></th>"_s;
    for (const auto &place : isolation.places)
        text += u"<th scope=\"col\">"_s + escaped(accountName(place.account)) + u"</th>"_s;
    text += u"</tr></thead>\n<tbody>"_s;
    for (qsizetype subject = 0; subject < isolation.subjects.size(); ++subject) {
        const auto &who = isolation.subjects[subject];
        text += u"<tr><th scope=\"row\">"_s + escaped(who.name) + u"<br><span class=\"faint\">"_s + escaped(who.environment) + u"</span></th>"_s;
        for (qsizetype place = 0; place < isolation.places.size(); ++place) {
            const auto *pair = isolation.pair(subject, place);
            const auto state = pair ? pair->state : Access::Isolation::State::Open;
            const QString name = state == Access::Isolation::State::Kept ? u"allowed"_s : state == Access::Isolation::State::Broken ? u"denied"_s : u"undecided"_s;
            text += u"<td class=\""_s + name + u"\">"_s + isolationWords(pair) + u"</td>"_s;
        }
        text += u"</tr>\n"_s;
    }
    return text + u"</tbody></table></div>\n"_s;
}

QString isolationDetails(const Access::Isolation &isolation)
{
    QString items;
    for (const auto &pair : isolation.pairs) {
        items += u"<li><strong>"_s + escaped(isolation.subjects[pair.subject].name) + u"</strong> at "_s
            + escaped(accountName(isolation.places[pair.place].account)) + u" ("_s + (pair.own ? u"its own"_s : u"another environment's"_s) + u"): "_s
            + escaped(pair.why);
        // The answers that decided: refusals where it is kept out or locked out, successes where it has access or reaches across.
        const bool kept = pair.state == Access::Isolation::State::Kept;
        const Observation shown = kept == pair.own ? Observation::Allowed : Observation::Denied;
        if (pair.report) {
            items += u"<div class=\"faint\">"_s + escaped(utc(pair.report->startedAt)) + u" to "_s + escaped(utc(pair.report->finishedAt));
            for (const Cell &cell : pair.report->cells) {
                if (!cell.evidence.requestId.isEmpty() && cell.observed == shown)
                    items += u"<br>"_s + escaped(placeName(cell.container) + u' ' + cell.operation + u": "_s + evidenceLine(cell.evidence));
            }
            items += u"</div>"_s;
        }
        items += u"</li>\n"_s;
    }
    return u"<ul class=\"findings\">\n"_s + items + u"</ul>\n"_s;
}

} // namespace

QByteArray html(const AccessReport &report, const Attachments &attachments)
{
    QString body = factsTable(factsOf(report));
    QString tables = matrix(report, Probe::Level::Account, {QString()});
    if (!report.containers().isEmpty())
        tables += u"<br>"_s + matrix(report, Probe::Level::Container, report.containers());
    if (attachments.contract)
        body += section(u"Contract"_s, contractHtml(*attachments.contract));
    if (attachments.drift)
        body += section(u"Since the last check"_s, driftHtml(*attachments.drift));
    body += section(u"What it may do"_s, tables + legend(report));
    body += section(u"Findings"_s, findings(report));
    body += section(u"Evidence"_s, evidenceTable(report));
    return htmlPage(u"Access of %1 at %2"_s.arg(report.principal, accountName(report.account)), body);
}

QByteArray html(const Access::Isolation &isolation)
{
    QString warnings;
    for (const Access::Finding &one : isolation.warnings)
        warnings += u"<li>"_s + findingHtml(one) + u"</li>\n"_s;
    QString body = factsTable(factsOf(isolation)) + section(u"Each principal at each account"_s, isolationTable(isolation));
    if (!warnings.isEmpty())
        body += section(u"Warnings"_s, u"<ul class=\"findings\">\n"_s + warnings + u"</ul>\n"_s);
    body += section(u"Evidence"_s, isolationDetails(isolation));
    return htmlPage(u"Isolation of the environments"_s, body);
}

} // namespace Report
