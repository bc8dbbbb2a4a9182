#include "sandbox/scenariopeople.h"

#include "sandbox/directoryrights.h"

#include <QCryptographicHash>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

/// A value in the form of Entra ID's (40 characters, the fourth to sixth "8Q~"), always the same
/// for \a seed. Made here so that no file carries anything that looks like a secret.
QString madeSecret(const QString &seed)
{
    static const QString alphabet =
        u"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.~_-"_s;
    const QByteArray hash = QCryptographicHash::hash(seed.toUtf8(), QCryptographicHash::Sha512);
    QString value;
    for (int index = 0; index < 37; ++index)
        value += alphabet[uchar(hash[index]) % (index < 3 ? 62 : alphabet.size())];
    return value.insert(3, u"8Q~"_s);
}

const QRegularExpression &folderName()
{
    static const QRegularExpression form(u"^[A-Za-z0-9][A-Za-z0-9 ._-]*$"_s);
    return form;
}

QStringList readDirectoryRoles(const Place &place)
{
    const QStringList roles = place.strings(u"directoryRoles"_s);
    for (const QString &role : roles) {
        if (!directoryRoles().contains(role))
            place.complain(u"directoryRoles"_s,
                           u"%1 is none of %2"_s.arg(role, directoryRoles().join(u", ")));
    }
    return roles;
}

} // namespace

Principal readPrincipal(const Place &place, const Scenario &scenario)
{
    place.only({u"name"_s, u"environment"_s, u"note"_s, u"tenant"_s, u"clientId"_s, u"objectId"_s,
                u"secrets"_s, u"handOutSecretId"_s, u"blockedAccounts"_s, u"directoryRoles"_s,
                u"graphPermissions"_s});
    Principal principal;
    principal.name = place.needed(u"name"_s);
    if (!folderName().match(principal.name).hasMatch()) // it becomes a folder's name
        place.complain(u"name"_s, u"only letters, digits, blanks and . _ - may be in it"_s);
    principal.environment = place.text(u"environment"_s);
    principal.note = place.text(u"note"_s);
    principal.tenant = place.guid(u"tenant"_s);
    if (!scenario.tenant(principal.tenant))
        place.complain(u"tenant"_s, u"no tenant of this ID is in tenants"_s);
    principal.clientId = place.guid(u"clientId"_s);
    principal.objectId = place.guid(u"objectId"_s);
    principal.handOutSecretId = place.flag(u"handOutSecretId"_s);
    principal.blockedAccounts = place.strings(u"blockedAccounts"_s);
    for (const QString &name : principal.blockedAccounts) {
        if (!scenario.account(name))
            place.complain(u"blockedAccounts"_s,
                           u"no account of the name %1 is in accounts"_s.arg(name));
    }
    for (const Place &secret : place.list(u"secrets"_s)) {
        secret.only({u"id"_s, u"value"_s, u"expired"_s});
        const QString id = secret.guid(u"id"_s);
        principal.secrets.append({id, secret.text(u"value"_s, madeSecret(principal.clientId + id)),
                                  secret.flag(u"expired"_s)});
        if (principal.secrets.last().value.isEmpty())
            secret.complain(u"value"_s, u"this must not be empty"_s);
    }
    principal.directoryRoles = readDirectoryRoles(place);
    principal.graphPermissions = place.strings(u"graphPermissions"_s);
    for (const QString &permission : principal.graphPermissions) {
        if (!graphPermissions().contains(permission))
            place.complain(u"graphPermissions"_s,
                           u"%1 is none of %2"_s.arg(permission, graphPermissions().join(u", ")));
    }
    if (principal.secrets.isEmpty())
        place.complain(u"secrets"_s, u"at least one is needed"_s);
    return principal;
}

User readUser(const Place &place, const Scenario &scenario)
{
    place.only({u"name"_s, u"userPrincipalName"_s, u"tenant"_s, u"objectId"_s, u"password"_s,
                u"directoryRoles"_s});
    User user;
    user.name = place.needed(u"name"_s);
    if (!folderName().match(user.name).hasMatch())
        place.complain(u"name"_s, u"only letters, digits, blanks and . _ - may be in it"_s);
    user.userPrincipalName = place.needed(u"userPrincipalName"_s);
    if (user.userPrincipalName.count(u'@') != 1)
        place.complain(u"userPrincipalName"_s, u"the form name@domain is needed"_s);
    user.tenant = place.guid(u"tenant"_s);
    if (!scenario.tenant(user.tenant))
        place.complain(u"tenant"_s, u"no tenant of this ID is in tenants"_s);
    user.objectId = place.guid(u"objectId"_s);
    user.password = place.text(u"password"_s, madeSecret(user.tenant + user.objectId).left(16));
    if (user.password.isEmpty())
        place.complain(u"password"_s, u"this must not be empty"_s);
    user.directoryRoles = readDirectoryRoles(place);
    return user;
}

Replication readReplication(const Place &settings)
{
    constexpr qint64 hour = 3600;
    Replication replication;
    const Place place = settings.inner(u"replicationSeconds"_s);
    place.only({u"graph"_s, u"resourceManager"_s, u"signIn"_s});
    replication.graph = place.number(u"graph"_s, 0, 0, hour);
    replication.resourceManager = place.number(u"resourceManager"_s, 0, 0, hour);
    replication.signIn = place.number(u"signIn"_s, 0, 0, hour);
    return replication;
}

SignInSettings readSignIn(const Place &settings)
{
    constexpr qint64 year = 365 * 86400;
    SignInSettings signIn;
    const Place place = settings.inner(u"signIn"_s);
    place.only({u"deviceCodeSeconds"_s, u"deviceCodeInterval"_s, u"refreshTokenSeconds"_s});
    signIn.deviceCodeLifetime =
        place.number(u"deviceCodeSeconds"_s, signIn.deviceCodeLifetime, 1, 86400);
    signIn.deviceCodeInterval =
        place.number(u"deviceCodeInterval"_s, signIn.deviceCodeInterval, 1, 60);
    signIn.refreshTokenLifetime =
        place.number(u"refreshTokenSeconds"_s, signIn.refreshTokenLifetime, 1, year);
    return signIn;
}

} // namespace Sandbox
