#include "envfile/readers/readers.h"

#include "envfile/encoding.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// theskumar/python-dotenv, src/dotenv/parser.py: a statement that does not parse costs its line,
/// and the reading goes on.
struct Statements
{
    QString s;
    qsizetype i = 0;
    QString missing = {}; ///< quotes that do not stand behind \c i; each was searched once

    bool end() const { return i >= s.size(); }
    QChar now() const { return end() ? QChar() : s[i]; }
    static bool isLineEnd(QChar c) { return c == u'\n' || c == u'\r'; }
    void skipBlanks() // [^\S\r\n]*
    {
        while (!end() && isPythonSpace(s[i]) && !isLineEnd(s[i]))
            ++i;
    }
    void skipSpace() // \s*
    {
        while (!end() && isPythonSpace(s[i]))
            ++i;
    }
    QString restOfLine()
    {
        const qsizetype start = i;
        while (!end() && !isLineEnd(s[i]))
            ++i;
        const QString rest = s.mid(start, i - start);
        if (!end())
            ++i;
        return rest;
    }

    // \A'((?:\\'|[^'])*)' : an escaped quote counts as text first, and as the end only if there is
    // no other.
    bool quoted(QChar quote, QString *value)
    {
        if (missing.contains(quote))
            return false;
        qsizetype lastEscaped = -1;
        for (qsizetype p = i + 1; p < s.size(); ++p) {
            if (s[p] != quote)
                continue;
            if (s[p - 1] == u'\\' && p - 1 > i) {
                lastEscaped = p;
                continue;
            }
            lastEscaped = p;
            break;
        }
        if (lastEscaped < 0) { // and so there is none behind either
            missing += quote;
            return false;
        }
        *value = s.mid(i + 1, lastEscaped - i - 1);
        i = lastEscaped + 1;
        return true;
    }

    bool name(QString *found)
    {
        if (now() == u'\'') {
            const qsizetype close = s.indexOf(u'\'', i + 1);
            if (close <= i + 1)
                return false;
            *found = s.mid(i + 1, close - i - 1);
            i = close + 1;
            return true;
        }
        const qsizetype start = i;
        while (!end() && s[i] != u'=' && s[i] != u'#' && !isPythonSpace(s[i]))
            ++i;
        *found = s.mid(start, i - start);
        return i > start;
    }
};

// decode_escapes() with Python's unicode_escape for the few that an environment file has.
QString decoded(const QString &value, bool doubleQuoted)
{
    QString out;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const QChar next = i + 1 < value.size() ? value[i + 1] : QChar();
        if (value[i] != u'\\' || next.isNull()) {
            out += value[i];
            continue;
        }
        static const QString letters = u"abfnrtv"_s;
        static const QString meant = u"\a\b\f\n\r\t\v"_s;
        if (next == u'\\' || next == u'\'')
            out += next;
        else if (doubleQuoted && next == u'"')
            out += next;
        else if (doubleQuoted && letters.contains(next))
            out += meant[letters.indexOf(next)];
        else
            out += u'\\' + QString(next);
        ++i;
    }
    return out;
}

/// One match of variables.py's expression \$\{(?P<name>[^\}:]*)(?::-(?P<default>[^\}]*))?\}, at most.
struct Expansion
{
    qsizetype start = -1, end = -1;
    QStringView name, otherwise;
};

/// Its matches from left to right. By hand: an engine looks through the rest at each "${" anew.
class Expansions
{
public:
    explicit Expansions(QStringView value) : m_value(value) {}

    Expansion next()
    {
        for (qsizetype at = m_value.indexOf(u"${", m_at); at >= 0; at = m_value.indexOf(u"${", at + 1)) {
            const qsizetype name = at + 2;
            const qsizetype close = reach(&m_close, u'}', name);
            if (close == m_value.size())
                break;
            const qsizetype colon = reach(&m_colon, u':', name);
            const bool otherwise = colon < close;
            if (otherwise && m_value[colon + 1] != u'-')
                continue;
            m_at = close + 1;
            return {at, m_at, m_value.sliced(name, std::min(colon, close) - name),
                    otherwise ? m_value.sliced(colon + 2, close - colon - 2) : QStringView()};
        }
        return {};
    }

private:
    // The first \a wanted from \a from on, or the end; from does not go back, so that each is passed once.
    qsizetype reach(qsizetype *known, QChar wanted, qsizetype from) const
    {
        for (*known = std::max(*known, from); *known < m_value.size() && m_value[*known] != wanted;)
            ++*known;
        return *known;
    }

