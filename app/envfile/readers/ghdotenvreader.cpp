#include "envfile/readers/godotenv.h"
#include "envfile/readers/readers.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// joho/godotenv, parser.go, which gh uses: one statement that does not parse refuses the whole
/// file.
struct Source
{
    QString s;
    qsizetype i = 0;
    QString fault;
    LineCounter<QStringView> lines{s};

    bool end() const { return i >= s.size(); }
    int line() { return lines.at(i); }
    bool fail(const QString &why)
    {
        fault = u"Line %1: %2"_s.arg(line()).arg(why);
        return false;
    }
    void skipSpace()
    {
        while (!end() && isGoSpace(s[i].unicode()))
            ++i;
    }
    bool toStatement()
    {
        while (true) {
            while (!end() && s[i].isSpace())
                ++i;
            if (end() || s[i] != u'#')
                return !end();
            while (!end() && s[i] != u'\n')
                ++i;
        }
    }

    bool name(QString *found)
    {
        if (s.mid(i, 6) == u"export" && i + 6 < s.size() && isGoSpace(s[i + 6].unicode())) {
            i += 6;
            skipSpace();
        }
        const qsizetype start = i;
        for (; !end(); ++i) {
            const QChar c = s[i];
            if (c == u'=' || c == u':')
                break;
            if (!isGoSpace(c.unicode()) && c != u'_' && c != u'.' && !c.isLetter() && !c.isNumber())
                return fail(u"a character that no name may have."_s);
        }
        if (end())
            return fail(u"there is no “=”."_s);
        *found = s.mid(start, i - start).trimmed();
        ++i;
        skipSpace();
        return true;
    }
};

QString withEscapes(const QString &value)
{
    static const QRegularExpression escape(u"\\\\."_s),
        kept(u"\\\\([^$])"_s, QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype last = 0;
    for (auto it = escape.globalMatch(value); it.hasNext();) {
        const auto match = it.next();
        out += QStringView(value).sliced(last, match.capturedStart() - last);
        const QString text = match.captured();
        out += text == u"\\n" ? u"\n"_s : text == u"\\r" ? u"\r"_s : text;
        last = match.capturedEnd();
    }
    out += QStringView(value).sliced(last);
    return out.replace(kept, u"\\1"_s);
}

// Nothing, and a reading over its budget, where it would grow beyond it.
QString expanded(const QString &value, Reading &reading, bool *certain, int line)
{
    static const QRegularExpression variable(u"(\\\\)?(\\$)(\\()?\\{?([A-Z0-9_]+)?\\}?"_s);
    QString out;
    qsizetype last = 0;
    for (auto it = variable.globalMatch(value); it.hasNext();) {
        const auto match = it.next();
        out += QStringView(value).sliced(last, match.capturedStart() - last);
        if (match.captured(1) == u"\\" || match.captured(3) == u"(") {
            out += QStringView(match.captured()).sliced(1);
        } else if (!match.captured(4).isEmpty()) {
            const QByteArray name = match.captured(4).toUtf8();
            const ReadVariable *known = reading.find(name);
            if (known && !reading.budget.hasBytes(known->value.size(), out.size())) {
                reading.refuseExpansion(name, line);
                return {};
            }
            out += known ? QString::fromUtf8(known->value.reveal()) : QString();
            *certain = false;
        } else {
            out += match.captured();
        }
        last = match.capturedEnd();
    }
    return out + value.mid(last);
}

QString bareValue(Source &in)
{
    const qsizetype start = in.i;
    while (!in.end() && in.s[in.i] != u'\n' && in.s[in.i] != u'\r')
        ++in.i;
    QString value = in.s.mid(start, in.i - start);
    for (qsizetype i = 1; i < value.size(); ++i) {
        if (value[i] == u'#' && isGoSpace(value[i - 1].unicode())) {
            value.truncate(i);
            break;
        }
    }
    while (!value.isEmpty() && isGoSpace(value.back().unicode()))
        value.chop(1);
    return value;
}

bool value(Source &in, Reading &reading, QString *found, bool *certain)
{
    const QChar quote = in.end() ? QChar() : in.s[in.i];
    const int line = in.line();
    if (quote != u'"' && quote != u'\'') {
        *found = expanded(bareValue(in), reading, certain, line);
        return true;
    }
    for (qsizetype close = in.i + 1; close < in.s.size(); ++close) {
        if (in.s[close] != quote || in.s[close - 1] == u'\\')
            continue;
        QString text = in.s.mid(in.i, close - in.i);
        in.i = close + 1;
        while (text.startsWith(quote))
            text.remove(0, 1);
        while (text.endsWith(quote))
            text.chop(1);
        *found = quote == u'"' ? expanded(withEscapes(text), reading, certain, line) : text;
        return true;
    }
    return in.fail(
        u"the quote is never closed; gh's error message would print the rest of the file."_s);
}

} // namespace

Reading readGhDotenv(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    const QString decoded = decoder.decode(text);
    if (decoder.hasError())
        reading.remark(0, u"Bytes that are not UTF-8 are replaced."_s);
    Source in{QString(decoded).replace(u"\r\n"_s, u"\n"_s)};
    while (!reading.overBudget && in.toStatement()) {
        const int line = in.line();
        QString name, text16;
        bool certain = true;
        if (!in.name(&name) || !value(in, reading, &text16, &certain)) {
            reading.variables.clear();
            reading.refusal = in.fault;
            return reading;
        }
        if (!certain)
            reading.remark(line, u"$NAME is expanded."_s);
        reading.set(name.toUtf8(), text16.toUtf8(), line, certain);
    }
    return reading;
}

} // namespace EnvFile
