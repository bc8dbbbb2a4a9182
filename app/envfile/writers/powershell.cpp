#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// about_Quoting_Rules and PowerShell's CharTraits.cs: four typographic quotes end a string too, and
// Windows PowerShell 5.1 reads a file without a mark in the ANSI code page. So what is not
// printable ASCII travels as base64.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const Result<QString> text = textOf(name, value);
    if (!text)
        return text.error();
    if (value.isEmpty())
        return unsupported(name, u"is empty, which removes the variable before PowerShell 7.5"_s,
                           u"Leave the variable out."_s);
    if (text->size() > 32'767)
        return unsupported(name,
                           u"is longer than Windows allows for one variable (32767 characters)"_s,
                           credentialAlternative());
    const QByteArray start = "$env:" + name.toByteArray() + " = ";
    if (std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; }))
        return QByteArray(start + '\'' + replaced(value, "'", "''") + "'\n");
    return QByteArray(start + "[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('" +
                      value.toByteArray().toBase64() + "'))\n");
}

} // namespace

Format powerShell()
{
    return {.id = u"powershell"_s,
            .title = u"PowerShell"_s,
            .fileName = u"rolescope.ps1"_s,
            .usage = u"In the shell that starts the application: . {path}"_s,
            .assignment = assignment,
            .quotedPath = Core::powerShellWord,
            .read = readPowerShell,
            .aliases = {u"pwsh"_s}};
}

} // namespace EnvFile
