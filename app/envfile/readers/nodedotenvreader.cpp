#include "envfile/readers/readers.h"

#include <QStringDecoder>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

bool isLineEnd(
    QChar c) // of JavaScript's ^ and $ with the flag m; carriage returns are gone by then
{
    return c == u'\n' || c == QChar(0x2028) || c == QChar(0x2029);
}

bool isSpace(QChar c) // JavaScript's \s
{
    const char16_t code = c.unicode();
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
           c == u'_' || c == u'.' || c == u'-';
}

bool isQuote(QChar c)
{
    return c == u'\'' || c == u'"' || c == u'`';
}

/// motdotla/dotenv, lib/main.js: the regular expression LINE, walked by hand because its
/// backtracking would not stay within a stack for long values. Each member takes a position and
/// yields the one behind its match, or -1.
struct Line
{
    const QString &s;
    Reading &reading; ///< its budget pays for text that is looked at again, for it grows with the
                      ///< square where each line opens a quote that none closes

    QChar at(qsizetype i) const { return i < s.size() ? s[i] : QChar(); }
    qsizetype skipSpace(qsizetype i) const
    {
        while (i < s.size() && isSpace(s[i]))
            ++i;
        return i;
    }

    // \s*(?:#.*)?$
    qsizetype tail(qsizetype i) const
    {
        qsizetype end = skipSpace(i);
        if (end == s.size())
            return end;
        if (s[end] == u'#') {
            while (end < s.size() && !isLineEnd(s[end]))
                ++end;
            return end;
        }
        while (end > i && !isLineEnd(s[end - 1]))
            --end;
        return end > i ? end - 1 : -1;
    }

    // \s*'(?:\\'|[^'])*' with the tail behind it, preferring the longest: the first quote that no
    // backslash escapes, then back over the escaped ones.
    qsizetype quoted(qsizetype i, QChar quote, qsizetype *valueEnd) const
    {
        const qsizetype open = skipSpace(i);
        if (at(open) != quote)
            return -1;
        QList<qsizetype> ends;
        qsizetype p = open + 1;
        for (; p < s.size(); ++p) {
            if (s[p] != quote)
                continue;
            ends.append(p);
            if (s[p - 1] != u'\\' || p - 1 == open)
                break;
        }
        if (!reading.budget.takeSteps(p - i))
            reading.refuseWork(0);
        for (auto end = ends.crbegin(); end != ends.crend(); ++end) {
            if (const qsizetype behind = tail(*end + 1); behind >= 0) {
                *valueEnd = *end + 1;
                return behind;
            }
        }
        return -1;
    }

    qsizetype bare(qsizetype i, qsizetype *valueEnd) const
    {
        qsizetype end = i;
        while (end < s.size() && s[end] != u'#' && s[end] != u'\n')
            ++end;
        *valueEnd = end;
        return tail(end);
    }

    qsizetype value(qsizetype i, qsizetype *valueEnd) const
    {
        for (const QChar quote : {u'\'', u'"', u'`'}) {
            if (const qsizetype behind = quoted(i, quote, valueEnd); behind >= 0)
                return behind;
        }
        return bare(i, valueEnd);
    }

    // \s*=\s*? or :\s+?
    qsizetype separator(qsizetype i) const
    {
        if (const qsizetype equals = skipSpace(i); at(equals) == u'=')
            return equals + 1;
        return at(i) == u':' && i + 1 < s.size() && isSpace(s[i + 1]) ? i + 2 : -1;
    }

    qsizetype name(qsizetype i) const
    {
        while (i < s.size() && isNameCharacter(s[i]))
            ++i;
        return i;
    }
};

