#pragma once

#include "sandbox/certificates.h"

#include <QJsonObject>

namespace Sandbox {

/// A signed token as it came; nothing in it is believed yet.
struct Jwt
{
    QJsonObject header;
    QJsonObject claims;
    QByteArray signedPart;
    QByteArray signature;

    /// Nothing where it has not the form of a JWT.
    static std::optional<Jwt> parse(const QByteArray &token);
    /// By RS256 or PS256, whichever the header names; no other algorithm is taken.
    bool isSignedBy(const PrivateKey &publicKey) const;
};

/// An RSA key of a key set (RFC 7517). Null where it is none.
PrivateKey publicKeyFromJwk(const QJsonObject &jwk);

} // namespace Sandbox
