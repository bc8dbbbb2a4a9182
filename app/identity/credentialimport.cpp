#include "identity/credentialimport.h"

#include "identity/cloud.h"
#include "identity/credentiallint.h"
#include "identity/credentialnames.h"
#include "identity/pastedgroups.h"
#include "identity/pastedtext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Form = ImportedCredential::Form;

const QString ambiguousOrder = u"AmbiguousOrder"_s;

namespace {

constexpr qsizetype longest = 256 * 1024;

Error notUnderstood(const QString &message, const QString &nextStep = {})
{
    return {.kind = Error::Kind::InvalidInput,
            .message = message,
            .code = u"PasteNotUnderstood"_s,
            .nextStep = nextStep.isEmpty() ? u"Paste what `az ad sp create-for-rbac` printed, an environment file with AZURE_TENANT_ID, "
                                             "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or type the three values."_s
                                           : nextStep};
}

Core::Secret secretOf(const QString &text)
{
    return Core::Secret::take(text.toUtf8());
}

// Other tools' JSON that people have in the same clipboard, by what only they contain.
std::optional<Error> otherTool(const QJsonObject &object)
{
    struct Known {
        QStringView key;
        QStringView is;
        QStringView nextStep;
    };
    static constexpr Known known[] = {
        {u"AccessKeyId", u"an AWS access key", u""},
        {u"aws_access_key_id", u"an AWS access key", u""},
        {u"private_key_id", u"a Google Cloud service account key", u""},
        {u"auths", u"a Docker configuration", u""},
        {u"clusters", u"a Kubernetes configuration", u""},
        {u"accessToken", u"an access token, as `az account get-access-token` prints it",
         u"A token ends within hours and renews nothing. Paste the output of `az ad sp create-for-rbac` instead."},
        {u"homeTenantId", u"what `az account show` prints: a subscription, without a credential",
         u"Run `az ad sp create-for-rbac` (or `az ad sp credential reset`) and paste what it prints."},
        {u"servicePrincipalType", u"a service principal as `az ad sp show` prints it, without its secret",
         u"Run `az ad sp credential reset --id …` and paste what it prints."},
        {u"signInAudience", u"an application as `az ad app show` prints it, without its secret",
         u"Run `az ad app credential reset --id …` and paste what it prints."},
        {u"roleDefinitionId", u"a role assignment", u""},
        {u"connectionString", u"a storage connection string",
         u"A connection string carries an account key, which no role limits. Use a service principal."},
    };
    for (const Known &one : known) {
        if (object.contains(one.key))
            return notUnderstood(u"This is %1."_s.arg(one.is), one.nextStep.toString());
    }
    return std::nullopt;
}

// The JSON of another tool, when the whole text is one object or a list that begins with one.
std::optional<Error> otherTool(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return otherTool(document.isArray() ? document.array().first().toObject() : document.object());
}

using Field = CredentialField;

bool has(const PastedGroup &group, std::initializer_list<Field> fields)
{
    return std::any_of(group.cbegin(), group.cend(), [&](const PastedValue &one) {
        return std::find(fields.begin(), fields.end(), one.is.field) != fields.end() && !(one.value.isEmpty() && one.problem.isEmpty());
    });
}

bool holdsCredential(const PastedGroup &group)
{
    return has(group, {Field::Secret, Field::CertificateFile, Field::FederatedTokenFile});
}

// Drops what has a general name, such as "password", where nothing shows that it is about an application, or where the field
// has a name of its own.
PastedGroup withoutStrangers(const PastedGroup &group)
{
    const bool ours = std::any_of(group.cbegin(), group.cend(), [](const PastedValue &one) {
        return !one.is.generic && (one.is.field == Field::Tenant || one.is.field == Field::ClientId);
    });
    PastedGroup kept;
    for (const PastedValue &one : group) {
        const bool named = std::any_of(group.cbegin(), group.cend(), [&](const PastedValue &other) {
            return other.is.field == one.is.field && !other.is.generic;
        });
        if (!one.is.generic || (ours && !named))
            kept.append(one);
    }
    return kept;
}

bool sameValue(Field field, const QString &one, const QString &other)
{
    const bool anyCase = field == Field::Tenant || field == Field::ClientId;
    return one.compare(other, anyCase ? Qt::CaseInsensitive : Qt::CaseSensitive) == 0;
}

// What is left of values under one name: the last one, as in an environment file.
PastedGroup lastOfEach(const PastedGroup &group, QStringList &notes)
{
    PastedGroup last;
    for (const PastedValue &one : group) {
        const auto before = std::find_if(last.begin(), last.end(), [&](const PastedValue &other) {
            return other.name.compare(one.name, Qt::CaseInsensitive) == 0 && other.is.field == one.is.field;
        });
        if (before == last.end()) {
            last.append(one);
            continue;
        }
        if (!sameValue(one.is.field, before->value, one.value))
            notes.append(u"%1 is set more than once; the last value counts"_s.arg(one.name));
        *before = one;
    }
    return last;
}

// One group of all, where no field would have two values.
Result<PastedGroup> merged(const QList<PastedGroup> &groups)
{
    PastedGroup all;
    for (const PastedGroup &group : groups) {
        for (const PastedValue &one : group) {
            const auto other = std::find_if(all.cbegin(), all.cend(), [&](const PastedValue &two) {
                return two.is.field == one.is.field && !two.value.isEmpty() && !one.value.isEmpty() && !sameValue(one.is.field, one.value, two.value);
            });
            const bool decides = one.is.field != Field::DisplayName && one.is.field != Field::ExpiresAt;
            if (other != all.cend() && decides)
                return notUnderstood(u"This text holds more than one principal, or parts of several."_s,
                                     u"Give only the part of the one that is meant."_s);
            all.append(one);
        }
    }
    return all;
}

// The group that is the credential: the only whole one, else all of them together.
Result<PastedGroup> theOne(const QList<PastedGroup> &groups)
{
    QList<PastedGroup> ours, whole, rest;
    for (const PastedGroup &group : groups) {
        const PastedGroup plain = withoutStrangers(group);
        if (plain.isEmpty())
            continue;
        ours.append(plain);
        (has(plain, {Field::ClientId}) && holdsCredential(plain) ? whole : rest).append(plain);
    }
    if (ours.isEmpty() && groups.size() == 1)
        return PastedGroup();
    if (whole.isEmpty())
        return merged(ours);
    Result<PastedGroup> one = merged(whole);
    if (!one) {
        return notUnderstood(u"This text holds %1 principals; one is needed."_s.arg(whole.size()), u"Paste one of them."_s);
    }
    if (has(*one, {Field::Tenant}))
        return one;
    // The tenant may be given once for all.
    for (PastedGroup &group : rest)
        group.removeIf([](const PastedValue &value) { return value.is.field != Field::Tenant && value.is.field != Field::AuthorityHost; });
    rest.append(*one);
    return merged(rest);
}

Error unusable(const PastedValue &value, const QString &problem)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"%1 %2"_s.arg(value.name.left(60), problem),
            .code = u"PasteNotUnderstood"_s};
}

