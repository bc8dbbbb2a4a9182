#include "identity/certificate.h"
#include "identity/opensslpointers.h"

#include <QCryptographicHash>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <vector>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;

namespace {

// What an assertion is signed with. Shorter keys are broken; whether Entra ID takes longer ones is
// not known here.
constexpr int fewestBits = 2048;
constexpr int mostBits = 4096;

struct Found
{
    OpenSsl::Key key;
    std::vector<OpenSsl::X509> certificates;
};

Error refused(const QString &code, const QString &message, const QString &nextStep)
{
    return {
        .kind = Error::Kind::InvalidInput, .message = message, .code = code, .nextStep = nextStep};
}

Error noCertificateFile(const QString &what)
{
    return refused(
        u"NoCertificateFile"_s, what,
        u"Give a PEM file with the private key and the certificate, or a PKCS#12 file (.pfx, .p12)."_s);
}

Error wrongPassphrase(bool given)
{
    return given
               ? refused(u"WrongPassphrase"_s, u"The passphrase does not open the private key."_s,
                         u"Enter the passphrase with which the file was made."_s)
               : refused(u"PassphraseNeeded"_s, u"The private key is protected by a passphrase."_s,
                         u"Give it, on the command line with --passphrase-stdin."_s);
}

// OpenSSL would otherwise ask for it at the terminal.
int givePassphrase(char *buffer, int size, int, void *given)
{
    const QByteArrayView passphrase = static_cast<const Secret *>(given)->reveal();
    if (passphrase.isEmpty() || passphrase.size() > size)
        return -1;
    std::copy(passphrase.begin(), passphrase.end(), buffer);
    return static_cast<int>(passphrase.size());
}

struct Block
{
    QByteArrayView label;
    QByteArrayView text; ///< with its first and last line
};

// RFC 7468; what stands between the blocks is commentary.
Result<std::vector<Block>> blocksOf(QByteArrayView bytes)
{
    std::vector<Block> blocks;
    qsizetype at = 0;
    while ((at = bytes.indexOf("-----BEGIN ", at)) >= 0) {
        const qsizetype endOfLabel = bytes.indexOf("-----", at + 11);
        const QByteArrayView label =
            endOfLabel < 0 ? QByteArrayView() : bytes.sliced(at + 11, endOfLabel - at - 11);
        const QByteArray last = "-----END " + label.toByteArray() + "-----";
        const qsizetype end =
            label.isEmpty() || label.size() > 40 ? -1 : bytes.indexOf(last, endOfLabel);
        if (end < 0)
            return noCertificateFile(u"The PEM text is cut off or damaged."_s);
        blocks.push_back({label, bytes.sliced(at, end + last.size() - at)});
        at = end + last.size();
    }
    return blocks;
}

Result<OpenSsl::Key> keyOf(const Block &block, const Secret &passphrase)
{
    ERR_clear_error();
    Secret given = passphrase;
    const QByteArray text = block.text.toByteArray() + '\n';
    const OpenSsl::Bio bio = OpenSsl::reader(text);
    OpenSsl::Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassphrase, &given));
    const bool locked =
        block.label.startsWith("ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED");
    ERR_clear_error();
    if (key)
        return key;
    return locked ? wrongPassphrase(!passphrase.isEmpty())
                  : noCertificateFile(u"The private key in the file is damaged."_s);
}

Result<Found> fromPem(QByteArrayView bytes, const Secret &passphrase)
{
    const Result<std::vector<Block>> blocks = blocksOf(bytes);
    if (!blocks)
        return blocks.error();
    Found found;
    for (const Block &block : *blocks) {
        if (block.label.endsWith("PRIVATE KEY")) {
            if (found.key)
                return refused(u"SeveralKeys"_s, u"There are several private keys in the file."_s,
                               u"Leave the one that belongs to the certificate."_s);
            Result<OpenSsl::Key> key = keyOf(block, passphrase);
            if (!key)
                return key.error();
            found.key = std::move(*key);
        } else if (block.label.endsWith("CERTIFICATE")) {
            const QByteArray text = block.text.toByteArray() + '\n';
            OpenSsl::X509 certificate(
                PEM_read_bio_X509_AUX(OpenSsl::reader(text).get(), nullptr, nullptr, nullptr));
            ERR_clear_error();
            if (!certificate)
                return noCertificateFile(u"A certificate in the file is damaged."_s);
            found.certificates.push_back(std::move(certificate));
        }
    }
    return found;
}

