#include "services/refreshtokenentry.h"

#include "core/storedjson.h"
#include "vault/binding.h"

#include <QJsonDocument>

namespace Services {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

Vault::Binding bindingOf(const Operator &who, const Identity::Cloud &cloud, const QString &key)
{
    const QString &tenant = who.tenantId.isEmpty() ? who.tenant : who.tenantId;
    return {who.username.isEmpty() ? u"operator"_s : who.username,
            who.cloud,
            Vault::authorityOf(cloud),
            tenant,
            who.clientId,
            u"refreshToken"_s,
            key};
}

Error notUsable(Error error)
{
    error.nextStep =
        u"The refresh token was not sent. If operators.json or the cloud file was not changed by "
        "you, restore it; else sign in again (rolescope-cli operator sign-in)."_s;
    return error;
}

} // namespace

Secret RefreshTokenEntry::packed(const Operator &who, const Identity::Cloud &cloud,
                                 const QString &key, const Secret &token)
{
    const Vault::Binding binding = bindingOf(who, cloud, key);
    QByteArray json =
        QJsonDocument(QJsonObject{{u"v"_s, 1},
                                  {u"operator"_s, QJsonObject{{u"username"_s, binding.name},
                                                              {u"cloud"_s, binding.cloud},
                                                              {u"tenant"_s, binding.tenant},
                                                              {u"clientId"_s, binding.clientId}}},
                                  {u"authority"_s, binding.authority},
                                  {u"key"_s, binding.key}})
            .toJson(QJsonDocument::Compact);
    json.chop(1);
    json += ",\"secret\":\"";
    QByteArray encoded = token.reveal().toByteArray().toBase64();
    json += encoded;
    json += "\"}";
    Core::wipe(encoded);
    return Secret::take(std::move(json));
}

Result<RefreshTokenEntry> RefreshTokenEntry::unpacked(const Operator &who,
                                                      const Identity::Cloud &cloud,
                                                      const QString &key, const Secret &entry)
{
    const Vault::Binding wanted = bindingOf(who, cloud, key);
    QByteArray text = entry.reveal().toByteArray();
    const bool isBound = text.startsWith('{'); // no refresh token begins like that
    Core::StoredJson stored = isBound ? Core::StoredJson::parse(text) : Core::StoredJson::parse("{}");
    Core::wipe(text);
    if (!isBound) {
        if (cloud.isWellKnown())
            return RefreshTokenEntry{entry, false};
        return notUsable(
            {.kind = Error::Kind::Conflict,
             .message =
                 u"An earlier version stored the refresh token of “%1” without saying for which authority; it is not sent to %2."_s
                     .arg(wanted.name, wanted.authority),
             .code = u"SecretBoundElsewhere"_s});
    }
    stored.version(u"v"_s, 1);
    Core::StoredJson person = stored.object(u"operator"_s);
    const Vault::Binding binding{person.text(u"username"_s),        person.neededText(u"cloud"_s),
                                 stored.neededText(u"authority"_s), person.text(u"tenant"_s),
                                 person.text(u"clientId"_s), u"refreshToken"_s,
                                 stored.neededText(u"key"_s)};
    const auto token =
        QByteArray::fromBase64Encoding(stored.neededText(u"secret"_s).toLatin1(),
                                       QByteArray::AbortOnBase64DecodingErrors);
    if (!token)
        stored.fail(u"secret"_s, u"is not base64"_s);
    if (!stored.isGood())
        return notUsable({.kind = Error::Kind::InvalidInput,
                          .message = u"The keychain’s entry for the sign-in of “%1” %2."_s.arg(
                              wanted.name, stored.problem()),
                          .code = u"EntryUnreadable"_s});
    if (const Result<void> meant = Vault::checkBinding(binding, wanted); !meant)
        return notUsable(meant.error());
    return RefreshTokenEntry{Secret::take(QByteArray(token.decoded))};
}

} // namespace Services
