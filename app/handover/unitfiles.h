#pragma once

#include "core/result.h"
#include "envfile/format.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace Handover {

/// An application that gunicorn serves under systemd on the user's own server.
struct GunicornService
{
    QString name;            ///< of the unit, without ".service"
    QString application;     ///< MODULE:APP
    QString user;            ///< as whom it runs
    QString directory;       ///< where MODULE is found, absolute
    QString environmentFile; ///< in the format systemd-envfile, absolute; empty: a drop-in has all
    QString bind = QStringLiteral("127.0.0.1:8000");
    QString gunicorn = QStringLiteral("/usr/bin/gunicorn"); ///< the program, absolute

    bool operator==(const GunicornService &) const = default;
};

/// The unit file of \a service. The variables stay in the environment file, which systemd reads as
/// root before it gives up its rights. Errors: InvalidInput, code "UnitFile", naming what cannot
/// stand in a unit.
Core::Result<QByteArray> gunicornUnit(const GunicornService &service);

/// Where a certificate lies that systemd-creds has encrypted, unless another place is named.
QString defaultCredentialFile();

/// A drop-in that hands a certificate to a service without a readable file on any disk:
/// LoadCredentialEncrypted= from \a credentialFile, which systemd decrypts into memory for this
/// service alone, and AZURE_CLIENT_CERTIFICATE_PATH=%d/…, beside those of \a variables that are no
/// secret (systemd.exec(5), CREDENTIALS, since version 250). Errors: Unsupported for what the SDKs
/// read from a variable only (a client secret, a passphrase); InvalidInput without a certificate,
/// or for a path that cannot stand in a unit.
Core::Result<QByteArray> encryptedCertificateDropIn(const EnvFile::Variables &variables,
                                                    const QString &credentialFile);

/// The command that reads a certificate with its key (PEM) from standard input and encrypts it into
/// \a credentialFile for this machine, under the name that the drop-in asks for. Needs root.
QStringList encryptCommand(const QString &credentialFile);
/// The same as a line for a POSIX shell, with the certificate from CERTIFICATE.pem.
QString shownEncryptCommand(const QString &credentialFile);

} // namespace Handover
