#pragma once

#include "sandbox/jwt.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace Sandbox {

/// Why a bearer token does not open a door.
enum class TokenFault {
    None,
    Malformed, ///< no JWT at all
    Signature, ///< not signed by the sandbox, or with another algorithm
    NotYet,    ///< nbf lies ahead
    Expired,
};

struct TokenCheck
{
    TokenFault fault = TokenFault::None;
    QJsonObject claims; ///< also where the fault is of time or signature
};

/// Signs access tokens as Entra ID does (RS256, v1.0 claims), and tells its own from others.
class TokenIssuer final
{
public:
    TokenIssuer();

    /// The key set of /discovery/v2.0/keys; \a issuer is its keys' "issuer" member.
    QJsonArray keys(const QString &issuer) const;
    QByteArray sign(const QJsonObject &claims) const;
    /// Times are taken with five minutes of tolerance, as Azure's services do.
    TokenCheck check(const QByteArray &token, const QDateTime &now) const;
    /// Whether this one signed it; times and audience are not looked at.
    bool isOwn(const Jwt &token) const { return token.isSignedBy(m_key); }

    /// Random bytes in base64url without padding, as aio and uti carry them.
    static QString opaque(int bytes);

private:
    PrivateKey m_key;
    QByteArray m_certificate; ///< DER
    QString m_keyId;
};

QByteArray base64Url(QByteArrayView bytes);

} // namespace Sandbox
