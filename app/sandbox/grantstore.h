#pragma once

#include <QDateTime>
#include <QList>
#include <QString>

namespace Sandbox {

/// What a client wants a person's consent for.
struct SignInRequest
{
    QString clientId;
    QString tenant; ///< as the path names it: a tenant, "common" or "organizations"
    bool v2 = true;
    QString scope;
    QString resource; ///< v1.0
    QString redirectUri;
    QString challenge; ///< PKCE; empty for none
    QString challengeMethod;
    QString nonce;
};

struct DeviceCode
{
    enum class State { Pending, Approved, Declined };

    QString code;
    QString userCode;
    SignInRequest request;
    QDateTime expires;
    QDateTime polledAt;
    State state = State::Pending;
    QString user; ///< object ID, once approved
};

struct AuthorizationCode
{
    QString code;
    SignInRequest request;
    QDateTime expires;
    QString user;
    bool redeemed = false;
};

struct RefreshToken
{
    QString token;
    QString clientId;
    QString user;
    QDateTime expires;
};

/// The codes and refresh tokens that are on their way. Pointers hold until the next one is added.
class GrantStore final
{
public:
    DeviceCode &addDeviceCode(const SignInRequest &request, const QDateTime &expires);
    AuthorizationCode &addAuthorizationCode(const SignInRequest &request, const QString &user,
                                            const QDateTime &expires);
    QString addRefreshToken(const QString &clientId, const QString &user, const QDateTime &expires);

    DeviceCode *deviceCode(const QString &code);
    /// As a person types it: without regard to case, blanks and hyphens.
    DeviceCode *userCode(const QString &typed);
    AuthorizationCode *authorizationCode(const QString &code);
    const RefreshToken *refreshToken(const QString &token) const;
    /// A code that was redeemed twice takes what it gave along.
    void revoke(const QString &user, const QString &clientId);

private:
    QList<DeviceCode> m_devices;
    QList<AuthorizationCode> m_codes;
    QList<RefreshToken> m_refreshTokens;
};

} // namespace Sandbox
