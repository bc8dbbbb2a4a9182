#include "services/lifecycleparts.h"

#include "access/rolecatalogue.h"
#include "azure/graphclient.h"
#include "core/deliver.h"
#include "services/accesscheck.h"
#include "services/checkhistory.h"
#include "services/services.h"
#include "services/signin.h"

#include <algorithm>

namespace Services {

using namespace Qt::StringLiterals;
using Azure::RoleAssignment;
using Azure::RoleDefinition;
using Core::Error;
using Core::Result;
using Identity::AccessToken;
using Identity::ServicePrincipal;

namespace {

// What another credential of the same principal may do should be what the one before could.
QString sinceLastTime(const Result<std::optional<Access::Drift>> &drift)
{
    if (!drift)
        return u" It was not kept for comparison: "_s + drift.error().message;
    if (!*drift)
        return u" There is no earlier check to compare it with."_s;
    const QString since = (*drift)->since.toString(u"yyyy-MM-dd HH:mm"_s);
    if ((*drift)->changes.isEmpty())
        return u" Nothing changed since the check of %1."_s.arg(since);
    constexpr qsizetype most = 10;
    QStringList changes;
    for (const Access::Change &one : (*drift)->changes.mid(0, most))
        changes.append(Access::inWords(one));
    if (const qsizetype more = (*drift)->changes.size() - changes.size(); more > 0)
        changes.append(u"and %1 more"_s.arg(more));
    return u" Since the check of %1 this changed: %2."_s.arg(since, changes.join(u"; "_s));
}

QString found(const Access::AccessReport &report,
              const Result<std::optional<Access::Drift>> &drift)
{
    return u"Checked %1: %2 operations allowed, %3 denied, %4 undecided."_s
               .arg(report.account.toString())
               .arg(report.count(Access::Observation::Allowed))
               .arg(report.count(Access::Observation::Denied))
               .arg(report.count(Access::Observation::Undecided)) +
           sinceLastTime(drift);
}

// Subscription by subscription; those of a management group come with each subscription below it.
struct AssignmentSearch : std::enable_shared_from_this<AssignmentSearch>
{
    AssignmentSearch(const Lifecycle::Parts &parts_, const Identity::Cloud &cloud_)
        : parts(parts_)
        , cloud(cloud_)
        , arm(parts.transport, cloud)
    {
    }

    void start()
    {
        parts.operatorToken(
            cloud.armScope(), context,
            [self = shared_from_this()](const Result<AccessToken> &answer) {
                if (!answer)
                    return self->done(answer.error());
                self->token = *answer;
                self->arm.subscriptions(*answer, self->context, [self](const auto &subscriptions) {
                    if (!subscriptions)
                        return self->done(subscriptions.error());
                    self->left = *subscriptions;
                    self->next();
                });
            });
    }

    void next()
    {
        if (left.isEmpty())
            return done(found);
        const Azure::ArmClient::Subscription one = left.takeFirst();
        const auto scope = Azure::Scope::parse(u"/subscriptions/"_s + one.id);
        if (!scope)
            return done(scope.error());
        arm.assignmentsOf(token, *scope, objectId, context,
                          [self = shared_from_this(), one](const auto &some) {
                              if (!some && some.error().kind == Error::Kind::Forbidden)
                                  return self->searchAccounts(one);
                              if (!some)
                                  return self->done(some.error());
                              self->add(*some);
                              self->next();
                          });
    }

    // Who may not list the subscription's may be allowed to at a place inside.
    void searchAccounts(const Azure::ArmClient::Subscription &subscription)
    {
        found.unread.append(subscription.name.isEmpty() ? subscription.id : subscription.name);
        arm.storageAccounts(token, subscription.id, context,
                            [self = shared_from_this()](const auto &listed) {
                                if (listed) {
                                    for (const Azure::StorageAccount &one : *listed)
                                        self->accounts.append(one.scope);
                                }
                                self->nextAccount();
                            });
    }

    void nextAccount()
    {
        if (accounts.isEmpty())
            return next();
        arm.assignmentsOf(token, accounts.takeFirst(), objectId, context,
                          [self = shared_from_this()](const auto &some) {
                              if (!some && some.error().kind != Error::Kind::Forbidden)
                                  return self->done(some.error());
                              if (some)
                                  self->add(*some);
                              self->nextAccount();
                          });
    }

    void add(const QList<RoleAssignment> &some)
    {
        for (const RoleAssignment &one : some) {
            const auto &known = found.assignments;
            if (std::none_of(known.cbegin(), known.cend(), [&](const auto &each) {
                    return each.id.compare(one.id, Qt::CaseInsensitive) == 0;
                }))
                found.assignments.append(one);
        }
    }

