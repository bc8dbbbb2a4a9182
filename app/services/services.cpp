#include "services/services.h"

namespace Services {

Services::Services(const QString &configFolder)
    : transport(clock, activity), tokens(transport, clock), vault(configFolder, keychain, clock), spares(configFolder, keychain), operators(transport, keychain, clock, configFolder)
{
}

void Services::dropSecrets()
{
    tokens.forgetAll();
    operators.forgetTokens();
}

} // namespace Services
