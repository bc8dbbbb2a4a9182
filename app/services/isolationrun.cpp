#include "services/isolationrun.h"

#include "access/remedies.h"
#include "services/services.h"

#include <QHash>
#include <algorithm>

namespace Services {

using namespace Qt::StringLiterals;
using Access::Isolation;

struct IsolationRun::Private {
    Services &services;
    QStringList containers; ///< that were named
    Isolation isolation;
    QList<Identity::ServicePrincipal> principals; ///< of the subjects
    QList<qsizetype> order;                       ///< of the pairs: own ones first
    qsizetype done = 0;
    QHash<qsizetype, QString> noSignIn; ///< subject to reason: asking again would change nothing
    std::unique_ptr<AccessCheck> check;
};

namespace {

qsizetype placeOf(QList<Isolation::Place> &places, const QUrl &account)
{
    const auto same = [&](const Isolation::Place &one) { return one.account == account; };
    const auto found = std::find_if(places.cbegin(), places.cend(), same);
    if (found != places.cend())
        return found - places.cbegin();
    places.append({account, {}, false});
    return places.size() - 1;
}

} // namespace

IsolationRun::IsolationRun(Services &services, const QList<Party> &parties, const QStringList &containers, QObject *parent)
    : QObject(parent), d(new Private{.services = services, .containers = containers, .isolation = {}, .principals = {}, .order = {}, .done = 0, .noSignIn = {}, .check = {}})
{
    QList<std::pair<qsizetype, qsizetype>> own;
    for (const Party &party : parties) {
        auto subject = std::find_if(d->principals.cbegin(), d->principals.cend(), [&](const auto &one) { return one.id == party.principal.id; });
        const qsizetype index = subject - d->principals.cbegin();
        if (subject == d->principals.cend()) {
            d->principals.append(party.principal);
            d->isolation.subjects.append({party.principal.name, party.principal.environment.name, party.principal.tenant, party.principal.clientId});
        }
        own.append({index, placeOf(d->isolation.places, party.account)});
    }
    for (qsizetype subject = 0; subject < d->principals.size(); ++subject) {
        for (qsizetype place = 0; place < d->isolation.places.size(); ++place)
            d->isolation.pairs.append({subject, place, own.contains(std::pair(subject, place)), Isolation::State::Open, u"Not asked yet."_s, {}});
    }
    for (Isolation::Place &place : d->isolation.places)
        place.containers = containers;
    for (const bool wanted : {true, false}) {
        for (qsizetype i = 0; i < d->isolation.pairs.size(); ++i) {
            if (d->isolation.pairs[i].own == wanted)
                d->order.append(i);
        }
    }
    d->isolation.warnings = Access::separationWarnings(d->isolation);
}

IsolationRun::~IsolationRun() = default;

const Isolation &IsolationRun::isolation() const
{
    return d->isolation;
}

void IsolationRun::start()
{
    d->isolation.startedAt = d->services.clock.now();
    QMetaObject::invokeMethod(this, &IsolationRun::next, Qt::QueuedConnection);
}

void IsolationRun::cancel()
{
    d->isolation.complete = false;
    d->check.reset();
    d->done = d->order.size();
    finish();
}

void IsolationRun::next()
{
    emit progress(static_cast<int>(d->done), static_cast<int>(d->order.size()));
    if (!d->isolation.complete)
        return;
    if (d->done == d->order.size())
        return finish();
    Isolation::Pair &pair = d->isolation.pairs[d->order[d->done]];
    if (d->noSignIn.contains(pair.subject)) {
        pair.why = d->noSignIn.value(pair.subject);
        return settle();
    }
    const Isolation::Place &place = d->isolation.places[pair.place];
    AccessCheck::Request request{.principal = d->principals[pair.subject], .account = place.account};
    // What its own principal lists is what there is; the others are tried at what it found.
    if (pair.own)
        request.besides = d->containers;
    else
        request.containers = place.containers;
    d->check = std::make_unique<AccessCheck>(d->services, request);
    connect(d->check.get(), &AccessCheck::finished, this, &IsolationRun::checked);
    connect(d->check.get(), &AccessCheck::failed, this, &IsolationRun::failed);
    d->check->start();
}

void IsolationRun::checked(const Access::AccessReport &report)
{
    Isolation::Pair &pair = d->isolation.pairs[d->order[d->done]];
    Isolation::Place &place = d->isolation.places[pair.place];
    if (pair.own && report.allContainers) {
        place.containersKnown = true;
        for (const QString &name : report.containers()) {
            if (!place.containers.contains(name))
                place.containers.append(name);
        }
    }
    pair.report = report;
    Access::judge(pair, place.containersKnown || report.allContainers);
    settle();
}

void IsolationRun::failed(const Core::Error &error)
{
    Isolation::Pair &pair = d->isolation.pairs[d->order[d->done]];
    pair.why = u"No check was possible: %1"_s.arg(Core::describe(Access::withRemedy(error)));
    d->noSignIn.insert(pair.subject, pair.why);
    settle();
}

void IsolationRun::settle()
{
    emit pairChanged(d->order[d->done]);
    ++d->done;
    // The check that ended is still on the stack.
    if (d->check)
        d->check.release()->deleteLater();
    QMetaObject::invokeMethod(this, &IsolationRun::next, Qt::QueuedConnection);
}

void IsolationRun::finish()
{
    if (d->isolation.finishedAt.isValid())
        return;
    d->isolation.finishedAt = d->services.clock.now();
    QMetaObject::invokeMethod(this, [this] { emit finished(d->isolation); }, Qt::QueuedConnection);
}

} // namespace Services
