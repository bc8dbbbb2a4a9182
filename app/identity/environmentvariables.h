#pragma once

#include "core/secret.h"
#include "identity/cloud.h"
#include "identity/serviceprincipal.h"

#include <QByteArray>
#include <QList>
#include <utility>

namespace Identity {

using Variables = QList<std::pair<QByteArray, Core::Secret>>;

/// The variables from which the Azure SDKs' EnvironmentCredential signs \a principal in: AZURE_TENANT_ID,
/// AZURE_CLIENT_ID, AZURE_CLIENT_SECRET (or those of its other kind of credential), and AZURE_AUTHORITY_HOST outside
/// the public cloud.
Variables environmentVariables(const Cloud &cloud, const ServicePrincipal &principal, const Core::Secret &secret);

} // namespace Identity
