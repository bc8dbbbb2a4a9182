#pragma once

#include "identity/usertoken.h"

#include <QUrl>
#include <QUrlQuery>

namespace Identity {

/// One sign-in through the browser: what the browser shows around (state, challenge) and what stays
/// here (verifier). RFC 6749, section 4.1; RFC 7636.
struct AuthorizationAttempt
{
    PublicClient client;
    QString scope;
    QUrl redirect;         ///< http://localhost:PORT, as public clients register it
    QByteArray state;      ///< 256 random bits
    Core::Secret verifier; ///< 256 random bits

    /// A fresh one. \a port is where this program listens on the loopback address.
    static AuthorizationAttempt begin(PublicClient client, QString scope, quint16 port);

    /// Where the browser is sent.
    QUrl url() const;
    /// BASE64URL(SHA256(verifier)), method S256.
    QByteArray challenge() const;
    /// The code that the browser brought back. Errors: InvalidInput, code "StateMismatch" (not of
    /// this attempt), Forbidden (the person or the tenant said no), Unauthenticated, BadResponse
    /// (neither code nor error).
    Core::Result<Core::Secret> codeFrom(const QUrlQuery &answer) const;
    /// Redeems \a code; never sent twice, as a code works once.
    Http::Request tokenRequest(const Core::Secret &code) const;
};

} // namespace Identity
