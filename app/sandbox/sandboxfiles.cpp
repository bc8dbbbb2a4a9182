#include "access/roleevaluator.h"
#include "core/atomicfile.h"
#include "sandbox/clientassertion.h"
#include "sandbox/sandbox.h"
#include "sandbox/savedstate.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonArray>

// What the sandbox keeps, and tells of itself: the files in its folder, and the one line on
// standard output.
using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QString s_federatedSubject = u"system:serviceaccount:default:workload"_s;

} // namespace

/// What is registered and assigned outlives the run, as long as the same scenario is played.
Sandbox::Step Sandbox::keepState()
{
    if (m_folder->isTemporary())
        return {};
    const QString name =
        u"registered-%1.json"_s.arg(QString::fromLatin1(scenarioDigest().left(16)));
    const QString path = m_folder->path(name);
    const auto bytes = Core::readFile(path, 64 << 20);
    if (!bytes && bytes.error().kind != Core::Error::Kind::NotFound)
        return bytes.error();
    if (bytes) {
        if (auto restored = restoreState(*bytes, path, *m_directory, *m_roles); !restored)
            return restored;
    }
    const auto save = [this, name] {
        std::ignore = m_folder->write(name, savedState(*m_directory, *m_roles));
    };
    m_directory->onChange(save);
    m_roles->onChange(save);
    return {};
}

QByteArray Sandbox::scenarioDigest() const
{
    return QCryptographicHash::hash(m_options.scenario, QCryptographicHash::Sha256).toHex();
}

Sandbox::Step Sandbox::writeFiles() const
{
    const QString suffix = m_options.azureNames ? u"core.windows.net"_s : u"localhost"_s;
    if (auto written = m_folder->write(u"cloud.json"_s, cloudFile(m_endpoints, suffix)); !written)
        return written;
    if (auto written = m_folder->write(u"scenario.json"_s, m_options.scenario); !written)
        return written;
    const QString subscription =
        m_scenario.subscriptions.isEmpty() ? QString() : m_scenario.subscriptions.first().id;
    for (const Principal &principal : m_scenario.principals) {
        const auto files =
            credentialFiles(principal, subscription, m_endpoints,
                            m_options.azureNames ? QString() : m_endpoints.authority);
        for (auto it = files.begin(); it != files.end(); ++it) {
            if (auto written = m_folder->write(u"principals/"_s + principal.name + u'/' + it.key(),
                                               it.value());
                !written)
                return written;
        }
    }
    if (auto written = m_folder->write(u"federated-token"_s, federatedToken()); !written)
        return written;
    for (const User &user : m_scenario.users) {
        if (auto written = m_folder->write(u"users/%1.json"_s.arg(user.name), userFile(user));
            !written)
            return written;
    }
    return {};
}

QByteArray Sandbox::federatedToken() const
{
    const qint64 second = QDateTime::currentSecsSinceEpoch();
    return m_issuer.sign({{u"iss"_s, sandboxIssuer()},
                          {u"sub"_s, s_federatedSubject},
                          {u"aud"_s, u"api://AzureADTokenExchange"_s},
                          {u"iat"_s, second},
                          {u"nbf"_s, second},
                          {u"exp"_s, second + 86400},
                          {u"jti"_s, newId()}});
}

QStringList Sandbox::accountsInWhichAllIsAllowed(const Principal &principal) const
{
    const QString containers = u"Microsoft.Storage/storageAccounts/blobServices/containers/"_s;
    QList<Access::RequiredPermission> all;
    for (const QString &action : {u"read"_s, u"write"_s, u"delete"_s})
        all.append({containers + action, false});
    for (const QString &action :
         {u"read"_s, u"write"_s, u"delete"_s, u"add/action"_s, u"tags/read"_s, u"tags/write"_s,
          u"filter/action"_s, u"deleteBlobVersion/action"_s})
        all.append({containers + u"blobs/"_s + action, true});
    QStringList names;
    for (const Account &account : m_scenario.accounts) {
        const bool reachable = !account.firewall &&
                               !principal.blockedAccounts.contains(account.name) &&
                               !principal.handOutSecretId && !principal.secrets.first().expired;
        if (reachable && m_authorizer->allowsAll(principal.objectId, account, all))
            names.append(account.name);
    }
    return names;
}

