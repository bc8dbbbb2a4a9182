#pragma once

#include "sandbox/scenario.h"
#include "sandbox/scenarioplace.h"

namespace Sandbox {

/// Reads "groups", "roleAssignments", "denyAssignments" and the accounts' "acl", once principals and
/// accounts are there. Complaints go to \a file's.
void readRights(const Place &file, Scenario &scenario);

} // namespace Sandbox