Error onlyAReference(const PastedValue &value, const QString &kind)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"%1 is %2, not the value itself."_s.arg(value.name.left(60), kind),
            .code = u"SecretIsReference"_s,
            .nextStep = value.is.field == Field::Secret
                ? u"Give the secret that it stands for. If you do not have it, make a new one: az ad app credential reset --id CLIENT-ID --append"_s
                : u"Replace it with the value that it stands for."_s};
}

void take(ImportedCredential &credential, const PastedValue &one)
{
    switch (one.is.field) {
    case Field::Tenant: credential.tenant = one.value; break;
    case Field::ClientId: credential.clientId = one.value; break;
    case Field::Secret: credential.secret = secretOf(one.value); break;
    case Field::CertificateFile: credential.certificateFile = one.value; break;
    case Field::CertificatePassword: credential.certificatePassword = secretOf(one.value); break;
    case Field::FederatedTokenFile: credential.federatedTokenFile = one.value; break;
    case Field::AuthorityHost: credential.authorityHost = authorityUrl(one.value); break;
    case Field::ResourceManager: credential.resourceManager = QUrl(one.value); break;
    // Before 2021 az printed the service principal's name as a URL beside the display name.
    case Field::DisplayName:
        if (!isGuid(one.value) && !isEntraSecret(one.value) && (credential.displayName.isEmpty() || one.name.size() > 4))
            credential.displayName = one.value.startsWith(u"http://") ? one.value.mid(7) : one.value;
        break;
    case Field::ExpiresAt: credential.expiresAt = QDateTime::fromString(one.value, Qt::ISODate); break;
    }
}

