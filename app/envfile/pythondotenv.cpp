#include "envfile/pythondotenv.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace EnvFile {

using namespace Qt::StringLiterals;
using Core::Result;

namespace {

bool isBlank(QChar c)
{
    return c.isSpace() || c == QChar(0x1C) || c == QChar(0x1D) || c == QChar(0x1E) || c == QChar(0x1F) || c == QChar(0x85);
}

// What stands unquoted is taken up to a line end or white space and "#", and stripped.
bool fitsUnquoted(const QString &text)
{
    static const QRegularExpression comment(u"\\s#"_s, QRegularExpression::UseUnicodePropertiesOption);
    return !text.contains(u'\n') && !text.contains(u'\r') && !text.isEmpty() && text[0] != u'\'' && text[0] != u'"' && text[0] != u'#'
        && !isBlank(text[0]) && !isBlank(text.back()) && !comment.match(text).hasMatch();
}

Result<QByteArray> assignment(QByteArrayView name, QByteArrayView value)
{
    static const QRegularExpression expansion(u"\\$\\{[^}]*\\}"_s);
    const QString alternative = u"Use the shell format, or make a new secret."_s;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(value);
    if (decoder.hasError())
        return unsupported(name, u"is not valid UTF-8"_s, alternative);
    if (expansion.match(text).hasMatch())
        return unsupported(name, u"contains ${…}, which python-dotenv expands in every kind of quote"_s, alternative);

    const QByteArray start = name.toByteArray() + '=';
    if (value.endsWith('\\')) {
        // A closing quote after a backslash is not seen as one, so that following lines would be lost.
        if (!fitsUnquoted(text))
            return unsupported(name, u"ends in a backslash and needs quotes, which python-dotenv cannot read together"_s, alternative);
        return QByteArray(start + value.toByteArray() + '\n');
    }
    if (value.contains('\r')) // a raw one would arrive as a line feed
        return QByteArray(start + '"' + escaped(value, "\\\"").replace("\r", "\\r") + "\"\n");
    return QByteArray(start + '\'' + escaped(value, "\\'") + "'\n");
}

QString quotedPath(const QString &path)
{
    return QString(path).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
}

} // namespace

Format pythonDotenv()
{
    return {
        u"python-dotenv"_s,
        u"python-dotenv (.env)"_s,
        u".env"_s,
        u"In Python, before the first credential is made: load_dotenv(\"{path}\")\nKeep the file out of version control."_s,
        assignment,
        {},
        quotedPath};
}

} // namespace EnvFile
