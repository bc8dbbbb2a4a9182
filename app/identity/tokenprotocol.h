#pragma once

#include "core/result.h"
#include "http/message.h"
#include "identity/accesstoken.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

namespace Identity {

/// The client-credentials request of OAuth 2.0 to Entra ID's v2.0 token endpoint. Errors: InvalidInput (a tenant that
/// cannot stand in a URL path, an empty secret).
Core::Result<Http::Request> tokenRequest(const Cloud &cloud, const ServicePrincipal &principal,
                                         const Core::Secret &secret, const QString &scope);

/// The OAuth "error" of an answer, e.g. "authorization_pending": what a program decides by. Empty where there is none.
QString oauthError(const Http::Response &response);

/// The token, or an Error: Unauthenticated (code "AADSTS…" where the answer has one, requestId its trace ID),
/// Throttled, BadResponse (HTML, half JSON, no access_token). Never quotes what was sent.
Core::Result<AccessToken> parseTokenResponse(const Http::Response &response, const QString &scope, const QDateTime &now);

} // namespace Identity
