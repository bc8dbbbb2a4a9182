#include "identity/credentialnames.h"

#include <QHash>
#include <QRegularExpression>

namespace Identity {

using namespace Qt::StringLiterals;
using Field = CredentialField;

namespace {

// Tools put these before the names of the table below. Longer ones come first.
constexpr QStringView prefixes[] = {
    u"springcloudazureactivedirectorycredential",
    u"springcloudazureactivedirectoryprofile",
    u"springcloudazurecredential",
    u"springcloudazureprofile",
    u"rcloneconfigazureblob",
    u"rcloneazureblob",
    u"aadserviceprincipal",
    u"azcopyspa",
    u"azcopy",
    u"azuread",
    u"azuresp",
    u"azure",
    u"entra",
    u"tfvar",
    u"arm",
    u"aad",
    u"spn",
};

const QHash<QString, Field> &fields()
{
    static const QHash<QString, Field> table{
        {u"tenant"_s, Field::Tenant},
        {u"tenantid"_s, Field::Tenant},
        {u"directoryid"_s, Field::Tenant},
        {u"directorytenantid"_s, Field::Tenant},
        {u"clientid"_s, Field::ClientId},
        {u"appid"_s, Field::ClientId},
        {u"applicationid"_s, Field::ClientId},
        {u"applicationclientid"_s, Field::ClientId},
        {u"serviceprincipalid"_s, Field::ClientId},
        {u"secret"_s, Field::Secret},
        {u"clientsecret"_s, Field::Secret},
        {u"clientsecretvalue"_s, Field::Secret},
        {u"appsecret"_s, Field::Secret},
        {u"applicationsecret"_s, Field::Secret},
        {u"secretvalue"_s, Field::Secret},
        {u"secrettext"_s, Field::Secret},
        {u"apppassword"_s, Field::Secret},
        {u"applicationpassword"_s, Field::Secret},
        {u"serviceprincipalkey"_s, Field::Secret},
        {u"password"_s, Field::Secret},
        {u"value"_s, Field::Secret},
        {u"clientcertificate"_s, Field::CertificateFile},
        {u"clientcertificatepath"_s, Field::CertificateFile},
        {u"certpath"_s, Field::CertificateFile},
        {u"certificatepath"_s, Field::CertificateFile},
        {u"filewithcertandprivatekey"_s, Field::CertificateFile},
        {u"clientcertificatepassword"_s, Field::CertificatePassword},
        {u"certpassword"_s, Field::CertificatePassword},
        {u"certificatepassword"_s, Field::CertificatePassword},
        {u"federatedtokenfile"_s, Field::FederatedTokenFile},
        {u"oidctokenfilepath"_s, Field::FederatedTokenFile},
        {u"authorityhost"_s, Field::AuthorityHost},
        {u"authority"_s, Field::AuthorityHost},
        {u"instance"_s, Field::AuthorityHost},
        {u"activedirectoryendpoint"_s, Field::AuthorityHost},
        {u"activedirectoryendpointurl"_s, Field::AuthorityHost},
        {u"resourcemanagerendpointurl"_s, Field::ResourceManager},
        {u"displayname"_s, Field::DisplayName},
        {u"name"_s, Field::DisplayName},
        {u"enddate"_s, Field::ExpiresAt},
        {u"enddatetime"_s, Field::ExpiresAt},
    };
    return table;
}

QString lettersAndDigits(QStringView name)
{
    QString plain;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            plain += c.toLower();
    }
    return plain;
}

} // namespace

std::optional<CredentialName> credentialName(QStringView name)
{
    if (name.isEmpty() || name.size() > 100)
        return std::nullopt;
    const QString plain = lettersAndDigits(name);
    static const QStringList generic{u"secret"_s,      u"password"_s,  u"value"_s, u"authority"_s, u"instance"_s, u"name"_s,
                                     u"displayname"_s, u"certpath"_s, u"enddate"_s, u"enddatetime"_s};
    if (const auto found = fields().constFind(plain); found != fields().cend())
        return CredentialName{*found, generic.contains(plain)};
    for (const QStringView prefix : prefixes) {
        if (!plain.startsWith(prefix))
            continue;
        const QString stem = plain.mid(prefix.size());
        // AZURE_PASSWORD goes with AZURE_USERNAME: it is a person's.
        static const QStringList unprefixed{u"password"_s, u"value"_s, u"name"_s, u"displayname"_s, u"instance"_s};
        const auto found = fields().constFind(stem);
        if (found != fields().cend() && !unprefixed.contains(stem))
            return CredentialName{*found};
    }
    return std::nullopt;
}

