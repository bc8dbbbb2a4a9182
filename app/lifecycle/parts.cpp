#include "lifecycle/parts.h"

namespace Lifecycle {

using namespace Qt::StringLiterals;
using Core::Error;

bool mendsItself(const Error &error)
{
    // 429 means "not done"; a 503 may have been done.
    if (error.status == 429)
        return true;
    // Recorded: PrincipalNotFound of Resource Manager, then success. Graph's 404 and 400 right
    // after a creation are reported only.
    return error.code == u"PrincipalNotFound" || error.code == u"Request_ResourceNotFound" ||
           error.code == u"NoBackingApplicationObject";
}

} // namespace Lifecycle