// What was given in place of a PEM or PKCS#12 file.
Error somethingElse(QByteArrayView bytes)
{
    const OpenSsl::X509 certificate(d2i_X509_bio(OpenSsl::reader(bytes).get(), nullptr));
    const OpenSsl::Key key(certificate ? nullptr
                                       : d2i_PrivateKey_bio(OpenSsl::reader(bytes).get(), nullptr));
    ERR_clear_error();
    if (certificate)
        return refused(
            u"NoPrivateKey"_s,
            u"This is a certificate in DER form, which never has its private key with it."_s,
            u"Make it PEM (openssl x509 -inform DER -in FILE), and put the private key into the same file."_s);
    if (key)
        return refused(
            u"NoCertificate"_s, u"This is a private key in DER form, without a certificate."_s,
            u"Make it PEM (openssl pkey -inform DER -in FILE), and put the certificate into the same file."_s);
    if (bytes.startsWith("\xFF\xFE") || bytes.startsWith("\xFE\xFF"))
        return noCertificateFile(u"The file is text in UTF-16; a PEM file is plain ASCII."_s);
    return noCertificateFile(u"The file is neither PEM nor PKCS#12."_s);
}

Result<Found> fromPkcs12(QByteArrayView bytes, const Secret &passphrase)
{
    const OpenSsl::Pkcs12 store(d2i_PKCS12_bio(OpenSsl::reader(bytes).get(), nullptr));
    ERR_clear_error();
    if (!store)
        return somethingElse(bytes);
    QByteArray text = passphrase.reveal().toByteArray();
    // "No passphrase" is an empty one or none at all, depending on who wrote the file.
    const char *given = text.constData();
    if (PKCS12_verify_mac(store.get(), given, -1) != 1) {
        given = text.isEmpty() && PKCS12_verify_mac(store.get(), nullptr, 0) == 1
                    ? nullptr
                    : text.constData();
        if (given) {
            Core::wipe(text);
            ERR_clear_error();
            return wrongPassphrase(!passphrase.isEmpty());
        }
    }
    EVP_PKEY *key = nullptr;
    ::X509 *certificate = nullptr;
    STACK_OF(X509) *others = nullptr;
    const bool parsed = PKCS12_parse(store.get(), given, &key, &certificate, &others) == 1;
    Core::wipe(text);
    ERR_clear_error();
    Found found{OpenSsl::Key(key), {}};
    if (certificate)
        found.certificates.emplace_back(certificate);
    while (others && sk_X509_num(others) > 0)
        found.certificates.emplace_back(sk_X509_shift(others));
    sk_X509_free(others);
    if (!parsed)
        return refused(
            u"LegacyPkcs12"_s,
            u"The PKCS#12 file is encrypted in an old way (RC2, 40 bits) that OpenSSL 3 does not read."_s,
            u"Convert it: openssl pkcs12 -legacy -in OLD.pfx -out NEW.pem, then import NEW.pem."_s);
    return found;
}

QDateTime timeOf(const ASN1_TIME *time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return QDateTime(QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
                     QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC);
}

Result<void> checkKey(EVP_PKEY *key)
{
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return refused(
            u"KeyNotRsa"_s,
            u"The private key is no RSA key, and assertions for Entra ID are signed with RSA (PS256)."_s,
            u"Make a certificate with an RSA key, e.g. by rolescope-cli principal add --make-certificate."_s);
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < fewestBits || bits > mostBits)
        return refused(u"KeySize"_s,
                       u"The RSA key has %1 bits; %2 to %3 can be used."_s.arg(bits)
                               .arg(fewestBits)
                               .arg(mostBits) +
                           (bits > mostBits
                                ? u" Whether Entra ID takes a longer one is not known here."_s
                                : QString()),
                       u"Make a certificate with a key of 2048, 3072 or 4096 bits."_s);
    return {};
}

