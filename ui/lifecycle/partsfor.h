#pragma once

#include "lifecycle/parts.h"
#include "services/lifecycleparts.h"

namespace Ui {

/// What a flow works with for a cloud and a tenant.
using PartsFor = std::function<Lifecycle::Parts(const QString &cloud, const QString &tenant)>;

/// \a given, or where it is empty what works by the rights of the signed-in operator.
inline PartsFor orOperators(PartsFor given, Services::Services &services)
{
    if (given)
        return given;
    return [&services](const QString &cloud, const QString &tenant) {
        return Services::lifecycleParts(services, cloud, tenant);
    };
}

} // namespace Ui
