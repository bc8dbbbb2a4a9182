#pragma once

#include "sandbox/authorizer.h"
#include "sandbox/directory.h"
#include "sandbox/entraendpoint.h"
#include "sandbox/scenario.h"
#include "sandbox/tokenissuer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

namespace Test {

inline const QString tenantId = QStringLiteral("aaaabbbb-0000-cccc-1111-dddd2222eeee");
inline const QString otherTenantId = QStringLiteral("bbbbcccc-0000-cccc-1111-dddd2222eeee");
inline const QString subscriptionId = QStringLiteral("11112222-0000-cccc-1111-dddd2222eeee");
inline const QString writerClient = QStringLiteral("00001111-aaaa-2222-bbbb-3333cccc4444");
inline const QString writerObject = QStringLiteral("10001111-aaaa-2222-bbbb-3333cccc4444");

/// Two accounts (one behind a firewall) and principals of which each shows one thing.
inline QByteArray smallScenario()
{
    return R"({
      "tenants": [{"id": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "name": "Contoso", "domains": ["contoso.example"]},
                  {"id": "bbbbcccc-0000-cccc-1111-dddd2222eeee", "name": "Fabrikam", "domains": ["fabrikam.example"]}],
      "subscriptions": [{"id": "11112222-0000-cccc-1111-dddd2222eeee", "name": "One",
                         "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee"}],
      "resourceGroups": [{"name": "rg", "subscription": "11112222-0000-cccc-1111-dddd2222eeee"}],
      "accounts": [
        {"name": "openaccount", "resourceGroup": "rg", "containers": [{"name": "one"}, {"name": "two"}]},
        {"name": "walledaccount", "resourceGroup": "rg", "firewall": true, "containers": [{"name": "one"}]}],
      "principals": [
        {"name": "writer", "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "clientId": "00001111-aaaa-2222-bbbb-3333cccc4444",
         "objectId": "10001111-aaaa-2222-bbbb-3333cccc4444",
         "secrets": [{"id": "20001111-aaaa-2222-bbbb-3333cccc4444", "value": "right"},
                     {"id": "20001111-aaaa-2222-bbbb-3333cccc4445", "value": "old", "expired": true}]},
        {"name": "owner", "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "clientId": "00001111-aaaa-2222-bbbb-3333cccc4445",
         "objectId": "10001111-aaaa-2222-bbbb-3333cccc4445", "secrets": [{"id": "20001111-aaaa-2222-bbbb-3333cccc4446"}],
         "directoryRoles": ["Application Administrator"]},
        {"name": "blocked", "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "clientId": "00001111-aaaa-2222-bbbb-3333cccc4446",
         "objectId": "10001111-aaaa-2222-bbbb-3333cccc4446", "blockedAccounts": ["openaccount"],
         "secrets": [{"id": "20001111-aaaa-2222-bbbb-3333cccc4447"}]},
        {"name": "narrow", "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "clientId": "00001111-aaaa-2222-bbbb-3333cccc4447",
         "objectId": "10001111-aaaa-2222-bbbb-3333cccc4447", "graphPermissions": ["Application.ReadWrite.OwnedBy"],
         "secrets": [{"id": "20001111-aaaa-2222-bbbb-3333cccc4448"}]},
        {"name": "stranger", "tenant": "bbbbcccc-0000-cccc-1111-dddd2222eeee", "clientId": "00001111-aaaa-2222-bbbb-3333cccc4448",
         "objectId": "10001111-aaaa-2222-bbbb-3333cccc4448", "secrets": [{"id": "20001111-aaaa-2222-bbbb-3333cccc4449"}]}],
      "users": [
        {"name": "Ada Operator", "userPrincipalName": "ada@contoso.example", "password": "lovelace",
         "tenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "objectId": "50001111-aaaa-2222-bbbb-3333cccc4444"}],
      "roleAssignments": [
        {"id": "30001111-aaaa-2222-bbbb-3333cccc4444", "principal": "writer", "role": "Storage Blob Data Contributor",
         "scope": "account:openaccount"},
        {"id": "30001111-aaaa-2222-bbbb-3333cccc4445", "principal": "owner", "role": "Owner", "scope": "resourceGroup:rg"},
        {"id": "30001111-aaaa-2222-bbbb-3333cccc4446", "principal": "blocked", "role": "Storage Blob Data Reader",
         "scope": "account:openaccount"},
        {"id": "30001111-aaaa-2222-bbbb-3333cccc4447", "principal": "narrow", "role": "Storage Blob Data Reader",
         "scope": "container:openaccount/one"}]})";
}

/// Making a key takes its time, so all worlds of a test share one.
inline const Sandbox::TokenIssuer &sharedIssuer()
{
    static const Sandbox::TokenIssuer issuer;
    return issuer;
}

/// The small scenario with its issuer and endpoints, and tokens for whoever is asked.
struct SmallWorld
{
    Sandbox::Scenario scenario = Sandbox::Scenario::parse(smallScenario()).value();
    Sandbox::TokenIssuer issuer = sharedIssuer();
    Sandbox::Endpoints endpoints{QStringLiteral("https://login.microsoftonline.com"),
                                 QStringLiteral("https://management.azure.com"),
                                 QStringLiteral("https://graph.microsoft.com"),
                                 {{QStringLiteral("openaccount"),
                                   QStringLiteral("https://openaccount.blob.core.windows.net")},
                                  {QStringLiteral("walledaccount"),
                                   QStringLiteral("https://walledaccount.blob.core.windows.net")}}};
    QDateTime now{QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC};
    Sandbox::RoleRegister roles{scenario, now};
    Sandbox::Authorizer authorizer{scenario, roles};
    Sandbox::Directory directory{scenario, now};

    QByteArray tokenRequest(const QString &client, const QString &secret,
                            const QString &scope) const
    {
        QUrlQuery fields;
        fields.addQueryItem(QStringLiteral("grant_type"), QStringLiteral("client_credentials"));
        fields.addQueryItem(QStringLiteral("client_id"), client);
        fields.addQueryItem(QStringLiteral("client_secret"), secret);
        fields.addQueryItem(QStringLiteral("scope"), scope);
        return fields.toString(QUrl::FullyEncoded).toLatin1();
    }

    /// A token of the principal called \a name, got from the token endpoint \a secondsAgo.
    QByteArray token(const QString &name,
                     const QString &scope = QStringLiteral("https://storage.azure.com/.default"),
                     qint64 secondsAgo = 0) const
    {
        Sandbox::EntraEndpoint entra(scenario, directory, issuer, endpoints);
        for (const Sandbox::Principal &principal : scenario.principals) {
            if (principal.name != name)
                continue;
            const Sandbox::Incoming request{
                "POST",
                '/' + principal.tenant.toLatin1() + "/oauth2/v2.0/token",
                {},
                tokenRequest(principal.clientId, principal.secrets.first().value, scope)};
            const auto answer = entra.answer(request, now.addSecs(-secondsAgo));
            return QJsonDocument::fromJson(answer.body)
                .object()
                .value(QStringLiteral("access_token"))
                .toString()
                .toLatin1();
        }
        return {};
    }
};

} // namespace Test
