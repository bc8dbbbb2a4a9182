#include "cli/principalcredential.h"

#include "cli/command.h"
#include "cli/input.h"
#include "core/atomicfile.h"
#include "identity/certificate.h"
#include "identity/clientassertion.h"
#include "identity/credentialimport.h"

#include <QFileInfo>

namespace Cli {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Core::Secret;
using Identity::ServicePrincipal;

namespace {

constexpr qint64 longestSecret =
    47 * 1024; // what the keychain takes, as it keeps the secret in base64
constexpr qint64 longestPaste = 1024 * 1024;

Result<Secret> lineFromStdin(const QString &what, const QString &option)
{
    Result<QByteArray> bytes = readStandardInput(longestSecret);
    if (!bytes)
        return bytes.error();
    if (bytes->endsWith('\n'))
        bytes->chop(bytes->endsWith("\r\n") ? 2 : 1);
    if (bytes->isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"There is no %1 on standard input."_s.arg(what),
                     .nextStep =
                         u"Pipe it in: rolescope-cli … %1 < FILE"_s.arg(option)};
    return Secret::take(std::move(*bytes));
}

Result<GivenCredential> keep(GivenCredential given, const Identity::Certificate &certificate)
{
    given.principal.credential = ServicePrincipal::Credential::Certificate;
    given.principal.credentialThumbprint = QString::fromLatin1(certificate.thumbprint);
    given.principal.credentialExpiresAt = certificate.notAfter;
    given.secret = certificate.pem;
    given.notes.append(u"the certificate “%1” (thumbprint %2) ends on %3"_s.arg(
        certificate.subject, given.principal.credentialThumbprint,
        certificate.notAfter.toString(Qt::ISODate)));
    return given;
}

Result<GivenCredential> fromCertificate(GivenCredential given, const QString &path,
                                        bool passphraseStdin, const QDateTime &now)
{
    Secret passphrase;
    if (passphraseStdin) {
        const Result<Secret> line = lineFromStdin(u"passphrase"_s, u"--passphrase-stdin"_s);
        if (!line)
            return line.error();
        passphrase = *line;
    }
    Result<QByteArray> bytes = Core::readFile(path, Identity::longestCertificate + 1);
    if (!bytes)
        return bytes.error();
    const auto certificate = Identity::importCertificate(*bytes, passphrase, now);
    Core::wipe(*bytes);
    if (!certificate) {
        Error error = certificate.error();
        error.message.prepend(path + u": "_s);
        return error;
    }
    given.notes.append(
        u"the file %1 is not needed any more, and its key is not protected by the keychain"_s.arg(
            path));
    return keep(std::move(given), *certificate);
}

Result<GivenCredential> fromTokenFile(GivenCredential given, const QString &path)
{
    // What is wrong with it now is said now; it is read again at each use.
    const Result<Secret> token = Identity::readFederatedToken(path);
    if (!token)
        return token.error();
    given.principal.credential = ServicePrincipal::Credential::FederatedToken;
    given.principal.credentialFile = QFileInfo(path).absoluteFilePath();
    return given;
}

// A pasted text may have its secret in a path's place, so no error repeats what it says there.
Error withoutPath(Error error, const QString &path, const QString &what)
{
    if (error.kind == Error::Kind::NotFound || error.kind == Error::Kind::File || error.message.contains(path)) {
        error.message = error.kind == Error::Kind::NotFound ? u"The %1 that the text names does not exist."_s.arg(what)
                                                            : u"The %1 that the text names cannot be read."_s.arg(what);
        error.nextStep = u"Check the path in the text. A relative path starts at the current folder."_s;
    }
    return error;
}

Result<GivenCredential> withCertificate(GivenCredential given, const Identity::ImportedCredential &imported,
                                        bool passphraseStdin, const QDateTime &now)
{
    const QString &path = imported.certificateFile;
    const QString what = u"certificate file"_s;
    if (passphraseStdin || imported.certificatePassword.isEmpty()) {
        const auto read = fromCertificate(std::move(given), path, passphraseStdin, now);
        return read ? read : withoutPath(read.error(), path, what);
    }
    Result<QByteArray> bytes = Core::readFile(path, Identity::longestCertificate + 1);
    if (!bytes)
        return withoutPath(bytes.error(), path, what);
    const auto certificate = Identity::importCertificate(*bytes, imported.certificatePassword, now);
    Core::wipe(*bytes);
    if (!certificate)
        return withoutPath(certificate.error(), path, what);
    return keep(std::move(given), *certificate);
}

Result<GivenCredential> fromPaste(const CredentialOptions &options, const QDateTime &now)
{
    Result<QByteArray> bytes = options.from == "-"
                                   ? readStandardInput(longestPaste)
                                   : Core::readFile(text(options.from), longestPaste);
    if (!bytes)
        return bytes.error();
    const auto imported = Identity::importCredential(*bytes);
    Core::wipe(*bytes);
    if (!imported)
        return imported.error();
    GivenCredential given;
    given.principal.tenant = imported->tenant;
    given.principal.clientId = imported->clientId;
    given.principal.credentialExpiresAt = imported->expiresAt;
    given.secret = imported->secret;
    given.authorityHost = imported->authorityHost;
    given.notes = imported->notes;
    // The SDKs prefer the secret, then the certificate (Azure Identity: EnvironmentCredential).
    if (!given.secret.isEmpty()) {
        given.secretIsExact = true;
        return given;
    }
    if (!imported->certificateFile.isEmpty())
        return withCertificate(std::move(given), *imported, options.passphraseStdin, now);
    if (!imported->federatedTokenFile.isEmpty()) {
        const auto read = fromTokenFile(std::move(given), imported->federatedTokenFile);
        return read ? read : withoutPath(read.error(), imported->federatedTokenFile, u"token file"_s);
    }
    if (!imported->emptySecret.isEmpty())
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"%1 is empty, so there is no client secret in this text."_s.arg(imported->emptySecret),
                     .code = u"NoSecret"_s,
                     .nextStep = u"Write the secret behind it. If you do not have it, make a new one: az ad app credential reset --id CLIENT-ID --append"_s};
    return Error{
        .kind = Error::Kind::InvalidInput,
        .message =
            u"There is neither a client secret in it nor the file of a certificate or token."_s,
        .nextStep = u"Make a secret: az ad app credential reset --id CLIENT-ID --append"_s};
}

} // namespace

Result<GivenCredential> readCredential(const CredentialOptions &options, const QString &name,
                                       const QDateTime &now)
{
    if (!options.from.empty())
        return fromPaste(options, now);
    GivenCredential given;
    given.principal.tenant = text(options.tenant);
    given.principal.clientId = text(options.clientId);
    if (!options.certificate.empty())
        return fromCertificate(std::move(given), text(options.certificate), options.passphraseStdin,
                               now);
    if (!options.federatedTokenFile.empty())
        return fromTokenFile(std::move(given), text(options.federatedTokenFile));
    if (options.makeCertificate) {
        const auto made = Identity::makeCertificate(name.left(64), options.days, now);
        if (!made)
            return made.error();
        given.notes.append(
            u"register the certificate at the application: rolescope-cli principal certificate "
            u"NAME --output FILE, "
            "then az ad app credential reset --id CLIENT-ID --append --cert @FILE"_s);
        return keep(std::move(given), *made);
    }
    const Result<Secret> secret = lineFromStdin(u"secret"_s, u"--secret-stdin"_s);
    if (!secret)
        return secret.error();
    given.secret = *secret;
    return given;
}

} // namespace Cli