Result<ImportedCredential> fromGroups(const QList<PastedGroup> &groups)
{
    ImportedCredential credential;
    QList<PastedGroup> last;
    for (const PastedGroup &group : groups)
        last.append(lastOfEach(group, credential.notes));
    const Result<PastedGroup> group = theOne(last);
    if (!group)
        return group.error();
    for (const PastedValue &one : *group) {
        if (!one.problem.isEmpty())
            return unusable(one, one.problem);
        const bool decides = one.is.field == Field::Tenant || one.is.field == Field::ClientId || one.is.field == Field::Secret
            || one.is.field == Field::CertificateFile || one.is.field == Field::FederatedTokenFile;
        if (const QString kind = decides ? referenceKind(one.value) : QString(); !kind.isEmpty())
            return onlyAReference(one, kind);
        if (!one.value.isEmpty())
            take(credential, one);
        else if (one.is.field == Field::Secret)
            credential.emptySecret = one.name.left(60);
    }
    if (!credential.secret.isEmpty())
        credential.emptySecret.clear();
    const auto named = [&](QStringView name) {
        return std::any_of(group->cbegin(), group->cend(), [&](const PastedValue &one) { return one.name == name; });
    };
    credential.form = named(u"clientSecret") || named(u"activeDirectoryEndpointUrl") ? Form::SdkAuth
        : named(u"appId")                                                            ? Form::AzCreateForRbac
        : named(u"AZURE_CLIENT_ID") || named(u"ARM_CLIENT_ID")                       ? Form::EnvironmentFile
                                                                                     : Form::Lines;
    return credential;
}

struct BareValues
{
    QStringList guids;
    QString domain;
    QString secret;
};

// Two or three values without names. Nothing for any other text.
std::optional<BareValues> bareValues(const QString &text)
{
    static const QRegularExpression between(u"[\\s,;]+"_s);
    const QStringList parts = text.split(between, Qt::SkipEmptyParts);
    if (parts.size() < 2 || parts.size() > 4)
        return std::nullopt;
    BareValues bare;
    for (const QString &part : parts) {
        const QString value = cleaned(part);
        if (isGuid(value))
            bare.guids.append(value);
        else if (isDomainName(value) && bare.domain.isEmpty() && !isEntraSecret(value))
            bare.domain = value;
        else if (bare.secret.isEmpty() && value.size() >= 16)
            bare.secret = value;
        else if (parts.size() < 4)
            return std::nullopt;
    }
    return bare.guids.isEmpty() || bare.guids.size() > 2 ? std::nullopt : std::optional(bare);
}

Result<ImportedCredential> fromBareValues(const BareValues &bare, BareOrder order)
{
    ImportedCredential credential;
    credential.form = Form::Lines;
    credential.secret = secretOf(bare.secret);
    if (bare.guids.size() == 2) {
        // The variables' order is tenant, client; az prints the client first; the portal's page too.
        if (order == BareOrder::Unknown)
            return Error{.kind = Error::Kind::InvalidInput,
                         .message = u"Nothing in this text says which of the two GUIDs is the tenant and which the client ID."_s,
                         .code = ambiguousOrder,
                         .nextStep = u"Write a name before each value: tenant=…, clientId=…, clientSecret=…"_s};
        credential.tenant = bare.guids.at(order == BareOrder::TenantFirst ? 0 : 1);
        credential.clientId = bare.guids.at(order == BareOrder::TenantFirst ? 1 : 0);
        return credential;
    }
    if (bare.domain.isEmpty())
        return notUnderstood(u"There is one GUID in this text; the tenant or the client ID is missing."_s);
    credential.tenant = bare.domain;
    credential.clientId = bare.guids.first();
    return credential;
}