bool isEntraSecret(QStringView value)
{
    static const QRegularExpression form(u"\\A[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{34}\\z"_s);
    return form.match(value.toString()).hasMatch();
}

namespace {

struct ReferenceForm
{
    QRegularExpression expression;
    QString kind;
};

const QList<ReferenceForm> &referenceForms()
{
    struct Form
    {
        const char16_t *expression;
        const char16_t *kind;
    };
    static constexpr Form forms[] = {
        {u"\\A@Microsoft\\.KeyVault\\(", u"a reference to a key vault"},
        {u"\\A@Microsoft\\.AppConfiguration\\(", u"a reference to App Configuration"},
        {u"\\$\\{\\{|\\{\\{.*\\}\\}", u"a placeholder of a template"},
        {u"\\A\\$\\{[^}]*\\}\\z|\\A\\$[A-Za-z_][A-Za-z0-9_]*\\z|\\A\\$(?:env|Env|ENV):\\w+\\z", u"a reference to a variable"},
        {u"\\A\\$\\(.*\\)\\z|\\A`.+`\\z", u"a reference to what a command prints"},
        {u"\\A%[A-Za-z_][A-Za-z0-9_]*%\\z|\\A%\\([A-Za-z_][A-Za-z0-9_]*\\)s\\z", u"a reference to a variable"},
        {u"\\A(?:var|local|data|module|each|path|process\\.env|os\\.environ|secrets|env|vars|steps|parameters|variables)[.\\[(].+\\z",
         u"a reference to a variable"},
        {u"\\A(?:op|vault|ref\\+\\w+|awssm|gcpsm|keyvault|secret|env|file|ssm|sm)://", u"a reference to a secret store"},
        {u"\\A(?:vault|ref|sops|bws|doppler|akv|kv|keyvault):[^:]", u"a reference to a secret store"},
        {u"\\Ahttps://[A-Za-z0-9-]+\\.vault\\.[a-z.]+/", u"a reference to a key vault"},
        {u"\\A#\\{.*\\}#?\\z|\\A__\\w+__\\z|\\A@@?\\w+@@?\\z", u"a placeholder of a template"},
        {u"\\A<.*>\\z|\\A\\[.*\\]\\z|\\A\\{.*\\}\\z", u"a placeholder"},
        {u"\\A(?i:change[-_ ]?me|replace[-_ ]?(?:me|this|with).*|(?:insert|enter|put|add|paste)[-_ ].*|"
         "(?:your|my|the|some|a)[-_ ](?:[a-z]+[-_ ]?)+|placeholder|dummy|todo|tbd|fixme|redacted|hidden|masked|sensitive|"
         "\\(?sensitive(?: value)?\\)?|null|none|undefined|nil|n/?a|secret|password|client[-_]?secret|example)\\z",
         u"a placeholder"},
        {u"\\A(?i:x{3,}|0{8}-0{4}-0{4}-0{4}-0{12}|x{8}-x{4}-x{4}-x{4}-x{12})\\z|\\A[*\\x{2022}.\\x{2026}_-]{2,}\\z", u"a placeholder"},
    };
    static const QList<ReferenceForm> compiled = [] {
        QList<ReferenceForm> all;
        for (const Form &form : forms)
            all.append({QRegularExpression(QString::fromUtf16(form.expression), QRegularExpression::DotMatchesEverythingOption),
                        QString::fromUtf16(form.kind)});
        return all;
    }();
    return compiled;
}

} // namespace

QString referenceKind(QStringView value)
{
    if (isEntraSecret(value))
        return {};
    const QString text = value.trimmed().toString();
    if (text.isEmpty() || text.size() > 4096)
        return {};
    for (const ReferenceForm &form : referenceForms()) {
        if (form.expression.match(text).hasMatch())
            return form.kind;
    }
    return {};
}

} // namespace Identity
