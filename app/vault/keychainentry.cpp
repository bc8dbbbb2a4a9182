#include "vault/keychainentry.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Vault {

using namespace Qt::StringLiterals;
using Core::Secret;

Secret KeychainEntry::packed() const
{
    QByteArray json =
        QJsonDocument(QJsonObject{{u"v"_s, 1}, {u"principal"_s, Identity::toJson(principal)}})
            .toJson(QJsonDocument::Compact);
    json.chop(1);
    json += ",\"secret\":\"";
    QByteArray encoded = secret.reveal().toByteArray().toBase64();
    json += encoded;
    json += "\"}";
    Core::wipe(encoded);
    return Secret::take(std::move(json));
}

std::optional<KeychainEntry> KeychainEntry::unpacked(const Secret &entry)
{
    const QJsonObject object = QJsonDocument::fromJson(entry.reveal().toByteArray()).object();
    if (object[u"v"].toInt() != 1)
        return std::nullopt;
    return KeychainEntry{
        Identity::servicePrincipalFromJson(object[u"principal"].toObject()),
        Secret::take(QByteArray::fromBase64(object[u"secret"].toString().toLatin1()))};
}

} // namespace Vault
