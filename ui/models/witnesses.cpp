#include "ui/models/witnesses.h"

#include "core/counted.h"
#include "report/wording.h"

#include <QCoreApplication>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Decision;
using Access::Observation;
using Access::Probe;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Witnesses)
};

Observation markFor(Decision decision)
{
    return decision == Decision::Allowed  ? Observation::Allowed
           : decision == Decision::Denied ? Observation::Denied
                                          : Observation::Undecided;
}

QString wordFor(Observation observation)
{
    switch (observation) {
    case Observation::Allowed: return Words::tr("allowed");
    case Observation::Denied: return Words::tr("denied");
    case Observation::Undecided: return Words::tr("undecided");
    case Observation::Running: return Words::tr("being asked");
    case Observation::NotAsked:
    case Observation::Skipped: break;
    }
    return Words::tr("not asked");
}

QString evidence(const Probe &probe, const Cell &cell)
{
    if (cell.evidence.method.isEmpty() || cell.observed == Observation::Running)
        return Words::tr("Would ask %1 %2: harmless because %3.")
            .arg(QString::fromLatin1(probe.verb), probe.path, probe.harmless);
    QStringList facts{QString::fromLatin1(cell.evidence.method) + u' ' + cell.evidence.url};
    facts.append(
        cell.evidence.status > 0
            ? Words::tr("answer %1 %2").arg(cell.evidence.status).arg(cell.evidence.code).trimmed()
            : Words::tr("no answer (%1)").arg(cell.evidence.code));
    if (!cell.evidence.requestId.isEmpty())
        facts.append(Words::tr("request %1").arg(cell.evidence.requestId));
    if (cell.evidence.at.isValid())
        facts.append(cell.evidence.at.toLocalTime().toString(u"hh:mm:ss"_s));
    if (cell.observed == Observation::Allowed)
        facts.append(Words::tr("how it shows: %1; harmless because %2")
                         .arg(cell.evidence.how, probe.harmless));
    return facts.join(u" · "_s);
}

QString reasons(const Cell &cell)
{
    QStringList lines;
    for (const Access::Verdict::Because &because : cell.because) {
        QString line = because.why;
        if (because.kind == Access::Verdict::Kind::Grants && !because.assignment.isEmpty())
            line += Words::tr(" (assignment %1)").arg(because.assignment.section(u'/', -1));
        if (!lines.contains(line))
            lines.append(line);
    }
    constexpr qsizetype most = 4;
    if (lines.size() > most) {
        const auto more = lines.size() - most;
        lines = lines.first(most);
        lines.append(Core::counted(more, Words::tr("… and %1 more reason"), Words::tr("… and %1 more reasons")));
    }
    return lines.join(u'\n');
}

Witness computed(const Cell &cell, const QString &predictedBy)
{
    Witness witness{Words::tr("Computed"), Observation::NotAsked, Words::tr("not known"), {}, {}};
    if (!cell.predictionKnown) {
        witness.detail = predictedBy.isEmpty() ? Words::tr("The role assignments were not read.")
                                               : Words::tr("The roles say nothing about this.");
        return witness;
    }
    witness.verdict = markFor(cell.predicted);
    witness.says = wordFor(witness.verdict);
    witness.eyes = Words::tr("from the role assignments, as read by %1").arg(predictedBy);
    const QString why = reasons(cell);
    if (!why.isEmpty())
        witness.detail =
            cell.predicted == Decision::Denied ? Words::tr("Nearest miss: %1").arg(why) : why;
    return witness;
}

Witness asked(const Cell &cell)
{
    Witness witness{Words::tr("Asked"), Observation::NotAsked, Words::tr("no answer"), {}, {}};
    if (!cell.asked) {
        witness.detail =
            Words::tr("Resource Manager gave no list of the principal's permissions for this.");
        return witness;
    }
    witness.verdict = markFor(*cell.asked);
    witness.says = wordFor(witness.verdict);
    witness.eyes =
        Words::tr("Resource Manager's list of the principal's own permissions at the account");
    return witness;
}

} // namespace

QList<Witness> witnesses(const Probe &probe, const Cell &cell, const QString &predictedBy)
{
    const QString eyes = Report::wasAsked(cell)
                             ? Words::tr("by the storage service, signed in as the principal")
                             : QString();
    return {
        {Words::tr("Observed"), cell.observed, wordFor(cell.observed), eyes, evidence(probe, cell)},
        computed(cell, predictedBy),
        asked(cell)};
}

QString headline(const Probe &probe, const Cell &cell)
{
    const QString where = cell.container.isEmpty() ? Words::tr("account") : cell.container;
    const QString text =
        Words::tr("%1, %2 %3: %4")
            .arg(where, probe.title, probe.group.toLower(), wordFor(cell.observed).toUpper());
    if (!Report::differs(cell))
        return text;
    return text + (cell.predicted == Decision::Allowed
                       ? Words::tr(", though the roles allow it")
                       : Words::tr(", though no role that was read allows it"));
}

QString causeInWords(const Access::Finding &finding)
{
    if (finding.confidence == u"certain")
        return Words::tr("Certain: %1").arg(finding.cause);
    if (finding.confidence == u"possible")
        return Words::tr("Possible: %1").arg(finding.cause);
    return Words::tr("Likely: %1").arg(finding.cause);
}

} // namespace Ui
