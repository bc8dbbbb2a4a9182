#include "services/accesscheck.h"

#include "access/remedies.h"
#include "services/services.h"
#include "services/signin.h"
#include "storage/blobclient.h"

#include <QThread>

namespace Services {

using namespace Qt::StringLiterals;

namespace {

// The token says which object the roles must name, and Azure's host names say which account it is.
void fillIn(Access::Cell &cell, const QString &objectId, const QUrl &account)
{
    if (!cell.finding || cell.finding->command.isEmpty())
        return;
    if (!objectId.isEmpty())
        cell.finding->command.replace(u"<OBJECT-ID>"_s, objectId);
    if (account.host().contains(u".blob."_s))
        cell.finding->command.replace(u"<ACCOUNT>"_s, account.host().section(u'.', 0, 0));
}

} // namespace

struct AccessCheck::Private {
    Services &services;
    Request request;
    SignedIn session;
    QStringList containers;
    bool allContainers = false;
    // What is under way lives below this; deleting it cancels whatever that is.
    std::unique_ptr<QObject> work;
    Access::ProbeRun *run = nullptr;
    std::optional<Access::AccessReport> observed;
    std::optional<Core::Result<Access::AuthorizationFacts>> rights;
    std::shared_ptr<const Access::AuthorizationFacts> facts;
};

AccessCheck::AccessCheck(Services &services, Request request, QObject *parent)
    : QObject(parent), d(new Private{services, std::move(request), {}, {}, false, nullptr, nullptr, {}, {}, nullptr})
{
}

AccessCheck::~AccessCheck() = default;

void AccessCheck::start()
{
    d->work = std::make_unique<QObject>();
    signIn(d->services, d->request.principal, u"storage"_s, d->work.get(),
           [this](Core::Result<SignedIn> session) {
               if (!session) {
                   emit failed(session.error());
                   return;
               }
               d->session = std::move(*session);
               if (d->request.containers.isEmpty())
                   findContainers();
               else
                   probe(d->request.containers, true);
           });
}

void AccessCheck::cancel()
{
    if (d->run) {
        d->run->cancel();
    } else if (d->work) {
        d->work.reset();
        emit failed({.kind = Core::Error::Kind::Cancelled, .message = u"The check was cancelled."_s});
    }
}

void AccessCheck::findContainers()
{
    Storage::BlobClient client(d->services.transport, d->services.clock,
                               {d->request.account, d->session.cloud.trust});
    Storage::ListRun *run = client.listContainers(d->session.token, {}, d->work.get());
    connect(run, &Storage::ListRun::batch, this, [this](const auto &rows) {
        for (qsizetype row = 0; row < rows->size(); ++row)
            d->containers.append(rows->name(row));
    });
    connect(run, &Storage::ListRun::finished, this, [this] {
        d->allContainers = true;
        for (const QString &name : d->request.besides) {
            if (!d->containers.contains(name))
                d->containers.append(name);
        }
        probe(d->containers, true);
    });
    // Why the list is not to be had shows in the account's row, which is asked in any case.
    connect(run, &Storage::ListRun::failed, this, [this] { probe(d->request.besides, false); });
    run->start();
}

void AccessCheck::probe(const QStringList &containers, bool listed)
{
    emit planned(containers, listed);
    if (const auto claims = Identity::TokenClaims::decode(d->session.token.value); d->request.predict && claims)
        readRights(claims->objectId);
    else if (d->request.predict)
        d->rights = Core::Error{.kind = Core::Error::Kind::BadResponse, .message = u"The token cannot be read, so the principal's object ID is not known."_s};
    d->run = new Access::ProbeRun(d->services.transport, d->services.clock,
                                  {d->request.account, d->session.cloud.trust}, d->session.token,
                                  Access::ProbePlan::forContainers(containers), d->request.options, d->work.get());
    const auto claims = Identity::TokenClaims::decode(d->session.token.value);
    const QString objectId = claims ? claims->objectId : QString();
    connect(d->run, &Access::ProbeRun::cellChanged, this, [this, objectId](Access::Cell cell) {
        fillIn(cell, objectId, d->request.account);
        emit cellChanged(cell);
        emit progress(d->run->done(), d->run->total());
    });
    connect(d->run, &Access::ProbeRun::finished, this, [this, objectId](Access::AccessReport report) {
        d->run = nullptr;
        for (Access::Cell &cell : report.cells)
            fillIn(cell, objectId, d->request.account);
        report.principal = d->request.principal.name;
        report.allContainers = d->allContainers;
        d->observed = report;
        finishTogether();
    });
    d->run->start();
}

void AccessCheck::readRights(const QString &objectId)
{
    auto *reader = new RightsReader(d->services, {d->request.principal, d->request.account, objectId, *d->request.predict}, d->work.get());
    connect(reader, &RightsReader::done, this, [this](const auto &facts) {
        d->rights = facts;
        finishTogether();
    });
    reader->start();
}

// Probes and roles are read at the same time; whoever comes second ends the check.
void AccessCheck::finishTogether()
{
    if (!d->observed || (d->request.predict && d->observed->complete && !d->rights))
        return;
    const std::shared_ptr<Access::AccessReport> report = std::make_shared<Access::AccessReport>(*std::exchange(d->observed, {}));
    if (!d->rights) {
        emit finished(*report);
        return;
    }
    if (!*d->rights) {
        const Core::Error error = Access::withRemedy(d->rights->error());
        report->notes.append({u"not-predicted"_s, u"The roles could not be read: "_s + error.message, error.nextStep, {}, u"certain"_s});
        emit finished(*report);
        return;
    }
    d->facts = std::make_shared<const Access::AuthorizationFacts>(**d->rights);
    // Thousands of assignments against thousands of cells take their time; the window goes on meanwhile.
    auto *thread = QThread::create([report, facts = d->facts] { Access::addPrediction(*report, *facts); });
    connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    connect(thread, &QThread::finished, this, [this, report] { emit finished(*report); });
    thread->start();
}

std::shared_ptr<const Access::AuthorizationFacts> AccessCheck::rights() const
{
    return d->facts;
}

} // namespace Services
