#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QDateTime>
#include <QString>
#include <QUrl>

namespace Identity {

/// What a pasted text or a file said. Members that it did not say are empty.
struct ImportedCredential {
    enum class Form { AzCreateForRbac, SdkAuth, EnvironmentFile, Lines };

    Form form = Form::AzCreateForRbac;
    QString displayName;
    QString tenant;
    QString clientId;
    Core::Secret secret;
    QString certificateFile;
    QString federatedTokenFile;
    QUrl authorityHost;    ///< where the text names one that is not the public cloud's
    QUrl resourceManager;
    QDateTime expiresAt;
    QStringList notes;     ///< what was repaired or ignored, in words, e.g. "a byte order mark was removed"
};

/// Reads what `az ad sp create-for-rbac` prints (also with --json-auth/--sdk-auth), an environment file of any common
/// dialect (export, quotes, CRLF, BOM, $env:, set), or three bare lines/values in any order. \a text may be anything a
/// clipboard can hold; more than 256 KiB is refused. Errors: InvalidInput with the cause and the next step (half JSON
/// with its position, JSON of another tool named as such, nothing recognised); the message never quotes a value.
Core::Result<ImportedCredential> importCredential(QByteArrayView text);

/// Whether a paste looks enough like a credential to offer the form. Cheap; false for large texts.
bool looksLikeCredential(QStringView text);

} // namespace Identity
