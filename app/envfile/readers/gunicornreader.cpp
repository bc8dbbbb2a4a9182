#include "envfile/encoding.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// The string literals of Python's lexical analysis, as far as a list of them goes.
struct Literals
{
    QByteArrayView s;
    qsizetype i = 0;

    static void append(QByteArray *value, char32_t code)
    {
        if (code >= 0xDC80 && code <= 0xDCFF) // PEP 383: a byte that is no UTF-8
            *value += static_cast<char>(code - 0xDC00);
        else if (QChar::requiresSurrogates(code))
            *value += QString::fromUcs4(&code, 1).toUtf8();
        else // fromUcs4() would take a byte order mark away
            *value += QString(QChar(static_cast<char16_t>(code))).toUtf8();
    }

    bool escape(QByteArray *value)
    {
        static const QByteArray letters = "\\'\"abfnrtv", meant = "\\'\"\a\b\f\n\r\t\v";
        const char c = i < s.size() ? s[i++] : '\0';
        if (const qsizetype letter = c ? letters.indexOf(c) : -1; letter >= 0) {
            *value += meant[letter];
            return true;
        }
        const qsizetype digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        bool valid = digits > 0 && i + digits <= s.size();
        if (valid)
            append(value, s.sliced(i, digits).toByteArray().toUInt(&valid, 16));
        i += digits;
        return valid;
    }

    bool string(QByteArray *value)
    {
        const char quote = s[i++];
        while (i < s.size() && s[i] != '\n') {
            const char c = s[i++];
            if (c == quote)
                return true;
            if (c != '\\')
                *value += c;
            else if (!escape(value))
                return false;
        }
        return false;
    }
};

QByteArray strippedEnd(const QByteArray &entry)
{
    if (!entry.isValidUtf8())
        return entry;
    QString text = QString::fromUtf8(entry);
    if (text.isEmpty() || !isPythonSpace(text.back()))
        return entry;
    while (!text.isEmpty() && isPythonSpace(text.back()))
        text.chop(1);
    return text.toUtf8();
}

} // namespace

Reading readGunicorn(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    const qsizetype start = text.toByteArray().indexOf("raw_env");
    const qsizetype open = start < 0 ? -1 : text.indexOf('[', start);
    if (open < 0) {
        reading.remark(0, u"There is no list raw_env."_s);
        return reading;
    }
    Literals in{text, open + 1};
    LineCounter lines(text);
    while (in.i < text.size() && text[in.i] != ']') {
        const int line = lines.at(in.i);
        if (text[in.i] == ',' || isCSpace(text[in.i])) {
            ++in.i;
            continue;
        }
        QByteArray entry;
        if ((text[in.i] != '"' && text[in.i] != '\'') || !in.string(&entry)) {
            reading.variables.clear();
            reading.refusal = u"Line %1: raw_env is no list of plain strings."_s.arg(line);
            return reading;
        }
        const QByteArray kept = strippedEnd(entry);
        const qsizetype equals = kept.indexOf('=');
        if (kept != entry)
            reading.remark(line, u"gunicorn strips the white space at the end."_s);
        reading.set(equals < 0 ? kept : kept.first(equals),
                    equals < 0 ? QByteArray() : kept.sliced(equals + 1), line);
    }
    return reading;
}

} // namespace EnvFile
