#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// VS Code has no reader of its own: each debugger brings one. Read in their sources: dotenv 16
// (vscode-js-debug), a grammar of one line (vscode-cpptools, C#, vscode-js-debug before dotenv) and
// another one (vscode-python, vscode-python-debugger). Other extensions have others, which were not
// looked at. So only what those three read alike is written.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    const QByteArray start = name.toByteArray() + '=', plain = value.toByteArray();
    QList<QByteArray> ways;
    if (!value.contains('\'')) // what dotenv makes of one inside hangs on what follows
        ways.append(start + '\'' + plain + "'\n");
    if (!value.contains('"'))
        ways.append(start + '"' + replaced(value, "\n", "\\n") + "\"\n");
    ways.append(start + plain + '\n');
    for (const QByteArray &way : ways) {
        if (readsBack(readVsCode, way, name, value))
            return way;
    }
    return unsupported(
        name, u"is not read alike by the VS Code extensions for JavaScript, Python, C/C++ and C#"_s,
        u"Start VS Code from a shell that has read the shell format, take node-dotenv where only JavaScript reads it, or make a new secret."_s);
}

// Python's extension takes no other first letter, and adds to these two itself.
QString nameFault(QByteArrayView name)
{
    if (name == QByteArrayView("PATH") || name == QByteArrayView("PYTHONPATH"))
        return u"must not be one that VS Code's Python extension keeps to itself"_s;
    if (name.startsWith('_'))
        return u"must begin with a letter"_s;
    return identifierFault(name);
}

} // namespace

Format vsCode()
{
    return {
        .id = u"vscode-envfile"_s,
        .title = u"VS Code (envFile in launch.json)"_s,
        .fileName = u".env"_s,
        .usage =
            u"In .vscode/launch.json: \"envFile\": {path}\nKeep the file out of version control."_s,
        .assignment = assignment,
        .quotedPath = Core::stringLiteral,
        .nameFault = nameFault,
        .read = readVsCode,
        .caution =
            u"Each debugger reads this file by itself; read in their sources, not seen running: those for JavaScript, Python, C/C++ and C#."_s,
        .aliases = {u"vscode"_s, u"vs-code"_s}};
}

} // namespace EnvFile
