#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

Result<QString> systemdText(QByteArrayView name, QByteArrayView value)
{
    // systemd would refuse the whole file, and write the assignment to its log.
    Result<QString> text = textOf(name, value);
    if (text && hasNoncharacter(*text))
        return unsupported(
            name, u"contains a Unicode noncharacter, which systemd takes for invalid UTF-8"_s,
            credentialAlternative());
    return text;
}

// systemd.exec(5), EnvironmentFile=; src/basic/env-file.c. The same four characters are special
// between a POSIX shell's double quotes.
Result<QByteArray> systemdAssignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = systemdText(name, value); !text)
        return text.error();
    return QByteArray(name.toByteArray() + "=\"" + escaped(value, "\\\"`$") + "\"\n");
}

Format systemdEnvFile()
{
    return {.id = u"systemd-envfile"_s,
            .title = u"systemd unit (EnvironmentFile=)"_s,
            .fileName = u"rolescope.env"_s,
            .usage = u"In the unit's [Service] section: EnvironmentFile={path}\n"
                     "Then: systemctl daemon-reload && systemctl restart UNIT"_s,
            .assignment = systemdAssignment,
            .quotedPath = Core::systemdWord,
            .read = readSystemd,
            .aliases = {u"systemd"_s}};
}

Format shellAndSystemd()
{
    return {
        .id = u"shell-systemd"_s,
        .title = u"One file for systemd and for a shell (set -a)"_s,
        .fileName = u"rolescope.env"_s,
        .usage =
            u"In a shell: set -a; . {path}; set +a\nIn a unit: EnvironmentFile= with the same path"_s,
        .assignment = systemdAssignment,
        .quotedPath = Core::posixWord,
        .read = readShellAndSystemd};
}

} // namespace EnvFile
