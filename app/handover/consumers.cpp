#include "handover/consumers.h"

#include "handover/serviceconsumers.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Handover {

using namespace Qt::StringLiterals;

namespace {

const QString input = u"/dev/stdin"_s;

// The names go on what the file sets, so that what the shell itself sets does not count as read.
Consumer shell(const QString &name, const QStringList &before = {})
{
    return {.title = name,
            .formats = {u"shell"_s, u"shell-systemd"_s},
            .programs = {name},
            .arguments = before + QStringList{u"-c"_s, u"set -a; . /dev/stdin; exec env -0"_s}};
}

Consumer fish()
{
    return {.title = u"fish"_s,
            .formats = {u"fish"_s},
            .programs = {u"fish"_s},
            .arguments = {u"--no-config"_s, u"-c"_s, u"source -; exec env -0"_s}};
}

Consumer pythonDotenv()
{
    return {.title = u"python-dotenv"_s,
            .formats = {u"python-dotenv"_s},
            .programs = {u"python3"_s, u"/usr/bin/python3"_s},
            .arguments = {
                u"-c"_s, u"import sys\n"
                         "try: import dotenv\n"
                         "except ImportError: sys.exit(77)\n"
                         "text = open('/dev/stdin', encoding='utf-8')\n"
                         "for name, value in dotenv.dotenv_values(stream=text).items():\n"
                         "    sys.stdout.buffer.write(f'{name}={value or \"\"}\\0'.encode())\n"_s}};
}

Consumer nodeDotenv()
{
    return {
        .title = u"dotenv for Node.js"_s,
        .formats = {u"node-dotenv"_s},
        .programs = {u"node"_s},
        .arguments = {u"-e"_s,
                      u"let d; try { d = require('dotenv') } catch { process.exit(77) }\n"
                      "const read = d.parse(require('fs').readFileSync(0));\n"
                      "for (const n in read) process.stdout.write(n + '=' + read[n] + '\\0');"_s}};
}

Consumer nodeEnvFile()
{
    return {.title = u"node --env-file"_s,
            .formats = {u"node-env-file"_s},
            .programs = {u"node"_s},
            .arguments = {u"--env-file="_s + input, u"-e"_s,
                          u"for (const n in process.env)"
                          " process.stdout.write(n + '=' + process.env[n] + '\\0');"_s},
            .probe = {u"node"_s, u"--env-file=/dev/null"_s, u"-e"_s, u"0"_s},
            .unable = u"This Node.js does not know --env-file, which came with 20.6."_s};
}

Consumer kubectl(const QString &format, const QStringList &arguments)
{
    return {.title = u"kubectl"_s,
            .formats = {format},
            .programs = {u"kubectl"_s},
            .arguments = arguments,
            .output = Consumer::Output::KubernetesSecret};
}

Consumer folderReader(const QString &name, const QStringList &before, const QStringList &formats)
{
    return {.title = name,
            .formats = formats,
            .programs = {name},
            .arguments = before + QStringList{u"{path}"_s, u"env"_s, u"-0"_s},
            .input = Consumer::Input::Folder};
}

Consumer systemd()
{
    return {.title = u"systemd (your service manager)"_s,
            .formats = {u"systemd-envfile"_s, u"shell-systemd"_s},
            .programs = {u"systemd-run"_s},
            .arguments = {u"--user"_s, u"--quiet"_s, u"--pipe"_s, u"--wait"_s, u"--collect"_s,
                          u"--property=EnvironmentFile={path}"_s, u"/usr/bin/env"_s, u"-0"_s},
            .input = Consumer::Input::File,
            .probe = {u"systemctl"_s, u"--user"_s, u"show-environment"_s},
            .unable = u"No service manager of this session answers."_s};
}

} // namespace

const QList<Consumer> &consumers()
{
    static const QList<Consumer> all =
        QList<Consumer>{
            systemd(),
            shell(u"dash"_s),
            shell(u"bash"_s, {u"--norc"_s, u"--noprofile"_s}),
            shell(u"busybox"_s, {u"sh"_s}),
            shell(u"zsh"_s, {u"-f"_s}),
            shell(u"mksh"_s),
            fish(),
            pythonDotenv(),
            nodeDotenv(),
            nodeEnvFile(),
            kubectl(u"k8s-from-env-file"_s,
                    {u"create"_s, u"secret"_s, u"generic"_s, u"x"_s, u"--from-env-file="_s + input,
                     u"--dry-run=client"_s, u"-o"_s, u"json"_s}),
            kubectl(u"k8s-secret"_s, {u"label"_s, u"--local"_s, u"--dry-run=client"_s, u"-f"_s,
                                      u"-"_s, u"-o"_s, u"json"_s, u"t=t"_s}),
            folderReader(u"envdir"_s, {}, {u"envdir"_s}),
            folderReader(u"chpst"_s, {u"-e"_s}, {u"envdir"_s}),
            folderReader(u"s6-envdir"_s, {}, {u"s6-envdir"_s})} +
        serviceConsumers() + unaskedConsumers();
    return all;
}

QList<Consumer> consumersOf(const EnvFile::Format &format)
{
    QList<Consumer> those;
    for (const Consumer &one : consumers()) {
        if (one.formats.contains(format.id))
            those.append(one);
    }
    return those;
}

EnvFile::Variables printedEnvironment(QByteArrayView output)
{
    EnvFile::Variables variables;
    while (!output.isEmpty()) {
        const qsizetype end = output.indexOf('\0');
        const QByteArrayView one = output.first(end < 0 ? output.size() : end);
        output = output.sliced(end < 0 ? output.size() : end + 1);
        if (const qsizetype equals = one.indexOf('='); equals > 0)
            variables.append({one.first(equals).toByteArray(),
                              Core::Secret(one.sliced(equals + 1).toByteArray())});
    }
    return variables;
}

EnvFile::Variables printedSecret(QByteArrayView output)
{
    const QJsonObject data = QJsonDocument::fromJson(output.toByteArray())[u"data"].toObject();
    EnvFile::Variables variables;
    for (auto it = data.begin(); it != data.end(); ++it)
        variables.append({it.key().toUtf8(),
                          Core::Secret(QByteArray::fromBase64(it.value().toString().toLatin1()))});
    return variables;
}

} // namespace Handover
