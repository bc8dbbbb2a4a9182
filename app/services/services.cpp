#include "services/services.h"

namespace Services {

Services::Services(const QString &configFolder)
    : transport(clock, activity), tokens(transport, clock), vault(configFolder, keychain, clock), spares(configFolder, keychain), operators(transport, keychain, clock, configFolder)
{
    transport.setRefused([this](const Core::Secret &token) {
        tokens.forget(token);
        operators.forget(token);
    });
}

void Services::dropSecrets()
{
    tokens.forgetAll();
    operators.forgetTokens();
}

} // namespace Services
