#include "envfile/readers/readers.h"
#include "core/commandtext.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    // Quoted, because a key such as "1" or "yes" is no text otherwise.
    return QByteArray("  \"" + name.toByteArray() + "\": \"" + value.toByteArray().toBase64() +
                      "\"\n");
}

QString nameFault(QByteArrayView name)
{
    return name.size() > 253 ? u"must have at most 253 characters"_s : wordFault(name);
}

} // namespace

// Kubernetes API reference, Secret v1: data holds base64; 1 MiB in all (MaxSecretSize).
Format kubernetesSecret()
{
    return {
        .id = u"k8s-secret"_s,
        .title = u"Kubernetes Secret"_s,
        .fileName = u"rolescope-secret.yaml"_s,
        .usage =
            u"kubectl apply -f {path}\nIn the container: envFrom: [{secretRef: {name: rolescope}}]"_s,
        .assignment = assignment,
        .header =
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: rolescope\ntype: Opaque\ndata:\n",
        .quotedPath = Core::posixWord,
        .nameFault = nameFault,
        .read = readKubernetesSecret,
        .holdsAnyBytes = true,
        .sizeLimit = 1024 * 1024,
        .aliases = {u"kubernetes"_s}};
}

} // namespace EnvFile
