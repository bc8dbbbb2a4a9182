#include "sandbox/certificates.h"

#include <QHostAddress>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

using Certificate = std::shared_ptr<X509>;

PrivateKey shared(EVP_PKEY *key)
{
    return PrivateKey(key, EVP_PKEY_free);
}

Core::Error refused()
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    return {.kind = Core::Error::Kind::BadResponse,
            .message = u"OpenSSL could not make a certificate: %1."_s.arg(
                QString::fromLatin1(reason ? reason : "no reason given"))};
}

bool addExtension(X509 *certificate, X509 *issuer, int nid, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.constData());
    if (!extension)
        return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/// A certificate of \a key without extensions and signature; valid from an hour ago, for clocks
/// that are behind.
Certificate blank(EVP_PKEY *key, const QByteArray &commonName, X509_NAME *issuer)
{
    Certificate certificate(X509_new(), X509_free);
    BIGNUM *serial = BN_new();
    BN_rand(serial, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate.get()));
    BN_free(serial);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 30L * 86400);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME *subject = X509_get_subject_name(certificate.get());
    const auto add = [&](const char *type, const QByteArray &text) {
        X509_NAME_add_entry_by_txt(subject, type, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char *>(text.constData()),
                                   int(text.size()), -1, 0);
    };
    add("O", "Rolescope sandbox");
    add("CN", commonName);
    X509_set_issuer_name(certificate.get(), issuer ? issuer : subject);
    return certificate;
}

template<typename Write>
QByteArray written(Write write)
{
    BIO *memory = BIO_new(BIO_s_mem());
    QByteArray bytes;
    if (write(memory)) {
        char *start = nullptr;
        const long size = BIO_get_mem_data(memory, &start);
        bytes = QByteArray(start, size);
    }
    BIO_free(memory);
    return bytes;
}

QByteArray pemOf(X509 *certificate)
{
    return written([&](BIO *out) { return PEM_write_bio_X509(out, certificate); });
}

} // namespace

PrivateKey newRsaKey(unsigned bits)
{
    return shared(EVP_RSA_gen(bits));
}

Core::Result<CertificateAuthority> CertificateAuthority::create()
{
    CertificateAuthority authority;
    authority.m_key = shared(EVP_EC_gen("P-256"));
    if (!authority.m_key)
        return refused();
    const Certificate certificate = blank(authority.m_key.get(), "Rolescope sandbox CA", nullptr);
    if (!addExtension(certificate.get(), certificate.get(), NID_basic_constraints,
                      "critical,CA:TRUE,pathlen:0") ||
        !addExtension(certificate.get(), certificate.get(), NID_key_usage,
                      "critical,keyCertSign,cRLSign") ||
        !addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash") ||
        X509_sign(certificate.get(), authority.m_key.get(), EVP_sha256()) == 0)
        return refused();
    authority.m_certificate = certificate;
    authority.m_pem = pemOf(certificate.get());
    return authority;
}

Core::Result<ServerCertificate> CertificateAuthority::issue(const QStringList &names) const
{
    QByteArrayList alternatives;
    for (const QString &name : names)
        alternatives.append((QHostAddress(name).isNull() ? "DNS:" : "IP:") + name.toLatin1());
    const PrivateKey key = shared(EVP_EC_gen("P-256"));
    if (!key)
        return refused();
    X509 *issuer = m_certificate.get();
    const Certificate certificate = blank(
        key.get(), names.value(0).toLatin1().first(std::min<qsizetype>(names.value(0).size(), 64)),
        X509_get_subject_name(issuer));
    if (!addExtension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE") ||
        !addExtension(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature") ||
        !addExtension(certificate.get(), issuer, NID_ext_key_usage, "serverAuth") ||
        !addExtension(certificate.get(), issuer, NID_subject_key_identifier, "hash") ||
        !addExtension(certificate.get(), issuer, NID_authority_key_identifier, "keyid") ||
        !addExtension(certificate.get(), issuer, NID_subject_alt_name, alternatives.join(',')) ||
        X509_sign(certificate.get(), m_key.get(), EVP_sha256()) == 0)
        return refused();
    return ServerCertificate{pemOf(certificate.get()) + m_pem, written([&](BIO *out) {
                                 return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr,
                                                                 0, nullptr, nullptr);
                             })};
}

QByteArray selfSignedDer(const PrivateKey &key, const QByteArray &commonName)
{
    const Certificate certificate = blank(key.get(), commonName, nullptr);
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        return {};
    return written([&](BIO *out) { return i2d_X509_bio(out, certificate.get()); });
}

namespace {

QDateTime timeOf(const ASN1_TIME *time)
{
    tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return QDateTime(QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
                     QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC);
}

} // namespace

std::optional<CertificateFacts> readCertificate(const QByteArray &der)
{
    const auto *bytes = reinterpret_cast<const unsigned char *>(der.constData());
    const Certificate certificate(d2i_X509(nullptr, &bytes, long(der.size())), X509_free);
    if (!certificate) {
        ERR_clear_error();
        return std::nullopt;
    }
    const QByteArray subject = written([&](BIO *out) {
        return X509_NAME_print_ex(out, X509_get_subject_name(certificate.get()), 0,
                                  XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
    });
    return CertificateFacts{QString::fromUtf8(subject),
                            timeOf(X509_get0_notBefore(certificate.get())),
                            timeOf(X509_get0_notAfter(certificate.get())),
                            shared(X509_get_pubkey(certificate.get()))};
}

QByteArray thumbprint(const QByteArray &der, QCryptographicHash::Algorithm algorithm)
{
    return QCryptographicHash::hash(der, algorithm);
}

} // namespace Sandbox
