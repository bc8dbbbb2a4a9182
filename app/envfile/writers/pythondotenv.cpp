#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

#include <QRegularExpression>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// theskumar/python-dotenv, src/dotenv/parser.py and variables.py, 0.21 and 1.0.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    static const QRegularExpression expansion(u"\\$\\{[^}]*\\}"_s);
    const QString alternative = u"Use the shell format, or make a new secret."_s;
    const Result<QString> text = textOf(name, value);
    if (!text)
        return text.error();
    if (expansion.match(*text).hasMatch())
        return unsupported(name,
                           u"contains ${…}, which python-dotenv expands in every kind of quote"_s,
                           alternative);

    const QByteArray start = name.toByteArray() + '=';
    if (value.endsWith('\\')) {
        // A closing quote after a backslash is not seen as one, so that following lines would be
        // lost.
        const QByteArray bare = start + value.toByteArray() + '\n';
        if (readsBack(readPythonDotenv, bare, name, value))
            return bare;
        return unsupported(
            name,
            u"ends in a backslash and needs quotes, which python-dotenv cannot read together"_s,
            alternative);
    }
    if (value.contains('\r')) // a raw one would arrive as a line feed
        return QByteArray(start + '"' + escaped(value, "\\\"").replace("\r", "\\r") + "\"\n");
    return QByteArray(start + '\'' + escaped(value, "\\'") + "'\n");
}

} // namespace

Format pythonDotenv()
{
    return {.id = u"python-dotenv"_s,
            .title = u"python-dotenv (.env)"_s,
            .fileName = u".env"_s,
            .usage = u"In Python, before the first credential is made: load_dotenv({path})\n"
                     "Keep the file out of version control."_s,
            .assignment = assignment,
            .quotedPath = Core::stringLiteral,
            .read = readPythonDotenv,
            .aliases = {u"dotenv"_s}};
}

} // namespace EnvFile
