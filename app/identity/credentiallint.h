#pragma once

#include "core/secret.h"

#include <QList>
#include <QString>

namespace Identity {

/// One thing that is, or may be, wrong with a field, found without asking anybody.
struct LintFinding {
    enum class Field { Tenant, ClientId, Secret, Name };
    enum class Severity { Error, Warning }; ///< an Error cannot work; a Warning may be meant

    Field field = Field::Tenant;
    Severity severity = Severity::Error;
    QString id;      ///< stable, e.g. "secret-is-guid"
    QString message; ///< a sentence with the cause and what to do; no secret in it

    bool operator==(const LintFinding &) const = default;
};

struct CredentialFields {
    QString tenant;
    QString clientId;
    Core::Secret secret;
};

/// Findings for what stands in the form now; an empty field is no finding here. Knows: a GUID in the secret box (the
/// secret's ID), stray blanks, quotes, CR, BOM, zero-width characters, tenant and client swapped or equal, not a GUID and
/// no domain, a secret that is cut off, a whole JSON or env line pasted into a box, a URL in the tenant box.
QList<LintFinding> lint(const CredentialFields &fields);

/// \a text without what copying adds: outer white space, quotes that enclose it, BOM, zero-width characters, CR.
QString cleaned(const QString &text);
bool isGuid(QStringView text);
bool isDomainName(QStringView text);

} // namespace Identity
