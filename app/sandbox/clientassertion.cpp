#include "sandbox/clientassertion.h"

#include "sandbox/certificates.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qint64 s_tolerance = 300; ///< seconds

EntraError refusal(int number, const QString &text)
{
    return {number, "invalid_client", text, 401};
}

EntraError invalidSignature(const QString &reason, const QString &thumbprint, const QString &appId)
{
    return refusal(
        700027,
        u"Client assertion contains an invalid signature. [Reason - %1, Thumbprint of key used by "
        "client: '%2', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to "
        "see "
        "configured keys for app Id '%3'. Review the documentation at "
        "https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        "endpoint and "
        "https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http "
        "to build a query request URL, such as "
        "'https://graph.microsoft.com/beta/applications/%3']. "
        "Alternatively, SNI may be configured on the app. Please ensure that client assertion is "
        "being "
        "sent with the x5c claim in the JWT header using MSAL's WithSendX5C() method so that Azure "
        "Active Directory can validate the certificate being used."_s.arg(reason, thumbprint,
                                                                          appId));
}

QString spelled(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC)
        .toString(u"yyyy-MM-dd'T'hh:mm:ss'.0000000Z'"_s);
}

std::optional<EntraError> wrongTime(const QJsonObject &claims, const QDateTime &now)
{
    const qint64 second = now.toSecsSinceEpoch();
    // MSAL for Python writes fractions of seconds.
    const auto from = qint64(claims.value(u"nbf"_s).toDouble(claims.value(u"iat"_s).toDouble()));
    const auto until = qint64(claims.value(u"exp"_s).toDouble());
    if (second + s_tolerance >= from && second - s_tolerance < until)
        return std::nullopt;
    return refusal(
        700024,
        u"Client assertion is not within its valid time range. Current time: %1, assertion "
        "valid from %2, expiry time of assertion %3. Review the documentation at "
        "https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials ."_s
            .arg(now.toUTC().toString(u"yyyy-MM-dd'T'hh:mm:ss.zzz'0000Z'"_s), spelled(from),
                 spelled(until)));
}

