#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace Identity {

/// A certificate with its private key, as an application signs in with it.
struct Certificate
{
    Core::Secret pem; ///< the key (PKCS#8, not encrypted), the certificate, the rest of its chain:
                      ///< what a keychain keeps
    QByteArray der;   ///< the certificate alone; public
    QString subject;  ///< as RFC 2253 writes it
    QByteArray thumbprint;         ///< SHA-1 in upper-case hex, as Azure's portal shows it
    QByteArray thumbprint256;      ///< SHA-256, 32 bytes: x5t#S256 of an assertion
    QDateTime notBefore, notAfter; ///< UTC
    int keyBits = 0;

    bool operator==(const Certificate &) const = default;
};

/// The longest file that is read as a certificate: what a keychain entry takes, several times over.
constexpr qsizetype longestCertificate = 256 * 1024;

/// Reads PEM (a key, encrypted or not, and one or more certificates in any order) or PKCS#12. The
/// certificate is the one that the key fits. An empty \a passphrase means that there is none.
/// Errors: InvalidInput with one of the codes
///   NoCertificateFile  neither PEM nor PKCS#12, or damaged    PassphraseNeeded, WrongPassphrase,
///   LegacyPkcs12 NoPrivateKey, NoCertificate, SeveralKeys                  KeyMismatch,
///   SeveralCertificates (more than one fits the key) KeyNotRsa, KeySize  what an assertion cannot
///   be signed with
/// The message never quotes the file.
Core::Result<Certificate> readCertificate(QByteArrayView bytes,
                                          const Core::Secret &passphrase = {});

/// readCertificate(), and whether it can be used \a now. Errors: those, CertificateExpired,
/// CertificateNotYetValid.
Core::Result<Certificate> importCertificate(QByteArrayView bytes, const Core::Secret &passphrase,
                                            const QDateTime &now);

/// A new RSA key and a certificate that it signs itself, for \a commonName, valid from five minutes
/// before \a now. Takes a tenth of a second and more: not for the GUI thread. Errors: InvalidInput
/// (a name that no certificate can have, fewer than 1 or more than 730 days).
Core::Result<Certificate> makeCertificate(const QString &commonName, int days, const QDateTime &now,
                                          int keyBits = 2048);

/// \a pem of a Certificate for an application's file; with a \a passphrase the key in it is
/// encrypted (PKCS#8, AES-256).
Core::Result<Core::Secret> certificateForFile(const Core::Secret &pem,
                                              const Core::Secret &passphrase = {});

/// Random and long enough that nobody guesses it; it stands beside the path in the file that names
/// the certificate's.
Core::Secret newPassphrase();

/// Whether the private key in a \a pem file cannot be read without a passphrase.
bool isKeyLocked(QByteArrayView pem);

/// The certificate alone in PEM, as Azure takes it; no key.
QByteArray publicPem(const Certificate &certificate);

} // namespace Identity