    QStringView m_value;
    qsizetype m_at = 0, m_close = 0, m_colon = 0;
};

// variables.py: ${NAME} and ${NAME:-default}, in every kind of quote. Nothing, and a reading over its
// budget, where it would grow beyond it.
QString expanded(const QString &value, Reading &reading, bool *certain, int line)
{
    QString out;
    qsizetype last = 0;
    Expansions all(value);
    for (Expansion one = all.next(); one.start >= 0; one = all.next()) {
        const QByteArray name = one.name.toUtf8();
        const ReadVariable *known = reading.find(name);
        if (known && !reading.budget.hasBytes(known->value.size(), out.size())) {
            reading.refuseExpansion(name, line);
            return {};
        }
        out += QStringView(value).sliced(last, one.start - last);
        if (known)
            out += QString::fromUtf8(known->value.reveal());
        else
            out += one.otherwise;
        last = one.end;
        *certain = false;
    }
    return out + value.mid(last);
}

// [^\r\n]* up to white space and "#", without trailing white space.
QString bare(Statements &in)
{
    const qsizetype start = in.i;
    while (!in.end() && !Statements::isLineEnd(in.s[in.i]))
        ++in.i;
    QString value = in.s.mid(start, in.i - start);
    for (qsizetype hash = value.indexOf(u'#'); hash >= 0; hash = value.indexOf(u'#', hash + 1)) {
        if (hash > 0 && isPythonSpace(value[hash - 1])) {
            value.truncate(hash);
            break;
        }
    }
    while (!value.isEmpty() && isPythonSpace(value.back()))
        value.chop(1);
    return value;
}

bool value(Statements &in, QString *found)
{
    const QChar quote = in.now();
    if (in.end() || Statements::isLineEnd(quote)) {
        found->clear();
        return true;
    }
    if (quote != u'\'' && quote != u'"') {
        *found = bare(in);
        return true;
    }
    if (!in.quoted(quote, found))
        return false;
    *found = decoded(*found, quote == u'"');
    return true;
}

bool behindStatement(Statements &in)
{
    in.skipBlanks();
    if (in.now() == u'#')
        while (!in.end() && !Statements::isLineEnd(in.s[in.i]))
            ++in.i;
    in.skipBlanks();
    if (!in.end() && !Statements::isLineEnd(in.now()))
        return false;
    if (!in.end())
        ++in.i;
    return true;
}

bool statement(Statements &in, Reading &reading, int line)
{
    if (in.now() == u'#') {
        in.restOfLine();
        return true;
    }
    static const QRegularExpression exported(u"\\Aexport[^\\S\\n]+"_s);
    if (const auto match = exported.match(in.s.mid(in.i, 64)); match.hasMatch())
        in.i += match.capturedLength();
    QString name, text;
    if (!in.name(&name))
        return false;
    in.skipBlanks();
    if (in.now() != u'=') // a name alone: python-dotenv keeps it without a value
        return behindStatement(in);
    ++in.i;
    in.skipBlanks();
    if (!value(in, &text) || !behindStatement(in))
        return false;
    bool certain = true;
    const QString meant = expanded(text, reading, &certain, line);
    if (!certain)
        reading.remark(line, u"${…} is expanded, in every kind of quote."_s);
    reading.set(name.toUtf8(), meant.toUtf8(), line, certain);
    return true;
}

} // namespace

Reading readPythonDotenv(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    Statements in{decoder.decode(text)};
    if (decoder.hasError()) {
        reading.refusal = u"It is not valid UTF-8, and python-dotenv gives up."_s;
        return reading;
    }
    if (startsWithMark(text))
        reading.remark(1, u"The byte order mark becomes part of the first name."_s);
    if (in.s.contains(u'\r'))
        reading.remark(0, u"Carriage returns are read as line feeds."_s);
    in.s.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    const QString whole = in.s;
    LineCounter lines{QStringView(whole)};
    for (in.skipSpace(); !in.end() && !reading.overBudget; in.skipSpace()) {
        const int line = lines.at(in.i);
        if (!statement(in, reading, line)) {
            in.restOfLine();
            reading.remark(
                line, u"This does not parse; the line is skipped, and what stood in it is lost."_s);
        }
    }
    return reading;
}

} // namespace EnvFile