// value.replace(/^(['"`])([\s\S]*)\1$/mg, '$2')
QString withoutQuotes(const QString &value)
{
    QString out;
    QHash<QChar, qsizetype> closes; // the last of each kind that ends a line
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (isQuote(value[i]) && (i + 1 == value.size() || isLineEnd(value[i + 1])))
            closes[value[i]] = i;
    }
    for (qsizetype i = 0; i < value.size(); ++i) {
        const bool lineStart = i == 0 || isLineEnd(value[i - 1]);
        if (lineStart && isQuote(value[i])) {
            const qsizetype close = closes.value(value[i], -1);
            if (close > i) {
                out += QStringView(value).sliced(i + 1, close - i - 1);
                i = close;
                continue;
            }
        }
        out += value[i];
    }
    return out;
}

QString meaning(QString raw)
{
    qsizetype first = 0;
    while (first < raw.size() && isSpace(raw[first]))
        ++first;
    while (raw.size() > first && isSpace(raw.back()))
        raw.chop(1);
    raw = raw.sliced(first);
    const bool expands = raw.startsWith(u'"');
    raw = withoutQuotes(raw);
    return expands ? raw.replace(u"\\n"_s, u"\n"_s).replace(u"\\r"_s, u"\r"_s) : raw;
}

// One assignment at the line start \a start: its name's and value's ends, and what lies behind it.
struct Match
{
    qsizetype nameStart = 0, nameEnd = 0, valueStart = 0, valueEnd = 0, end = -1;
};

Match match(const Line &line, qsizetype nameStart)
{
    Match found{.nameStart = nameStart, .nameEnd = line.name(nameStart)};
    if (found.nameEnd == nameStart)
        return found;
    found.valueStart = line.separator(found.nameEnd);
    if (found.valueStart >= 0)
        found.end = line.value(found.valueStart, &found.valueEnd);
    return found;
}

Match matchAt(const Line &line, qsizetype start)
{
    const qsizetype first = line.skipSpace(start);
    if (!line.reading.budget.takeSteps(first - start))
        line.reading.refuseWork(0);
    if (line.s.mid(first, 6) == u"export" && first + 6 < line.s.size() &&
        isSpace(line.s[first + 6])) {
        if (const Match exported = match(line, line.skipSpace(first + 6)); exported.end >= 0)
            return exported;
    }
    return match(line, first);
}

void addRemarks(Reading &reading, const QString &raw, const QString &value, int line)
{
    if (raw.startsWith(u'"') && value.contains(u'\n') && raw.contains(u"\\n"))
        reading.remark(line, u"“\\n” between double quotes becomes a line feed."_s);
    if ((raw.startsWith(u'"') || raw.startsWith(u'\'')) && value.contains(u'\\'))
        reading.remark(line,
                       u"A backslash stays as it is: dotenv knows no escape but \\n and \\r."_s);
}

} // namespace

Reading readNodeDotenv(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    QString s = decoder.decode(text);
    if (decoder.hasError())
        reading.remark(0, u"Bytes that are not UTF-8 arrive as U+FFFD."_s);
    if (s.contains(u'\r'))
        reading.remark(0, u"Carriage returns are taken for line ends."_s);
    s.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    const Line line{s, reading};
    LineCounter lines{QStringView(s)};
    for (qsizetype i = 0; i < s.size() && !reading.overBudget;) {
        const Match found = i == 0 || isLineEnd(s[i - 1]) ? matchAt(line, i) : Match{};
        if (found.end < 0) {
            ++i;
            continue;
        }
        const int number = lines.at(found.nameStart);
        const QString raw = s.mid(found.valueStart, found.valueEnd - found.valueStart).trimmed();
        const QString value = meaning(s.mid(found.valueStart, found.valueEnd - found.valueStart));
        reading.set(s.mid(found.nameStart, found.nameEnd - found.nameStart).toUtf8(),
                    value.toUtf8(), number);
        addRemarks(reading, raw, value, number);
        if (!isQuote(raw.isEmpty() ? QChar() : raw[0]) && line.at(found.valueEnd) == u'#')
            reading.remark(number, u"A bare value ends at “#”."_s);
        i = std::max(found.end, i + 1);
    }
    return reading;
}

} // namespace EnvFile
