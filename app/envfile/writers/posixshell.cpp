#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

#include <QRegularExpression>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

// Single quotes keep everything but themselves; nothing else is safe from substitution.
Result<QByteArray> exportAssignment(QByteArrayView name, QByteArrayView value)
{
    return QByteArray("export " + name.toByteArray() + "='" + replaced(value, "'", "'\\''") +
                      "'\n");
}

namespace {

// direnv hands the environment on as JSON and replaces bytes that are no UTF-8.
Result<QByteArray> textAssignment(QByteArrayView name, QByteArrayView value)
{
    const Result<QString> text = textOf(name, value);
    return text ? exportAssignment(name, value) : text.error();
}

} // namespace

Format posixShell()
{
    return {.id = u"shell"_s,
            .title = u"POSIX shell (sh, bash, zsh)"_s,
            .fileName = u"rolescope.sh"_s,
            .usage = u"In the shell or script that starts the application: . {path}"_s,
            .assignment = exportAssignment,
            .quotedPath = Core::posixWord,
            .read = readShell,
            .aliases = {u"bash"_s, u"zsh"_s, u"sh"_s}};
}

Format direnv()
{
    return {.id = u"direnv"_s,
            .title = u"direnv (.envrc)"_s,
            .fileName = u".envrc"_s,
            .usage = u"Keep {path} out of version control.\nAfter each change: direnv allow"_s,
            .assignment = textAssignment,
            .quotedPath = Core::posixWord,
            .read = readShell};
}

} // namespace EnvFile
