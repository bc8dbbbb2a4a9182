#pragma once

#include "access/authorizationfacts.h"

namespace Access {

/// What a cell that is predicted and observed calls for: the reason for a refusal that the roles explain, or the likely cause
/// of a difference. Nothing where all is well. Where the observation already says why it is undecided, that finding stays.
std::optional<Finding> findingFor(const Cell &cell, const AuthorizationFacts &facts, const QDateTime &now);

} // namespace Access
