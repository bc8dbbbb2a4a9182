#include "access/proberun.h"

#include "access/judgement.h"
#include "http/activitylog.h"

#include <QHash>
#include <QTimer>
#include <QUuid>
#include <algorithm>

namespace Access {

using namespace Qt::StringLiterals;

struct ProbeRun::Private {
    Http::Transport &transport;
    const Core::Clock &clock;
    Storage::Endpoint endpoint;
    Identity::AccessToken token;
    ProbePlan plan;
    Options options;

    AccessReport report;
    QHash<qsizetype, Http::Response> ambiguous; ///< answered AuthorizationFailure before the network was known to let through
    std::unique_ptr<QObject> work;              ///< context of all requests: deleting it aborts them
    qsizetype next = 0;
    qsizetype calibrating = 0; ///< the first steps, which decide whether the rest is asked at all
    int running = 0;
    int done = 0;
    bool networkPassed = false;
};

ProbeRun::ProbeRun(Http::Transport &transport, const Core::Clock &clock, Storage::Endpoint endpoint, Identity::AccessToken token,
                   ProbePlan plan, Options options, QObject *parent)
    : QObject(parent), d(new Private{.transport = transport, .clock = clock, .endpoint = std::move(endpoint), .token = std::move(token),
                                     .plan = std::move(plan), .options = options})
{
    d->report.account = d->endpoint.account;
    for (const ProbeStep &step : std::as_const(d->plan.steps)) {
        Cell cell;
        cell.container = step.container;
        cell.operation = step.probe->operation;
        cell.permission = step.probe->permission.action;
        d->report.cells.append(cell);
    }
    while (d->calibrating < d->plan.steps.size() && d->plan.steps[d->calibrating].container == d->plan.steps[0].container)
        ++d->calibrating;
}

ProbeRun::~ProbeRun() = default;

int ProbeRun::done() const
{
    return d->done;
}

int ProbeRun::total() const
{
    return static_cast<int>(d->plan.steps.size());
}

void ProbeRun::start()
{
    d->work = std::make_unique<QObject>();
    d->report.startedAt = d->clock.now();
    QTimer::singleShot(d->options.deadline, d->work.get(), [this] { finish(false); });
    QMetaObject::invokeMethod(d->work.get(), [this] { pump(); }, Qt::QueuedConnection);
}

void ProbeRun::cancel()
{
    if (!d->work)
        return;
    d->work.reset(); // aborts what is under way; nothing more is asked from here on
    QMetaObject::invokeMethod(this, [this] { finish(false); }, Qt::QueuedConnection);
}

void ProbeRun::pump()
{
    const qsizetype end = d->done < d->calibrating ? d->calibrating : d->plan.steps.size();
    // The first goes alone: where the host cannot be reached one wait is enough (and Qt 6.4.2 leaves requests to a host whose
    // name is not found hanging until their timeout when several wait for it).
    const int concurrency = d->done == 0 ? 1 : d->options.concurrency;
    while (d->work && d->running < concurrency && d->next < std::min<qsizetype>(end, d->options.budget))
        ask(d->next++);
    if (d->work && d->running == 0)
        finish(d->next >= d->plan.steps.size());
}

void ProbeRun::ask(qsizetype index)
{
    ++d->running;
    Cell cell = d->report.cells[index];
    cell.observed = Observation::Running;
    setCell(index, cell);
    if (!d->work)
        return; // a receiver cancelled
    const QString uuid = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Http::Request request = probeRequest(d->plan.steps[index], d->endpoint, d->token, uuid, d->clock.now());
    d->report.cells[index].evidence.url = Http::redacted(request.url).toString(QUrl::FullyEncoded);
    d->transport.send(std::move(request), d->work.get(),
                      [this, index](const Core::Result<Http::Response> &response) { answered(index, response); });
}

void ProbeRun::answered(qsizetype index, const Core::Result<Http::Response> &response)
{
    --d->running;
    ++d->done;
    const ProbeStep &step = d->plan.steps[index];
    const QString url = d->report.cells[index].evidence.url;
    if (response && !d->networkPassed && passedNetwork(*response)) {
        d->networkPassed = true;
        calibrate();
    }
    Cell cell = response ? judge(step, *response, d->networkPassed) : judge(step, response.error());
    cell.evidence.url = url;
    cell.evidence.at = d->clock.now();
    if (response && !d->networkPassed && cell.evidence.code == u"AuthorizationFailure")
        d->ambiguous.insert(index, *response);
    setCell(index, cell);
    const bool unreachable = !response && d->done == 1 && index == 0;
    if (unreachable || d->done == d->calibrating)
        endCalibration(unreachable ? 1 : d->calibrating);
    if (d->work)
        pump();
}

void ProbeRun::setCell(qsizetype index, Cell cell)
{
    d->report.cells[index] = std::move(cell);
    emit cellChanged(d->report.cells[index]);
}

// The network is known to let this machine through: what was ambiguous till now is not any more.
void ProbeRun::calibrate()
{
    for (auto it = d->ambiguous.cbegin(); it != d->ambiguous.cend(); ++it) {
        Cell cell = judge(d->plan.steps[it.key()], it.value(), true);
        cell.evidence.url = d->report.cells[it.key()].evidence.url;
        cell.evidence.at = d->report.cells[it.key()].evidence.at;
        setCell(it.key(), cell);
    }
    d->ambiguous.clear();
}

// When every answer so far says the same about the account as a whole, the other rows would say it again.
void ProbeRun::endCalibration(qsizetype answered)
{
    if (answered == 0)
        return;
    const std::optional<Finding> &first = d->report.cells[0].finding;
    if (!first || !concernsWholeAccount(*first))
        return;
    for (qsizetype i = 1; i < answered; ++i) {
        const std::optional<Finding> &other = d->report.cells[i].finding;
        if (!other || other->id != first->id)
            return;
    }
    d->report.finding = first;
    for (qsizetype i = d->next; i < d->plan.steps.size(); ++i) {
        Cell cell = d->report.cells[i];
        cell.observed = Observation::Skipped;
        cell.finding = first;
        setCell(i, cell);
    }
    finish(true);
}

void ProbeRun::finish(bool complete)
{
    d->work.reset();
    d->report.complete = complete;
    d->report.finishedAt = d->clock.now();
    for (qsizetype i = 0; i < d->report.cells.size(); ++i) {
        Cell cell = d->report.cells[i];
        if (cell.observed == Observation::NotAsked || cell.observed == Observation::Running) {
            cell.observed = Observation::Skipped;
            setCell(i, cell);
        }
    }
    emit finished(d->report);
}

} // namespace Access
