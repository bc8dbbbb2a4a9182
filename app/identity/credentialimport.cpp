#include "identity/credentialimport.h"

#include "identity/cloud.h"
#include "identity/credentiallint.h"
#include "identity/pastedtext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Form = ImportedCredential::Form;

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

QString firstOf(const QJsonObject &object, std::initializer_list<QStringView> keys)
{
    for (const QStringView key : keys) {
        if (const QString text = object[key].toString(); !text.isEmpty())
            return text;
    }
    return {};
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

Result<ImportedCredential> fromJson(const QJsonObject &object)
{
    ImportedCredential found;
    found.tenant = firstOf(object, {u"tenant", u"tenantId", u"tenant_id", u"AZURE_TENANT_ID", u"ARM_TENANT_ID"});
    found.clientId = firstOf(object, {u"appId", u"clientId", u"client_id", u"AZURE_CLIENT_ID", u"ARM_CLIENT_ID"});
    QString secret = firstOf(object, {u"password", u"clientSecret", u"client_secret", u"AZURE_CLIENT_SECRET", u"ARM_CLIENT_SECRET"});
    found.secret = secretOf(secret);
    found.displayName = firstOf(object, {u"displayName"});
    // Before 2021 az printed the service principal's name as a URL beside the display name.
    if (const QString name = firstOf(object, {u"name"}); found.displayName.isEmpty() && !isGuid(name))
        found.displayName = name.startsWith(u"http://") ? name.mid(7) : name;
    found.certificateFile = firstOf(object, {u"fileWithCertAndPrivateKey", u"clientCertificate", u"AZURE_CLIENT_CERTIFICATE_PATH"});
    found.federatedTokenFile = firstOf(object, {u"AZURE_FEDERATED_TOKEN_FILE"});
    found.authorityHost = QUrl(firstOf(object, {u"activeDirectoryEndpointUrl", u"AZURE_AUTHORITY_HOST"}));
    found.resourceManager = QUrl(firstOf(object, {u"resourceManagerEndpointUrl"}));
    found.expiresAt = QDateTime::fromString(firstOf(object, {u"endDateTime", u"endDate"}), Qt::ISODate);
    found.form = object.contains(u"clientSecret") || object.contains(u"activeDirectoryEndpointUrl") ? Form::SdkAuth
        : object.contains(u"AZURE_CLIENT_ID") || object.contains(u"ARM_CLIENT_ID")                   ? Form::EnvironmentFile
                                                                                                     : Form::AzCreateForRbac;
    if (found.clientId.isEmpty() && found.tenant.isEmpty()) {
        if (const auto other = otherTool(object))
            return *other;
        return notUnderstood(u"This JSON holds no tenant, client ID and secret."_s);
    }
    if (found.secret.isEmpty() && found.certificateFile.isEmpty()) {
        if (const auto other = otherTool(object))
            return *other;
    }
    return found;
}

Result<ImportedCredential> fromJsonText(const QString &text)
{
    // What stands before or after the outer braces is a shell's prompt or az's chatter.
    const QByteArray json = text.toUtf8();
    QJsonParseError problem;
    QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (document.isNull()) {
        const qsizetype from = json.indexOf('{');
        const qsizetype to = json.lastIndexOf('}');
        if (from >= 0 && to > from) {
            const QJsonDocument inner = QJsonDocument::fromJson(json.mid(from, to - from + 1));
            if (!inner.isNull())
                document = inner;
        }
    }
    if (document.isArray()) {
        const QJsonArray array = document.array();
        if (array.size() == 1 && array.first().isObject())
            return fromJson(array.first().toObject());
        if (const auto other = otherTool(array.first().toObject()))
            return *other;
        return notUnderstood(u"This JSON is a list of %1 entries; one principal is needed."_s.arg(array.size()),
                             u"Paste one of them."_s);
    }
    if (document.isObject())
        return fromJson(document.object());

    const QByteArray before = json.left(problem.offset);
    const qsizetype line = before.count('\n') + 1;
    const qsizetype column = before.size() - before.lastIndexOf('\n');
    return notUnderstood(u"The JSON breaks off or is damaged at line %1, column %2 (%3)."_s.arg(line).arg(column).arg(
                             problem.errorString()),
                         u"Copy the whole output, from the first { to the last }."_s);
}

Result<ImportedCredential> fromAssignments(const QHash<QString, QString> &found, const QStringList &repeated)
{
    const auto value = [&](std::initializer_list<QString> names) {
        for (const QString &name : names) {
            if (const QString text = found.value(name); !text.isEmpty())
                return text;
        }
        return QString();
    };
    ImportedCredential credential;
    credential.form = Form::EnvironmentFile;
    credential.tenant = value({u"AZURE_TENANT_ID"_s, u"ARM_TENANT_ID"_s, u"AZCOPY_TENANT_ID"_s});
    credential.clientId = value({u"AZURE_CLIENT_ID"_s, u"ARM_CLIENT_ID"_s, u"AZCOPY_SPA_APPLICATION_ID"_s});
    credential.secret = secretOf(value({u"AZURE_CLIENT_SECRET"_s, u"ARM_CLIENT_SECRET"_s, u"AZCOPY_SPA_CLIENT_SECRET"_s}));
    credential.certificateFile = value({u"AZURE_CLIENT_CERTIFICATE_PATH"_s, u"ARM_CLIENT_CERTIFICATE_PATH"_s});
    credential.federatedTokenFile = value({u"AZURE_FEDERATED_TOKEN_FILE"_s});
    credential.authorityHost = QUrl(value({u"AZURE_AUTHORITY_HOST"_s}));
    for (const QString &name : repeated)
        credential.notes.append(u"%1 stands there more than once; the last one counts"_s.arg(name));
    if (credential.tenant.isEmpty() && credential.clientId.isEmpty() && credential.secret.isEmpty())
        return notUnderstood(u"There are AZURE_ variables, but none of tenant, client ID and secret."_s);
    return credential;
}

// Bare values, in any order: what is a GUID by itself cannot tell tenant from client, so their order counts, as in the portal's
// overview page (client above tenant) only where labels say so; bare, it is tenant, client, secret, as in the variables' order.
std::optional<ImportedCredential> fromBareValues(const QString &text)
{
    QStringList parts = text.split(QRegularExpression(u"[\\s,;]+"_s), Qt::SkipEmptyParts);
    if (parts.size() < 2 || parts.size() > 3)
        return std::nullopt;
    ImportedCredential credential;
    credential.form = Form::Lines;
    QStringList guids;
    for (const QString &part : std::as_const(parts)) {
        const QString value = cleaned(part);
        if (isGuid(value))
            guids.append(value);
        else if (isDomainName(value) && credential.tenant.isEmpty())
            credential.tenant = value;
        else if (credential.secret.isEmpty())
            credential.secret = secretOf(value);
        else
            return std::nullopt;
    }
    if (!guids.isEmpty() && credential.tenant.isEmpty() && guids.size() > 1)
        credential.tenant = guids.takeFirst();
    if (!guids.isEmpty())
        credential.clientId = guids.takeFirst();
    if (!guids.isEmpty() && credential.secret.isEmpty())
        credential.secret = secretOf(guids.takeFirst());
    if (credential.clientId.isEmpty() || credential.tenant.isEmpty())
        return std::nullopt;
    credential.notes.append(u"bare values were taken as tenant, client ID, secret in this order"_s);
    return credential;
}

void clean(ImportedCredential &credential)
{
    credential.tenant = cleaned(credential.tenant);
    credential.clientId = cleaned(credential.clientId).toLower();
    credential.displayName = cleaned(credential.displayName).left(200);
    // Only the cloud's own choice decides where a secret goes; a paste may merely point out a difference.
    if (credential.authorityHost.isValid() && !credential.authorityHost.isEmpty()
        && credential.authorityHost.host() != Cloud::azurePublic().authorityHost.host())
        credential.notes.append(u"the text names the authority %1; choose the matching cloud if that is meant"_s.arg(
            credential.authorityHost.host().left(253)));
}

} // namespace

