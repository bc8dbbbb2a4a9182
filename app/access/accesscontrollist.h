#pragma once

#include "access/circumstances.h"
#include "access/verdict.h"

namespace Access {

/// What the POSIX ACLs of an account with a hierarchical namespace say to an operation that no role
/// grants (data-lake-storage-access-control.md, "Common scenarios"). \a roleReads: a role grants
/// reading, which an append then need not ask the ACL for. Denied for operations ACLs have no say
/// in; Undecided where an entry or the rule is not known.
Verdict accessByList(const Circumstances &circumstances, const Azure::Scope &scope, bool roleReads);

} // namespace Access
