#pragma once

#include "access/roleevaluator.h"

namespace Access {

/// Whether a request to Blob storage is allowed: roles and their conditions first, then, with a
/// hierarchical namespace, the POSIX ACLs (azure-docs, data-lake-storage-access-control-model.md),
/// and the operations whose permission depends on whether the blob exists. What is not told about
/// the account is tried both ways, and Undecided where that makes a difference.
Verdict decide(const RoleEvaluator &roles, const EvaluationInput &input);

} // namespace Access
