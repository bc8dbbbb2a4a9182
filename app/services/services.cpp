#include "services/services.h"

namespace Services {

Services::Services(const QString &configFolder)
    : transport(clock, activity), tokens(transport, clock), vault(configFolder, keychain, clock)
{
}

} // namespace Services