QByteArray named(const QJsonObject &header, const QString &key)
{
    return QByteArray::fromBase64(header.value(key).toString().toLatin1(),
                                  QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QStringList audiencesOf(const QJsonObject &claims)
{
    const QJsonValue value = claims.value(u"aud"_s);
    if (value.isString())
        return {value.toString()};
    QStringList all;
    for (const QJsonValue &one : value.toArray())
        all.append(one.toString());
    return all;
}

} // namespace

QString sandboxIssuer()
{
    return u"https://issuer.rolescope-sandbox.example"_s;
}

ClientAssertion::ClientAssertion(const Scenario &scenario, const Directory &directory,
                                 const TokenIssuer &issuer, const Endpoints &endpoints)
    : m_scenario(scenario)
    , m_directory(directory)
    , m_issuer(issuer)
    , m_endpoints(endpoints)
{
}

std::optional<EntraError> ClientAssertion::check(const TokenRequest &request, const Tenant &tenant,
                                                 const QList<const DirectoryObject *> &holders,
                                                 const QDateTime &now) const
{
    const QString type = request.value(u"client_assertion_type"_s);
    if (type != u"urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        return EntraError{
            900144, "invalid_request",
            u"The request body must contain the following parameter: 'client_assertion_type'."_s};
    const auto assertion = Jwt::parse(request.assertion.toLatin1());
    if (!assertion)
        return EntraError{50027, "invalid_request", u"JWT token is invalid or malformed."_s};
    const QString issuer = assertion->claims.value(u"iss"_s).toString();
    return issuer.compare(request.clientId, Qt::CaseInsensitive) == 0
               ? certificate(*assertion, request, tenant, holders, now)
               : federated(*assertion, holders, now);
}

bool ClientAssertion::isForThisEndpoint(const QString &audience, const Tenant &tenant) const
{
    for (const QString &authority :
         {m_endpoints.authority, u"https://login.microsoftonline.com"_s}) {
        for (const QString &name : QStringList{tenant.id} + tenant.domains) {
            const QString base = authority + u'/' + name;
            for (const QString &path :
                 {u"/oauth2/v2.0/token"_s, u"/oauth2/token"_s, u"/v2.0"_s, u"/"_s, QString()}) {
                if (audience.compare(base + path, Qt::CaseInsensitive) == 0)
                    return true;
            }
        }
    }
    return false;
}

std::optional<EntraError>
ClientAssertion::certificate(const Jwt &assertion, const TokenRequest &request,
                             const Tenant &tenant, const QList<const DirectoryObject *> &holders,
                             const QDateTime &now) const
{
    const QByteArray sha1 = named(assertion.header, u"x5t"_s);
    const QByteArray sha256 = named(assertion.header, u"x5t#S256"_s);
    const QString shown = QString::fromLatin1((sha1.isEmpty() ? sha256 : sha1).toHex().toUpper());
    const QString appId = holders.first()->appId;
    const KeyCredential *key = nullptr;
    for (const DirectoryObject *holder : holders) {
        for (const KeyCredential &one : holder->keys) {
            const bool meant = (!sha1.isEmpty() && thumbprint(one.certificate) == sha1) ||
                               (!sha256.isEmpty() &&
                                thumbprint(one.certificate, QCryptographicHash::Sha256) == sha256);
            if (meant && m_directory.hasReached(Directory::Replica::SignIn, one.added, now))
                key = &one;
        }
    }
    if (!key)
        return invalidSignature(u"The key was not found."_s, shown, appId);
    const auto facts = readCertificate(key->certificate);
    if (!facts)
        return invalidSignature(u"The key used cannot be read."_s, shown, appId);
    if (key->end <= now || key->start > now.addSecs(s_tolerance) || facts->notAfter <= now)
        return invalidSignature(u"The key used is expired."_s, shown, appId);
    if (!assertion.isSignedBy(facts->publicKey))
        return invalidSignature(
            u"The provided signature value did not match the expected signature value."_s, shown,
            appId);
    if (assertion.claims.value(u"sub"_s).toString().compare(request.clientId,
                                                            Qt::CaseInsensitive) != 0)
        return refusal(
            700021,
            u"Client assertion application identifier doesn't match 'client_id' parameter."_s);
    const QStringList audiences = audiencesOf(assertion.claims);
    const bool forUs = std::any_of(audiences.begin(), audiences.end(), [&](const QString &one) {
        return isForThisEndpoint(one, tenant);
    });
    if (!forUs)
        return refusal(700023, u"Client assertion audience claim does not match Realm issuer."_s);
    return wrongTime(assertion.claims, now);
}

bool ClientAssertion::isSignedByIssuer(const Jwt &assertion) const
{
    const QString issuer = assertion.claims.value(u"iss"_s).toString();
    if (issuer == sandboxIssuer())
        return m_issuer.isOwn(assertion);
    for (const TrustedIssuer &one : m_scenario.issuers) {
        if (one.issuer != issuer)
            continue;
        for (const QJsonValue &key : one.keys) {
            if (assertion.isSignedBy(publicKeyFromJwk(key.toObject())))
                return true;
        }
    }
    return false;
}

std::optional<EntraError> ClientAssertion::federated(const Jwt &assertion,
                                                     const QList<const DirectoryObject *> &holders,
                                                     const QDateTime &now) const
{
    const QString issuer = assertion.claims.value(u"iss"_s).toString();
    const QString subject = assertion.claims.value(u"sub"_s).toString();
    const QStringList audiences = audiencesOf(assertion.claims);
    const QString check =
        u"Check your federated identity credential Subject, Audience and Issuer "
        "against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"_s;
    const QString start = u"No matching federated identity record found for presented assertion "_s;
    bool anyIssuer = false, anySubject = false;
    for (const DirectoryObject *holder : holders) {
        for (const FederatedCredential &one : holder->federations) {
            if (!m_directory.hasReached(Directory::Replica::SignIn, one.added, now) ||
                one.issuer != issuer)
                continue;
            anyIssuer = true;
            if (one.subject != subject)
                continue;
            anySubject = true;
            if (!audiences.contains(one.audiences.value(0)))
                continue;
            if (!isSignedByIssuer(assertion))
                return refusal(
                    50013,
                    u"Assertion failed signature validation. [Reason - The key was not found.]"_s);
            return wrongTime(assertion.claims, now);
        }
    }
    if (!anyIssuer)
        return refusal(700211, start + u"issuer '%1'. "_s.arg(issuer) + check);
    if (!anySubject)
        return refusal(700213, start + u"subject '%1'. "_s.arg(subject) + check);
    return refusal(700212, start + u"audience '%1'. "_s.arg(audiences.join(u' ')) + check);
}

} // namespace Sandbox
