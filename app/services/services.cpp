#include "services/services.h"

namespace Services {

Services::Services(const QString &configFolder)
    : transport(clock, activity), tokens(transport, clock), vault(configFolder, keychain, clock), operators(transport, keychain, clock, configFolder)
{
}

} // namespace Services
