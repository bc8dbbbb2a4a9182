#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

QByteArray quotedLine(QByteArrayView name, QByteArrayView value, QByteArrayView quote)
{
    return name.toByteArray() + '=' + quote.toByteArray() + value.toByteArray() +
           quote.toByteArray() + '\n';
}

bool hasEscapeOfLine(QByteArrayView value)
{
    return value.contains(QByteArrayView("\\n")) || value.contains(QByteArrayView("\\r"));
}

// The first way of writing that \a reader reads back: neither grammar has an escape for a quote, so
// it must be one that the value does not contain. A backslash at the end could hide the quote from
// a later line, so that bare comes first there.
Result<QByteArray> firstReadable(QByteArrayView name, QByteArrayView value, Reader reader)
{
    QList<QByteArrayView> quotes;
    if (value.endsWith('\\'))
        quotes.append(QByteArrayView(""));
    for (const QByteArrayView quote :
         {QByteArrayView("'"), QByteArrayView("\""), QByteArrayView("`")}) {
        if (!value.contains(quote) && !(quote.front() == '"' && hasEscapeOfLine(value)))
            quotes.append(quote);
    }
    if (!value.isEmpty() && !value.contains('#') && value.front() != '\'' && value.front() != '"' &&
        value.front() != '`')
        quotes.append(QByteArrayView(""));
    for (const QByteArrayView quote : quotes) {
        const QByteArray line = quotedLine(name, value, quote);
        if (readsBack(reader, line, name, value))
            return line;
    }
    return unsupported(
        name, u"needs quotes and contains each kind of them, and this format has no escape"_s,
        u"Use the shell format, or make a new secret."_s);
}

// motdotla/dotenv, lib/main.js, 16 and 17: a carriage return is a line end, and only "…" knows \r,
// where it also knows \n.
Result<QByteArray> dotenvAssignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (!value.contains('\r'))
        return firstReadable(name, value, readNodeDotenv);
    if (value.contains('"') || hasEscapeOfLine(value))
        return unsupported(
            name,
            u"contains a carriage return together with a double quote or a literal \\n or \\r"_s,
            u"Use the shell format, or make a new secret."_s);
    const QByteArray line = quotedLine(name, replaced(value, "\r", "\\r"), "\"");
    if (readsBack(readNodeDotenv, line, name, value))
        return line;
    return unsupported(name, u"contains a carriage return where it cannot be quoted"_s);
}

// nodejs/node, src/node_dotenv.cc.
Result<QByteArray> nodeAssignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    if (value.contains('\r'))
        return unsupported(name, u"contains a carriage return, and node removes them all"_s,
                           u"Use the node-dotenv or shell format, or make a new secret."_s);
    return firstReadable(name, value, readNodeEnvFile);
}

} // namespace

Format nodeDotenv()
{
    return {.id = u"node-dotenv"_s,
            .title = u"dotenv for Node.js"_s,
            .fileName = u".env"_s,
            .usage = u"In JavaScript, first of all: require('dotenv').config({path: {path}})"_s,
            .assignment = dotenvAssignment,
            .quotedPath = Core::stringLiteral,
            .nameFault = wordFault,
            .read = readNodeDotenv,
            .caution = u"Frameworks that add dotenv-expand replace “$” as well."_s};
}

Format nodeEnvFile()
{
    return {.id = u"node-env-file"_s,
            .title = u"node --env-file"_s,
            .fileName = u".env"_s,
            .usage = u"node --env-file={path} app.js"_s,
            .assignment = nodeAssignment,
            .quotedPath = Core::posixWord,
            .read = readNodeEnvFile,
            .aliases = {u"node"_s}};
}

} // namespace EnvFile
