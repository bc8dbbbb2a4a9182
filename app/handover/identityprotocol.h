#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "identity/accesstoken.h"
#include "serving/message.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Handover {

/// What a managed-identity endpoint lets through.
struct IdentityRules
{
    QByteArray host;       ///< the only Host that is meant, e.g. "127.0.0.1:40123"
    Core::Secret header;   ///< what X-IDENTITY-HEADER must say
    QString clientId;      ///< of the principal; a client may name it, but no other
    QStringList resources; ///< as resourceOf() yields them
};

/// A token's resource, from a scope or resource as people and SDKs write it: without "/.default"
/// and without a trailing slash, e.g. "https://storage.azure.com".
QString resourceOf(const QString &scopeOrResource);

constexpr auto identityPath = "/msi/token";

/// The resource that \a request may have a token for. The first thing that is wrong decides, and
/// nothing of what was asked is told to those without the header. Errors: status is the HTTP status
/// to answer with.
/// Source: "How to use managed identities for App Service and Azure Functions", REST endpoint
/// reference, api-version 2019-08-01.
Core::Result<QString> admit(const Serving::Incoming &request, const IdentityRules &rules);

/// The answer with a token, in the form that api-version has.
Serving::Answer tokenAnswer(const Identity::AccessToken &token, const QString &resource,
                            const QString &clientId);
/// The answer to a request that was not admitted, or to which no token could be had. A client
/// retries only what may pass: 429 and 5xx.
Serving::Answer refusal(const Core::Error &error);

} // namespace Handover
