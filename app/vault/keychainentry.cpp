#include "vault/keychainentry.h"

#include "core/storedjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

Error unreadable(const QString &problem)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The keychain’s entry %1; it was left as it is."_s.arg(problem),
            .code = u"EntryUnreadable"_s,
            .nextStep = u"Enter the secret again, or use the version of Rolescope that stored it."_s};
}

} // namespace

Result<KeychainEntry> KeychainEntry::bound(const Identity::ServicePrincipal &principal, Secret secret, const QString &key)
{
    const Result<Identity::Cloud> cloud = Identity::Cloud::load(principal.cloud);
    if (!cloud)
        return cloud.error();
    return KeychainEntry{principal, std::move(secret), authorityOf(*cloud), key};
}

Secret KeychainEntry::packed() const
{
    QByteArray json = QJsonDocument(QJsonObject{{u"v"_s, 1},
                                                {u"principal"_s, Identity::toJson(principal)},
                                                {u"authority"_s, authority},
                                                {u"key"_s, key}})
                          .toJson(QJsonDocument::Compact);
    json.chop(1);
    json += ",\"secret\":\"";
    QByteArray encoded = secret.reveal().toByteArray().toBase64();
    json += encoded;
    json += "\"}";
    Core::wipe(encoded);
    return Secret::take(std::move(json));
}

Result<KeychainEntry> KeychainEntry::unpacked(const Secret &entry)
{
    QByteArray text = entry.reveal().toByteArray();
    Core::StoredJson stored = Core::StoredJson::parse(text);
    Core::wipe(text);
    stored.version(u"v"_s, 1);
    Core::StoredJson principal = stored.object(u"principal"_s);
    KeychainEntry found{Identity::readServicePrincipal(principal), {}, stored.text(u"authority"_s), stored.text(u"key"_s)};
    for (const QString &needed : {u"cloud"_s, u"tenant"_s, u"clientId"_s}) {
        if (!principal.all().contains(needed))
            principal.fail(needed, u"is missing"_s);
    }
    if (!stored.all().contains(u"secret"_s))
        stored.fail(u"secret"_s, u"is missing"_s);
    const auto secret = QByteArray::fromBase64Encoding(stored.text(u"secret"_s).toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!secret)
        stored.fail(u"secret"_s, u"is not base64"_s);
    if (!stored.isGood())
        return unreadable(stored.problem());
    found.secret = Secret::take(QByteArray(secret.decoded));
    return found;
}

Result<Secret> KeychainEntry::secretFor(const Binding &wanted, const Secret &entry)
{
    Result<KeychainEntry> unpacked = KeychainEntry::unpacked(entry);
    if (!unpacked) {
        Error error = unpacked.error();
        error.message = u"The secret of “%1” cannot be used. "_s.arg(wanted.name) + error.message;
        return error;
    }
    if (const Result<void> meant = checkBinding(unpacked->binding(), wanted); !meant)
        return meant.error();
    return unpacked->secret;
}

} // namespace Vault
