#pragma once

#include "sandbox/authorizer.h"
#include "sandbox/entraendpoint.h"

#include <variant>

namespace Sandbox {

/// Resource Manager, as far as it is read: tenants, subscriptions, resource groups, storage
/// accounts and their containers, role definitions, role and deny assignments and the caller's permissions; in pages where the
/// scenario says so.
/// Every answer depends on the caller's own roles.
class ArmEndpoint final
{
public:
    ArmEndpoint(const Scenario &scenario, const Authorizer &authorizer, const TokenIssuer &issuer,
                Endpoints endpoints);

    Answer answer(const Incoming &request, const QDateTime &now) const;

private:
    struct Caller;
    struct Failure;
    using Found = std::variant<QJsonObject, Failure>;

    std::variant<Caller, Answer> authenticate(const Incoming &request, const QDateTime &now) const;
    Found find(const Incoming &request, const Caller &caller) const;
    Found resource(const QStringList &path, const Incoming &request, const Caller &caller) const;
    Found storage(const QStringList &path, const Caller &caller) const;
    Found account(const QStringList &path, const Account &account, const Caller &caller) const;
    Found authorization(const Azure::Scope &scope, const QStringList &path, const Incoming &request,
                        const Caller &caller) const;
    Found roleDefinitions(const Azure::Scope &scope, const QString &id,
                          const QString &filter) const;
    Found roleAssignments(const Azure::Scope &scope, const QString &id,
                          const QString &filter) const;
    Found denyAssignments(const Azure::Scope &scope) const;
    Found resources(const Subscription &subscription, const QString &filter, const Caller &caller) const;
    QJsonObject page(QJsonObject document, const Incoming &request) const;
    Found permissions(const Azure::Scope &scope, const Caller &caller) const;

    bool allows(const Caller &caller, const QString &action, const Azure::Scope &scope) const;
    Failure forbidden(const Caller &caller, const QString &action, const Azure::Scope &scope) const;
    bool hasAnythingIn(const Caller &caller, const Subscription &subscription) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    const TokenIssuer &m_issuer;
    Endpoints m_endpoints;
};

} // namespace Sandbox
