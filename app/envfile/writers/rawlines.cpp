#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// docker/cli pkg/kvfile, podman pkg/env, kubectl: NAME=value up to the line's end, nothing quoted,
// nothing escaped.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (const auto oneLine = refuseLineFeed(name, value); !oneLine)
        return oneLine.error();
    if (value.endsWith('\r'))
        return unsupported(name,
                           u"ends in a carriage return, which is taken for half of a line end"_s,
                           credentialAlternative());
    const QByteArray line = name.toByteArray() + '=' + value.toByteArray();
    if (line.size() >= 64 * 1024) // bufio.MaxScanTokenSize
        return unsupported(name,
                           u"makes a line of 64 KiB or more, which the reader does not take"_s,
                           u"Use k8s-secret or systemd-credential."_s);
    return QByteArray(line + '\n');
}

} // namespace

Format dockerEnvFile()
{
    return {.id = u"docker-env-file"_s,
            .title = u"Docker and Podman (--env-file)"_s,
            .fileName = u"rolescope.env"_s,
            .usage = u"docker run --env-file {path} IMAGE\npodman run --env-file {path} IMAGE"_s,
            .assignment = assignment,
            .quotedPath = Core::posixWord,
            .nameFault = visibleFault,
            .read = readDockerEnvFile,
            .caution =
                u"“docker inspect” shows these values to everybody who may talk to the engine."_s,
            .aliases = {u"docker"_s, u"podman"_s}};
}

Format kubernetesFromEnvFile()
{
    return {.id = u"k8s-from-env-file"_s,
            .title = u"kubectl create secret --from-env-file"_s,
            .fileName = u"rolescope.env"_s,
            .usage = u"kubectl create secret generic rolescope --from-env-file={path}"_s,
            .assignment = assignment,
            .quotedPath = Core::posixWord,
            .nameFault = dottedFault,
            .read = readKubernetesFromEnvFile};
}

} // namespace EnvFile
