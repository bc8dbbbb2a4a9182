#include "envfile/names.h"
#include "envfile/readers/readers.h"

#include <QStringDecoder>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

// JavaScript's \s and, of it, what "." does not match.
bool isSpace(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

bool endsLine(QChar c)
{
    return c == u'\r' || c.unicode() == 0x2028 || c.unicode() == 0x2029;
}

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isWord(QChar c) // \w
{
    return isLetter(c) || (c >= u'0' && c <= u'9') || c == u'_';
}

qsizetype skipSpace(QStringView text, qsizetype i)
{
    while (i < text.size() && isSpace(text[i]))
        ++i;
    return i;
}

/// One line as "NAME = rest", white space around either dropped, as the grammars of one line have
/// it.
struct Assignment
{
    QString name, value;
    bool ok = false;
};

// The value may not go on behind a carriage return or a line separator.
Assignment assignment(QStringView line, bool (*inName)(QChar))
{
    Assignment found;
    const qsizetype start = skipSpace(line, 0);
    qsizetype end = start;
    while (end < line.size() && inName(line[end]))
        ++end;
    const qsizetype equals = skipSpace(line, end);
    if (end == start || equals >= line.size() || line[equals] != u'=')
        return found;
    const qsizetype from = skipSpace(line, equals + 1);
    qsizetype to = from;
    while (to < line.size() && !endsLine(line[to]))
        ++to;
    found.ok = skipSpace(line, to) == line.size();
    found.name = line.sliced(start, end - start).toString();
    found.value = line.sliced(from, to - from).toString();
    return found;
}

bool isQuote(QChar c)
{
    return c == u'\'' || c == u'"';
}

bool isEnclosed(const QString &value, QChar quote)
{
    return value.size() > 1 && value.front() == quote && value.back() == quote;
}

// The JavaScript debugger before it took dotenv, C/C++ and C#: a quote at either end goes, whether
// or not there is one at the other.
void readLineOfOthers(QStringView line, Reading &reading, int number)
{
    Assignment found =
        assignment(line, [](QChar c) { return isWord(c) || c == u'.' || c == u'-'; });
    if (!found.ok)
        return;
    QString &value = found.value;
    if (!value.isEmpty() && value.front() == u'"' && value.back() == u'"')
        value.replace(u"\\n"_s, u"\n"_s);
    if (!value.isEmpty() && isQuote(value.front()))
        value.remove(0, 1);
    if (!value.isEmpty() && isQuote(value.back()))
        value.chop(1);
    reading.set(found.name.toUtf8(), value.toUtf8(), number);
}

// ${NAME} takes a value that stands above, or the window's own.
bool expands(const QString &value)
{
    const qsizetype open = value.indexOf(u"${");
    return open >= 0 && value.lastIndexOf(u'}') > open;
}

// Python's extension and its debugger: a pair of either quotes goes, \n in it is a line feed,
// ${NAME} is replaced, and \$ is a dollar sign.
void readLineOfPython(QStringView line, Reading &reading, int number)
{
    Assignment found = assignment(line, isWord);
    if (!found.ok || !isLetter(found.name.front()))
        return;
    QString &value = found.value;
    while (!value.isEmpty() && isSpace(value.back()))
        value.chop(1);
    if (isEnclosed(value, u'\'') || isEnclosed(value, u'"'))
        value = value.sliced(1, value.size() - 2).replace(u"\\n"_s, u"\n"_s);
    const bool certain = !expands(value);
    value.replace(u"\\$"_s, u"$"_s);
    reading.set(found.name.toUtf8(), value.toUtf8(), number, certain);
}

Reading readLines(QStringView text, void (*readLine)(QStringView, Reading &, int))
{
    Reading reading = Reading::withBudget(3 * text.size());
    int number = 0;
    for (const QStringView line : text.split(u'\n'))
        readLine(line, reading, ++number);
    return reading;
}

bool readsAlike(const Reading &other, const ReadVariable &one)
{
    const ReadVariable *read = other.find(one.name);
    return read && read->certain && read->value == one.value;
}

void addNames(const Reading &from, const Reading &known, Reading &reading)
{
    for (const ReadVariable &one : from.variables) {
        if (!known.find(one.name) && !reading.find(one.name))
            reading.variables.append({one.name, one.value, false});
    }
}

} // namespace

Reading readVsCode(QByteArrayView text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    const QString shown = decoder.decode(text);
    const Reading python = readLines(shown, readLineOfPython);
    const Reading others = readLines(shown, readLineOfOthers);
    Reading reading = readNodeDotenv(text);
    if (reading.overBudget)
        return reading;
    const qsizetype debuggers = reading.variables.size();
    for (qsizetype i = 0; i < debuggers; ++i) {
        ReadVariable &one = reading.variables[i];
        if (readsAlike(python, one) && readsAlike(others, one))
            continue;
        one.certain = false;
        reading.remark(0, u"%1: VS Code's extensions (%2) read it differently."_s.arg(
                              shownName(one.name), readsAlike(others, one) ? u"Python"_s
                                                   : readsAlike(python, one)
                                                       ? u"C/C++, C#"_s
                                                       : u"Python, C/C++, C#"_s));
    }
    addNames(python, others, reading);
    addNames(others, {}, reading);
    return reading;
}

} // namespace EnvFile
