#include "identity/cloud.h"

#include "core/atomicfile.h"
#include "http/admission.h"
#include "identity/credentiallint.h"

#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace Identity {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

Error invalid(const QString &file, const QString &what)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"The cloud file “%1” %2"_s.arg(file, what),
            .nextStep = u"A cloud file holds {\"name\", \"authorityHost\", \"resourceManager\", \"graph\", "
                        "\"storageSuffix\", \"caCertificates\"}."_s};
}

Result<QUrl> endpoint(const QJsonObject &object, const QString &key, const QString &file, bool plainLoopback)
{
    const QString text = object[key].toString().trimmed();
    if (text.isEmpty())
        return QUrl();
    QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return invalid(file, u"has no usable URL as “%1”."_s.arg(key));
    if (!url.path().isEmpty() && url.path() != u"/")
        return invalid(file, u"has a path in “%1”; it needs scheme, host and port only."_s.arg(key));
    url.setPath(QString());
    Http::Trust trust;
    trust.plainLoopback = plainLoopback;
    if (const Result<void> admitted = Http::admit(url, trust); !admitted)
        return invalid(file, u"has a “%1” without TLS; https:// is needed (http:// only to this machine, with "
                             "\"allowPlainLoopback\": true)."_s.arg(key));
    return url;
}

Result<QList<QSslCertificate>> certificates(const QJsonValue &value, const QString &file)
{
    QList<QSslCertificate> all;
    const QJsonArray list = value.isArray() ? value.toArray() : QJsonArray{value};
    for (const QJsonValue &one : list) {
        if (one.isNull() || one.isUndefined() || (one.isString() && one.toString().isEmpty()))
            continue;
        const QString text = one.toString();
        QByteArray pem = text.toUtf8();
        if (!text.contains(u"-----BEGIN"_s)) {
            const QString path = QDir(QFileInfo(file).absolutePath()).absoluteFilePath(text);
            const Result<QByteArray> read = Core::readFile(path, 4 << 20);
            if (!read)
                return invalid(file, u"names authorities that cannot be read: %1"_s.arg(read.error().message));
            pem = *read;
        }
        const QList<QSslCertificate> found = QSslCertificate::fromData(pem, QSsl::Pem);
        if (found.isEmpty())
            return invalid(file, u"names “caCertificates” that hold no certificate in PEM form."_s);
        all += found;
    }
    return all;
}

// Hosts under which the well-known clouds sign in, each with its cloud. A path behind them is a tenant.
// Sources: the instance discovery document of Microsoft Entra ID (metadata: aliases of each cloud); Microsoft Entra documentation,
// "National clouds"; Azure CLI's cloud definitions.
QString cloudOfHost(const QString &name)
{
    static const QHash<QString, QString> hosts{
        {u"login.microsoftonline.com"_s, u"AzurePublic"_s},
        {u"login.microsoft.com"_s, u"AzurePublic"_s},
        {u"login.windows.net"_s, u"AzurePublic"_s},
        {u"sts.windows.net"_s, u"AzurePublic"_s},
        {u"login.microsoftonline.us"_s, u"AzureUSGovernment"_s},
        {u"login.usgovcloudapi.net"_s, u"AzureUSGovernment"_s},
        {u"login.chinacloudapi.cn"_s, u"AzureChina"_s},
        {u"login.partner.microsoftonline.cn"_s, u"AzureChina"_s},
    };
    static const QRegularExpression regional(u"\\A[a-z0-9]+\\.login\\.microsoft\\.com\\z"_s);
    const QString host = name.toLower();
    return regional.match(host).hasMatch() ? u"AzurePublic"_s : hosts.value(host);
}

} // namespace

QUrl authorityUrl(const QString &text)
{
    QString address = text.trimmed();
    if (!address.isEmpty() && !address.contains(u"://"))
        address.prepend(u"https://");
    QUrl url(address, QUrl::StrictMode);
    return url.isValid() ? url : QUrl(u"invalid:"_s);
}

QString Cloud::storageScope() const
{
    return u"https://storage.azure.com/.default"_s;
}

QString Cloud::armScope() const
{
    return resourceManager.toString() + u"/.default"_s;
}

QString Cloud::graphScope() const
{
    return graph.toString() + u"/.default"_s;
}

