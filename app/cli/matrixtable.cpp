#include "cli/matrixtable.h"

#include "access/probeplan.h"
#include "report/grouping.h"
#include "report/htmlpage.h"
#include "report/wording.h"

#include <algorithm>
#include <utility>

namespace Cli {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::Probe;

namespace {

QString mark(const Cell *cell)
{
    const QString sign = Report::sign(cell ? cell->observed : Observation::NotAsked).first;
    return cell && Report::differs(*cell) ? sign + u'!' : sign;
}

QString centred(const QString &text, qsizetype width)
{
    const qsizetype left = (width - text.size()) / 2;
    return QString(left, u' ') + text + QString(width - text.size() - left, u' ');
}

QList<const Probe *> columns(Probe::Level level)
{
    QList<const Probe *> found;
    for (const Probe &probe : Access::defaultProbes()) {
        if (probe.level == level)
            found.append(&probe);
    }
    return found;
}

// One block of the table: a head of group names, a head of titles, a line for each row.
QString block(const Access::AccessReport &report, Probe::Level level, const QStringList &rows, qsizetype nameWidth)
{
    const QList<const Probe *> probes = columns(level);
    QString groups(nameWidth, u' ');
    QString titles(nameWidth, u' ');
    QString group;
    for (const Probe *probe : probes) {
        const bool begins = std::exchange(group, probe->group) != probe->group;
        const QString separator = begins ? u" │ "_s : u" "_s;
        groups += separator + (begins ? probe->group : QString()).leftJustified(probe->title.size());
        titles += separator + probe->title;
    }
    QString text = groups + u'\n' + titles + u'\n';
    for (const QString &row : rows) {
        QString name = row.isEmpty() ? u"(account)"_s : row;
        if (name.size() > nameWidth)
            name = name.left(nameWidth / 2 - 1) + u'…' + name.right(nameWidth - nameWidth / 2);
        text += name.leftJustified(nameWidth);
        group.clear();
        for (const Probe *probe : probes) {
            const bool begins = std::exchange(group, probe->group) != probe->group;
            text += (begins ? u" │ "_s : u" "_s) + centred(mark(report.cell(row, probe->operation)), probe->title.size());
        }
        text += u'\n';
    }
    return text;
}

QString findingText(const Access::Finding &finding)
{
    QString text = u"  "_s + finding.cause + u'\n';
    if (!finding.nextStep.isEmpty())
        text += u"  Next: "_s + finding.nextStep + u'\n';
    if (!finding.command.isEmpty())
        text += u"  Command: "_s + finding.command + u'\n';
    return text;
}

QString title(const Access::Finding &finding)
{
    return finding.confidence.isEmpty() ? finding.id : u"%1 (%2)"_s.arg(finding.id, finding.confidence);
}

// What was found, each thing once, with the places where it shows.
QString findings(const Access::AccessReport &report)
{
    QString text;
    for (const Report::FindingGroup &found : Report::groupedFindings(report)) {
        const QStringList shown = found.places.mid(0, 3);
        text += u"\n%1: %2%3\n"_s.arg(title(found.finding), shown.join(u", "_s),
                                      found.places.size() > 3 ? u" and %1 more"_s.arg(found.places.size() - 3) : QString());
        Access::Finding finding = found.finding;
        // What a missing role means is said once, below.
        if (finding.id == u"missing-role" && report.predictedBy.isEmpty())
            finding.cause = u"Needs: "_s + found.permission;
        text += findingText(finding);
        if (found.evidence.status > 0)
            text += u"  Evidence: %1\n"_s.arg(Report::evidenceLine(found.evidence));
    }
    for (const Access::Finding &note : report.notes)
        text += u"\n%1\n"_s.arg(title(note)) + findingText(note);
    if (report.count(Observation::Denied) > 0 && report.predictedBy.isEmpty())
        text += u"\nThe service does not say why it refuses a permission: most likely no role grants it; it may also have been assigned\n"
                "minutes ago, or be limited by a condition, a deny assignment or an ACL.\n"_s;
    return text;
}

QString contractText(const Access::ContractResult &result)
{
    using State = Access::ContractResult::State;
    QString text = u"\nContract: %1 kept, %2 broken, %3 open\n"_s.arg(result.count(State::Kept)).arg(result.count(State::Broken)).arg(result.count(State::Open));
    for (const auto &clause : result.clauses) {
        if (clause.state != State::Kept)
            text += u"  %1 line %2: %3 %4 %5. %6\n"_s.arg(clause.state == State::Broken ? u"BROKEN"_s : u"open"_s, QString::number(clause.line),
                                                        Report::placeName(clause.container), clause.must ? u"must"_s : u"must not"_s,
                                                        clause.operation, clause.why);
    }
    for (const Access::Finding &remedy : result.remedies)
        text += u"\n%1\n"_s.arg(remedy.id) + findingText(remedy);
    return text;
}

QString driftText(const Access::Drift &drift)
{
    if (drift.changes.isEmpty())
        return u"\nNothing has changed since the last check, %1.\n"_s.arg(Report::utc(drift.since));
    QString text = u"\nChanged since the last check, %1:\n"_s.arg(Report::utc(drift.since));
    for (const Access::Change &change : drift.changes)
        text += u"  "_s + Access::inWords(change) + u'\n';
    return text;
}

} // namespace

QString matrixTable(const Access::AccessReport &report, const Report::Attachments &attachments)
{
    const QStringList containers = report.containers();
    qsizetype width = 12;
    for (const QString &name : containers)
        width = std::max(width, std::min<qsizetype>(name.size(), 40));

    QString text = u"%1 at %2\n\n"_s.arg(report.principal, report.account.toString());
    text += block(report, Probe::Level::Account, {QString()}, width);
    if (!containers.isEmpty())
        text += u'\n' + block(report, Probe::Level::Container, containers, width);
    else if (!report.finding)
        text += u"\nNo containers were checked: this principal may not list them. Name some with --container.\n"_s;
    text += u"\n✔ allowed   ✖ denied   ? undecided   · not asked      observed by requests that cannot change data\n"_s;
    if (!report.complete)
        text += u"The check was not finished; what is missing was not asked.\n"_s;
    if (!report.predictedBy.isEmpty())
        text += u"! the roles, read by %1, say otherwise\n"_s.arg(report.predictedBy);
    text += findings(report);
    if (attachments.contract)
        text += contractText(*attachments.contract);
    return attachments.drift ? text + driftText(*attachments.drift) : text;
}

} // namespace Cli