QJsonArray Sandbox::accountLines() const
{
    QJsonArray accounts;
    for (const Account &account : m_scenario.accounts)
        accounts.append(QJsonObject{{u"name"_s, account.name},
                                    {u"url"_s, m_endpoints.accounts.value(account.name)},
                                    {u"environment"_s, account.environment},
                                    {u"firewall"_s, account.firewall},
                                    {u"resourceId"_s, account.scope().id()}});
    return accounts;
}

// When the secret ends that the principal's files hold; a rotation may have taken it away since.
QJsonValue Sandbox::secretEnd(const Principal &principal) const
{
    for (const DirectoryObject &object : m_directory->objects()) {
        for (const PasswordCredential &password : object.passwords) {
            if (password.keyId == principal.secrets.first().id)
                return password.end.toUTC().toString(Qt::ISODate);
        }
    }
    return {};
}

QJsonArray Sandbox::principalLines() const
{
    QJsonArray principals;
    for (const Principal &principal : m_scenario.principals)
        principals.append(QJsonObject{
            {u"name"_s, principal.name},
            {u"environment"_s, principal.environment},
            {u"tenant"_s, principal.tenant},
            {u"clientId"_s, principal.clientId},
            {u"objectId"_s, principal.objectId},
            {u"file"_s, m_folder->path(u"principals/%1/rbac.json"_s.arg(principal.name))},
            {u"note"_s, principal.note},
            {u"credentialExpiresAt"_s, secretEnd(principal)},
            {u"signsIn"_s, !principal.handOutSecretId && !principal.secrets.first().expired},
            {u"mayDoEverythingIn"_s,
             QJsonArray::fromStringList(accountsInWhichAllIsAllowed(principal))}});
    return principals;
}

QJsonArray Sandbox::userLines() const
{
    QJsonArray users;
    for (const User &user : m_scenario.users)
        users.append(QJsonObject{{u"name"_s, user.name},
                                 {u"userPrincipalName"_s, user.userPrincipalName},
                                 {u"tenant"_s, user.tenant},
                                 {u"objectId"_s, user.objectId},
                                 {u"file"_s, m_folder->path(u"users/%1.json"_s.arg(user.name))}});
    return users;
}

QJsonArray Sandbox::hostLines()
{
    QJsonArray hosts;
    if (!m_options.azureNames)
        return hosts;
    int index = firstAzureAddress;
    for (const Site &site : sites()) {
        const QString address = u"127.0.0.%1"_s.arg(index++);
        for (const QString &host : site.hosts)
            hosts.append(QJsonObject{{u"address"_s, address}, {u"name"_s, host}});
    }
    return hosts;
}

QJsonObject Sandbox::readyLine()
{
    return {{u"ready"_s, true},
            {u"pid"_s, QCoreApplication::applicationPid()},
            {u"cloud"_s, m_folder->path(u"cloud.json"_s)},
            {u"ca"_s, m_folder->path(u"ca.pem"_s)},
            {u"stateDir"_s, m_folder->path()},
            {u"authorityHost"_s, m_endpoints.authority},
            {u"resourceManager"_s, m_endpoints.resourceManager},
            {u"graph"_s, m_endpoints.graph},
            {u"accounts"_s, accountLines()},
            {u"principals"_s, principalLines()},
            {u"users"_s, userLines()},
            {u"federatedToken"_s, QJsonObject{{u"file"_s, m_folder->path(u"federated-token"_s)},
                                              {u"issuer"_s, sandboxIssuer()},
                                              {u"subject"_s, s_federatedSubject}}},
            {u"hosts"_s, hostLines()}};
}

} // namespace Sandbox
