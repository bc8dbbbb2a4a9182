// What a big check is turned into: 1,000 containers, every probed operation. Says how long each form takes and how many
// bytes it has, and the PDF's time as a multiple of the HTML's, which has the same content. usage: bench_report
#include "access/probeplan.h"
#include "print/offscreen.h"
#include "print/pdfreport.h"
#include "report/csvreport.h"
#include "report/htmlreport.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTextStream>

using namespace Qt::StringLiterals;
using Access::Cell;
using Access::Observation;
using Access::Probe;

namespace {

constexpr int containerCount = 1000;

Cell cellOf(const QString &container, const Probe &probe, int number)
{
    Cell cell;
    cell.container = container;
    cell.operation = probe.operation;
    cell.permission = probe.permission.action;
    cell.observed = number % 2 ? Observation::Denied : Observation::Allowed;
    cell.predicted = Access::Decision::Denied;
    cell.predictionKnown = true;
    cell.evidence = {probe.verb, u"https://acct.blob.core.windows.net/"_s + container, 403, u"AuthorizationPermissionMismatch"_s,
                     u"5b6f4c9e-0000-4000-8000-%1"_s.arg(number, 12, 10, QLatin1Char('0')), QDateTime::currentDateTimeUtc(), probe.method};
    cell.finding = Access::Finding{u"missing-role"_s, u"No role of this principal grants %1 here."_s.arg(cell.permission),
                                   u"If this is wanted, assign a role that includes it."_s, {}, u"certain"_s};
    return cell;
}

Access::AccessReport makeReport()
{
    Access::AccessReport report;
    report.principal = u"app"_s;
    report.account = QUrl(u"https://acct.blob.core.windows.net"_s);
    report.startedAt = report.finishedAt = QDateTime::currentDateTimeUtc();
    report.allContainers = true;
    for (int i = 0; i <= containerCount; ++i) {
        for (const Probe &probe : Access::defaultProbes()) {
            if ((probe.level == Probe::Level::Container) == (i > 0))
                report.cells.append(cellOf(i > 0 ? u"c%1"_s.arg(i) : QString(), probe, i));
        }
    }
    return report;
}

template<typename Write>
double measure(QTextStream &out, const char *name, Write write)
{
    QElapsedTimer timer;
    timer.start();
    const QByteArray bytes = write();
    const double took = double(timer.nsecsElapsed()) / 1e6;
    out << name << ": " << took << " ms, " << bytes.size() << " bytes\n";
    return took;
}

} // namespace

int main(int argc, char **argv)
{
    const auto app = Print::offscreenApplication(argc, argv);
    const Access::AccessReport report = makeReport();
    QTextStream out(stdout);
    out << report.cells.size() << " cells\n";
    const double html = measure(out, "HTML", [&] { return Report::html(report); });
    measure(out, "CSV", [&] { return Report::csv(report); });
    measure(out, "JSON", [&] { return QJsonDocument(Access::toJson(report)).toJson(); });
    const double pdf = measure(out, "PDF", [&] { return Print::pdf(report); });
    out << "PDF/HTML: " << pdf / html << "\n";
    return 0;
}
