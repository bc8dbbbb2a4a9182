#include "sandbox/jwt.h"

#include <QJsonDocument>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

const unsigned char *data(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

std::optional<QByteArray> decoded(const QByteArray &part)
{
    auto result = QByteArray::fromBase64Encoding(part, QByteArray::Base64UrlEncoding |
                                                           QByteArray::OmitTrailingEquals |
                                                           QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional(*result) : std::nullopt;
}

std::optional<QJsonObject> object(const QByteArray &part)
{
    const auto bytes = decoded(part);
    const QJsonDocument document = bytes ? QJsonDocument::fromJson(*bytes) : QJsonDocument();
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

template<auto Free>
struct Freed
{
    template<typename T>
    void operator()(T *pointer) const
    {
        Free(pointer);
    }
};

} // namespace

std::optional<Jwt> Jwt::parse(const QByteArray &token)
{
    const QByteArrayList parts = token.split('.');
    if (parts.size() != 3)
        return std::nullopt;
    const auto header = object(parts[0]);
    const auto claims = object(parts[1]);
    const auto signature = decoded(parts[2]);
    if (!header || !claims || !signature)
        return std::nullopt;
    return Jwt{*header, *claims, parts[0] + '.' + parts[1], *signature};
}

bool Jwt::isSignedBy(const PrivateKey &publicKey) const
{
    const QString algorithm = header.value(u"alg"_s).toString();
    const bool probabilistic = algorithm == u"PS256";
    if (!publicKey || (!probabilistic && algorithm != u"RS256") ||
        EVP_PKEY_get_base_id(publicKey.get()) != EVP_PKEY_RSA)
        return false;
    const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *parameters = nullptr;
    bool good = EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr,
                                     publicKey.get()) == 1;
    if (good && probabilistic)
        good = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1;
    good = good && EVP_DigestVerify(context.get(), data(signature), size_t(signature.size()),
                                    data(signedPart), size_t(signedPart.size())) == 1;
    ERR_clear_error();
    return good;
}

PrivateKey publicKeyFromJwk(const QJsonObject &jwk)
{
    const auto number = [&](const QString &key) {
        const QByteArray bytes =
            decoded(jwk.value(key).toString().toLatin1()).value_or(QByteArray());
        return std::unique_ptr<BIGNUM, Freed<BN_free>>(
            BN_bin2bn(data(bytes), int(bytes.size()), nullptr));
    };
    const auto modulus = number(u"n"_s), exponent = number(u"e"_s);
    if (jwk.value(u"kty"_s).toString() != u"RSA" || BN_num_bits(modulus.get()) < 2048)
        return {};
    const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> parameters(
        OSSL_PARAM_BLD_to_param(builder.get()));
    const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY *key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        ERR_clear_error();
    return PrivateKey(key, EVP_PKEY_free);
}

} // namespace Sandbox
