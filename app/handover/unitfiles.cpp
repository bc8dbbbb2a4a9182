#include "handover/unitfiles.h"

#include "core/commandtext.h"

#include <QRegularExpression>

namespace Handover {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

namespace {

// Also bound into the encrypted file: systemd refuses one of another name.
constexpr auto credentialName = "azure-client-certificate.pem";

Error unfit(const QString &what, const QString &rule)
{
    return {.kind = Error::Kind::InvalidInput,
            .message = u"%1 cannot stand in a unit file."_s.arg(what),
            .code = u"UnitFile"_s,
            .nextStep = rule};
}

struct Field
{
    const QString &value;
    QString what, pattern, rule;
};

Result<void> checked(const QList<Field> &fields)
{
    for (const Field &field : fields) {
        const QRegularExpression form(QRegularExpression::anchoredPattern(field.pattern));
        if (!form.match(field.value).hasMatch())
            return unfit(field.what, field.rule);
    }
    return {};
}

// Blanks, quotes, $ and \ mean something in ExecStart=; * ? [ in EnvironmentFile=.
Field path(const QString &value, const QString &what)
{
    return {value, what, u"/[A-Za-z0-9._@+%/-]*"_s,
            u"Use an absolute path of letters, digits and the characters . _ @ + % / -"_s};
}

// systemd takes % for a specifier.
QByteArray inUnit(const QString &text)
{
    return text.toUtf8().replace("%", "%%");
}

Error secretInVariable(QByteArrayView name)
{
    return {.kind = Error::Kind::Unsupported,
            .message =
                u"systemd hands an encrypted credential over as a file, and the SDKs read %1 "
                u"from a variable only."_s.arg(QString::fromUtf8(name)),
            .code = u"UnitFile"_s,
            .nextStep =
                u"Use a certificate without a passphrase, or export the format systemd-envfile."_s};
}

} // namespace

Result<QByteArray> gunicornUnit(const GunicornService &service)
{
    const bool file = !service.environmentFile.isEmpty();
    const auto fits =
        checked({{service.name, u"The service's name"_s, u"[A-Za-z0-9][A-Za-z0-9:_.@-]{0,200}"_s,
                  u"Use letters, digits and the characters : _ . @ -"_s},
                 {service.application, u"The application"_s,
                  u"[A-Za-z_][A-Za-z0-9_.]*(:[A-Za-z_][A-Za-z0-9_.]*(\\(\\))?)?"_s,
                  u"Name it as gunicorn does, MODULE:APP."_s},
                 {service.user, u"The user"_s, u"[a-z_][a-z0-9_-]{0,31}"_s,
                  u"Use the name of a user of this system."_s},
                 {service.bind, u"The address"_s, u"[A-Za-z0-9_.:/\\[\\]-]+"_s,
                  u"Use HOST:PORT, or unix:/run/… for a socket."_s},
                 path(service.directory, u"The directory"_s),
                 path(service.gunicorn, u"The program"_s),
                 path(file ? service.environmentFile : u"/"_s, u"The environment file"_s)});
    if (!fits)
        return fits.error();
    return "[Unit]\nDescription=" + inUnit(service.name) + " (gunicorn)\n" +
           "Wants=network-online.target\nAfter=network-online.target\n\n"
           "[Service]\nType=notify\nUser=" +
           inUnit(service.user) + "\nWorkingDirectory=" + inUnit(service.directory) +
           (file ? "\nEnvironmentFile=" + inUnit(service.environmentFile) : QByteArray()) +
           "\nExecStart=" + inUnit(service.gunicorn) + " --bind " + inUnit(service.bind) + ' ' +
           inUnit(service.application) +
           "\nExecReload=/bin/kill -s HUP $MAINPID\nKillMode=mixed\nRestart=on-failure\n"
           // what it was handed is in its memory
           "LimitCORE=0\nNoNewPrivileges=yes\nPrivateTmp=yes\n\n"
           "[Install]\nWantedBy=multi-user.target\n";
}

QString defaultCredentialFile()
{
    return u"/etc/credstore.encrypted/"_s + QString::fromLatin1(credentialName);
}

Result<QByteArray> encryptedCertificateDropIn(const EnvFile::Variables &variables,
                                              const QString &credentialFile)
{
    EnvFile::Variables plain;
    bool certificate = false;
    for (const auto &[name, value] : variables) {
        if (name == "AZURE_CLIENT_SECRET" || name == "AZURE_CLIENT_CERTIFICATE_PASSWORD")
            return secretInVariable(name);
        if (name == "AZURE_CLIENT_CERTIFICATE_PATH")
            certificate = true;
        else
            plain.append({name, value});
    }
    if (!certificate)
        return Error{.kind = Error::Kind::InvalidInput,
                     .message = u"This principal does not sign in with a certificate."_s,
                     .code = u"UnitFile"_s,
                     .nextStep = u"Export the format systemd-envfile."_s};
    if (const auto fits = checked({path(credentialFile, u"The credential's file"_s)}); !fits)
        return fits.error();
    const auto lines = EnvFile::write(*EnvFile::findFormat(u"systemd-unit"_s), plain);
    if (!lines)
        return lines.error();
    const QByteArray name = credentialName;
    return lines->reveal().toByteArray() + "Environment=\"AZURE_CLIENT_CERTIFICATE_PATH=%d/" +
           name + "\"\nLoadCredentialEncrypted=" + name + ':' + inUnit(credentialFile) + '\n';
}

QStringList encryptCommand(const QString &credentialFile)
{
    return {u"systemd-creds"_s, u"encrypt"_s, u"--name="_s + QString::fromLatin1(credentialName),
            u"-"_s, credentialFile};
}

QString shownEncryptCommand(const QString &credentialFile)
{
    return Core::Command{u"systemd-creds", u"encrypt"}
        .option(u"--name", QString::fromLatin1(credentialName))
        .verbatim(u"-")
        .file(credentialFile)
        .verbatim(u"< CERTIFICATE.pem")
        .text();
}

} // namespace Handover