Result<ImportedCredential> importCredential(QByteArrayView bytes)
{
    if (bytes.size() > longest)
        return notUnderstood(u"This text has %1 KiB; a credential has less than one."_s.arg(bytes.size() / 1024));
    PastedText pasted = plainText(bytes);
    const QString &text = pasted.text;
    if (text.isEmpty())
        return notUnderstood(u"There is no text."_s);
    if (text.contains(QChar(0)))
        return notUnderstood(u"This is no text: it contains zero bytes."_s);

    QStringList repeated;
    const QHash<QString, QString> variables = assignments(text, &repeated);
    const bool json = text.startsWith(u'{') || text.startsWith(u'[')
        || (text.contains(u'{') && (text.contains(u"\"appId\""_s) || text.contains(u"\"clientId\""_s)));
    Result<ImportedCredential> found = notUnderstood(u"There is no tenant, client ID and secret in this text."_s);
    if (json) {
        found = fromJsonText(text);
    } else if (!variables.isEmpty()) {
        found = fromAssignments(variables, repeated);
    } else if (const QHash<QString, QString> labelled = labelledValues(text); labelled.size() >= 2) {
        ImportedCredential credential;
        credential.form = Form::Lines;
        credential.tenant = labelled.value(u"tenant"_s);
        credential.clientId = labelled.value(u"clientId"_s);
        credential.secret = secretOf(labelled.value(u"secret"_s));
        credential.displayName = labelled.value(u"name"_s);
        found = credential;
    } else if (const auto bare = fromBareValues(text)) {
        found = *bare;
    }
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
    return names || (text.size() < 400 && fromBareValues(text.toString()).has_value());
}

} // namespace Identity
