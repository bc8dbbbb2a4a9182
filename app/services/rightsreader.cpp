#include "services/rightsreader.h"

#include "core/atomicfile.h"
#include "services/azsession.h"
#include "services/services.h"
#include "services/signin.h"

#include <algorithm>

namespace Services {

using namespace Qt::StringLiterals;
using Access::AuthorizationFacts;
using Core::Error;
using Core::Result;
using Identity::AccessToken;

namespace {

QString hostOf(const QUrl &url)
{
    return url.port() > 0 ? url.host() + u':' + QString::number(url.port()) : url.host();
}

QString accountNameOf(const QUrl &url)
{
    return url.path().size() > 1 ? url.path().section(u'/', 1, 1) : url.host().section(u'.', 0, 0);
}

bool seesDatabricks(const QList<Azure::Permission> &permissions)
{
    const QString action = u"Microsoft.Databricks/workspaces/read"_s;
    const auto any = [&](const QStringList &patterns) {
        return std::any_of(patterns.cbegin(), patterns.cend(), [&](const QString &one) { return Access::matchesAction(one, action); });
    };
    return std::any_of(permissions.cbegin(), permissions.cend(),
                       [&](const Azure::Permission &one) { return any(one.actions) && !any(one.notActions); });
}

} // namespace

struct RightsReader::Private {
    Services &services;
    Request request;
    Identity::Cloud cloud;
    std::unique_ptr<Azure::ArmClient> arm;
    AccessToken token;
    QStringList subscriptions; ///< not searched yet
    AuthorizationFacts facts;
    std::unique_ptr<AzSession> az;
    bool over = false;
};

RightsSource RightsSource::named(const QString &text)
{
    if (text == u"self")
        return {Eyes::Principal, {}};
    if (text == u"az")
        return {Eyes::Az, {}};
    return {Eyes::File, text};
}

RightsReader::RightsReader(Services &services, Request request, QObject *parent)
    : QObject(parent), d(new Private{services, std::move(request), {}, nullptr, {}, {}, {}, nullptr})
{
}

RightsReader::~RightsReader() = default;

void RightsReader::start()
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->request.principal.cloud);
    if (!cloud)
        return finish(cloud.error());
    d->cloud = *cloud;
    d->arm = std::make_unique<Azure::ArmClient>(d->services.transport, d->cloud);
    switch (d->request.source.eyes) {
    case RightsSource::Eyes::File: return readFile();
    case RightsSource::Eyes::Az: return askAz();
    case RightsSource::Eyes::Principal: break;
    }
    d->facts.by = u"the principal itself"_s;
    signIn(d->services, d->request.principal, u"arm"_s, this, [this](const Result<SignedIn> &session) {
        if (!session)
            return finish(session.error());
        withToken(session->token);
    });
}

void RightsReader::readFile()
{
    const QString file = d->request.source.file;
    const Result<QByteArray> bytes = Core::readFile(file, 64 << 20);
    Result<AuthorizationFacts> facts = bytes ? rightsFromFile(*bytes, accountNameOf(d->request.account)) : Result<AuthorizationFacts>(bytes.error());
    if (!facts) {
        Error error = facts.error();
        error.message.prepend(file + u": "_s);
        return finish(error);
    }
    facts->by = u"the file "_s + file;
    facts->principalIds = {d->request.objectId};
    facts->applicationId = d->request.principal.clientId;
    d->facts = *facts;
    signInToAsk();
}

// az keeps the operator's session; it is asked for a short-lived token only.
void RightsReader::askAz()
{
    d->facts.by = u"the operator who is signed in to az"_s;
    d->az = std::make_unique<AzSession>(d->services.clock, AzSession::Request{.scope = d->cloud.armScope()});
    connect(d->az.get(), &AzSession::finished, this, [this](const Result<AzToken> &token) {
        if (!token)
            return finish(token.error());
        withToken(token->access);
    });
    d->az->start();
}

void RightsReader::withToken(const AccessToken &token)
{
    d->token = token;
    d->facts.principalIds = {d->request.objectId};
    d->facts.applicationId = d->request.principal.clientId;
    d->arm->subscriptions(token, this, [this](const auto &subscriptions) {
        if (!subscriptions)
            return finish(subscriptions.error());
        for (const Azure::ArmClient::Subscription &one : *subscriptions)
            d->subscriptions.append(one.id);
        searchSubscription();
    });
}

void RightsReader::searchSubscription()
{
    if (d->subscriptions.isEmpty()) {
        return finish(Error{.kind = Error::Kind::NotFound,
                            .message = u"%1 sees no storage account whose blob endpoint is %2, so its roles cannot be read that way."_s.arg(
                                d->facts.by, hostOf(d->request.account)),
                            .nextStep = u"Read the roles as somebody who may: --predict az, or a file with the assignments."_s});
    }
    d->arm->storageAccounts(d->token, d->subscriptions.takeFirst(), this, [this](const auto &accounts) {
        const QString host = hostOf(d->request.account);
        if (accounts) {
            for (const Azure::StorageAccount &one : *accounts) {
                const bool same = hostOf(one.blobEndpoint).compare(host, Qt::CaseInsensitive) == 0 && one.blobEndpoint.path() == d->request.account.path();
                if (same || one.name == accountNameOf(d->request.account))
                    return found(one);
            }
        }
        searchSubscription();
    });
}

