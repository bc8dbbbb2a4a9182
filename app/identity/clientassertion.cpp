#include "identity/clientassertion.h"

#include "core/atomicfile.h"
#include "identity/accesstoken.h"
#include "identity/certificate.h"
#include "identity/opensslpointers.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

constexpr qint64 longestToken = 64 * 1024;

QByteArray encoded(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray encoded(const QJsonObject &object)
{
    return encoded(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

// RSASSA-PSS with SHA-256, MGF1 with the same, and a salt as long as the hash.
QByteArray signedPs256(const QByteArray &text, EVP_PKEY *key)
{
    const OpenSsl::Digest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX *context = nullptr;
    size_t size = 0;
    const auto *bytes = reinterpret_cast<const unsigned char *>(text.constData());
    const auto length = static_cast<size_t>(text.size());
    if (EVP_DigestSignInit(digest.get(), &context, EVP_sha256(), nullptr, key) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) != 1 ||
        EVP_DigestSign(digest.get(), nullptr, &size, bytes, length) != 1)
        return {};
    QByteArray signature(static_cast<qsizetype>(size), Qt::Uninitialized);
    if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                       bytes, length) != 1)
        return {};
    signature.truncate(static_cast<qsizetype>(size));
    return signature;
}

} // namespace

Result<Secret> clientAssertion(const Secret &pem, const QString &clientId, const QUrl &audience,
                               const QDateTime &now)
{
    const Result<Certificate> certificate = readCertificate(pem.reveal());
    if (!certificate)
        return certificate.error();
    const QJsonObject header{
        {u"alg"_s, u"PS256"_s},
        {u"typ"_s, u"JWT"_s},
        {u"x5t#S256"_s, QString::fromLatin1(encoded(certificate->thumbprint256))}};
    const qint64 from = now.toSecsSinceEpoch();
    const QJsonObject claims{{u"aud"_s, audience.toString(QUrl::FullyEncoded)},
                             {u"iss"_s, clientId},
                             {u"sub"_s, clientId},
                             {u"jti"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
                             {u"nbf"_s, from},
                             {u"iat"_s, from},
                             {u"exp"_s, from + assertionLifetime}};
    QByteArray assertion = encoded(header) + '.' + encoded(claims);
    const OpenSsl::Key key(PEM_read_bio_PrivateKey(OpenSsl::reader(certificate->pem.reveal()).get(),
                                                   nullptr, nullptr, const_cast<char *>("")));
    const QByteArray signature = signedPs256(assertion, key.get());
    ERR_clear_error();
    if (signature.isEmpty())
        return Error{.kind = Error::Kind::Unsupported,
                     .message = u"OpenSSL could not sign with the private key."_s};
    assertion += '.' + encoded(signature);
    return Secret::take(std::move(assertion));
}

Result<Secret> readFederatedToken(const QString &path)
{
    const auto refused = [&](const QString &what) {
        return Error{
            .kind = Error::Kind::InvalidInput,
            .message = u"The token file “%1” %2."_s.arg(path, what),
            .code = u"NoFederatedToken"_s,
            .nextStep =
                u"Look at who writes it: it holds one JWT of the identity provider that the application trusts."_s};
    };
    Result<QByteArray> bytes = Core::readFile(path, longestToken);
    if (!bytes) {
        if (QFileInfo(path).isFile() && QFileInfo(path).size() > longestToken)
            return refused(u"is longer than any token (64 KiB)"_s);
        return bytes.error();
    }
    Secret token(QByteArrayView(*bytes).trimmed());
    Core::wipe(*bytes);
    if (token.isEmpty())
        return refused(u"is empty"_s);
    if (!TokenClaims::decode(token))
        return refused(u"holds no JSON Web Token"_s);
    return token;
}

} // namespace Identity
