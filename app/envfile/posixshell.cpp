#include "envfile/posixshell.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// Single quotes keep everything but themselves; nothing else is safe from substitution.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    QByteArray quoted = value.toByteArray();
    quoted.replace("'", "'\\''");
    return QByteArray("export " + name.toByteArray() + "='" + quoted + "'\n");
}

} // namespace

Format posixShell()
{
    return {u"shell"_s,
            u"POSIX shell (sh, bash, zsh)"_s,
            u"rolescope.sh"_s,
            u"In the shell or script that starts the application: . {path}"_s,
            assignment,
            {}};
}

} // namespace EnvFile
