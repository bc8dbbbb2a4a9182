#include "sandbox/scenario.h"
#include "sandbox/scenariopeople.h"
#include "sandbox/scenarioplace.h"
#include "sandbox/scenariorights.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMimeDatabase>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

QByteArray filler(qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 2463534242;
    for (char &byte : bytes) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        byte = char(state >> 24);
    }
    return bytes;
}

QString contentTypeFor(const QString &name)
{
    static const QMimeDatabase types;
    return types.mimeTypeForFile(name, QMimeDatabase::MatchExtension).name();
}

QList<Blob> readBlobs(const Place &place)
{
    place.only({u"name"_s, u"text"_s, u"base64"_s, u"size"_s, u"contentType"_s, u"append"_s,
                u"metadata"_s, u"tags"_s});
    const QString pattern = place.needed(u"name"_s);
    const int contents =
        int(place.has(u"text"_s)) + int(place.has(u"base64"_s)) + int(place.has(u"size"_s));
    if (contents > 1)
        place.complain(u"text"_s, u"only one of text, base64 and size may be given"_s);
    Blob blob;
    blob.contentType = place.text(u"contentType"_s, contentTypeFor(pattern));
    blob.append = place.flag(u"append"_s);
    blob.metadata = place.map(u"metadata"_s);
    blob.tags = place.map(u"tags"_s);
    const QString text = place.text(u"text"_s);
    if (place.has(u"base64"_s)) {
        auto decoded = QByteArray::fromBase64Encoding(place.text(u"base64"_s).toLatin1(),
                                                      QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded)
            place.complain(u"base64"_s, u"this is no base64"_s);
        blob.content = *decoded;
    } else if (place.has(u"size"_s)) {
        blob.content = filler(place.number(u"size"_s, 0, 0, 64 << 20));
    }
    QList<Blob> blobs;
    const auto names = expandNames(pattern);
    if (names.size() > mostBlobs)
        place.complain(u"name"_s, u"this stands for more than %1 blobs"_s.arg(mostBlobs));
    for (const auto &[name, values] : names) {
        blob.name = name;
        if (name.size() > 1024)
            place.complain(u"name"_s, u"a blob's name has at most 1024 characters"_s);
        if (place.has(u"text"_s)) {
            QString filled = text;
            for (qsizetype run = 0; run < values.size(); ++run)
                filled.replace(u"{%1}"_s.arg(run + 1), values[run]);
            blob.content = filled.toUtf8();
        }
        blobs.append(blob);
    }
    return blobs;
}

Container readContainer(const Place &place)
{
    static const QRegularExpression form(u"^(\\$root|\\$logs|\\$web|[a-z0-9](-?[a-z0-9])*)$"_s);
    place.only({u"name"_s, u"metadata"_s, u"blobs"_s});
    Container container;
    container.name = place.needed(u"name"_s);
    if (!form.match(container.name).hasMatch() || container.name.size() < 3 ||
        container.name.size() > 63)
        place.complain(
            u"name"_s,
            u"a container's name has 3 to 63 lower-case letters, digits and single hyphens"_s);
    container.metadata = place.map(u"metadata"_s);
    for (const Place &blob : place.list(u"blobs"_s))
        container.blobs += readBlobs(blob);
    return container;
}

Account readAccount(const Place &place, const Scenario &scenario)
{
    static const QRegularExpression form(u"^[a-z0-9]{3,24}$"_s);
    place.only({u"name"_s, u"resourceGroup"_s, u"environment"_s, u"firewall"_s,
                u"hierarchicalNamespace"_s, u"acl"_s, u"throttleEvery"_s, u"containers"_s});
    Account account;
    account.name = place.needed(u"name"_s);
    if (!form.match(account.name).hasMatch())
        place.complain(u"name"_s, u"an account's name has 3 to 24 lower-case letters and digits"_s);
    account.environment = place.text(u"environment"_s);
    account.firewall = place.flag(u"firewall"_s);
    account.hierarchicalNamespace = place.flag(u"hierarchicalNamespace"_s);
    account.throttleEvery = place.number(u"throttleEvery"_s, 0, 0, 1'000'000);
    account.resourceGroup = place.needed(u"resourceGroup"_s);
    for (const ResourceGroup &group : scenario.resourceGroups) {
        if (group.name == account.resourceGroup) {
            account.subscription = group.subscription;
            account.location = group.location;
        }
    }
    if (account.subscription.isEmpty())
        place.complain(u"resourceGroup"_s,
                       u"no resource group of this name is in resourceGroups"_s);
    QSet<QString> names;
    for (const Place &one : place.list(u"containers"_s)) {
        account.containers.append(readContainer(one));
        const QString name = account.containers.last().name;
        if (names.contains(name))
            one.complain(u"name"_s, u"two containers of this account have this name"_s);
        names.insert(name);
    }
    return account;
}

