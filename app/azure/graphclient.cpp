#include "azure/graphclient.h"

#include "azure/armclient.h"
#include "azure/pagedlist.h"
#include "core/jsontext.h"

#include <QJsonDocument>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

template<typename T>
Core::Done<QList<T>> onlyOne(Core::Done<T> done, const QString &what, const QString &clientId)
{
    return [done = std::move(done), what, clientId](const Result<QList<T>> &found) {
        if (!found)
            return done(found.error());
        if (found->isEmpty()) {
            return done(Error{
                .kind = Error::Kind::NotFound,
                .message = u"There is no %1 with the client ID %2 in the operator's tenant."_s.arg(
                    what, clientId),
                .code = u"ApplicationNotHere"_s,
                .nextStep = u"Sign in to the tenant in which the application is registered."_s});
        }
        done(found->constFirst());
    };
}

} // namespace

GraphClient::GraphClient(Http::Transport &transport, Identity::Cloud cloud)
    : m_transport(transport)
    , m_cloud(std::move(cloud))
{
}

void GraphClient::send(const Token &token, Http::Request request, QObject *context,
                       Core::Done<Http::Response> done)
{
    request.bearer = token.value;
    m_transport.send(std::move(request), context, std::move(done));
}

void GraphClient::list(const Token &token, Http::Request request, QObject *context,
                       Core::Done<QJsonArray> done)
{
    request.bearer = token.value;
    readList(m_transport, std::move(request), {u"Microsoft Graph"_s, u"@odata.nextLink"_s}, context,
             std::move(done));
}

template<typename T>
void GraphClient::one(const Token &token, Http::Request request,
                      Result<T> (*parse)(const QJsonObject &), QObject *context, Core::Done<T> done)
{
    send(token, std::move(request), context,
         [done = std::move(done), parse](const Result<Http::Response> &response) {
             if (!response)
                 return done(response.error());
             if (!response->isSuccess())
                 return done(armError(*response));
             done(parse(QJsonDocument::fromJson(Core::jsonText(response->body)).object()));
         });
}

void GraphClient::applications(const Token &token, const Http::Request &request, QObject *context,
                               Core::Done<QList<Application>> done)
{
    list(token, request, context, parsed<Application>(std::move(done), applicationFromJson));
}

void GraphClient::servicePrincipals(const Token &token, const Http::Request &request,
                                    QObject *context, Core::Done<QList<DirectoryPrincipal>> done)
{
    list(token, request, context,
         parsed<DirectoryPrincipal>(std::move(done), directoryPrincipalFromJson));
}

void GraphClient::federatedCredentials(const Token &token, const QString &applicationId,
                                       QObject *context,
                                       Core::Done<QList<FederatedCredential>> done)
{
    list(token, Graph::federatedCredentials(m_cloud, applicationId), context,
         parsed<FederatedCredential>(std::move(done), federatedCredentialFromJson));
}

void GraphClient::applicationOf(const Token &token, const QString &clientId, QObject *context,
                                Core::Done<Application> done)
{
    applications(token, Graph::applicationsOf(m_cloud, clientId), context,
                 onlyOne<Application>(std::move(done), u"application"_s, clientId));
}

void GraphClient::servicePrincipalOf(const Token &token, const QString &clientId, QObject *context,
                                     Core::Done<DirectoryPrincipal> done)
{
    servicePrincipals(
        token, Graph::servicePrincipalsOf(m_cloud, clientId), context,
        onlyOne<DirectoryPrincipal>(std::move(done), u"service principal"_s, clientId));
}

void GraphClient::application(const Token &token, const QString &objectId, QObject *context,
                              Core::Done<Application> done)
{
    one<Application>(token, Graph::application(m_cloud, objectId), applicationFromJson, context,
                     std::move(done));
}

void GraphClient::createApplication(const Token &token, const QString &displayName,
                                    const QJsonArray &keys, QObject *context,
                                    Core::Done<Application> done)
{
    one<Application>(token, Graph::createApplication(m_cloud, displayName, keys),
                     applicationFromJson, context, std::move(done));
}

void GraphClient::createServicePrincipal(const Token &token, const QString &clientId,
                                         QObject *context, Core::Done<DirectoryPrincipal> done)
{
    one<DirectoryPrincipal>(token, Graph::createServicePrincipal(m_cloud, clientId),
                            directoryPrincipalFromJson, context, std::move(done));
}

void GraphClient::addPassword(const Token &token, const QString &applicationId,
                              const Graph::PasswordWish &wish, QObject *context,
                              Core::Done<NewPassword> done)
{
    send(token, Graph::addPassword(m_cloud, u"applications"_s, applicationId, wish), context,
         [done = std::move(done)](Result<Http::Response> response) {
             if (!response)
                 return done(response.error());
             done(Graph::parseNewPassword(*response));
         });
}

void GraphClient::removePassword(const Token &token, const QString &applicationId,
                                 const QString &keyId, QObject *context, Core::Done<void> done)
{
    perform(token, Graph::removePassword(m_cloud, u"applications"_s, applicationId, keyId), context,
            std::move(done));
}

void GraphClient::perform(const Token &token, const Http::Request &request, QObject *context,
                          Core::Done<void> done)
{
    send(token, request, context, [done = std::move(done)](const Result<Http::Response> &response) {
        if (!response)
            return done(response.error());
        if (!response->isSuccess())
            return done(armError(*response));
        done({});
    });
}

} // namespace Azure
