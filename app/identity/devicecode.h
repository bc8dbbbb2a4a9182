#pragma once

#include "identity/usertoken.h"

#include <QDateTime>
#include <QUrl>

namespace Identity {

/// What a person is told, and what is asked with meanwhile (RFC 8628, section 3.2).
struct DeviceCode
{
    Core::Secret deviceCode;
    QString userCode;
    QUrl verificationUri;
    QString message;  ///< Entra ID's own sentence for the person; may be empty. Text from a server
    int interval = 5; ///< seconds between two questions, at least 1
    QDateTime expiresAt; ///< UTC

    bool operator==(const DeviceCode &) const = default;
};

Http::Request deviceCodeRequest(const PublicClient &client, const QString &scope);
/// Errors: those of an OAuth refusal; BadResponse (a member is missing, or the page is not https).
Core::Result<DeviceCode> parseDeviceCode(const Http::Response &response, const Cloud &cloud,
                                         const QDateTime &now);

Http::Request deviceTokenRequest(const PublicClient &client, const DeviceCode &code);

/// What an answer means for somebody who waits for a person, by its OAuth error.
enum class DeviceAnswer {
    Token,    ///< signed in
    Pending,  ///< ask again after the interval
    SlowDown, ///< the same, and five seconds longer from now on
    Over,     ///< declined, expired, or refused
};
DeviceAnswer deviceAnswer(const Http::Response &response);

/// Why a wait is over: declined (Forbidden, "authorization_declined"), expired (Timeout,
/// "expired_token"), or as parseTokenResponse() says.
Core::Error deviceRefusal(const Http::Response &response, const QDateTime &now);
Core::Error deviceCodeExpired();

} // namespace Identity
