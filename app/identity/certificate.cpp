#include "identity/certificate.h"

#include "identity/opensslpointers.h"

#include <QRandomGenerator>
#include <array>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

Error unmade(const QString &what)
{
    const char *reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return {.kind = Error::Kind::Unsupported,
            .message = what + u": "_s + QString::fromLatin1(reason ? reason : "no reason given")};
}

Error invalid(const QString &code, const QString &message, const QString &nextStep)
{
    return {
        .kind = Error::Kind::InvalidInput, .message = message, .code = code, .nextStep = nextStep};
}

bool addExtension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool setSerial(X509 *certificate)
{
    BIGNUM *serial = BN_new();
    const bool set = serial && BN_rand(serial, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                     BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate));
    BN_free(serial);
    return set;
}

bool fill(X509 *certificate, EVP_PKEY *key, const QByteArray &commonName, const QDateTime &from,
          const QDateTime &to)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return setSerial(certificate) && X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), from.toSecsSinceEpoch()) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), to.toSecsSinceEpoch()) &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_NAME_add_entry_by_txt(
               name, "CN", MBSTRING_UTF8,
               reinterpret_cast<const unsigned char *>(commonName.constData()),
               static_cast<int>(commonName.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 &&
           addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           addExtension(certificate, NID_key_usage, "critical,digitalSignature") &&
           addExtension(certificate, NID_ext_key_usage, "clientAuth") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

} // namespace

Result<Certificate> importCertificate(QByteArrayView bytes, const Secret &passphrase,
                                      const QDateTime &now)
{
    const Result<Certificate> certificate = readCertificate(bytes, passphrase);
    if (!certificate)
        return certificate;
    if (certificate->notAfter <= now)
        return invalid(u"CertificateExpired"_s,
                       u"The certificate has expired on %1."_s.arg(
                           certificate->notAfter.toString(Qt::ISODate)),
                       u"Make a new one and register it at the application."_s);
    if (certificate->notBefore > now)
        return invalid(u"CertificateNotYetValid"_s,
                       u"The certificate is valid from %1 on only."_s.arg(
                           certificate->notBefore.toString(Qt::ISODate)),
                       u"Check this machine's clock, or wait until then."_s);
    return certificate;
}

Result<Certificate> makeCertificate(const QString &commonName, int days, const QDateTime &now,
                                    int keyBits)
{
    const QByteArray name = commonName.trimmed().toUtf8();
    // X.520 allows 64 characters in a common name.
    if (name.isEmpty() || commonName.trimmed().size() > 64 || name.contains('\0'))
        return invalid(u"CertificateName"_s, u"A certificate's name has 1 to 64 characters."_s,
                       u"Choose a shorter name."_s);
    if (days < 1 || days > 730)
        return invalid(u"CertificateLifetime"_s, u"A certificate is made for 1 to 730 days."_s,
                       u"Choose a lifetime in between."_s);
    ERR_clear_error();
    const OpenSsl::Key key(EVP_RSA_gen(static_cast<unsigned>(keyBits)));
    const OpenSsl::X509 certificate(X509_new());
    // Azure's clock may be a little behind this one.
    if (!key || !certificate ||
        !fill(certificate.get(), key.get(), name, now.addSecs(-300), now.addDays(days)))
        return unmade(u"OpenSSL could not make a certificate"_s);
    const OpenSsl::Bio pem = OpenSsl::secretWriter();
    if (PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1 ||
        PEM_write_bio_X509(pem.get(), certificate.get()) != 1)
        return unmade(u"OpenSSL could not write a certificate"_s);
    return readCertificate(OpenSsl::written(pem).reveal());
}

Result<Secret> certificateForFile(const Secret &pem, const Secret &passphrase)
{
    if (passphrase.isEmpty())
        return pem;
    const QByteArrayView text = pem.reveal();
    const qsizetype certificates = text.indexOf("-----BEGIN CERTIFICATE-----");
    const OpenSsl::Key key(PEM_read_bio_PrivateKey(OpenSsl::reader(text).get(), nullptr, nullptr,
                                                   const_cast<char *>("")));
    if (!key || certificates < 0)
        return unmade(u"The certificate in the keychain cannot be read"_s);
    const QByteArrayView secret = passphrase.reveal();
    const OpenSsl::Bio out = OpenSsl::secretWriter();
    if (PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), secret.data(),
                                      static_cast<int>(secret.size()), nullptr, nullptr) != 1 ||
        BIO_write(out.get(), text.data() + certificates,
                  static_cast<int>(text.size() - certificates)) <= 0)
        return unmade(u"OpenSSL could not encrypt the private key"_s);
    return OpenSsl::written(out);
}

Secret newPassphrase()
{
    std::array<quint32, 6> words{};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    return Secret::take(QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words)
                            .toBase64(QByteArray::Base64UrlEncoding));
}

// PKCS#8 says so in its first line, OpenSSL's older form in a header.
bool isKeyLocked(QByteArrayView pem)
{
    return pem.contains("ENCRYPTED");
}

QByteArray publicPem(const Certificate &certificate)
{
    const QByteArray text = certificate.der.toBase64();
    QByteArray pem = "-----BEGIN CERTIFICATE-----\n";
    for (qsizetype at = 0; at < text.size(); at += 64)
        pem += text.mid(at, 64) + '\n';
    return pem + "-----END CERTIFICATE-----\n";
}

} // namespace Identity
