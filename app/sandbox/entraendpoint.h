#pragma once

#include "sandbox/endpoints.h"
#include "sandbox/message.h"
#include "sandbox/scenario.h"
#include "sandbox/tokenissuer.h"

#include <QDateTime>
#include <memory>

namespace Sandbox {

class Directory;
class EntraMetadata;
class GrantStore;
class SignInPages;
class TokenEndpoint;

/// Entra ID, v1.0 and v2.0: metadata, keys, tokens, device codes, and the pages where people sign
/// in.
class EntraEndpoint final
{
public:
    EntraEndpoint(const Scenario &scenario, const Directory &directory, const TokenIssuer &issuer,
                  Endpoints endpoints);
    ~EntraEndpoint();

    Answer answer(const Incoming &request, const QDateTime &now);

private:
    Q_DISABLE_COPY_MOVE(EntraEndpoint)

    std::unique_ptr<EntraMetadata> m_metadata;
    std::unique_ptr<GrantStore> m_grants;
    std::unique_ptr<SignInPages> m_pages;
    std::unique_ptr<TokenEndpoint> m_tokens;
};

} // namespace Sandbox
