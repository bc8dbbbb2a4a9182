#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

QString fault(QByteArrayView value)
{
    const auto has = [&](auto kind) { return std::any_of(value.begin(), value.end(), kind); };
    if (has([](char c) { return c == '\n' || c == '\r'; }))
        return u"contains a line break, and cmd's set takes one line"_s;
    if (has([](char c) { return c != '\t' && isControl(c); }))
        return u"contains a control character, which cmd drops or takes for the end"_s;
    if (has([](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return u"contains characters beyond ASCII, which depend on the code page"_s;
    if (value.contains('"'))
        return u"contains a double quote, which changes how cmd reads the rest of the line"_s;
    if (value.contains('!'))
        return u"contains “!”, which is lost where delayed expansion is on"_s;
    return {};
}

// Microsoft Learn: set; cmd /?: percent signs are doubled in a batch file, and a line has at most
// 8191 characters.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    const QString alternative = u"Use the powershell format, or make a new secret."_s;
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (value.isEmpty())
        return unsupported(name, u"is empty, and set \"NAME=\" removes the variable"_s,
                           u"Leave the variable out."_s);
    if (const QString why = fault(value); !why.isEmpty())
        return unsupported(name, why, alternative);
    const QByteArray line = "set \"" + name.toByteArray() + '=' + replaced(value, "%", "%%") + '"';
    if (line.size() > 8191)
        return unsupported(name, u"makes a line of more than cmd's 8191 characters"_s,
                           value.size() <= 32'767
                               ? alternative
                               : u"Hand over a file's path instead, or make a new secret."_s);
    return QByteArray(line + "\r\n");
}

} // namespace

Format windowsBatch()
{
    return {.id = u"cmd"_s,
            .title = u"Windows batch file (cmd)"_s,
            .fileName = u"rolescope.cmd"_s,
            .usage = u"In the batch file that starts the application: call {path}"_s,
            .assignment = assignment,
            .quotedPath = Core::batchWord,
            .read = readWindowsBatch};
}

} // namespace EnvFile
