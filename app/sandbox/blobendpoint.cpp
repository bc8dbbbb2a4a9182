#include "sandbox/blobendpoint.h"

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const QByteArray s_firstWithBearer = "2017-11-09";
const QByteArray s_firstWithChallenge =
    "2019-12-12"; ///< before it, a bad token is a 403 without challenge

const QByteArray s_seeChallenge = "Server failed to authenticate the request. Please refer to the "
                                  "information in the www-authenticate header.";
const QByteArray s_failed = "Server failed to authenticate the request. Make sure the value of "
                            "Authorization header is formed "
                            "correctly including the signature.";

BlobError firewall()
{
    return {403,
            "AuthorizationFailure",
            "This request is not authorized to perform this operation.",
            {},
            BlobLayer::Gateway};
}

BlobError malformed()
{
    return {400,
            "InvalidAuthenticationInfo",
            "Authentication information is not given in the correct format. Check the value of "
            "Authorization header.",
            {},
            BlobLayer::Gateway};
}

BlobError sharedKey()
{
    return {403,
            "KeyBasedAuthenticationNotPermitted",
            "Key based authentication is not permitted on this storage account.",
            {},
            BlobLayer::Gateway};
}

BlobError copySourceRefused()
{
    return {403, "CannotVerifyCopySource", s_failed};
}

QByteArray detailOf(TokenFault fault)
{
    switch (fault) {
    case TokenFault::Expired: return "Lifetime validation failed. The token is expired.";
    case TokenFault::NotYet: return "Lifetime validation failed. The token is not yet valid.";
    default: return "Signature validation failed. Signature verification failed.";
    }
}

} // namespace

BlobEndpoint::BlobEndpoint(const Scenario &scenario, const Authorizer &authorizer,
                           const TokenIssuer &issuer, Endpoints endpoints)
    : m_scenario(scenario)
    , m_authorizer(authorizer)
    , m_issuer(issuer)
    , m_endpoints(std::move(endpoints))
{
}

std::variant<Answer, Admitted> BlobEndpoint::decide(const Account &account, const Incoming &request,
                                                    const QDateTime &now) const
{
    const auto refuse = [&](const BlobError &error) { return blobRefusal(error, request, now); };
    auto read = readBlobRequest(request, m_endpoints.accounts);
    const auto *unclear = std::get_if<BlobError>(&read);
    if (unclear && unclear->layer == BlobLayer::Gateway)
        return refuse(*unclear);
    const auto known = authenticate(account, request, now);
    if (const auto *error = std::get_if<BlobError>(&known))
        return refuse(*error);
    if (unclear)
        return refuse(*unclear);
    const BlobCaller caller = std::get<BlobCaller>(known);
    const BlobRequest &asked = std::get<BlobRequest>(read);
    if (account.throttleEvery > 0 && ++m_asked[account.name] % account.throttleEvery == 0)
        return refuse({503, "ServerBusy", "The server is busy."});
    if (!m_authorizer.allows(caller.objectId, account, asked, now))
        return refuse(permissionMismatch());
    if (asked.copies && !mayCopy(caller, account, asked, now))
        return refuse(copySourceRefused());
    if (asked.fault)
        return refuse(*asked.fault);
    return Admitted{std::get<BlobRequest>(std::move(read)), caller};
}

std::variant<BlobError, BlobCaller> BlobEndpoint::authenticate(const Account &account,
                                                                      const Incoming &request,
                                                                      const QDateTime &now) const
{
    if (account.firewall)
        return firewall();
    const QByteArray authorization = request.header("Authorization").trimmed();
    const QByteArray scheme = authorization.left(authorization.indexOf(' ')).toLower();
    if (scheme == "sharedkey" || scheme == "sharedkeylite" || hasSignature(request))
        return sharedKey();
    if (authorization.isEmpty())
        return withoutCredential(account, request);
    if (scheme != "bearer")
        return malformed();
    if (request.header("x-ms-version") < s_firstWithBearer)
        return BlobError{.status = 403,
                         .code = "AuthenticationFailed",
                         .message = s_failed,
                         .detail = "Authentication scheme Bearer is not supported in this version.",
                         .codeHeader = false};
    const auto result = bearer(account, request, authorization.mid(7).trimmed(), now);
    if (const auto *caller = std::get_if<BlobCaller>(&result)) {
        const Principal *principal = m_scenario.principalOfObject(caller->objectId);
        if (principal && principal->blockedAccounts.contains(account.name, Qt::CaseInsensitive))
            return firewall();
    }
    return result;
}

