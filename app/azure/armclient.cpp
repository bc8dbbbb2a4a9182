#include "azure/armclient.h"

#include "azure/pagedlist.h"
#include "core/deliver.h"
#include "core/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Result<ArmClient::Subscription> subscriptionFromJson(const QJsonObject &object)
{
    const QString id = object[u"subscriptionId"].toString();
    if (id.isEmpty())
        return Error{.kind = Error::Kind::BadResponse, .message = u"A subscription has no “subscriptionId”."_s};
    return ArmClient::Subscription{id, object[u"displayName"].toString(), object[u"state"].toString()};
}

} // namespace

ArmClient::ArmClient(Http::Transport &transport, Identity::Cloud cloud) : m_transport(transport), m_cloud(std::move(cloud)) {}

void ArmClient::list(const Identity::AccessToken &token, const QString &path, const QString &apiVersion, const QString &filter,
                     QObject *context, Core::Done<QJsonArray> done)
{
    Http::Request request;
    request.headers = {{"Accept", "application/json"}};
    request.bearer = token.value;
    request.trust = m_cloud.trust;
    QUrl url = m_cloud.resourceManager;
    url.setPath(path);
    QString query;
    if (!filter.isEmpty())
        query = u"$filter="_s + QString::fromLatin1(QUrl::toPercentEncoding(filter, "()'")) + u'&';
    url.setQuery(query + u"api-version="_s + apiVersion, QUrl::StrictMode);
    request.url = url;
    readList(m_transport, std::move(request), {u"Resource Manager"_s, u"nextLink"_s}, context, std::move(done));
}

void ArmClient::subscriptions(const Identity::AccessToken &token, QObject *context, Core::Done<QList<Subscription>> done)
{
    list(token, u"/subscriptions"_s, u"2020-01-01"_s, {}, context, parsed<Subscription>(std::move(done), subscriptionFromJson));
}

void ArmClient::storageAccounts(const Identity::AccessToken &token, const QString &subscriptionId, QObject *context,
                                Core::Done<QList<StorageAccount>> done)
{
    list(token, u"/subscriptions/"_s + subscriptionId + u"/providers/Microsoft.Storage/storageAccounts"_s, u"2023-05-01"_s, {},
         context, parsed<StorageAccount>(std::move(done), storageAccountFromJson));
}

void ArmClient::roleAssignments(const Identity::AccessToken &token, const Scope &scope, const QString &principalId,
                                QObject *context, Core::Done<QList<RoleAssignment>> done)
{
    const QString filter = principalId.isEmpty() ? QString() : u"assignedTo('%1')"_s.arg(principalId);
    const QString at = scope.id() == u"/" ? QString() : scope.id();
    list(token, at + u"/providers/Microsoft.Authorization/roleAssignments"_s, u"2022-04-01"_s, filter, context,
         parsed<RoleAssignment>(std::move(done), roleAssignmentFromJson));
}

void ArmClient::assignmentsOf(const Identity::AccessToken &token, const Scope &scope, const QString &principalId, QObject *context,
                              Core::Done<QList<RoleAssignment>> done)
{
    const QString at = scope.id() == u"/" ? QString() : scope.id();
    list(token, at + u"/providers/Microsoft.Authorization/roleAssignments"_s, u"2022-04-01"_s, u"principalId eq '%1'"_s.arg(principalId),
         context, parsed<RoleAssignment>(std::move(done), roleAssignmentFromJson));
}

void ArmClient::createAssignment(const Identity::AccessToken &token, const NewAssignment &wanted, QObject *context,
                                 Core::Done<RoleAssignment> done)
{
    Http::Request request = createAssignmentRequest(m_cloud, wanted);
    request.bearer = token.value;
    m_transport.send(std::move(request), context, [done = std::move(done)](const Result<Http::Response> &response) {
        if (!response)
            return done(response.error());
        if (!response->isSuccess())
            return done(armError(*response));
        done(roleAssignmentFromJson(QJsonDocument::fromJson(Core::jsonText(response->body)).object()));
    });
}

void ArmClient::deleteAssignment(const Identity::AccessToken &token, const QString &id, QObject *context, Core::Done<void> done)
{
    Result<Http::Request> request = deleteAssignmentRequest(m_cloud, id);
    if (!request)
        return Core::deliver(context, std::move(done), request.error());
    request->bearer = token.value;
    m_transport.send(*std::move(request), context, [done = std::move(done)](const Result<Http::Response> &response) {
        if (!response)
            return done(response.error());
        if (!response->isSuccess()) // 204 where there was none
            return done(armError(*response));
        done({});
    });
}

void ArmClient::roleDefinitions(const Identity::AccessToken &token, const Scope &scope, QObject *context,
                                Core::Done<QList<RoleDefinition>> done)
{
    const QString at = scope.id() == u"/" ? QString() : scope.id();
    list(token, at + u"/providers/Microsoft.Authorization/roleDefinitions"_s, u"2022-04-01"_s, {}, context,
         parsed<RoleDefinition>(std::move(done), roleDefinitionFromJson));
}

void ArmClient::denyAssignments(const Identity::AccessToken &token, const Scope &scope, QObject *context,
                                Core::Done<QList<DenyAssignment>> done)
{
    list(token, scope.id() + u"/providers/Microsoft.Authorization/denyAssignments"_s, u"2022-04-01"_s, {}, context,
         parsed<DenyAssignment>(std::move(done), denyAssignmentFromJson));
}

void ArmClient::permissions(const Identity::AccessToken &token, const Scope &scope, QObject *context,
                            Core::Done<QList<Permission>> done)
{
    list(token, scope.id() + u"/providers/Microsoft.Authorization/permissions"_s, u"2022-04-01"_s, {}, context,
         [done = std::move(done)](const Result<QJsonArray> &items) {
             if (!items)
                 return done(items.error());
             done(permissionsFromJson(*items));
         });
}

void ArmClient::resources(const Identity::AccessToken &token, const QString &subscriptionId, const QString &type, QObject *context,
                          Core::Done<QStringList> done)
{
    list(token, u"/subscriptions/"_s + subscriptionId + u"/resources"_s, u"2021-04-01"_s, u"resourceType eq '%1'"_s.arg(type), context,
         [done = std::move(done)](const Result<QJsonArray> &items) {
             if (!items)
                 return done(items.error());
             QStringList ids;
             for (const QJsonValue &item : *items)
                 ids.append(item[u"id"].toString());
             done(ids);
         });
}

} // namespace Azure
