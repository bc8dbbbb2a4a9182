#pragma once

#include "sandbox/authorizer.h"
#include "sandbox/bloberror.h"
#include "sandbox/blobrequest.h"
#include "sandbox/entraendpoint.h"

#include <variant>

namespace Sandbox {

/// Whose token came along.
struct BlobCaller
{
    QString objectId;
    QString tenant;
};

/// A request that Entra ID's token and the role assignments let pass.
struct Admitted
{
    BlobRequest request;
    BlobCaller caller;
};

/// The door of an account's blob service: firewall, token, throttling, role assignments, in the order in which
/// Azure refuses.
class BlobEndpoint final
{
public:
    BlobEndpoint(const Scenario &scenario, const Authorizer &authorizer, const TokenIssuer &issuer,
                 Endpoints endpoints);

    std::variant<Answer, Admitted> decide(const Account &account, const Incoming &request,
                                          const QDateTime &now) const;

private:
    std::variant<BlobError, BlobCaller>
    authenticate(const Account &account, const Incoming &request, const QDateTime &now) const;
    BlobError withoutCredential(const Account &account, const Incoming &request) const;
    std::variant<BlobError, BlobCaller> bearer(const Account &account,
                                                      const Incoming &request,
                                                      const QByteArray &token,
                                                      const QDateTime &now) const;
    bool isForUs(const QString &audience, const Account &account) const;
    QByteArray challenge(const Account &account) const;
    bool mayCopy(const BlobCaller &caller, const Account &account, const BlobRequest &request,
                 const QDateTime &now) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    const TokenIssuer &m_issuer;
    mutable QHash<QString, qint64> m_asked; ///< requests so far, by account
    Endpoints m_endpoints;
};

} // namespace Sandbox
