#include "services/operatorsignin.h"

#include "access/remedies.h"
#include "services/azsession.h"
#include "services/browsersignin.h"
#include "services/devicecodesignin.h"
#include "services/services.h"

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Identity::UserTokens;

struct OperatorSignIn::Private
{
    Services &services;
    Request request;
    Operator who{};
    Identity::Cloud cloud{};
    std::unique_ptr<AzSession> az{};
    std::unique_ptr<DeviceCodeSignIn> device{};
    std::unique_ptr<BrowserSignIn> browser{};
    bool over = false;
};

OperatorSignIn::OperatorSignIn(Services &services, Request request, QObject *parent)
    : QObject(parent)
    , d(new Private{services, std::move(request)})
{
}

OperatorSignIn::~OperatorSignIn() = default;

void OperatorSignIn::start()
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(d->request.cloud);
    if (!cloud)
        return finish(cloud.error());
    d->cloud = *cloud;
    d->who.way = d->request.way;
    d->who.cloud = cloud->isWellKnown() ? cloud->name : cloud->file;
    d->who.tenant = d->request.tenant.trimmed();
    if (d->request.way == Operator::Way::Az)
        return askAz();
    const Result<QString> setting = d->services.operators.publicClientId();
    if (!setting)
        return finish(setting.error());
    d->who.clientId = (d->request.clientId.isEmpty() ? *setting : d->request.clientId).toLower();
    if (d->who.tenant.isEmpty())
        d->who.tenant = u"organizations"_s;
    const Identity::PublicClient client{*cloud, d->who.tenant, d->who.clientId};
    if (d->request.way == Operator::Way::DeviceCode)
        return showCode(client);
    leadToBrowser(client);
}

void OperatorSignIn::cancel()
{
    finish(Error{.kind = Error::Kind::Cancelled, .message = u"The sign-in was cancelled."_s});
}

void OperatorSignIn::askAz()
{
    d->az = std::make_unique<AzSession>(
        d->services.clock,
        AzSession::Request{.scope = d->cloud.armScope(), .tenant = d->who.tenant});
    connect(d->az.get(), &AzSession::finished, this, [this](const Result<AzToken> &token) {
        if (!token)
            return finish(token.error());
        UserTokens tokens{.access = token->access, .tenantId = token->tenantId};
        if (const auto claims = Identity::TokenClaims::decode(token->access.value)) {
            tokens.objectId = claims->objectId;
            tokens.username = claims->all[u"upn"].toString(claims->all[u"unique_name"].toString(
                claims->appId.isEmpty() ? QString() : u"application "_s + claims->appId));
        }
        signedIn(tokens);
    });
    d->az->start();
}

void OperatorSignIn::showCode(const Identity::PublicClient &client)
{
    d->device = std::make_unique<DeviceCodeSignIn>(d->services.transport, d->services.clock, client,
                                                   d->cloud.armScope());
    connect(d->device.get(), &DeviceCodeSignIn::codeReady, this, &OperatorSignIn::codeReady);
    connect(d->device.get(), &DeviceCodeSignIn::finished, this, &OperatorSignIn::signedIn);
    d->device->start();
}

void OperatorSignIn::leadToBrowser(const Identity::PublicClient &client)
{
    d->browser = std::make_unique<BrowserSignIn>(d->services.transport, d->services.clock, client,
                                                 d->cloud.armScope());
    connect(d->browser.get(), &BrowserSignIn::openBrowser, this, &OperatorSignIn::openBrowser);
    connect(d->browser.get(), &BrowserSignIn::finished, this, &OperatorSignIn::signedIn);
    d->browser->start();
}

void OperatorSignIn::signedIn(const Result<UserTokens> &tokens)
{
    if (!tokens)
        return finish(Access::withRemedy(tokens.error()));
    if (d->request.way != Operator::Way::Az && tokens->refresh.isEmpty())
        return finish(Error{
            .message = u"The sign-in succeeded, but without a token that lasts (offline_access)."_s,
            .nextStep = u"Let the public client have it, or use another one (--client-id)."_s});
    d->who.tenantId = tokens->tenantId;
    d->who.objectId = tokens->objectId;
    d->who.username = tokens->username;
    d->who.signedInAt = d->services.clock.now();
    d->services.operators.keep(d->who, tokens->refresh, this,
                               [this](const Result<Operator> &kept) { finish(kept); });
}

void OperatorSignIn::finish(const Result<Operator> &who)
{
    if (std::exchange(d->over, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this, who] {
            d->az.reset();
            d->device.reset();
            d->browser.reset();
            emit finished(who);
        },
        Qt::QueuedConnection);
}

} // namespace Services
