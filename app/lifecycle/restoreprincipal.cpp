#include "lifecycle/restoreprincipal.h"

#include "lifecycle/assignrole.h"

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::DirectoryPrincipal;
using Azure::NewPassword;
using Core::Error;
using Core::Result;
using Identity::AccessToken;
using Identity::ServicePrincipal;
namespace Graph = Azure::Graph;

struct RestorePrincipal::Private
{
    Parts parts;
    Retirement retirement;
    int lifetimeDays;
    RetirementRecord record;
    Identity::Cloud cloud{};
    std::unique_ptr<Azure::GraphClient> graph{};
    ServicePrincipal principal{};
    QStringList remarks{};
};

RestorePrincipal::RestorePrincipal(Parts parts, Retirement retirement, int lifetimeDays,
                                   QObject *parent)
    : QObject(parent)
    , d(new Private{parts, std::move(retirement), lifetimeDays,
                    RetirementRecord(parts.vault.folder())})
{
}

RestorePrincipal::~RestorePrincipal() = default;

void RestorePrincipal::start()
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->retirement.principal.cloud);
    if (!cloud)
        return fail(cloud.error());
    if (d->retirement.applicationId.isEmpty()) {
        return fail(
            {.kind = Error::Kind::NotFound,
             .message =
                 u"When “%1” was retired there was no application to delete, so there is none to restore."_s
                     .arg(d->retirement.principal.name),
             .nextStep = u"Register it anew."_s});
    }
    const auto taken = d->parts.vault.find(d->retirement.principal.name);
    if (taken && taken->id != d->retirement.principal.id) {
        return fail({.kind = Error::Kind::Conflict,
                     .message = u"Another principal is named “%1” by now."_s.arg(taken->name),
                     .code = u"NameTaken"_s,
                     .nextStep = u"Rename that one first."_s});
    }
    d->cloud = *cloud;
    d->graph = std::make_unique<Azure::GraphClient>(d->parts.transport, d->cloud);
    restoreApplication();
}

void RestorePrincipal::restoreApplication()
{
    emit announced({u"restoreApplication"_s,
                    u"Restoring the application of “%1”."_s.arg(d->retirement.principal.name)});
    asOperator([this](const AccessToken &token) {
        d->graph->perform(
            token, Graph::restoreDeleted(d->cloud, d->retirement.applicationId), this,
            [this, token](const Result<void> &restored) {
                if (restored)
                    return restoreServicePrincipal();
                if (restored.error().kind != Error::Kind::NotFound)
                    return fail(restored.error());
                // Restored by an earlier attempt, or gone for good.
                d->graph->application(
                    token, d->retirement.applicationId, this,
                    [this](const Result<Azure::Application> &there) {
                        if (there)
                            return restoreServicePrincipal();
                        fail(
                            {.kind = Error::Kind::NotFound,
                             .message =
                                 u"Entra ID does not keep the application any more; it was deleted on %1."_s
                                     .arg(d->retirement.at.toString(u"yyyy-MM-dd")),
                             .code = u"GoneForGood"_s,
                             .nextStep =
                                 u"Deleted applications are kept for %1 days. Register it anew."_s
                                     .arg(Retirement::restorableDays)});
                    });
            });
    });
}

// Restoring the application does not bring its service principal back (Microsoft Graph, directory:
// restore deleted items).
void RestorePrincipal::restoreServicePrincipal()
{
    emit announced({u"restoreServicePrincipal"_s, u"Restoring its service principal."_s});
    const auto found = [this](const Result<DirectoryPrincipal> &there) {
        if (!there)
            return fail(there.error());
        if (there->id != d->retirement.objectId)
            d->remarks.append(
                u"The service principal is a new one (object %1): what names the old object ID has to be changed."_s
                    .arg(there->id));
        d->retirement.objectId = there->id;
        addPassword();
    };
    asOperator([this, found](const AccessToken &token) {
        d->graph->perform(token, Graph::restoreDeleted(d->cloud, d->retirement.objectId), this,
                          [this, token, found](const Result<void> &restored) {
                              if (!restored && restored.error().kind != Error::Kind::NotFound &&
                                  restored.error().kind != Error::Kind::InvalidInput)
                                  return fail(restored.error());
                              if (restored)
                                  return addPassword();
                              d->graph->servicePrincipalOf(
                                  token, d->retirement.principal.clientId, this,
                                  [this, token, found](const Result<DirectoryPrincipal> &there) {
                                      if (there || there.error().kind != Error::Kind::NotFound)
                                          return found(there);
                                      insist<DirectoryPrincipal>(
                                          d->parts.patience, this,
                                          [this, token](auto done) {
                                              d->graph->createServicePrincipal(
                                                  token, d->retirement.principal.clientId, this,
                                                  done);
                                          },
                                          found);
                                  });
                          });
    });
}

void RestorePrincipal::addPassword()
{
    emit announced({u"addPassword"_s,
                    u"Adding a new client secret that lasts %1 days."_s.arg(d->lifetimeDays)});
    asOperator([this](const AccessToken &token) {
        const QDateTime now = d->parts.clock.now();
        const Graph::PasswordWish wish{u"restored"_s, now, now.addDays(d->lifetimeDays)};
        insist<NewPassword>(
            d->parts.patience, this,
            [this, token, wish](auto done) {
                d->graph->addPassword(token, d->retirement.applicationId, wish, this, done);
            },
            [this](const Result<NewPassword> &password) {
                password ? keep(*password) : fail(password.error());
            });
    });
}

void RestorePrincipal::keep(const NewPassword &password)
{
    ServicePrincipal principal = d->retirement.principal;
    principal.credential = ServicePrincipal::Credential::Secret;
    principal.credentialKeyId = password.credential.keyId;
    principal.credentialExpiresAt = password.credential.endsAt;
    d->parts.vault.save(
        principal, password.text, this,
        [this, keyId = password.credential.keyId](const Result<ServicePrincipal> &saved) {
            if (saved) {
                d->principal = *saved;
                return assignNext();
            }
            asOperator([this, keyId, error = saved.error()](const AccessToken &token) {
                d->graph->removePassword(token, d->retirement.applicationId, keyId, this,
                                         [this, error](const Result<void> &) { fail(error); });
            });
        });
}

void RestorePrincipal::assignNext()
{
    if (d->retirement.assignments.isEmpty()) {
        if (const Result<void> closed = d->record.take(d->retirement.principal.id); !closed)
            return fail(closed.error());
        return emit finished(d->principal, d->remarks);
    }
    Azure::NewAssignment next = d->retirement.assignments.takeFirst();
    next.principalId = d->retirement.objectId;
    auto *assign = new AssignRole(d->parts, d->cloud, next, this);
    connect(assign, &AssignRole::announced, this, &RestorePrincipal::announced);
    connect(assign, &AssignRole::finished, this, [this] { assignNext(); });
    connect(assign, &AssignRole::failed, this, [this, next](const Error &error) {
        d->remarks.append(u"Not assigned again at %1: %2"_s.arg(next.scope.id(), error.message));
        assignNext();
    });
    assign->start();
}

void RestorePrincipal::asOperator(const std::function<void(const AccessToken &)> &then)
{
    d->parts.operatorToken(d->cloud.graphScope(), this,
                           [this, then](const Result<AccessToken> &token) {
                               token ? then(*token) : fail(token.error());
                           });
}

void RestorePrincipal::fail(const Error &error)
{
    QMetaObject::invokeMethod(
        this, [this, error] { emit failed(error); }, Qt::QueuedConnection);
}

} // namespace Lifecycle
