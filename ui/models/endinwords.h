#pragma once

#include "identity/serviceprincipal.h"

namespace Ui {

/// "secret expires in 3 days", as of \a now; of a federated token which file it is in. Empty where
/// the end is not known.
QString endInWords(const Identity::ServicePrincipal &principal, const QDateTime &now);

} // namespace Ui