    Lifecycle::Parts parts;
    Identity::Cloud cloud;
    Azure::ArmClient arm;
    QString objectId;
    QObject *context = nullptr;
    Core::Done<FoundAssignments> done;
    AccessToken token;
    QList<Azure::ArmClient::Subscription> left;
    QList<Azure::Scope> accounts;
    FoundAssignments found;
};

} // namespace

Lifecycle::Parts lifecycleParts(Services &services, const QString &cloud, const QString &tenant,
                                const std::optional<ServicePrincipal> &actor)
{
    Lifecycle::TokenSource source = [&services, cloud,
                                     tenant](const QString &scope, QObject *context,
                                             const Core::Done<AccessToken> &done) {
        services.operators.token(cloud, tenant, scope, context, done);
    };
    if (actor) {
        source = [&services, actor = *actor](const QString &scope, QObject *context,
                                             const Core::Done<AccessToken> &done) {
            signIn(services, actor, scope, context, [done](const Result<SignedIn> &session) {
                session ? done(session->token) : done(session.error());
            });
        };
    }
    return {services.transport,
            services.tokens,
            services.vault,
            services.spares,
            services.clock,
            source,
            {}};
}

Lifecycle::RotateCredential::Check rotationCheck(Services &services)
{
    return [&services](const ServicePrincipal &principal, QObject *context,
                       const Core::Done<QString> &done) {
        if (principal.accounts.isEmpty())
            return Core::deliver(
                context, done,
                u"No account of this principal is known here, so access was not checked."_s);
        auto *check = new AccessCheck(
            services, {principal, principal.accounts.constFirst(), {}, {}, {}, {}}, context);
        QObject::connect(check, &AccessCheck::finished, context,
                         [&services, check, principal, done](const Access::AccessReport &report) {
                             check->deleteLater();
                             const CheckHistory history(services.vault.folder());
                             QString setAside;
                             const QString outcome =
                                 found(report, history.keep(principal, report, &setAside));
                             done(setAside.isEmpty() ? outcome : outcome + u' ' + setAside);
                         });
        QObject::connect(check, &AccessCheck::failed, context, [check, done](const Error &error) {
            check->deleteLater();
            done(error);
        });
        check->start();
    };
}

void objectIdOf(Services &services, const Lifecycle::Parts &parts,
                const ServicePrincipal &principal, QObject *context, Core::Done<QString> done)
{
    signIn(services, principal, u"arm"_s, context, [=](const Result<SignedIn> &session) {
        if (session) {
            const auto claims = Identity::TokenClaims::decode(session->token.value);
            if (claims && !claims->objectId.isEmpty())
                return done(claims->objectId);
        }
        const Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
        if (!cloud)
            return done(cloud.error());
        parts.operatorToken(
            cloud->graphScope(), context, [=, cloud = *cloud](const Result<AccessToken> &token) {
                if (!token)
                    return done(token.error());
                auto graph = std::make_shared<Azure::GraphClient>(parts.transport, cloud);
                graph->servicePrincipalOf(
                    *token, principal.clientId, context,
                    [graph, done](const Result<Azure::DirectoryPrincipal> &one) {
                        one ? done(one->id) : done(one.error());
                    });
            });
    });
}

void findRoleAt(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
                const Azure::Scope &scope, const QString &nameOrId, QObject *context,
                Core::Done<RoleDefinition> done)
{
    if (const auto builtIn = Access::findRole(Azure::builtInRoles(), nameOrId))
        return Core::deliver(context, std::move(done), *builtIn);
    parts.operatorToken(cloud.armScope(), context, [=](const Result<AccessToken> &token) {
        if (!token)
            return done(token.error());
        auto arm = std::make_shared<Azure::ArmClient>(parts.transport, cloud);
        arm->roleDefinitions(
            *token, scope, context, [arm, nameOrId, scope, done](const auto &roles) {
                if (!roles)
                    return done(roles.error());
                if (const auto role = Access::findRole(*roles, nameOrId))
                    return done(*role);
                QStringList near;
                for (const RoleDefinition &one : Access::searchRoles(*roles, nameOrId).mid(0, 5))
                    near.append(u"“%1”"_s.arg(one.name));
                done(Error{.kind = Error::Kind::NotFound,
                           .message = u"There is no role “%1” at %2."_s.arg(nameOrId.left(100),
                                                                            scope.id()),
                           .code = u"RoleDefinitionDoesNotExist"_s,
                           .nextStep = near.isEmpty()
                                           ? u"See rolescope-cli roles list --search TEXT."_s
                                           : u"Did you mean %1?"_s.arg(near.join(u", "_s))});
            });
    });
}

void assignmentsEverywhere(const Lifecycle::Parts &parts, const Identity::Cloud &cloud,
                           const QString &objectId, QObject *context,
                           Core::Done<FoundAssignments> done)
{
    auto search = std::make_shared<AssignmentSearch>(parts, cloud);
    search->objectId = objectId;
    search->context = context;
    search->done = std::move(done);
    search->start();
}

} // namespace Services
