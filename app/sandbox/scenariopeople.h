#pragma once

#include "sandbox/scenario.h"
#include "sandbox/scenarioplace.h"

namespace Sandbox {

/// Those of "principals" and "users"; the tenants and accounts are there already.
Principal readPrincipal(const Place &place, const Scenario &scenario);
User readUser(const Place &place, const Scenario &scenario);
/// The "replicationSeconds" of the settings.
Replication readReplication(const Place &settings);
/// The "signIn" of the settings.
SignInSettings readSignIn(const Place &settings);

} // namespace Sandbox
