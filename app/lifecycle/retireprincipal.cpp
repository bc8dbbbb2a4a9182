#include "lifecycle/retireprincipal.h"

#include "core/counted.h"
#include "lifecycle/rotationjournal.h"

#include <algorithm>

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::Application;
using Azure::DirectoryPrincipal;
using Azure::RoleAssignment;
using Core::Error;
using Core::Result;
using Identity::AccessToken;
namespace Graph = Azure::Graph;

struct RetirePrincipal::Private
{
    Parts parts;
    Plan plan; ///< what is still there
    RetirementRecord record;
    Identity::Cloud cloud{};
    std::unique_ptr<Azure::GraphClient> graph{};
    std::unique_ptr<Azure::ArmClient> arm{};
    Retirement retirement{};
};

RetirePrincipal::RetirePrincipal(Parts parts, Identity::ServicePrincipal principal, QObject *parent)
    : QObject(parent)
    , d(new Private{
          parts, {std::move(principal), {}, {}, {}, {}}, RetirementRecord(parts.vault.folder())})
{
}

RetirePrincipal::~RetirePrincipal() = default;

void RetirePrincipal::look()
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->plan.principal.cloud);
    if (!cloud)
        return fail(cloud.error());
    d->cloud = *cloud;
    d->graph = std::make_unique<Azure::GraphClient>(d->parts.transport, d->cloud);
    d->arm = std::make_unique<Azure::ArmClient>(d->parts.transport, d->cloud);
    findApplication();
}

void RetirePrincipal::findApplication()
{
    asOperator(d->cloud.graphScope(), [this](const AccessToken &token) {
        d->graph->applicationOf(
            token, d->plan.principal.clientId, this, [this](const Result<Application> &found) {
                if (!found && found.error().kind != Error::Kind::NotFound)
                    return fail(found.error());
                if (found)
                    d->plan.application = *found;
                else
                    d->plan.remarks.append(
                        u"The application is not in the operator's tenant, or is deleted already."_s);
                findServicePrincipal();
            });
    });
}

void RetirePrincipal::findServicePrincipal()
{
    asOperator(d->cloud.graphScope(), [this](const AccessToken &token) {
        d->graph->servicePrincipalOf(
            token, d->plan.principal.clientId, this,
            [this](const Result<DirectoryPrincipal> &found) {
                if (!found && found.error().kind != Error::Kind::NotFound)
                    return fail(found.error());
                if (found)
                    d->plan.directory = *found;
                else
                    d->plan.remarks.append(
                        u"There is no service principal any more, so its role assignments cannot be found."_s);
                d->plan.directory ? findSubscriptions() : emit planned(d->plan);
            });
    });
}

void RetirePrincipal::findSubscriptions()
{
    asOperator(d->cloud.armScope(), [this](const AccessToken &token) {
        d->arm->subscriptions(token, this, [this](const auto &subscriptions) {
            if (!subscriptions)
                return fail(subscriptions.error());
            QStringList ids;
            for (const Azure::ArmClient::Subscription &one : *subscriptions)
                ids.append(one.id);
            d->plan.remarks.append(
                Core::counted(ids.size(), u"Role assignments were looked for in %1 subscription, the only one that the operator sees."_s,
                              u"Role assignments were looked for in the %1 subscriptions that the operator sees."_s));
            findAssignments(ids);
        });
    });
}

void RetirePrincipal::findAssignments(QStringList subscriptions)
{
    if (subscriptions.isEmpty())
        return emit planned(d->plan);
    const QString id = subscriptions.takeFirst();
    asOperator(d->cloud.armScope(), [this, id, subscriptions](const AccessToken &token) {
        const auto scope = Azure::Scope::parse(u"/subscriptions/"_s + id);
        if (!scope)
            return fail(scope.error());
        d->arm->assignmentsOf(
            token, *scope, d->plan.directory->id, this, [this, subscriptions](const auto &found) {
                if (!found)
                    return fail(found.error());
                for (const RoleAssignment &one :
                     *found) { // those of a management group come with each subscription below it
                    const auto &known = d->plan.assignments;
                    if (std::none_of(known.cbegin(), known.cend(), [&](const auto &each) {
                            return each.id.compare(one.id, Qt::CaseInsensitive) == 0;
                        }))
                        d->plan.assignments.append(one);
                }
                findAssignments(subscriptions);
            });
    });
}

void RetirePrincipal::proceed(const QString &name)
{
    if (name.compare(d->plan.principal.name, Qt::CaseInsensitive) != 0) {
        return fail(
            {.kind = Error::Kind::InvalidInput,
             .message = u"“%1” is not the name of the principal that is to be retired."_s.arg(
                 name.left(100)),
             .code = u"NameDiffers"_s,
             .nextStep = u"Confirm with its name: “%1”."_s.arg(d->plan.principal.name)});
    }
    Retirement &retirement = d->retirement;
    retirement = {d->plan.principal, {}, {}, {}, d->parts.clock.now()};
    if (d->plan.application)
        retirement.applicationId = d->plan.application->id;
    if (d->plan.directory)
        retirement.objectId = d->plan.directory->id;
    for (const RoleAssignment &one : d->plan.assignments)
        retirement.assignments.append({one.scope, one.roleDefinitionId, one.principalId,
                                       one.principalType, one.condition, one.description});
    // A second attempt finds less than the first; what the first took away must still be
    // restorable.
    if (const auto earlier = d->record.find(d->plan.principal.name);
        earlier && earlier->principal.id == d->plan.principal.id) {
        for (const Azure::NewAssignment &one : earlier->assignments) {
            if (!retirement.assignments.contains(one))
                retirement.assignments.append(one);
        }
        if (retirement.applicationId.isEmpty())
            retirement.applicationId = earlier->applicationId;
        if (retirement.objectId.isEmpty())
            retirement.objectId = earlier->objectId;
    }
    if (const Result<void> kept = d->record.put(retirement); !kept)
        return fail(kept.error());
    removeAssignment();
}

