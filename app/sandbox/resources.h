#pragma once

#include "sandbox/endpoints.h"
#include "sandbox/scenario.h"

namespace Sandbox {

/// Whether \a resource is a service of the sandbox, by one of Azure's names for it or its own URL.
bool isKnownResource(const QString &resource, const Scenario &scenario, const Endpoints &endpoints);

} // namespace Sandbox
