#include "services/effectivewait.h"

#include "access/proberun.h"
#include "services/services.h"
#include "services/signin.h"

#include <QSet>
#include <QTimer>
#include <algorithm>

namespace Services {

using namespace Qt::StringLiterals;
using Access::AccessReport;
using Access::Cell;
using Access::Observation;

namespace {

bool isWaiting(const Cell &cell)
{
    return cell.predictionKnown && cell.predicted == Access::Decision::Allowed && cell.observed == Observation::Denied;
}

const Access::Verdict::Because *grantOf(const Cell &cell)
{
    const auto found = std::find_if(cell.because.cbegin(), cell.because.cend(),
                                    [](const auto &one) { return one.kind == Access::Verdict::Kind::Grants; });
    return found == cell.because.cend() ? nullptr : &*found;
}

const Access::Probe *probeOf(const QString &operation)
{
    const auto &all = Access::defaultProbes();
    const auto found = std::find_if(all.cbegin(), all.cend(), [&](const Access::Probe &one) { return one.operation == operation; });
    return found == all.cend() ? nullptr : &*found;
}

QString seconds(qint64 count)
{
    return count < 120 ? u"%1 seconds"_s.arg(count) : u"%1 minutes %2 seconds"_s.arg(count / 60).arg(count % 60);
}

} // namespace

struct EffectiveWait::Private {
    Services &services;
    Identity::ServicePrincipal principal;
    AccessReport report;
    std::shared_ptr<const Access::AuthorizationFacts> facts;
    Options options;
    QDateTime startedAt;
    int round = 0;
    bool over = false;
    std::unique_ptr<QObject> work; ///< what is under way lives below this
    QTimer pause{};

    QList<Access::ProbeStep> steps() const;
    QDateTime assignedAt(const Cell &cell) const;
};

// The first cell of each assignment and operation stands for the others.
QList<Access::ProbeStep> EffectiveWait::Private::steps() const
{
    QList<Access::ProbeStep> all;
    QSet<QString> asked;
    for (const Cell &cell : report.cells) {
        const auto *grant = grantOf(cell);
        const QString kind = (grant ? grant->assignment : QString()) + u'\n' + cell.operation;
        if (!isWaiting(cell) || asked.contains(kind) || !probeOf(cell.operation))
            continue;
        asked.insert(kind);
        all.append({probeOf(cell.operation), cell.container});
    }
    return all;
}

QDateTime EffectiveWait::Private::assignedAt(const Cell &cell) const
{
    const auto *grant = grantOf(cell);
    if (!grant || !facts)
        return {};
    for (const Azure::RoleAssignment &one : facts->assignments) {
        if (one.id == grant->assignment)
            return one.updatedOn;
    }
    return {};
}

EffectiveWait::EffectiveWait(Services &services, Identity::ServicePrincipal principal, AccessReport report,
                             std::shared_ptr<const Access::AuthorizationFacts> facts, Options options, QObject *parent)
    : QObject(parent)
    , d(new Private{.services = services, .principal = std::move(principal), .report = std::move(report), .facts = std::move(facts), .options = options,
                    .startedAt = services.clock.now(), .round = 0, .over = false, .work = {}})
{
    d->pause.setSingleShot(true);
    connect(&d->pause, &QTimer::timeout, this, &EffectiveWait::ask);
}

EffectiveWait::~EffectiveWait() = default;

int EffectiveWait::waitingIn(const AccessReport &report)
{
    return static_cast<int>(std::count_if(report.cells.cbegin(), report.cells.cend(), isWaiting));
}

void EffectiveWait::start()
{
    d->startedAt = d->services.clock.now();
    d->pause.start(waitingIn(d->report) > 0 ? d->options.every : std::chrono::milliseconds(0));
}

void EffectiveWait::cancel()
{
    finish();
}

void EffectiveWait::ask()
{
    const QList<Access::ProbeStep> steps = d->steps();
    if (steps.isEmpty() || d->startedAt.msecsTo(d->services.clock.now()) > d->options.limit.count())
        return finish();
    ++d->round;
    release();
    d->work = std::make_unique<QObject>();
    // A token that is about to expire is renewed by this.
    signIn(d->services, d->principal, u"storage"_s, d->work.get(), [this, steps](const Core::Result<SignedIn> &session) {
        if (!session) {
            d->over = true;
            emit failed(session.error());
            return;
        }
        auto *run = new Access::ProbeRun(d->services.transport, d->services.clock, {d->report.account, session->cloud.trust}, session->token,
                                         {steps}, {}, d->work.get());
        connect(run, &Access::ProbeRun::finished, this, &EffectiveWait::answered);
        run->start();
    });
}

// The run that ended may still be on the stack.
void EffectiveWait::release()
{
    if (d->work)
        d->work.release()->deleteLater();
}

void EffectiveWait::answered(const AccessReport &answers)
{
    bool any = false;
    for (const Cell &cell : answers.cells) {
        any = any || cell.observed == Observation::Allowed;
        settle(cell);
    }
    const int left = waitingIn(d->report);
    emit asked(d->round, left);
    if (left == 0)
        return finish();
    // Where one became effective, its like are asked at once.
    d->pause.start(any ? std::chrono::milliseconds(0) : d->options.every);
}

void EffectiveWait::settle(const Cell &answer)
{
    if (answer.observed != Observation::Allowed)
        return;
    for (Cell &cell : d->report.cells) {
        if (cell.container != answer.container || cell.operation != answer.operation || !isWaiting(cell))
            continue;
        const QDateTime assigned = d->assignedAt(cell);
        const QString since = assigned.isValid() ? u"%1 after it was assigned"_s.arg(seconds(assigned.secsTo(answer.evidence.at)))
                                                 : u"%1 after the first refusal"_s.arg(seconds(cell.evidence.at.secsTo(answer.evidence.at)));
        const QString exact = u"It became effective %1 (measured; asked every %2 seconds)."_s.arg(since).arg(static_cast<double>(d->options.every.count()) / 1000);
        cell.observed = Observation::Allowed;
        cell.evidence = answer.evidence;
        cell.finding = Access::Finding{u"became-effective"_s, exact, {}, {}, u"certain"_s};
    }
}

void EffectiveWait::finish()
{
    if (std::exchange(d->over, true))
        return;
    release();
    d->pause.stop();
    d->report.finishedAt = d->services.clock.now();
    QMetaObject::invokeMethod(this, [this] { emit finished(d->report); }, Qt::QueuedConnection);
}

} // namespace Services
