#include "identity/credentiallint.h"

#include "identity/credentialnames.h"

#include <QRegularExpression>

namespace Identity {

using namespace Qt::StringLiterals;
using Field = LintFinding::Field;
using Severity = LintFinding::Severity;

namespace {

bool isInvisible(QChar c)
{
    return c == QChar(0xFEFF) || c == QChar(0x200B) || c == QChar(0x200C) || c == QChar(0x200D) || c == QChar(0x2060)
        || c == u'\r' || c == QChar(0x00AD);
}

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'' || c == u'`' || c == QChar(0x201C) || c == QChar(0x201D) || c == QChar(0x2018)
        || c == QChar(0x2019);
}

bool looksLikeAssignment(QStringView text)
{
    static const QRegularExpression assignment(u"(?:\\A|[\\s\"';])(?:AZURE|ARM)_[A-Z_]+\\s*[=:]"_s);
    return text.startsWith(u'{') || assignment.match(text).hasMatch();
}

void lintSurroundings(const QString &text, Field field, QList<LintFinding> &findings)
{
    if (looksLikeAssignment(text)) {
        findings.append({field, Severity::Error, u"whole-paste"_s,
                         u"This looks like a whole JSON or environment file, not a single value."_s});
    } else if (cleaned(text) != text) {
        findings.append({field, Severity::Warning, u"stray-characters"_s,
                         u"There are blanks, quotes or invisible characters around the value; they came with the copying "
                         "and will be left out."_s});
    }
}

void lintTenant(const QString &tenant, QList<LintFinding> &findings)
{
    static const QStringList shared{u"common"_s, u"organizations"_s, u"consumers"_s};
    if (shared.contains(tenant, Qt::CaseInsensitive)) {
        findings.append({Field::Tenant, Severity::Error, u"tenant-is-shared"_s,
                         u"“%1” is for people who sign in; an application needs its own tenant's ID or domain."_s.arg(tenant)});
    } else if (tenant.contains(u"://") || tenant.contains(u'/')) {
        findings.append({Field::Tenant, Severity::Error, u"tenant-is-url"_s,
                         u"This is a URL. The tenant is the GUID (or the domain) in it."_s});
    } else if (!isGuid(tenant) && !isDomainName(tenant)) {
        findings.append({Field::Tenant, Severity::Error, u"tenant-form"_s,
                         u"A tenant is a GUID, or a domain name such as contoso.onmicrosoft.com."_s});
    }
}

void lintClientId(const QString &clientId, const QString &tenant, QList<LintFinding> &findings)
{
    if (!isGuid(clientId)) {
        findings.append(isDomainName(clientId) && isGuid(tenant)
                            ? LintFinding{Field::ClientId, Severity::Error, u"swapped"_s,
                                          u"Tenant and client ID look swapped: this is a domain name, which only a tenant has."_s}
                            : LintFinding{Field::ClientId, Severity::Error, u"client-form"_s,
                                          u"A client ID (application ID) is a GUID."_s});
    } else if (clientId.compare(tenant, Qt::CaseInsensitive) == 0) {
        findings.append({Field::ClientId, Severity::Error, u"same-as-tenant"_s,
                         u"Tenant and client ID are the same GUID; one of them was pasted twice."_s});
    }
}

void lintSecret(const QString &secret, const CredentialFields &fields, QList<LintFinding> &findings)
{
    // Entra ID's secrets: 40 characters, "Q~" at the fifth, after three characters and a digit (seen in public documents).
    static const QRegularExpression entra(u"^...[0-9]Q~[A-Za-z0-9_.~-]*$"_s);
    if (isGuid(secret)) {
        const bool repeated = secret.compare(fields.clientId, Qt::CaseInsensitive) == 0
            || secret.compare(fields.tenant, Qt::CaseInsensitive) == 0;
        findings.append({Field::Secret, Severity::Error, u"secret-is-guid"_s,
                         repeated ? u"This is the tenant or client ID again, not the secret."_s
                                  : u"A GUID is the secret's ID, not the secret. Copy the “Value” column; it is shown only once, "
                                    "so make a new secret if it is gone."_s});
    } else if (const QString kind = referenceKind(secret); !kind.isEmpty() && kind != u"a placeholder") {
        findings.append({Field::Secret, Severity::Error, u"secret-is-reference"_s,
                         u"This is %1, not the secret itself."_s.arg(kind)});
    } else if (isEntraSecret(secret)) {
        return; // whole, whatever characters it contains
    } else if (secret.contains(u"…") || secret.contains(u"...") || secret.contains(u"***") || secret.contains(u"•••")) {
        findings.append({Field::Secret, Severity::Error, u"secret-masked"_s,
                         u"This is the shortened form that the portal shows later. The secret itself is shown only once."_s});
    } else if (entra.match(secret).hasMatch() && secret.size() != 40) {
        findings.append({Field::Secret, Severity::Warning, u"secret-length"_s,
                         u"It begins as a client secret does, but those have 40 characters and this has %1: was it cut off?"_s
                             .arg(secret.size())});
    } else if (secret.contains(u' ') || secret.contains(u'\t') || secret.contains(u'\n')) {
        findings.append({Field::Secret, Severity::Warning, u"secret-blank"_s,
                         u"There is white space inside; Entra ID's secrets have none."_s});
    } else if (secret.size() < 16) {
        findings.append({Field::Secret, Severity::Warning, u"secret-short"_s,
                         u"This is shorter than any secret that Entra ID makes today."_s});
    }
}

} // namespace

QString cleaned(const QString &text)
{
    QString result = text;
    result.removeIf([](QChar c) { return isInvisible(c); });
    result = result.trimmed();
    while (result.size() >= 2 && isQuote(result.front()) && isQuote(result.back()))
        result = result.mid(1, result.size() - 2).trimmed();
    return result;
}

bool isGuid(QStringView text)
{
    static const QRegularExpression guid(u"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"_s);
    return text.size() == 36 && guid.match(text.toString()).hasMatch();
}

bool isDomainName(QStringView text)
{
    static const QRegularExpression domain(u"^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return domain.match(text.toString()).hasMatch();
}

QList<LintFinding> lint(const CredentialFields &fields)
{
    QList<LintFinding> findings;
    const QString secretText = QString::fromUtf8(fields.secret.reveal());
    const QString tenant = cleaned(fields.tenant);
    const QString clientId = cleaned(fields.clientId);
    const QString secret = cleaned(secretText);

    if (!tenant.isEmpty()) {
        lintSurroundings(fields.tenant, Field::Tenant, findings);
        if (!looksLikeAssignment(tenant))
            lintTenant(tenant, findings);
    }
    if (!clientId.isEmpty()) {
        lintSurroundings(fields.clientId, Field::ClientId, findings);
        if (!looksLikeAssignment(clientId))
            lintClientId(clientId, tenant, findings);
    }
    if (!secret.isEmpty()) {
        lintSurroundings(secretText, Field::Secret, findings);
        if (!looksLikeAssignment(secret))
            lintSecret(secret, {tenant, clientId, {}}, findings);
    }
    return findings;
}

} // namespace Identity