BlobError BlobEndpoint::withoutCredential(const Account &account, const Incoming &request) const
{
    if (request.header("x-ms-version") < s_firstWithChallenge)
        return {409,
                "PublicAccessNotPermitted",
                "Public access is not permitted on this storage account.",
                {},
                BlobLayer::Gateway};
    return {401,
            "NoAuthenticationInformation",
            s_seeChallenge,
            {},
            BlobLayer::Service,
            challenge(account)};
}

std::variant<BlobError, BlobCaller> BlobEndpoint::bearer(const Account &account,
                                                                const Incoming &request,
                                                                const QByteArray &token,
                                                                const QDateTime &now) const
{
    const TokenCheck check = m_issuer.check(token, now);
    if (check.fault == TokenFault::Malformed)
        return malformed();
    QByteArray detail;
    const QString tenant = m_scenario.tenantOf(account);
    const QString issuer = check.claims.value(u"iss"_s).toString();
    if (check.fault != TokenFault::None)
        detail = detailOf(check.fault);
    else if (!isForUs(check.claims.value(u"aud"_s).toString(), account))
        detail = "Audience validation failed. Audience did not match.";
    else if (issuer != u"https://sts.windows.net/%1/"_s.arg(tenant) &&
             issuer != u"https://login.microsoftonline.com/%1/v2.0"_s.arg(tenant))
        detail = "Issuer validation failed. Issuer did not match.";
    if (detail.isEmpty())
        return BlobCaller{check.claims.value(u"oid"_s).toString(),
                          check.claims.value(u"tid"_s).toString()};
    if (request.header("x-ms-version") < s_firstWithChallenge)
        return BlobError{403, "AuthenticationFailed", s_failed, detail, BlobLayer::Gateway};
    return BlobError{401,    "InvalidAuthenticationInfo", s_seeChallenge,
                     detail, BlobLayer::Gateway,          challenge(account)};
}

bool BlobEndpoint::isForUs(const QString &audience, const Account &account) const
{
    const QString plain = audience.endsWith(u'/') ? audience.chopped(1) : audience;
    return plain == u"https://storage.azure.com" ||
           plain == u"e406a681-f3d4-42a8-90b6-c2b029497af1" ||
           plain == u"https://%1.blob.core.windows.net"_s.arg(account.name) ||
           plain == m_endpoints.accounts.value(account.name);
}

QByteArray BlobEndpoint::challenge(const Account &account) const
{
    return "Bearer authorization_uri=" +
           (m_endpoints.authority + u'/' + m_scenario.tenantOf(account)).toLatin1() +
           "/oauth2/authorize resource_id=https://storage.azure.com";
}

/// Copying needs the right to read the source, and with its tags to read and write those.
bool BlobEndpoint::mayCopy(const BlobCaller &caller, const Account &account,
                           const BlobRequest &request, const QDateTime &now) const
{
    const Account *from = request.source ? m_scenario.account(request.source->account) : nullptr;
    if (!from ||
        !m_authorizer.allows(caller.objectId, *from, readingOf(*request.source, false), now))
        return false;
    if (!request.source->withTags)
        return true;
    BlobRequest writing = request;
    writing.operation =
        Access::operationOf("PUT", u'/' + request.place.container + u'/' + request.place.blob,
                            u"comp=tags"_s, {})
            .value();
    return m_authorizer.allows(caller.objectId, *from, readingOf(*request.source, true), now) &&
           m_authorizer.allows(caller.objectId, account, writing, now);
}

} // namespace Sandbox
