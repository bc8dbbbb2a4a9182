#include "envfile/names.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// systemd.syntax(7), Quoting; systemd.exec(5), Environment=: words with "…" or '…' around the
/// whole word, C escapes, specifiers.
struct Words
{
    QByteArrayView s;
    qsizetype i = 0;
    bool certain = true;
    bool broken = false;

    bool next(QByteArray *word)
    {
        while (i < s.size() && (s[i] == ' ' || s[i] == '\t'))
            ++i;
        if (i >= s.size())
            return false;
        word->clear();
        char quote = '\0';
        for (; i < s.size(); ++i) {
            const char c = s[i];
            if (quote ? c == quote : c == '"' || c == '\'')
                quote = quote ? '\0' : c;
            else if (!quote && (c == ' ' || c == '\t'))
                break;
            else if (c == '\\')
                escape(word);
            else
                *word += c;
        }
        broken = broken || quote;
        return true;
    }

    void escape(QByteArray *word)
    {
        static const QByteArray letters = "abfnrtv\\\"'s", meant = "\a\b\f\n\r\t\v\\\"' ";
        const char c = ++i < s.size() ? s[i] : '\0';
        if (const qsizetype letter = c ? letters.indexOf(c) : -1; letter >= 0) {
            *word += meant[letter];
        } else if (c == 'x' && i + 2 < s.size()) {
            *word += QByteArray::fromHex(s.sliced(i + 1, 2).toByteArray());
            i += 2;
        } else {
            broken = true;
        }
    }
};

QByteArray withSpecifiers(const QByteArray &word, bool *certain)
{
    QByteArray out;
    for (qsizetype i = 0; i < word.size(); ++i) {
        if (word[i] == '%' && i + 1 < word.size()) {
            *certain = *certain && word[i + 1] == '%';
            ++i;
        }
        out += word[i];
    }
    return out;
}

void readLine(QByteArrayView value, int line, Reading &reading)
{
    Words words{value};
    for (QByteArray word; words.next(&word);) {
        bool certain = true;
        const QByteArray text = withSpecifiers(word, &certain);
        const qsizetype equals = text.indexOf('=');
        if (words.broken || equals < 0 || !identifierFault(text.first(equals)).isEmpty())
            reading.remark(
                line, u"This is no assignment; systemd ignores it and writes it to the journal."_s);
        else
            reading.set(text.first(equals), text.sliced(equals + 1), line, certain);
        if (!certain)
            reading.remark(line, u"“%” begins a specifier; “%%” is one percent sign."_s);
    }
}

} // namespace

Reading readSystemdUnit(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    if (text.contains('\0') || !text.isValidUtf8()) {
        reading.refusal = u"It is not valid UTF-8, and systemd refuses such lines."_s;
        return reading;
    }
    QByteArray section;
    int number = 0;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        ++number;
        const QByteArray plain = line.trimmed();
        if (plain.startsWith('['))
            section = plain;
        else if (section == "[Service]" && plain.startsWith("Environment="))
            readLine(QByteArrayView(plain).sliced(12), number, reading);
    }
    return reading;
}

} // namespace EnvFile
