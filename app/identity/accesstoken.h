#pragma once

#include "core/secret.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <optional>

namespace Identity {

/// A bearer token and how long it lasts.
struct AccessToken {
    Core::Secret value;
    QDateTime expiresAt; ///< UTC, by this machine's clock
    QString scope;       ///< as asked for

    bool operator==(const AccessToken &) const = default;
};

/// What a token says of itself, for display only: it is not verified, and nothing is decided by it.
struct TokenClaims {
    QString audience;   ///< aud
    QString issuer;     ///< iss
    QString objectId;   ///< oid: the service principal's object ID, the one role assignments name
    QString appId;      ///< appid (v1.0) or azp (v2.0)
    QString tenantId;   ///< tid
    QStringList roles;  ///< app roles; not Azure roles
    QDateTime issuedAt, notBefore, expiresAt; ///< UTC; invalid where absent
    QString version;    ///< ver
    QJsonObject all;    ///< every claim

    /// Nothing when \a token is no JWT whose payload is a JSON object.
    static std::optional<TokenClaims> decode(const Core::Secret &token);
};

} // namespace Identity
