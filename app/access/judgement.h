#pragma once

#include "access/accessreport.h"
#include "access/probeplan.h"
#include "core/error.h"
#include "http/message.h"

namespace Access {

/// What one answer says about a probe. \a networkPassed: another answer of the same run came from behind the account's network
/// rules, so that AuthorizationFailure means a missing permission. Pure; time and URL of the evidence are the caller's.
Cell judge(const ProbeStep &step, const Http::Response &response, bool networkPassed);
/// No answer came: undecided, with the reason.
Cell judge(const ProbeStep &step, const Core::Error &error);

/// Whether an answer can only have come from behind the network rules: success, a known "not there" or "not so", or a missing role.
bool passedNetwork(const Http::Response &response);

/// Whether \a finding concerns every request to this account with this token, so that asking on is useless.
bool concernsWholeAccount(const Finding &finding);

} // namespace Access
