#include "envfile/names.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// The fish language: words of one command. Only `set -gx NAME VALUE` is understood.
struct Words
{
    QByteArrayView s;
    qsizetype i = 0;
    bool certain = true, open = false;

    QList<QByteArray> command()
    {
        QList<QByteArray> words;
        certain = true;
        while (i < s.size() && s[i] != '\n' && s[i] != ';') {
            if (s[i] == ' ' || s[i] == '\t')
                ++i;
            else if (s[i] == '#')
                i = s.indexOf('\n', i) < 0 ? s.size() : s.indexOf('\n', i);
            else
                words.append(word());
        }
        ++i;
        return words;
    }

    QByteArray word()
    {
        QByteArray text;
        for (; i < s.size() && !QByteArrayView(" \t\n;").contains(s[i]); ++i) {
            const char c = s[i];
            if (c == '\'' || c == '"') {
                quoted(c, &text);
            } else if (c == '\\' && i + 1 < s.size()) {
                text += s[++i];
                certain = certain && !QByteArrayView("abefnrtvxXuUoc").contains(s[i]);
            } else {
                certain = certain && !QByteArrayView("$(~*?{").contains(c);
                text += c;
            }
        }
        return text;
    }

    void quoted(char quote, QByteArray *text)
    {
        for (++i; i < s.size() && s[i] != quote; ++i) {
            const char next = i + 1 < s.size() ? s[i + 1] : '\0';
            const bool escapes = next == '\\' || next == quote || (quote == '"' && next == '$');
            if (s[i] == '\\' && escapes)
                ++i;
            else if (quote == '"' && (s[i] == '$'))
                certain = false;
            *text += s[i];
        }
        open = i >= s.size();
    }
};

} // namespace

Reading readFish(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    if (text.contains('\0')) {
        reading.refusal = u"It contains a zero byte."_s;
        return reading;
    }
    Words in{text};
    LineCounter lines(text);
    while (in.i < text.size()) {
        const int line = lines.at(in.i);
        const QList<QByteArray> words = in.command();
        if (in.open) {
            reading.variables.clear();
            reading.refusal = u"Line %1: the quote is never closed."_s.arg(line);
            return reading;
        }
        if (words.isEmpty())
            continue;
        const bool sets = words.size() >= 3 && words[0] == "set" && words[1].startsWith('-') &&
                          words[1].contains('x');
        if (!sets || !identifierFault(words[2]).isEmpty())
            reading.remark(line, u"This is no “set -gx NAME VALUE”."_s);
        else
            reading.set(words[2], words.mid(3).join(' '), line, in.certain);
    }
    return reading;
}

} // namespace EnvFile