void clean(ImportedCredential &credential)
{
    credential.tenant = cleaned(credential.tenant);
    credential.clientId = cleaned(credential.clientId).toLower();
    credential.displayName = cleaned(credential.displayName).left(200);
    // Only the cloud's own choice decides where a secret goes; a paste may merely point out a difference.
    if (!credential.authorityHost.isEmpty() && !Cloud::forAuthority(credential.authorityHost))
        credential.notes.append(u"the text names an authority of no well-known cloud%1; choose its cloud if that is meant"_s.arg(
            isDomainName(credential.authorityHost.host()) ? u", "_s + credential.authorityHost.host() : QString()));
}

// The groups by the text's format: JSON, a table of az, YAML, else lines.
Result<QList<PastedGroup>> groupsOf(const QString &text)
{
    static const QRegularExpression jsonStart(u"(?:\\A|\\n)[^\\n=]*[{\\[]\\s*(?:[\"{\\[\\]}]|//|/\\*|\\z)"_s);
    static const QRegularExpression assignment(u"^\\s*(?:-\\s+)?(?:export\\s+)?[A-Za-z_][A-Za-z0-9_.-]*\\s*=\\s*[^\\s{\\[]"_s,
                                               QRegularExpression::MultilineOption);
    const bool json = text.startsWith(u'{') || (text.startsWith(u'[') && !assignment.match(text).hasMatch())
        || (jsonStart.match(text).hasMatch() && !assignment.match(text).hasMatch());
    if (json) {
        Result<QList<PastedGroup>> groups = groupsOfJson(text);
        if (!groups || !groups->isEmpty() || text.startsWith(u'{'))
            return groups;
    }
    if (QList<PastedGroup> table = groupsOfTable(text); !table.isEmpty())
        return table;
    // YAML gives structure to what would otherwise be lines, unless these are assignments.
    if (!assignment.match(text).hasMatch()) {
        if (QList<PastedGroup> yaml = groupsOfYaml(text); !yaml.isEmpty())
            return yaml;
    }
    return groupsOfLines(text);
}

Result<ImportedCredential> read(const QString &text, BareOrder order)
{
    const Result<QList<PastedGroup>> groups = groupsOf(text);
    if (!groups)
        return groups.error();
    if (groups->isEmpty()) {
        if (const auto other = otherTool(text))
            return *other;
        if (const auto bare = bareValues(text))
            return fromBareValues(*bare, order);
        if (text.startsWith(u'{') || text.startsWith(u'['))
            return notUnderstood(u"This JSON holds no tenant, client ID and secret."_s);
    }
    Result<ImportedCredential> found = fromGroups(*groups);
    if (!found)
        return found;
    const bool any = !found->tenant.isEmpty() || !found->clientId.isEmpty() || !found->secret.isEmpty();
    if (!any || (found->secret.isEmpty() && found->certificateFile.isEmpty() && found->federatedTokenFile.isEmpty())) {
        if (const auto other = otherTool(text))
            return *other;
    }
    if (!any && !found->emptySecret.isEmpty())
        return notUnderstood(u"%1 is empty, and there is no tenant and client ID."_s.arg(found->emptySecret));
    if (!any)
        return notUnderstood(text.contains(u"AZURE_") ? u"There are AZURE_ variables, but none of tenant, client ID and secret."_s
                                                      : u"There is no tenant, client ID and secret in this text."_s);
    return found;
}

} // namespace

Result<ImportedCredential> importCredential(QByteArrayView bytes, BareOrder order)
{
    if (bytes.size() > longest)
        return notUnderstood(u"This text has %1 KiB; a credential has less than one."_s.arg(bytes.size() / 1024));
    PastedText pasted = plainText(bytes);
    const QString &text = pasted.text;
    if (text.isEmpty())
        return notUnderstood(u"There is no text."_s);
    if (text.contains(QChar(0)))
        return notUnderstood(u"This is not text: it contains zero bytes."_s);

    Result<ImportedCredential> found = read(text, order);
    if (found) {
        clean(*found);
        found->notes = pasted.notes + found->notes;
    }
    return found;
}

bool looksLikeCredential(QStringView text)
{
    if (text.size() < 40 || text.size() > longest)
        return false;
    const bool names = text.contains(u"AZURE_CLIENT_ID") || text.contains(u"ARM_CLIENT_ID")
        || (text.contains(u"\"appId\"") && text.contains(u"\"password\"")) || text.contains(u"\"clientSecret\"");
    return names || (text.size() < 400 && bareValues(text.toString()).has_value());
}

} // namespace Identity
