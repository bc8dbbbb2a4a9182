#pragma once

#include "sandbox/armanswer.h"
#include "sandbox/authorizer.h"
#include "sandbox/endpoints.h"

namespace Sandbox {

/// Storage accounts and their containers, and the resources of a subscription, as they are read.
class ArmStorage final
{
public:
    ArmStorage(const Scenario &scenario, const Authorizer &authorizer, Endpoints endpoints);

    /// \a path: all of the request's.
    ArmFound answer(const QStringList &path, const ArmCaller &caller) const;
    ArmFound resources(const Subscription &subscription, const QString &filter,
                       const ArmCaller &caller) const;

private:
    ArmFound account(const QStringList &path, const Account &account,
                     const ArmCaller &caller) const;
    bool allows(const ArmCaller &caller, const QString &action, const Azure::Scope &scope) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    Endpoints m_endpoints;
};

} // namespace Sandbox
