#pragma once

#include "access/authorizationfacts.h"
#include "access/smallestfix.h"

#include <functional>

namespace Access {

/// What a cell that is predicted and observed calls for: the reason for a refusal that the roles explain, or the likely cause
/// of a difference. Nothing where all is well. Where the observation already says why it is undecided, that finding stays.
/// \a fixFor: the smallest role that would allow a cell, if there is one.
std::optional<Finding> findingFor(const Cell &cell, const AuthorizationFacts &facts, const QDateTime &now,
                                  const std::function<std::optional<Fix>(const Cell &)> &fixFor);

} // namespace Access
