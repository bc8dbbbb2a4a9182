#include "sandbox/tokenissuer.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

constexpr qint64 s_tolerance = 300; ///< seconds

QByteArray component(EVP_PKEY *key, const char *name)
{
    BIGNUM *number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        return {};
    QByteArray bytes(BN_num_bytes(number), Qt::Uninitialized);
    BN_bn2bin(number, reinterpret_cast<unsigned char *>(bytes.data()));
    BN_free(number);
    return bytes;
}

const unsigned char *data(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

} // namespace

QByteArray base64Url(QByteArrayView bytes)
{
    return bytes.toByteArray().toBase64(QByteArray::Base64UrlEncoding |
                                        QByteArray::OmitTrailingEquals);
}

TokenIssuer::TokenIssuer()
    : m_key(newRsaKey(2048))
    , m_certificate(selfSignedDer(m_key, "accounts.accesscontrol.sandbox"))
{
    m_keyId = QString::fromLatin1(
        base64Url(QCryptographicHash::hash(m_certificate, QCryptographicHash::Sha1)));
}

QJsonArray TokenIssuer::keys(const QString &issuer) const
{
    return {QJsonObject{
        {u"kty"_s, u"RSA"_s},
        {u"use"_s, u"sig"_s},
        {u"kid"_s, m_keyId},
        {u"x5t"_s, m_keyId},
        {u"n"_s, QString::fromLatin1(base64Url(component(m_key.get(), OSSL_PKEY_PARAM_RSA_N)))},
        {u"e"_s, QString::fromLatin1(base64Url(component(m_key.get(), OSSL_PKEY_PARAM_RSA_E)))},
        {u"x5c"_s, QJsonArray{QString::fromLatin1(m_certificate.toBase64())}},
        {u"issuer"_s, issuer},
    }};
}

QByteArray TokenIssuer::sign(const QJsonObject &claims) const
{
    const QJsonObject header{
        {u"typ"_s, u"JWT"_s}, {u"alg"_s, u"RS256"_s}, {u"x5t"_s, m_keyId}, {u"kid"_s, m_keyId}};
    const QByteArray signedPart = base64Url(QJsonDocument(header).toJson(QJsonDocument::Compact)) +
                                  '.' +
                                  base64Url(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    size_t size = 0;
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get());
    EVP_DigestSign(context.get(), nullptr, &size, data(signedPart), size_t(signedPart.size()));
    QByteArray signature(qsizetype(size), Qt::Uninitialized);
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                   data(signedPart), size_t(signedPart.size()));
    signature.truncate(qsizetype(size));
    return signedPart + '.' + base64Url(signature);
}

TokenCheck TokenIssuer::check(const QByteArray &token, const QDateTime &now) const
{
    const auto jwt = Jwt::parse(token);
    if (!jwt)
        return {TokenFault::Malformed, {}};
    const QJsonObject &claims = jwt->claims;
    if (jwt->header.value(u"alg"_s).toString() != u"RS256" || !isOwn(*jwt))
        return {TokenFault::Signature, claims};
    const qint64 second = now.toSecsSinceEpoch();
    if (second + s_tolerance < claims.value(u"nbf"_s).toInteger())
        return {TokenFault::NotYet, claims};
    if (second - s_tolerance > claims.value(u"exp"_s).toInteger())
        return {TokenFault::Expired, claims};
    return {TokenFault::None, claims};
}

QString TokenIssuer::opaque(int bytes)
{
    QByteArray random(bytes, Qt::Uninitialized);
    for (char &byte : random)
        byte = char(QRandomGenerator::system()->bounded(256));
    return QString::fromLatin1(base64Url(random));
}

} // namespace Sandbox
