#include "sandbox/statefolder.h"

#include "core/atomicfile.h"
#include "core/storedjson.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr QFileDevice::Permissions s_ownerOnly =
    QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;

Core::Error folderError(const QString &path)
{
    return {.kind = Core::Error::Kind::File,
            .message =
                u"The folder %1 cannot be made, or not be kept for its owner alone."_s.arg(path),
            .nextStep = u"Choose another folder by --state, or leave it out."_s};
}

Core::Result<void> makeFolder(const QString &path)
{
    if (!QDir().mkpath(path) || !QFile::setPermissions(path, s_ownerOnly))
        return folderError(path);
    return {};
}

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson();
}

} // namespace

Core::Result<StateFolder> StateFolder::open(const QString &path)
{
    StateFolder folder;
    if (path.isEmpty()) {
        folder.m_temporary =
            std::make_shared<QTemporaryDir>(QDir::tempPath() + u"/rolescope-sandbox-XXXXXX"_s);
        folder.m_path = folder.m_temporary->path();
        if (!folder.m_temporary->isValid())
            return folderError(folder.m_path);
        return folder;
    }
    folder.m_path = QFileInfo(path).absoluteFilePath();
    if (const auto made = makeFolder(folder.m_path); !made)
        return made.error();
    return folder;
}

QString StateFolder::path(const QString &name) const
{
    return name.isEmpty() ? m_path : m_path + u'/' + name;
}

Core::Result<void> StateFolder::write(const QString &name, const QByteArray &bytes) const
{
    for (qsizetype slash = name.indexOf(u'/'); slash > 0; slash = name.indexOf(u'/', slash + 1)) {
        if (auto made = makeFolder(path(name.first(slash))); !made)
            return made;
    }
    return Core::writeFileAtomically(path(name), bytes);
}

Core::Result<QMap<QString, quint16>> StateFolder::ports() const
{
    constexpr int highest = 65535;
    QMap<QString, quint16> ports;
    const QString file = path(u"ports.json"_s);
    const auto bytes = Core::readFile(file, 1 << 20);
    if (!bytes && bytes.error().kind == Core::Error::Kind::NotFound)
        return ports;
    if (!bytes)
        return bytes.error();
    Core::StoredJson stored = Core::StoredJson::parse(*bytes);
    const QStringList services = stored.all().keys();
    for (const QString &service : services)
        ports.insert(service, quint16(stored.number(service, 0, highest, 0)));
    if (!stored.isGood())
        return Core::Error{.kind = Core::Error::Kind::InvalidInput,
                           .message = u"The list of ports “%1” %2; it was left as it is."_s.arg(
                               file, stored.problem()),
                           .code = u"StateUnreadable"_s,
                           .nextStep = u"Correct it, or remove it to use any free ports."_s};
    return ports;
}

Core::Result<void> StateFolder::rememberPorts(const QMap<QString, quint16> &ports) const
{
    QJsonObject object;
    for (auto it = ports.begin(); it != ports.end(); ++it)
        object.insert(it.key(), it.value());
    return write(u"ports.json"_s, json(object));
}

QByteArray cloudFile(const Endpoints &endpoints, const QString &storageSuffix)
{
    return json({{u"name"_s, u"Sandbox"_s},
                 {u"authorityHost"_s, endpoints.authority},
                 {u"resourceManager"_s, endpoints.resourceManager},
                 {u"graph"_s, endpoints.graph},
                 {u"storageSuffix"_s, storageSuffix},
                 {u"caCertificates"_s, u"ca.pem"_s}});
}

QMap<QString, QByteArray> credentialFiles(const Principal &principal, const QString &subscription,
                                          const Endpoints &endpoints, const QString &authorityHost)
{
    const ClientSecret first = principal.handedOut().value_or(ClientSecret());
    const QString secret = principal.handOutSecretId ? first.id : first.value;
    const QString environment =
        u"AZURE_TENANT_ID=%1\nAZURE_CLIENT_ID=%2\nAZURE_CLIENT_SECRET=%3\n"_s.arg(
            principal.tenant, principal.clientId, secret) +
        (authorityHost.isEmpty() ? QString() : u"AZURE_AUTHORITY_HOST=%1\n"_s.arg(authorityHost));
    const QString lines =
        u"Display name: %1\nApplication (client) ID: %2\nDirectory (tenant) ID: %3\nClient secret: %4\n"_s
            .arg(principal.name, principal.clientId, principal.tenant, secret);
    return {{u"rbac.json"_s, json({{u"appId"_s, principal.clientId},
                                   {u"displayName"_s, principal.name},
                                   {u"password"_s, secret},
                                   {u"tenant"_s, principal.tenant}})},
            {u"sdk-auth.json"_s,
             json({{u"clientId"_s, principal.clientId},
                   {u"clientSecret"_s, secret},
                   {u"subscriptionId"_s, subscription},
                   {u"tenantId"_s, principal.tenant},
                   {u"activeDirectoryEndpointUrl"_s, endpoints.authority},
                   {u"resourceManagerEndpointUrl"_s, endpoints.resourceManager + u'/'},
                   {u"activeDirectoryGraphResourceId"_s, u"https://graph.windows.net/"_s},
                   {u"sqlManagementEndpointUrl"_s, u"https://management.core.windows.net:8443/"_s},
                   {u"galleryEndpointUrl"_s, u"https://gallery.azure.com/"_s},
                   {u"managementEndpointUrl"_s, u"https://management.core.windows.net/"_s}})},
            {u"systemd.env"_s, environment.toUtf8()},
            {u"lines.txt"_s, lines.toUtf8()}};
}

QByteArray userFile(const User &user)
{
    return json({{u"userPrincipalName"_s, user.userPrincipalName},
                 {u"password"_s, user.password},
                 {u"tenant"_s, user.tenant}});
}

} // namespace Sandbox
