#include "lifecycle/registerapplication.h"

#include "azure/armclient.h"
#include "core/commandtext.h"

#include <QCryptographicHash>

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Azure::Application;
using Azure::DirectoryPrincipal;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::AccessToken;
using Identity::ServicePrincipal;
namespace Graph = Azure::Graph;

namespace {

QString deleteCommand(const QString &applicationId)
{
    return Core::Command{u"az", u"ad", u"app", u"delete"}.option(u"--id", applicationId).text();
}

} // namespace

struct RegisterApplication::Private
{
    Parts parts;
    Request request;
    Identity::Cloud cloud;
    std::unique_ptr<Azure::GraphClient> graph;
    Application application;
    DirectoryPrincipal directory;
    Secret secret;
    ServicePrincipal principal;
    bool cancelled = false;

    QString displayName() const
    {
        return request.displayName.isEmpty() ? request.name : request.displayName;
    }
};

RegisterApplication::RegisterApplication(Parts parts, Request request, QObject *parent)
    : QObject(parent)
    , d(new Private{std::move(parts), std::move(request), {}, nullptr, {}, {}, {}, {}, false})
{
}

RegisterApplication::~RegisterApplication() = default;

void RegisterApplication::start()
{
    QMetaObject::invokeMethod(this, &RegisterApplication::checkHere, Qt::QueuedConnection);
}

// A request whose answer is not waited for might have made something that nobody would know of.
void RegisterApplication::cancel()
{
    d->cancelled = true;
}

Error RegisterApplication::cancelled()
{
    return {.kind = Error::Kind::Cancelled, .message = u"The registration was cancelled."_s};
}

// Whatever can be known to fail does so before anything is made.
void RegisterApplication::checkHere()
{
    if (const auto refused = refusal(d->request))
        return emit failed(*refused, {});
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->request.cloud);
    if (!cloud)
        return emit failed(cloud.error(), {});
    const auto all = d->parts.vault.list();
    if (!all)
        return emit failed(all.error(), {});
    for (const ServicePrincipal &one : *all) {
        if (one.name.compare(d->request.name.trimmed(), Qt::CaseInsensitive) == 0) {
            return emit failed(
                Error{
                    .kind = Error::Kind::Conflict,
                    .message =
                        u"There is already a principal named “%1” here, in the environment “%2”."_s
                            .arg(one.name, one.environment.name),
                    .code = u"NameTaken"_s,
                    .nextStep =
                        u"Choose another name; one that names its environment is hard to mistake."_s},
                {});
        }
    }
    d->cloud = *cloud;
    d->graph = std::make_unique<Azure::GraphClient>(d->parts.transport, d->cloud);
    lookForNamesakes();
}

void RegisterApplication::asOperator(const std::function<void(const AccessToken &)> &then)
{
    if (d->cancelled)
        return undo(cancelled());
    d->parts.operatorToken(d->cloud.graphScope(), this,
                           [this, then](const Result<AccessToken> &token) {
                               if (!token)
                                   return undo(token.error());
                               if (d->cancelled)
                                   return undo(cancelled());
                               then(*token);
                           });
}

// az takes an application of the same name over and gives it a new secret. Here nothing that exists
// is touched.
void RegisterApplication::lookForNamesakes()
{
    announce(u"lookForNamesakes"_s,
             u"Looking whether “%1” is taken in Entra ID."_s.arg(d->displayName()));
    asOperator([this](const AccessToken &token) {
        d->graph->servicePrincipals(
            token, Graph::servicePrincipalsNamed(d->cloud, d->displayName()), this,
            [this](const auto &found) {
                if (!found)
                    return undo(found.error());
                if (!found->isEmpty())
                    return undo(
                        {.kind = Error::Kind::Conflict,
                         .message =
                             u"Entra ID has a service principal named “%1” already (client ID %2)."_s
                                 .arg(d->displayName(), found->constFirst().appId),
                         .code = u"NameTaken"_s,
                         .nextStep =
                             u"Choose another name, or add that one here and rotate its secret."_s});
                lookForApplications();
            });
    });
}

void RegisterApplication::lookForApplications()
{
    asOperator([this](const AccessToken &token) {
        d->graph->applications(
            token, Graph::applicationsNamed(d->cloud, d->displayName()), this,
            [this](const auto &found) {
                if (!found)
                    return undo(found.error());
                for (const Application &one : *found) {
                    if (one.displayName.compare(d->displayName(), Qt::CaseInsensitive) == 0)
                        return undo(
                            {.kind = Error::Kind::Conflict,
                             .message =
                                 u"Entra ID has an application named “%1” already (client ID %2)."_s
                                     .arg(one.displayName, one.appId),
                             .code = u"NameTaken"_s,
                             .nextStep =
                                 u"Choose another name; or delete that one, if a registration stopped half-way: "_s +
                                 deleteCommand(one.id)});
                }
                createApplication();
            });
    });
}

