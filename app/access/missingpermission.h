#pragma once

#include "access/bloboperation.h"
#include "core/error.h"

namespace Access {

/// \a error of an operation that the roles did not allow, with a next step that names the
/// permission it needs and the smallest well-known role that has it; any other error as it is.
Core::Error withMissingPermission(Core::Error error, const BlobOperation &operation);

} // namespace Access
