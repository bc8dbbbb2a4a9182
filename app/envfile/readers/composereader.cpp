#include "envfile/names.h"
#include "envfile/readers/godotenv.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// compose-spec/compose-go, dotenv/parser.go: one statement that does not parse refuses the whole
/// file.
struct Source
{
    QByteArrayView s;
    qsizetype i = 0;
    QString fault;
    LineCounter<QByteArrayView> lines{s};

    bool end() const { return i >= s.size(); }
    bool fail(const QString &why)
    {
        fault = u"Line %1: %2"_s.arg(lines.at(i)).arg(why);
        return false;
    }
    static bool isSpace(char c)
    {
        return isGoSpace(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80;
    }
    void skipSpace()
    {
        while (!end() && isSpace(s[i]))
            ++i;
    }
    bool toStatement()
    {
        while (true) {
            while (!end() && (isSpace(s[i]) || s[i] == '\n'))
                ++i;
            if (end() || s[i] != '#')
                return !end();
            while (!end() && s[i] != '\n')
                ++i;
        }
    }

    // *inherits: a name alone takes the value from the caller's environment.
    bool name(QByteArray *found, bool *inherits)
    {
        if (s.sliced(i).startsWith(QByteArrayView("export")) && i + 6 < s.size() &&
            isSpace(s[i + 6])) {
            i += 6;
            skipSpace();
        }
        const qsizetype start = i;
        for (; !end() && s[i] != '=' && s[i] != ':' && s[i] != '\n'; ++i) {
            const char c = s[i];
            const bool allowed = isSpace(c) || isNameOfVariable(c) || c == '.' || c == '-' ||
                                 c == '[' || c == ']' || static_cast<unsigned char>(c) >= 0x80;
            if (!allowed)
                return fail(u"a character that no name may have."_s);
        }
        *inherits = end() || s[i] == '\n';
        *found = s.sliced(start, i - start).toByteArray().trimmed();
        if (found->contains(' '))
            return fail(u"a name cannot contain a blank."_s);
        if (!end())
            ++i;
        if (!*inherits)
            skipSpace();
        return true;
    }
};

// $$ is one $; $NAME and ${NAME…} are replaced; any other $ is an error.
bool expand(Source &in, QByteArray *value, bool *certain)
{
    QByteArray out;
    for (qsizetype i = 0; i < value->size(); ++i) {
        const char c = value->at(i);
        const char next = i + 1 < value->size() ? value->at(i + 1) : '\0';
        if (c != '$') {
            out += c;
            continue;
        }
        if (next == '$') {
            out += '$';
            ++i;
        } else if (next == '{' || (isNameOfVariable(next) && !(next >= '0' && next <= '9'))) {
            *certain = false; // what follows is some other variable's value
            while (next != '{' && i + 1 < value->size() && isNameOfVariable(value->at(i + 1)))
                ++i;
            if (next == '{') {
                const qsizetype close = value->indexOf('}', i);
                i = close < 0 ? value->size() : close;
            }
        } else {
            return in.fail(u"a “$” that begins no name."_s);
        }
    }
    *value = out;
    return true;
}

// The shell's escapes between double quotes, except that \$ becomes $$ for the expansion that
// follows.
QByteArray withEscapes(const QByteArray &value)
{
    QByteArray out;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const char next = i + 1 < value.size() ? value[i + 1] : '\0';
        static const QByteArray letters = "abfnrtv", meant = "\a\b\f\n\r\t\v";
        const qsizetype letter = next ? letters.indexOf(next) : -1;
        if (value[i] != '\\' || (next != '$' && next != '"' && next != '\\' && letter < 0)) {
            out += value[i];
            continue;
        }
        if (next == '$')
            out += "$$";
        else
            out += letter < 0 ? next : meant[letter];
        ++i;
    }
    return out;
}

bool quotedValue(Source &in, char quote, QByteArray *value)
{
    bool escape = false;
    for (qsizetype i = in.i + 1; i < in.s.size(); ++i) {
        const char c = in.s[i];
        if (c == quote && !escape) {
            in.i = i + 1;
            return true;
        }
        if (!escape && c == '\\') {
            escape = true;
            continue;
        }
        if (escape && c != quote)
            *value += '\\';
        escape = false;
        *value += c;
    }
    return in.fail(u"the quote is never closed."_s);
}

bool value(Source &in, QByteArray *found, bool *certain)
{
    const char quote = in.end() ? '\0' : in.s[in.i];
    if (quote == '\'')
        return quotedValue(in, quote, found);
    if (quote == '"') {
        if (!quotedValue(in, quote, found))
            return false;
        *found = withEscapes(*found);
        return expand(in, found, certain);
    }
    const qsizetype end = in.s.indexOf('\n', in.i);
    *found = in.s.sliced(in.i, (end < 0 ? in.s.size() : end) - in.i).toByteArray();
    in.i = end < 0 ? in.s.size() : end + 1;
    if (const qsizetype comment = found->indexOf(" #"); comment >= 0)
        found->truncate(comment);
    while (!found->isEmpty() && Source::isSpace(found->back()))
        found->chop(1);
    return expand(in, found, certain);
}

} // namespace

Reading readCompose(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    Source in{startsWithMark(text) ? text.sliced(3) : text};
    while (in.toStatement()) {
        const int line = in.lines.at(in.i);
        QByteArray name, found;
        bool inherits = false, certain = true;
        if (!in.name(&name, &inherits) || (!inherits && !value(in, &found, &certain))) {
            reading.variables.clear();
            reading.refusal = in.fault;
            return reading;
        }
        if (inherits) {
            reading.remark(
                line, u"%1 has no value here and is taken from the caller's environment."_s.arg(
                          shownName(name)));
            continue;
        }
        if (!certain)
            reading.remark(line, u"$NAME is expanded."_s);
        reading.set(name, found, line, certain);
    }
    return reading;
}

} // namespace EnvFile