void RegisterApplication::createApplication()
{
    announce(u"createApplication"_s, u"Creating the application “%1”."_s.arg(d->displayName()));
    QJsonArray keys;
    if (const auto &certificate = d->request.certificate)
        keys.append(Graph::keyCredential(certificate->der, certificate->startsAt,
                                         certificate->endsAt, u"rbac"_s));
    asOperator([this, keys](const AccessToken &token) {
        d->graph->createApplication(
            token, d->displayName(), keys, this, [this](const Result<Application> &made) {
                if (!made)
                    return undo(made.error());
                d->application = *made;
                d->request.certificate ? createServicePrincipal() : addPassword();
            });
    });
}

void RegisterApplication::addPassword()
{
    announce(u"addPassword"_s,
             u"Adding a client secret that lasts %1 days."_s.arg(d->request.lifetimeDays));
    asOperator([this](const AccessToken &token) {
        const QDateTime now = d->parts.clock.now();
        const Graph::PasswordWish wish{u"rbac"_s, now, now.addDays(d->request.lifetimeDays)};
        insist<Azure::NewPassword>(
            d->parts.patience, this,
            [this, token, wish](auto done) {
                if (d->cancelled)
                    return done(cancelled());
                d->graph->addPassword(token, d->application.id, wish, this, done);
            },
            [this](const Result<Azure::NewPassword> &password) {
                if (!password)
                    return undo(password.error());
                d->secret = password->text;
                d->principal.credentialKeyId = password->credential.keyId;
                d->principal.credentialExpiresAt = password->credential.endsAt;
                createServicePrincipal();
            });
    });
}

void RegisterApplication::createServicePrincipal()
{
    announce(u"createServicePrincipal"_s, u"Creating its service principal."_s);
    asOperator([this](const AccessToken &token) {
        insist<DirectoryPrincipal>(
            d->parts.patience, this,
            [this, token](auto done) {
                if (d->cancelled)
                    return done(cancelled());
                d->graph->createServicePrincipal(token, d->application.appId, this, done);
            },
            [this](const Result<DirectoryPrincipal> &made) {
                if (!made)
                    return undo(made.error());
                d->directory = *made;
                keep();
            });
    });
}

void RegisterApplication::keep()
{
    if (d->cancelled)
        return undo(cancelled());
    announce(u"keep"_s, u"Keeping the credential in the keychain."_s);
    ServicePrincipal &principal = d->principal;
    principal.name = d->request.name.trimmed();
    principal.environment = d->request.environment;
    principal.cloud = d->request.cloud;
    principal.tenant = d->request.tenant;
    principal.clientId = d->application.appId.toLower();
    if (const auto &certificate = d->request.certificate) {
        principal.credential = ServicePrincipal::Credential::Certificate;
        principal.credentialExpiresAt = certificate->endsAt;
        principal.credentialThumbprint = QString::fromLatin1(
            QCryptographicHash::hash(certificate->der, QCryptographicHash::Sha1).toHex().toUpper());
        if (d->application.keys.size() == 1)
            principal.credentialKeyId = d->application.keys.constFirst().keyId;
        d->secret = certificate->pem;
    }
    d->parts.vault.save(principal, d->secret, this, [this](const Result<ServicePrincipal> &saved) {
        if (!saved)
            return undo(saved.error());
        d->principal = *saved;
        waitUntilItWorks();
    });
}

// From here on nothing is undone: all is there and kept, and works now or in a while.
void RegisterApplication::waitUntilItWorks()
{
    announce(u"waitUntilItWorks"_s, u"Waiting until Entra ID lets it sign in."_s);
    insist<AccessToken>(
        d->parts.patience, this,
        [this](auto done) {
            if (d->cancelled)
                return done(cancelled());
            d->parts.tokens.acquire(d->cloud, d->principal, d->secret, d->cloud.armScope(), this,
                                    done);
        },
        [this](const Result<AccessToken> &token) {
            emit finished({d->principal, d->application.id, d->directory.id, token.has_value()});
        },
        [](const Error &error) {
            return error.kind == Error::Kind::Unauthenticated || error.status == 429;
        });
}

void RegisterApplication::undo(const Error &error)
{
    if (d->application.id.isEmpty())
        return emit failed(error, {});
    announce(u"undo"_s, u"Removing the application again, since: %1"_s.arg(error.message));
    const QString leftover =
        u"application “%1”; to delete it: %2"_s.arg(d->displayName(), deleteCommand(d->application.id));
    d->parts.operatorToken(
        d->cloud.graphScope(), this, [this, error, leftover](const Result<AccessToken> &token) {
            if (!token)
                return emit failed(error, {leftover});
            insist<void>(
                d->parts.patience, this,
                [this, token = *token](auto done) {
                    d->graph->perform(token, Graph::deleteApplication(d->cloud, d->application.id),
                                      this, done);
                },
                [this, error, leftover](const Result<void> &removed) {
                    emit failed(error, removed ? QStringList() : QStringList{leftover});
                });
        });
}

void RegisterApplication::announce(const QString &step, const QString &text)
{
    emit announced({step, text});
}

} // namespace Lifecycle