void RightsReader::found(const Azure::StorageAccount &account)
{
    d->facts.account = account.scope;
    // Resource Manager leaves out what was never enabled: 113 of 128 recorded accounts have no isHnsEnabled.
    d->facts.hierarchicalNamespace = account.hierarchicalNamespace.value_or(false);
    d->facts.sharedKeyAllowed = account.sharedKeyAllowed;
    d->facts.publicAccessAllowed = account.publicAccessAllowed;
    d->facts.networkRestricted = account.networkRestricted;
    if (account.networkRestricted) {
        d->facts.notes.append({u"network-rules"_s, u"The account lets in listed networks and private endpoints only."_s,
                               u"Where everything is refused, look there before the roles."_s, {}, u"certain"_s});
    }
    readAssignments();
}

void RightsReader::readAssignments()
{
    d->arm->roleAssignments(d->token, d->facts.account, d->request.objectId, this, [this](const auto &assignments) {
        if (!assignments)
            return finish(assignments.error());
        d->facts.assignments = *assignments;
        // assignedTo() answers with the assignments of the principal's groups too; whose groups there are else, nobody said.
        for (const Azure::RoleAssignment &one : *assignments) {
            if (!d->facts.principalIds.contains(one.principalId, Qt::CaseInsensitive))
                d->facts.principalIds.append(one.principalId);
            if (one.scope.level() == Azure::Scope::Level::ManagementGroup && !d->facts.managementGroups.contains(one.scope.id()))
                d->facts.managementGroups.append(one.scope.id());
        }
        d->facts.managementGroupsKnown = true;
        readMisassigned();
    });
}

// A role for the client ID reaches nobody, and is the commonest slip: `az … --assignee-object-id` takes any GUID.
void RightsReader::readMisassigned()
{
    d->arm->assignmentsOf(d->token, d->facts.account, d->facts.applicationId, this, [this](const auto &assignments) {
        if (assignments)
            d->facts.assignments += *assignments;
        readDefinitions();
    });
}

void RightsReader::readDefinitions()
{
    d->arm->roleDefinitions(d->token, d->facts.account, this, [this](const auto &definitions) {
        d->facts.definitions = Azure::builtInRoles();
        if (definitions)
            d->facts.definitions += *definitions;
        else
            note(u"definitions-unread"_s, u"Custom roles could not be read"_s, definitions.error());
        readDenies();
    });
}

void RightsReader::readDenies()
{
    d->arm->denyAssignments(d->token, d->facts.account, this, [this](const auto &denies) {
        if (denies)
            d->facts.denies = *denies;
        else
            note(u"denies-unread"_s, u"Deny assignments could not be read"_s, denies.error());
        readDatabricks();
    });
}

// An empty list means that there is none only to somebody who would see one.
void RightsReader::readDatabricks()
{
    const QString subscription = d->facts.account.subscriptionId();
    d->arm->resources(d->token, subscription, u"Microsoft.Databricks/workspaces"_s, this, [this, subscription](const auto &found) {
        if (!found || !found->isEmpty()) {
            if (found)
                d->facts.subscriptionContainsDatabricks = true;
            return askOrSignIn();
        }
        const auto scope = Azure::Scope::parse(u"/subscriptions/"_s + subscription);
        if (!scope)
            return finish(scope.error());
        d->arm->permissions(d->token, *scope, this, [this](const auto &permissions) {
            if (permissions && seesDatabricks(*permissions))
                d->facts.subscriptionContainsDatabricks = false;
            askOrSignIn();
        });
    });
}

void RightsReader::askOrSignIn()
{
    if (d->request.source.eyes == RightsSource::Eyes::Principal)
        ask(d->token);
    else
        signInToAsk();
}

// Resource Manager lists the permissions of the caller only, so the principal itself has to ask.
void RightsReader::signInToAsk()
{
    signIn(d->services, d->request.principal, u"arm"_s, this, [this](const Result<SignedIn> &session) {
        if (session)
            ask(session->token);
        else
            finish(d->facts);
    });
}

void RightsReader::ask(const AccessToken &token)
{
    d->arm->permissions(token, d->facts.account, this, [this](const auto &permissions) {
        d->facts.askedAnswered = permissions.has_value();
        if (permissions)
            d->facts.asked = *permissions;
        finish(d->facts);
    });
}

void RightsReader::note(const QString &id, const QString &what, const Error &error)
{
    d->facts.notes.append({id, u"%1 by %2: %3"_s.arg(what, d->facts.by, error.message), u"Read as somebody who may."_s, {}, u"certain"_s});
}

void RightsReader::finish(const Result<AuthorizationFacts> &facts)
{
    if (std::exchange(d->over, true))
        return;
    QMetaObject::invokeMethod(this, [this, facts] { emit done(facts); }, Qt::QueuedConnection);
}

} // namespace Services
