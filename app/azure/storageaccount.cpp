#include "azure/storageaccount.h"

#include "http/admission.h"

#include <QHostAddress>
#include <QRegularExpression>

namespace Azure {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Error refusal(const QString &message, const QString &nextStep)
{
    return {.kind = Error::Kind::InvalidInput, .message = message, .code = u"AccountUrl"_s, .nextStep = nextStep};
}

bool isAccountName(const QString &name)
{
    // Storage account overview: 3 to 24 lower-case letters and digits.
    static const QRegularExpression form(u"^[a-z0-9]{3,24}$"_s);
    return form.match(name).hasMatch();
}

bool isAddress(const QString &host)
{
    QHostAddress address;
    return Http::isLoopback(host) || address.setAddress(host);
}

std::optional<Error> wrongService(const QString &host, const QString &suffix)
{
    for (const QString &service : {u"dfs"_s, u"file"_s, u"queue"_s, u"table"_s, u"web"_s}) {
        const QString part = u'.' + service + u'.';
        if (host.contains(part)) {
            return refusal(u"%1 is the account's %2 endpoint."_s.arg(host, service),
                           u"Use its blob endpoint: https://%1.blob.%2"_s.arg(host.section(u'.', 0, 0), suffix));
        }
    }
    return std::nullopt;
}

// A token is worth something to whoever gets it, so it goes to storage of this cloud only: its suffix, or the DNS-zone endpoints that
// accounts of the public cloud may have.
bool belongsToStorage(const QUrl &url, const QString &suffix)
{
    const QString host = url.port() > 0 ? url.host() + u':' + QString::number(url.port()) : url.host();
    const QString bare = suffix.contains(u':') ? host : url.host();
    return bare == suffix || bare.endsWith(u'.' + suffix) || Http::isLoopback(url.host())
        || (suffix == u"core.windows.net" && url.host().endsWith(u".blob.storage.azure.net"));
}

Result<QUrl> checkPath(QUrl url)
{
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    // The emulator's URLs carry the account's name as the first part of the path, as hosts without a name of their own do.
    const int allowed = isAddress(url.host()) ? 1 : 0;
    if (parts.size() > allowed) {
        QUrl root = url;
        root.setPath(allowed ? u'/' + parts.first() : QString());
        return refusal(u"The account's URL has a path (“/%1”)."_s.arg(parts.mid(allowed).join(u'/').left(100)),
                       u"Leave container and blob out: %1"_s.arg(root.toString()));
    }
    url.setPath(parts.isEmpty() ? QString() : u'/' + parts.first());
    return url;
}

} // namespace

Result<StorageAccount> storageAccountFromJson(const QJsonObject &object)
{
    const QJsonObject properties = object[u"properties"].isObject() ? object[u"properties"].toObject() : object;
    StorageAccount account;
    const Result<Scope> scope = Scope::parse(object[u"id"].toString());
    if (!scope)
        return Error{.kind = Error::Kind::BadResponse, .message = u"A storage account has no usable “id”."_s};
    account.scope = *scope;
    account.name = object[u"name"].toString(scope->lastName());
    account.location = object[u"location"].toString();
    account.kind = object[u"kind"].toString();
    QUrl blob(properties[u"primaryEndpoints"].toObject()[u"blob"].toString());
    if (blob.path() == u"/")
        blob.setPath(QString());
    account.blobEndpoint = blob;
    if (properties[u"isHnsEnabled"].isBool())
        account.hierarchicalNamespace = properties[u"isHnsEnabled"].toBool();
    if (properties[u"allowSharedKeyAccess"].isBool())
        account.sharedKeyAllowed = properties[u"allowSharedKeyAccess"].toBool();
    if (properties[u"allowBlobPublicAccess"].isBool())
        account.publicAccessAllowed = properties[u"allowBlobPublicAccess"].toBool();
    QJsonObject rules = properties[u"networkAcls"].toObject();
    if (rules.isEmpty())
        rules = properties[u"networkRuleSet"].toObject(); // az's name for it
    account.networkRestricted = rules[u"defaultAction"].toString() == u"Deny"
        || properties[u"publicNetworkAccess"].toString() == u"Disabled";
    return account;
}

Result<QUrl> parseAccountUrl(const QString &text, const QString &storageSuffix, bool plainLoopback)
{
    const QString suffix = storageSuffix.isEmpty() ? u"core.windows.net"_s : storageSuffix;
    const QString trimmed = text.trimmed();
    const QString example = u"Write it like https://ACCOUNT.blob.%1"_s.arg(suffix);
    if (trimmed.isEmpty())
        return refusal(u"No account was given."_s, example);
    if (!trimmed.contains(u"://")) {
        if (isAccountName(trimmed))
            return QUrl(u"https://%1.blob.%2"_s.arg(trimmed, suffix));
        if (trimmed.contains(u"AccountKey="_s))
            return refusal(u"This is a connection string, which carries an account key."_s, example);
        if (trimmed.contains(u'.') && !trimmed.contains(u' '))
            return parseAccountUrl(u"https://"_s + trimmed, suffix, plainLoopback);
        return refusal(u"“%1” is neither an account's name (3 to 24 lower-case letters and digits) nor its URL."_s.arg(trimmed.left(80)),
                       example);
    }
    QUrl url(trimmed, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refusal(u"This URL cannot be read."_s, example);
    if (!url.userInfo().isEmpty())
        return refusal(u"The URL carries a user name."_s, u"Remove everything before “@”."_s);
    if (url.hasQuery() || url.hasFragment()) {
        const bool sas = url.query().contains(u"sig="_s);
        return refusal(sas ? u"The URL carries a SAS, which is a credential of its own."_s : u"The URL has a query or fragment."_s,
                       u"Leave out everything from “?” on; access is checked with the principal's token."_s);
    }
    if (url.host().endsWith(u'.'))
        return refusal(u"The host ends in a dot."_s, u"Remove it: %1"_s.arg(url.host().chopped(1)));
    Http::Trust trust;
    trust.plainLoopback = plainLoopback;
    if (const Result<void> admitted = Http::admit(url, trust); !admitted)
        return refusal(admitted.error().message, admitted.error().nextStep);
    if (const auto wrong = wrongService(url.host(), suffix))
        return *wrong;
    if (!isAddress(url.host()) && !url.host().contains(u'.'))
        return refusal(u"“%1” is no complete host name."_s.arg(url.host()), example);
    if (!belongsToStorage(url, suffix))
        return refusal(u"“%1” is no storage host of this cloud (…%2), and the principal's token would be sent to it."_s.arg(url.host().left(253), suffix),
                       u"Use the account's own blob endpoint. For another cloud, name it with the principal; its cloud file says the storageSuffix."_s);
    return checkPath(url);
}

} // namespace Azure
