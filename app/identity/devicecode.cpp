#include "identity/devicecode.h"

#include "http/admission.h"
#include "identity/tokenprotocol.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

Http::Request deviceCodeRequest(const PublicClient &client, const QString &scope)
{
    return formRequest(client, u"devicecode"_s,
                       {{"scope", Secret(interactiveScope(scope).toUtf8())}});
}

Result<DeviceCode> parseDeviceCode(const Http::Response &response, const Cloud &cloud,
                                   const QDateTime &now)
{
    const QJsonObject answer = QJsonDocument::fromJson(response.body).object();
    DeviceCode code{.deviceCode = Secret(answer[u"device_code"].toString().toUtf8()),
                    .userCode = answer[u"user_code"].toString(),
                    .message = answer[u"message"].toString().simplified().left(600)};
    if (!response.isSuccess() || code.deviceCode.isEmpty()) {
        const Result<AccessToken> refused = parseTokenResponse(response, {}, now);
        return refused ? Error{.message = u"The answer holds no device code."_s} : refused.error();
    }
    // "verification_url" is what Entra ID's older endpoint says.
    const QString page =
        answer[u"verification_uri"].toString(answer[u"verification_url"].toString());
    code.verificationUri = QUrl(page, QUrl::StrictMode);
    if (code.userCode.isEmpty() || code.userCode.size() > 64 ||
        !Http::admit(code.verificationUri, cloud.trust))
        return Error{.message = u"%1 gave a device code without a page to enter it at."_s.arg(
                         response.url.host()),
                     .nextStep = u"Check the authority's host, or sign in with the browser."_s,
                     .status = response.status};
    code.interval = std::clamp(answer[u"interval"].toVariant().toInt(), 1, 60);
    if (!answer.contains(u"interval"))
        code.interval = 5;
    const int lifetime = answer[u"expires_in"].toVariant().toInt();
    code.expiresAt = now.addSecs(std::clamp(lifetime > 0 ? lifetime : 900, 1, 3600));
    return code;
}

Http::Request deviceTokenRequest(const PublicClient &client, const DeviceCode &code)
{
    return formRequest(client, u"token"_s,
                       {{"grant_type", Secret("urn:ietf:params:oauth:grant-type:device_code")},
                        {"device_code", code.deviceCode}});
}

DeviceAnswer deviceAnswer(const Http::Response &response)
{
    if (response.isSuccess())
        return DeviceAnswer::Token;
    const QString oauth = oauthError(response);
    if (oauth == u"authorization_pending")
        return DeviceAnswer::Pending;
    return oauth == u"slow_down" ? DeviceAnswer::SlowDown : DeviceAnswer::Over;
}

Error deviceRefusal(const Http::Response &response, const QDateTime &now)
{
    const QString oauth = oauthError(response);
    const Result<AccessToken> refused = parseTokenResponse(response, {}, now);
    Error error =
        refused ? Error{.message = u"There is no token in the answer."_s} : refused.error();
    // RFC 8628 calls it access_denied, Microsoft authorization_declined.
    if (oauth == u"authorization_declined" || oauth == u"access_denied") {
        error.kind = Error::Kind::Forbidden;
        error.nextStep = u"Start again, and confirm the sign-in in the browser."_s;
    } else if (oauth == u"expired_token" || oauth == u"code_expired") {
        const Error expired = deviceCodeExpired();
        error.kind = expired.kind;
        error.nextStep = expired.nextStep;
    }
    return error;
}

Error deviceCodeExpired()
{
    return {.kind = Error::Kind::Timeout,
            .message = u"The code was not entered in time."_s,
            .code = u"expired_token"_s,
            .nextStep = u"Start again; a new code is shown."_s};
}

} // namespace Identity
