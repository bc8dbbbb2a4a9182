#pragma once

#include "core/result.h"
#include "http/message.h"
#include "identity/accesstoken.h"
#include "identity/cloud.h"

namespace Identity {

/// The public client that people sign in to where no other is set: the one the Azure CLI uses. It
/// has no secret, and every tenant knows it (Microsoft Entra: "Application IDs of commonly used
/// Microsoft applications").
QString wellKnownPublicClient();

/// What the token endpoint gives a person who has signed in.
struct UserTokens
{
    AccessToken access;
    Core::Secret refresh; ///< empty where none was given
    QString tenantId;     ///< tid of the ID token or access token; empty where neither is readable
    QString objectId;     ///< oid
    QString username;     ///< preferred_username, upn or unique_name; for display only

    bool operator==(const UserTokens &) const = default;
};

/// Which public client signs a person in, where, and for what.
struct PublicClient
{
    Cloud cloud;
    QString tenant;   ///< a GUID, a domain name, or "organizations"
    QString clientId; ///< a GUID

    bool operator==(const PublicClient &) const = default;
};

/// Errors: InvalidInput naming the member that cannot be meant.
Core::Result<void> check(const PublicClient &client);

/// \a scope with what makes the answer carry a refresh token and an ID token.
QString interactiveScope(const QString &scope);

/// A POST of \a fields to the client's \a endpoint ("token", "devicecode"); the last field's value
/// may be secret.
Http::Request formRequest(const PublicClient &client, const QString &endpoint,
                          const QList<std::pair<QByteArray, Core::Secret>> &fields);

/// RFC 6749, section 6.
Http::Request refreshRequest(const PublicClient &client, const Core::Secret &refreshToken,
                             const QString &scope);

/// Errors: those of parseTokenResponse().
Core::Result<UserTokens> parseUserTokens(const Http::Response &response, const QString &scope,
                                         const QDateTime &now);

} // namespace Identity
