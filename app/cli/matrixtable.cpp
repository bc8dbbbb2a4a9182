#include "cli/matrixtable.h"

#include "access/probeplan.h"

#include <QMap>
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
    switch (cell ? cell->observed : Observation::NotAsked) {
    case Observation::Allowed: return u"✔"_s;
    case Observation::Denied: return u"✖"_s;
    case Observation::Undecided: return u"?"_s;
    default: return u"·"_s;
    }
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

QString place(const Cell &cell)
{
    return cell.operation + (cell.container.isEmpty() ? u" on the account"_s : u" on "_s + cell.container);
}

// What was found, each thing once, with the places where it shows.
QString findings(const Access::AccessReport &report)
{
    struct Found {
        Access::Finding finding;
        QStringList places;
        QString permission;
        Access::Evidence evidence;
    };
    QMap<QString, Found> all;
    for (const Cell &cell : report.cells) {
        if (!cell.finding || cell.observed == Observation::Skipped)
            continue;
        const bool role = cell.finding->id == u"missing-role";
        Found &found = all[role ? cell.finding->id + cell.permission : cell.finding->id + cell.finding->cause];
        if (found.places.isEmpty()) {
            found.finding = *cell.finding;
            found.evidence = cell.evidence;
            found.permission = cell.permission;
        }
        found.places.append(place(cell));
    }
    QString text;
    for (const Found &found : std::as_const(all)) {
        const QStringList shown = found.places.first(std::min<qsizetype>(3, found.places.size()));
        text += u"\n%1: %2%3\n"_s.arg(found.finding.id, shown.join(u", "_s),
                                      found.places.size() > 3 ? u" and %1 more"_s.arg(found.places.size() - 3) : QString());
        // What a missing role means is said once, below.
        text += found.finding.id == u"missing-role" ? u"  Needs: %1\n"_s.arg(found.permission) : u"  %1\n"_s.arg(found.finding.cause);
        if (!found.finding.nextStep.isEmpty())
            text += u"  Next: "_s + found.finding.nextStep + u'\n';
        if (found.evidence.status > 0)
            text += u"  Evidence: %1 %2 %3, request %4\n"_s.arg(QString::fromLatin1(found.evidence.method)).arg(found.evidence.status)
                        .arg(found.evidence.code, found.evidence.requestId);
    }
    if (report.count(Observation::Denied) > 0)
        text += u"\nThe service does not say why it refuses a permission: most likely no role grants it; it may also have been assigned\n"
                "minutes ago, or be limited by a condition, a deny assignment or an ACL.\n"_s;
    return text;
}

} // namespace

QString matrixTable(const Access::AccessReport &report)
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
    return text + findings(report);
}

} // namespace Cli
