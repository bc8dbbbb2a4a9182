#include "core/logging.h"

namespace Core {

Q_LOGGING_CATEGORY(lcHttp, "rolescope.http", QtWarningMsg)
Q_LOGGING_CATEGORY(lcVault, "rolescope.vault", QtWarningMsg)
Q_LOGGING_CATEGORY(lcAccess, "rolescope.access", QtWarningMsg)
Q_LOGGING_CATEGORY(lcSandbox, "rolescope.sandbox", QtWarningMsg)

} // namespace Core
