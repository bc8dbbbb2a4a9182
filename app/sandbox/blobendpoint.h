#pragma once

#include "access/bloboperation.h"
#include "sandbox/authorizer.h"
#include "sandbox/bloberror.h"
#include "sandbox/entraendpoint.h"

#include <variant>

namespace Sandbox {

/// Where in an account a request goes, as Azurite will read it too.
struct BlobPlace
{
    QString container; ///< "$root" for a blob directly below the account
    QString blob;
};

/// Whose token came along.
struct BlobCaller
{
    QString objectId;
    QString tenant;
};

/// A request that Entra ID's token and the role assignments let pass.
struct Admitted
{
    Access::BlobOperation operation;
    BlobPlace place;
    BlobCaller caller;
    QString copySource; ///< "/account/container/blob", encoded, where the request copies from one
                        ///< of the sandbox's blobs
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
    std::variant<BlobError, QString> copySource(const BlobCaller &caller,
                                                const QByteArray &url, const QDateTime &now) const;

    const Scenario &m_scenario;
    const Authorizer &m_authorizer;
    const TokenIssuer &m_issuer;
    mutable QHash<QString, qint64> m_asked; ///< requests so far, by account
    Endpoints m_endpoints;
};

/// The container and blob that \a rawPath names; nothing where it cannot be one ("//x", a
/// backslash, bytes outside ASCII).
std::optional<BlobPlace> placeOf(const Incoming &request);

} // namespace Sandbox