void readDirectory(const Place &file, Scenario &scenario)
{
    for (const Place &place : file.list(u"tenants"_s)) {
        place.only({u"id"_s, u"name"_s, u"domains"_s});
        scenario.tenants.append(
            {place.guid(u"id"_s), place.needed(u"name"_s), place.strings(u"domains"_s)});
    }
    for (const Place &place : file.list(u"subscriptions"_s)) {
        place.only({u"id"_s, u"name"_s, u"tenant"_s, u"databricks"_s});
        scenario.subscriptions.append(
            {place.guid(u"id"_s), place.needed(u"name"_s), place.guid(u"tenant"_s), place.flag(u"databricks"_s)});
        if (!scenario.tenant(scenario.subscriptions.last().tenant))
            place.complain(u"tenant"_s, u"no tenant of this ID is in tenants"_s);
    }
    for (const Place &place : file.list(u"issuers"_s)) {
        place.only({u"issuer"_s, u"keys"_s});
        scenario.issuers.append(
            {place.needed(u"issuer"_s), place.object().value(u"keys"_s).toArray()});
    }
    for (const Place &place : file.list(u"managementGroups"_s)) {
        place.only({u"name"_s, u"displayName"_s, u"tenant"_s, u"parent"_s, u"subscriptions"_s});
        const QString name = place.needed(u"name"_s);
        scenario.managementGroups.append({name, place.text(u"displayName"_s, name),
                                          place.guid(u"tenant"_s), place.text(u"parent"_s),
                                          place.strings(u"subscriptions"_s)});
        for (const QString &id : scenario.managementGroups.last().subscriptions) {
            if (!scenario.subscription(id))
                place.complain(u"subscriptions"_s, u"no subscription of this ID is in subscriptions"_s);
        }
    }
    for (const Place &place : file.list(u"resourceGroups"_s)) {
        place.only({u"name"_s, u"subscription"_s, u"location"_s});
        scenario.resourceGroups.append({place.needed(u"name"_s), place.guid(u"subscription"_s),
                                        place.text(u"location"_s, u"westeurope"_s)});
        if (!scenario.subscription(scenario.resourceGroups.last().subscription))
            place.complain(u"subscription"_s, u"no subscription of this ID is in subscriptions"_s);
    }
    for (const Place &place : file.list(u"roleDefinitions"_s)) {
        const auto definition = Azure::roleDefinitionFromJson(place.object());
        if (!definition)
            place.complain(u"roleName"_s, definition.error().message);
        else
            scenario.definitions.append(*definition);
    }
}

/// Each of \a names once; else the complaint names \a key.
void noneTwice(const Place &file, const QString &key, const QStringList &names)
{
    QSet<QString> seen;
    for (const QString &name : names) {
        if (seen.contains(name.toLower()))
            file.complain(key, u"%1 is there twice"_s.arg(name));
        seen.insert(name.toLower());
    }
}

void readContents(const Place &file, Scenario &scenario)
{
    QStringList accounts, principals, objects, clients;
    for (const Place &place : file.list(u"accounts"_s)) {
        scenario.accounts.append(readAccount(place, scenario));
        accounts.append(scenario.accounts.last().name);
    }
    for (const Place &place : file.list(u"principals"_s)) {
        scenario.principals.append(readPrincipal(place, scenario));
        principals.append(scenario.principals.last().name);
        objects.append(scenario.principals.last().objectId);
        clients.append(scenario.principals.last().tenant + u'/' +
                       scenario.principals.last().clientId);
    }
    for (const Place &place : file.list(u"users"_s)) {
        scenario.users.append(readUser(place, scenario));
        principals.append(scenario.users.last().name);
        objects.append(scenario.users.last().objectId);
    }
    noneTwice(file, u"accounts"_s, accounts);
    noneTwice(file, u"principals"_s, principals);
    noneTwice(file, u"principals"_s, objects);
    noneTwice(file, u"principals"_s, clients);
    readRights(file, scenario);
    if (scenario.accounts.isEmpty())
        file.complain(u"accounts"_s, u"at least one is needed"_s);
    qsizetype blobs = 0;
    for (const Account &account : std::as_const(scenario.accounts)) {
        for (const Container &container : account.containers)
            blobs += container.blobs.size();
    }
    if (blobs > mostBlobs)
        file.complain(u"accounts"_s, u"these are more than %1 blobs"_s.arg(mostBlobs));
}

} // namespace

Core::Result<Scenario> Scenario::parse(const QByteArray &json)
{
    using Core::Error;
    const QString fix =
        u"Correct the file, or leave --scenario out to use the one that comes with the program."_s;
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (!document.isObject()) {
        const qsizetype line =
            json.first(std::min<qsizetype>(parseError.offset, json.size())).count('\n') + 1;
        const QString what = parseError.error == QJsonParseError::NoError
                                 ? u"an object is needed"_s
                                 : u"%1 in line %2"_s.arg(parseError.errorString()).arg(line);
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The scenario is no JSON: %1."_s.arg(what),
                     .nextStep = fix};
    }
    QString complaint;
    const Place file(document.object(), {}, &complaint);
    file.only({u"tenants"_s, u"managementGroups"_s, u"issuers"_s, u"subscriptions"_s, u"resourceGroups"_s, u"accounts"_s,
               u"principals"_s, u"users"_s, u"groups"_s, u"roleAssignments"_s, u"denyAssignments"_s, u"roleDefinitions"_s,
               u"settings"_s});
    Scenario scenario;
    scenario.definitions = Azure::builtInRoles();
    readDirectory(file, scenario);
    readContents(file, scenario);
    const Place settings(document.object().value(u"settings"_s).toObject(), u"settings"_s,
                         &complaint);
    settings.only({u"tokenLifetimeSeconds"_s, u"pageSize"_s, u"replicationSeconds"_s,
                   u"signIn"_s, u"assignmentSeconds"_s, u"clockAheadSeconds"_s});
    scenario.replication = readReplication(settings);
    scenario.signIn = readSignIn(settings);
    scenario.assignmentDelay = settings.number(u"assignmentSeconds"_s, 0, 0, 3600);
    scenario.clockAhead = settings.number(u"clockAheadSeconds"_s, 0, -86400, 86400);
    scenario.pageSize = settings.number(u"pageSize"_s, 0, 0, 1000);
    scenario.tokenLifetime = settings.number(u"tokenLifetimeSeconds"_s, 3599, -86400, 86400);
    if (!complaint.isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"The scenario is wrong at %1."_s.arg(complaint),
                     .nextStep = fix};
    return scenario;
}

} // namespace Sandbox
