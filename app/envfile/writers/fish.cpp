#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// The fish language, Quotes: between single quotes only \' and \\ mean anything else.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    return QByteArray("set -gx " + name.toByteArray() + " '" + escaped(value, "\\'") + "'\n");
}

QString nameFault(QByteArrayView name)
{
    static const QList<QByteArray> reserved{
        "_", "argv", "CMD_DURATION", "fish_pid", "history", "hostname", "pipestatus", "PWD",
        "SHLVL", "status", "status_generation", "umask", "version", "FISH_VERSION", "fish_killring",
        "fish_kill_signal",
        // lists that steer fish itself; any other …PATH becomes a list too, and is joined again
        "PATH", "CDPATH", "MANPATH"};
    if (reserved.contains(name))
        return u"must not be one that fish keeps for itself"_s;
    return identifierFault(name);
}

} // namespace

Format fish()
{
    return {.id = u"fish"_s,
            .title = u"fish"_s,
            .fileName = u"rolescope.fish"_s,
            .usage = u"In the shell that starts the application: source {path}"_s,
            .assignment = assignment,
            .quotedPath = Core::posixWord,
            .nameFault = nameFault,
            .read = readFish};
}

} // namespace EnvFile
