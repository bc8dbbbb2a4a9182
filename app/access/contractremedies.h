#pragma once

#include "access/authorizationfacts.h"
#include "access/contract.h"

namespace Access {

/// What would mend the broken clauses of \a result: for what must be allowed the smallest role that allows all of it at one place,
/// for what must not, the assignments that allow it, with what can be narrowed or dropped. Each with its command line.
QList<Finding> contractRemedies(const ContractResult &result, const AuthorizationFacts &facts, const QDateTime &now);

} // namespace Access
