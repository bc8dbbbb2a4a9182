#pragma once

#include "core/result.h"
#include "http/message.h"
#include "identity/accesstoken.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

namespace Identity {

/// The client-credentials request of OAuth 2.0 to Entra ID's v2.0 token endpoint. \a credential is, by the principal's kind, its client
/// secret, its certificate (Certificate::pem; an assertion is signed with it, valid from \a now) or the other provider's token. Errors:
/// InvalidInput (a tenant that cannot stand in a URL path, an empty credential), and those of clientAssertion().
Core::Result<Http::Request> tokenRequest(const Cloud &cloud, const ServicePrincipal &principal,
                                         const Core::Secret &credential, const QString &scope,
                                         const QDateTime &now = QDateTime::currentDateTimeUtc());

/// The OAuth "error" of an answer, e.g. "authorization_pending": what a program decides by. Empty where there is none.
QString oauthError(const Http::Response &response);

/// The token, or an Error: Unauthenticated (code "AADSTS…" where the answer has one, requestId its trace ID),
/// Throttled, BadResponse (HTML, half JSON, no access_token). Never quotes what was sent.
Core::Result<AccessToken> parseTokenResponse(const Http::Response &response, const QString &scope, const QDateTime &now);

} // namespace Identity
