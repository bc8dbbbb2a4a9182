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
    QString emptySecret;   ///< the name under which an empty secret was given; empty where there was none, or a secret
    QString certificateFile;
    Core::Secret certificatePassword;
    QString federatedTokenFile;
    QUrl authorityHost;    ///< as the text names it; see Cloud::forAuthority()
    QUrl resourceManager;
    QDateTime expiresAt;
    QStringList notes;     ///< what was repaired or ignored, in words, e.g. "a byte order mark was removed"
};

/// The order of two GUIDs that stand without names.
enum class BareOrder { Unknown, TenantFirst, ClientFirst };

/// The code of the error for two GUIDs without names when their order is Unknown.
extern const QString ambiguousOrder;

/// Reads a credential by the format it comes in: JSON in any nesting (what az prints, appsettings.json, a list of app settings),
/// YAML (a Compose file, a workflow, a Kubernetes manifest), INI, HCL, environment files and commands of any shell, az's table,
/// labels with values, or bare values. What a value is depends on its own name and line. \a text may be anything a clipboard can
/// hold; more than 256 KiB is refused.
/// Errors: InvalidInput with the cause and the next step: JSON that ends early, with its position; another tool's JSON, by its name;
/// several principals; a reference or placeholder instead of a value (code "SecretIsReference"); an order that nothing proves
/// (code ambiguousOrder); nothing recognised. The message never quotes a value.
Core::Result<ImportedCredential> importCredential(QByteArrayView text, BareOrder order = BareOrder::Unknown);

/// Whether a paste looks enough like a credential to offer the form. Cheap; false for large texts.
bool looksLikeCredential(QStringView text);

} // namespace Identity
