#include "envfile/encoding.h"
#include "core/commandtext.h"
#include "envfile/readers/readers.h"
#include "envfile/writers/writers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

// compose-spec/compose-go, dotenv/parser.go: '…' is literal but for \', and "…" expands; a
// backslash before ` stays.
Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    if (const auto text = textOf(name, value); !text)
        return text.error();
    const QByteArray start = name.toByteArray() + '=';
    if (!value.contains('\'') && !value.contains('\\'))
        return QByteArray(start + '\'' + value.toByteArray() + "'\n");
    return QByteArray(start + '"' + escaped(value, "\\\"$") + "\"\n");
}

} // namespace

Format composeEnvFile()
{
    return {.id = u"compose-env-file"_s,
            .title = u"Docker Compose (env_file, .env)"_s,
            .fileName = u"rolescope.env"_s,
            .usage = u"In compose.yaml, under the service: env_file: [{path}]"_s,
            .assignment = assignment,
            .quotedPath =
                [](const QString &path) {
                    return Core::stringLiteral(QString(path).replace(u'$', u"$$"_s));
                },
            .nameFault = dottedFault,
            .read = readCompose,
            .caution = u"Compose 1, written in Python, reads such a file as python-dotenv does."_s,
            .aliases = {u"compose"_s}};
}

} // namespace EnvFile