// Puts the certificate that the key fits first.
Result<void> chooseCertificate(Found &found)
{
    if (!found.key && found.certificates.empty())
        return noCertificateFile(
            u"There is neither a private key nor a certificate in the file."_s);
    if (!found.key)
        return refused(u"NoPrivateKey"_s,
                       u"There is a certificate in the file, but no private key."_s,
                       u"Give the file that has both, as it was when the certificate was made."_s);
    if (found.certificates.empty())
        return refused(u"NoCertificate"_s,
                       u"There is a private key in the file, but no certificate."_s,
                       u"Put both into one PEM file."_s);
    if (const Result<void> usable = checkKey(found.key.get()); !usable)
        return usable;
    const auto fits = [&](const OpenSsl::X509 &one) {
        const bool same = X509_check_private_key(one.get(), found.key.get()) == 1;
        ERR_clear_error();
        return same;
    };
    const auto count = std::count_if(found.certificates.cbegin(), found.certificates.cend(), fits);
    if (count == 0)
        return refused(u"KeyMismatch"_s, u"The private key does not belong to the certificate."_s,
                       u"Give the key with which this certificate was requested."_s);
    if (count > 1)
        return refused(
            u"SeveralCertificates"_s,
            u"%1 certificates in the file fit the private key."_s.arg(count),
            u"Leave the one that is registered at the application; intermediates may stay."_s);
    std::stable_partition(found.certificates.begin(), found.certificates.end(), fits);
    return {};
}

Result<Certificate> described(const Found &found)
{
    ::X509 *leaf = found.certificates.front().get();
    Certificate certificate;
    unsigned char *der = nullptr;
    const int size = i2d_X509(leaf, &der);
    certificate.der = QByteArray(reinterpret_cast<const char *>(der), std::max(size, 0));
    OPENSSL_free(der);
    const OpenSsl::Bio name(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(name.get(), X509_get_subject_name(leaf), 0,
                       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    certificate.subject = QString::fromUtf8(OpenSsl::written(name).reveal()).left(400);
    certificate.thumbprint =
        QCryptographicHash::hash(certificate.der, QCryptographicHash::Sha1).toHex().toUpper();
    certificate.thumbprint256 =
        QCryptographicHash::hash(certificate.der, QCryptographicHash::Sha256);
    certificate.notBefore = timeOf(X509_get0_notBefore(leaf));
    certificate.notAfter = timeOf(X509_get0_notAfter(leaf));
    certificate.keyBits = EVP_PKEY_get_bits(found.key.get());
    const OpenSsl::Bio pem = OpenSsl::secretWriter();
    bool wrote = PEM_write_bio_PKCS8PrivateKey(pem.get(), found.key.get(), nullptr, nullptr, 0,
                                               nullptr, nullptr) == 1;
    for (const OpenSsl::X509 &one : found.certificates)
        wrote = wrote && PEM_write_bio_X509(pem.get(), one.get()) == 1;
    if (!wrote || !certificate.notAfter.isValid())
        return noCertificateFile(u"The certificate cannot be written again."_s);
    certificate.pem = OpenSsl::written(pem);
    return certificate;
}

} // namespace

Result<Certificate> readCertificate(QByteArrayView bytes, const Secret &passphrase)
{
    if (bytes.size() > longestCertificate)
        return noCertificateFile(
            u"The file is larger than any certificate (%1 KiB)."_s.arg(longestCertificate / 1024));
    const bool pem = bytes.contains("-----BEGIN ");
    Result<Found> found = pem ? fromPem(bytes, passphrase) : fromPkcs12(bytes, passphrase);
    if (!found)
        return found.error();
    if (const Result<void> chosen = chooseCertificate(*found); !chosen)
        return chosen.error();
    return described(*found);
}

} // namespace Identity
