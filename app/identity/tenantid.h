#pragma once

#include "core/result.h"
#include "http/message.h"
#include "identity/cloud.h"

namespace Identity {

/// Asks the authority how it describes the tenant with this domain (OpenID Connect Discovery);
/// nobody needs to sign in for that.
Http::Request tenantRequest(const Cloud &cloud, const QString &domain);
/// The tenant's GUID, in lower case, from the answer. Errors: NotFound (no such tenant),
/// BadResponse, Throttled.
Core::Result<QString> parseTenantId(const Http::Response &response);

} // namespace Identity
