#pragma once

#include "sandbox/usergrants.h"

namespace Sandbox {

/// The pages on which a person signs in, for a browser: /authorize (authorization code, with PKCE)
/// and the page where a device's code is typed. Small forms without script; nobody is asked for
/// consent.
class SignInPages final
{
public:
    SignInPages(const Scenario &scenario, const Directory &directory, GrantStore &grants,
                Endpoints endpoints);

    /// Nothing where the path is none of these pages.
    std::optional<Answer> answer(const Incoming &request, const QDateTime &now);

private:
    Answer authorize(const Incoming &request, const QString &tenant, bool v2, const QDateTime &now);
    Answer finish(const QUrlQuery &fields, const SignInRequest &wanted, const QDateTime &now);
    Answer device(const Incoming &request, const QDateTime &now);
    std::optional<EntraError> wrongRedirect(const SignInRequest &wanted,
                                            const QDateTime &now) const;

    const Scenario &m_scenario;
    const Directory &m_directory;
    GrantStore &m_grants;
    Endpoints m_endpoints;
};

/// Whether \a given is \a registered; of a loopback address any port is good, as RFC 8252 has it.
bool isSameRedirect(const QString &registered, const QString &given);

} // namespace Sandbox