// What is not there any more is as good as removed.
void RetirePrincipal::gone(const Result<void> &result, const std::function<void()> &then)
{
    if (!result && result.error().kind != Error::Kind::NotFound)
        return fail(result.error());
    then();
}

void RetirePrincipal::removeAssignment()
{
    if (d->plan.assignments.isEmpty())
        return removeCredential();
    const RoleAssignment next = d->plan.assignments.constFirst();
    emit announced(
        {u"removeAssignment"_s, u"Removing the role assignment at %1."_s.arg(next.scope.id())});
    asOperator(d->cloud.armScope(), [this, next](const AccessToken &token) {
        d->arm->deleteAssignment(token, next.id, this, [this](const Result<void> &removed) {
            gone(removed, [this] {
                d->plan.assignments.removeFirst();
                removeAssignment();
            });
        });
    });
}

void RetirePrincipal::removeCredential()
{
    if (!d->plan.application || d->plan.application->passwords.isEmpty())
        return removeKeys();
    const Azure::PasswordCredential next = d->plan.application->passwords.constFirst();
    emit announced({u"removeCredential"_s,
                    u"Removing the client secret “%1” (%2)."_s.arg(next.displayName, next.keyId)});
    asOperator(d->cloud.graphScope(), [this, next](const AccessToken &token) {
        d->graph->removePassword(token, d->plan.application->id, next.keyId, this,
                                 [this](const Result<void> &removed) {
                                     gone(removed, [this] {
                                         d->plan.application->passwords.removeFirst();
                                         removeCredential();
                                     });
                                 });
    });
}

void RetirePrincipal::removeKeys()
{
    if (!d->plan.application || d->plan.application->keys.isEmpty())
        return deleteServicePrincipal();
    emit announced({u"removeCertificates"_s,
                    Core::counted(d->plan.application->keys.size(), u"Removing %1 certificate."_s,
                                  u"Removing %1 certificates."_s)});
    asOperator(d->cloud.graphScope(), [this](const AccessToken &token) {
        d->graph->perform(token, Graph::setKeys(d->cloud, d->plan.application->id, {}), this,
                          [this](const Result<void> &removed) {
                              gone(removed, [this] {
                                  d->plan.application->keys.clear();
                                  deleteServicePrincipal();
                              });
                          });
    });
}

void RetirePrincipal::deleteServicePrincipal()
{
    if (!d->plan.directory)
        return deleteApplication();
    emit announced({u"deleteServicePrincipal"_s,
                    u"Deleting the service principal “%1”."_s.arg(d->plan.directory->displayName)});
    asOperator(d->cloud.graphScope(), [this](const AccessToken &token) {
        d->graph->perform(token, Graph::deleteServicePrincipal(d->cloud, d->plan.directory->id),
                          this, [this](const Result<void> &removed) {
                              gone(removed, [this] {
                                  d->plan.directory.reset();
                                  deleteApplication();
                              });
                          });
    });
}

void RetirePrincipal::deleteApplication()
{
    if (!d->plan.application)
        return forget();
    emit announced({u"deleteApplication"_s,
                    u"Deleting the application “%1”."_s.arg(d->plan.application->displayName)});
    asOperator(d->cloud.graphScope(), [this](const AccessToken &token) {
        d->graph->perform(token, Graph::deleteApplication(d->cloud, d->plan.application->id), this,
                          [this](const Result<void> &removed) {
                              gone(removed, [this] {
                                  d->plan.application.reset();
                                  forget();
                              });
                          });
    });
}

void RetirePrincipal::forget()
{
    emit announced({u"forget"_s, u"Removing “%1” from the keychain and the index."_s.arg(
                                     d->plan.principal.name)});
    d->parts.tokens.forget(d->plan.principal);
    d->parts.vault.remove(d->plan.principal.id, this, [this](const Result<void> &removed) {
        if (!removed)
            return fail(removed.error());
        (void)RotationJournal(d->parts.vault.folder()).remove(d->plan.principal.id);
        emit finished(d->retirement);
    });
}

void RetirePrincipal::asOperator(const QString &scope,
                                 const std::function<void(const AccessToken &)> &then)
{
    d->parts.operatorToken(scope, this, [this, then](const Result<AccessToken> &token) {
        token ? then(*token) : fail(token.error());
    });
}

void RetirePrincipal::fail(const Error &error)
{
    emit failed(error, d->plan.inWords());
}

} // namespace Lifecycle
