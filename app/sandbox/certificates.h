#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDateTime>
#include <QStringList>
#include <memory>
#include <optional>

struct evp_pkey_st;
struct x509_st;

namespace Sandbox {

using PrivateKey = std::shared_ptr<evp_pkey_st>;

/// RSA of \a bits. Null when OpenSSL has no random numbers.
PrivateKey newRsaKey(unsigned bits);

struct ServerCertificate
{
    QByteArray chainPem; ///< the server's, then the authority's
    QByteArray keyPem;   ///< unencrypted PKCS #8
};

/// A certificate authority that lives as long as the sandbox; its key never leaves the process.
class CertificateAuthority final
{
public:
    /// Errors: BadResponse, when OpenSSL refuses.
    static Core::Result<CertificateAuthority> create();

    const QByteArray &pem() const { return m_pem; }
    /// A server certificate for \a names: host names, wildcards and IP addresses, valid for 30
    /// days.
    Core::Result<ServerCertificate> issue(const QStringList &names) const;

private:
    PrivateKey m_key;
    std::shared_ptr<x509_st> m_certificate;
    QByteArray m_pem;
};

/// A self-signed certificate of \a key in DER, for the x5c member of a key set. Empty when OpenSSL
/// refuses.
QByteArray selfSignedDer(const PrivateKey &key, const QByteArray &commonName);

struct CertificateFacts
{
    QString subject; ///< "CN=example"
    QDateTime notBefore;
    QDateTime notAfter;
    std::shared_ptr<evp_pkey_st> publicKey;
};

/// What a certificate in DER says. Nothing where it is none.
std::optional<CertificateFacts> readCertificate(const QByteArray &der);
/// SHA-1 or SHA-256 of the DER bytes, as x5t and x5t#S256 carry them.
QByteArray thumbprint(const QByteArray &der, QCryptographicHash::Algorithm algorithm = QCryptographicHash::Sha1);

} // namespace Sandbox