// Endpoints: azure-cli's cloud definitions; Microsoft Graph documentation, "National cloud deployments".
QList<Cloud> Cloud::wellKnown()
{
    const auto cloud = [](const QString &name, const QString &authority, const QString &arm, const QString &graphHost,
                          const QString &suffix) {
        return Cloud{name, {}, QUrl(authority), QUrl(arm), QUrl(graphHost), suffix, {}};
    };
    return {cloud(u"AzurePublic"_s, u"https://login.microsoftonline.com"_s, u"https://management.azure.com"_s,
                  u"https://graph.microsoft.com"_s, u"core.windows.net"_s),
            cloud(u"AzureUSGovernment"_s, u"https://login.microsoftonline.us"_s,
                  u"https://management.usgovcloudapi.net"_s, u"https://graph.microsoft.us"_s, u"core.usgovcloudapi.net"_s),
            cloud(u"AzureChina"_s, u"https://login.chinacloudapi.cn"_s, u"https://management.chinacloudapi.cn"_s,
                  u"https://microsoftgraph.chinacloudapi.cn"_s, u"core.chinacloudapi.cn"_s)};
}

Cloud Cloud::azurePublic()
{
    return wellKnown().first();
}

Result<Cloud> Cloud::forAuthority(const QUrl &authority)
{
    if (authority.isEmpty())
        return azurePublic();
    const QString host = authority.host();
    const bool plain = authority.scheme() == u"https" && authority.port(443) == 443 && authority.userInfo().isEmpty();
    if (const QString name = plain ? cloudOfHost(host) : QString(); !name.isEmpty()) {
        for (const Cloud &cloud : wellKnown()) {
            if (cloud.name == name)
                return cloud;
        }
    }
    return Error{.kind = Error::Kind::NotFound,
                 .message = isDomainName(host) ? u"The text names the authority “%1”, which does not belong to a well-known cloud."_s.arg(host)
                                               : u"The text names an authority that is not a well-known cloud's."_s,
                 .code = u"UnknownAuthority"_s,
                 .nextStep = u"If you trust it, name its cloud file; the secret will be sent there. Otherwise do not use this text."_s};
}

Result<Cloud> Cloud::load(const QString &nameOrFile)
{
    QString name = nameOrFile;
    if (name.compare(u"AzureCloud", Qt::CaseInsensitive) == 0)
        name = u"AzurePublic"_s;
    else if (name.compare(u"AzureChinaCloud", Qt::CaseInsensitive) == 0)
        name = u"AzureChina"_s;
    for (const Cloud &cloud : wellKnown()) {
        if (cloud.name.compare(name, Qt::CaseInsensitive) == 0)
            return cloud;
    }
    if (!QFileInfo::exists(nameOrFile)) {
        return Error{.kind = Error::Kind::NotFound,
                     .message = u"“%1” is neither a well-known cloud nor an existing cloud file."_s.arg(nameOrFile),
                     .nextStep = u"Use AzurePublic, AzureUSGovernment, AzureChina, or the path of a cloud file. The "
                                 "sandbox writes a new one each time it starts."_s};
    }
    const QString file = QFileInfo(nameOrFile).absoluteFilePath();
    const Result<QByteArray> json = Core::readFile(file, 1 << 20);
    return json ? parse(*json, file) : Result<Cloud>(json.error());
}

Result<Cloud> Cloud::parse(const QByteArray &json, const QString &file)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return invalid(file, u"is no JSON object (%1 at byte %2)."_s.arg(problem.errorString()).arg(problem.offset));
    const QJsonObject object = document.object();
    Cloud cloud;
    cloud.file = file;
    cloud.name = object[u"name"].toString().trimmed();
    cloud.storageSuffix = object[u"storageSuffix"].toString().trimmed();
    cloud.trust.plainLoopback = object[u"allowPlainLoopback"].toBool();
    if (cloud.name.isEmpty())
        return invalid(file, u"has no “name”."_s);
    for (const Cloud &known : wellKnown()) {
        if (known.name.compare(cloud.name, Qt::CaseInsensitive) == 0)
            return invalid(file, u"calls itself “%1”, which is a well-known cloud."_s.arg(known.name));
    }
    for (const auto &[key, member] : {std::pair{u"authorityHost"_s, &Cloud::authorityHost},
                                      std::pair{u"resourceManager"_s, &Cloud::resourceManager},
                                      std::pair{u"graph"_s, &Cloud::graph}}) {
        Result<QUrl> url = endpoint(object, key, file, cloud.trust.plainLoopback);
        if (!url)
            return url.error();
        cloud.*member = *url;
    }
    if (cloud.authorityHost.isEmpty())
        return invalid(file, u"has no “authorityHost”."_s);
    static const QRegularExpression hostName(u"^[A-Za-z0-9.-]*(:[0-9]+)?$"_s);
    if (!hostName.match(cloud.storageSuffix).hasMatch())
        return invalid(file, u"has a “storageSuffix” that is no host name."_s);
    Result<QList<QSslCertificate>> authorities = certificates(object[u"caCertificates"], file);
    if (!authorities)
        return authorities.error();
    cloud.trust.caCertificates = *authorities;
    return cloud;
}

} // namespace Identity
