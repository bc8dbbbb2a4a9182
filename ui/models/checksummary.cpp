#include "ui/models/checksummary.h"

#include "core/counted.h"
#include "report/wording.h"

#include <QCoreApplication>
#include <algorithm>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Finding;
using Access::Observation;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(CheckSummary)
};

QString counts(const AccessReport &report)
{
    const QString text = Words::tr("%1 allowed, %2 denied, %3 undecided")
                             .arg(report.count(Observation::Allowed))
                             .arg(report.count(Observation::Denied))
                             .arg(report.count(Observation::Undecided));
    const int skipped = report.count(Observation::Skipped);
    return skipped == 0 ? text : text + Words::tr(", %1 not asked").arg(skipped);
}

bool isNotPredicted(const Finding &note)
{
    return note.id == u"not-predicted";
}

} // namespace

QString checkSummary(const AccessReport &report)
{
    QStringList facts{counts(report)};
    if (!report.predictedBy.isEmpty()) {
        const auto differing =
            std::count_if(report.cells.cbegin(), report.cells.cend(), Report::differs);
        facts.append(differing == 0 ? Words::tr("as the roles predict")
                                    : Core::counted(differing, Words::tr("%1 cell other than the roles predict"),
                                                    Words::tr("%1 cells other than the roles predict")));
        facts.append(Words::tr("roles read by %1").arg(report.predictedBy));
    }
    if (std::any_of(report.notes.cbegin(), report.notes.cend(), isNotPredicted))
        facts.append(Words::tr("the roles could not be read, see Notes"));
    facts.append(
        Words::tr("observed %1").arg(report.finishedAt.toLocalTime().toString(u"hh:mm:ss"_s)));
    if (report.containers().isEmpty() && !report.finding)
        facts.append(Words::tr("this principal may not list containers: name the ones to check"));
    return facts.join(u" · "_s);
}

QString findingsInWords(const QList<Finding> &findings)
{
    QStringList texts;
    for (const Finding &finding : findings)
        texts.append(
            QStringList{finding.cause, finding.nextStep, finding.command}.join(u'\n').trimmed());
    return texts.join(u"\n\n"_s);
}

} // namespace Ui
