#include "envfile/names.h"
#include "envfile/readers/readers.h"

#include <algorithm>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

/// POSIX.1-2017, Shell Command Language, as far as an environment file goes: words and their
/// quoting. What would run a command or expand a variable is seen and said, not done.
struct Script
{
    QByteArrayView s;
    qsizetype i = 0;

    struct Word
    {
        QByteArray text;
        bool present = false, expands = false, runs = false, open = false;
    };

    bool end() const { return i >= s.size(); }
    void skipBlanks()
    {
        while (!end()) {
            if (s[i] == '#')
                while (!end() && s[i] != '\n')
                    ++i;
            else if (s[i] == ' ' || s[i] == '\t')
                ++i;
            else if (s.sliced(i).startsWith(QByteArrayView("\\\n")))
                i += 2;
            else
                return;
        }
    }
    static bool isOperator(char c) { return QByteArrayView("\n;&|<>()").contains(c); }

    Word word()
    {
        Word found;
        for (; !end() && s[i] != ' ' && s[i] != '\t' && !isOperator(s[i]); ++i) {
            found.present = true;
            step(found);
        }
        return found;
    }

    void step(Word &word)
    {
        const char c = s[i];
        if (c == '\'') {
            const qsizetype close = s.indexOf('\'', i + 1);
            word.open = close < 0;
            word.text += s.sliced(i + 1, (close < 0 ? s.size() : close) - i - 1);
            i = close < 0 ? s.size() - 1 : close;
        } else if (c == '"') {
            doubleQuoted(word);
        } else if (c == '\\') {
            if (++i < s.size() && s[i] != '\n')
                word.text += s[i];
        } else {
            special(word, c, false);
        }
    }

    void doubleQuoted(Word &word)
    {
        for (++i; !end() && s[i] != '"'; ++i) {
            const char next = i + 1 < s.size() ? s[i + 1] : '\0';
            if (s[i] == '\\' && QByteArrayView("\"\\`$\n").contains(next)) {
                if (++i < s.size() && next != '\n')
                    word.text += next;
            } else {
                special(word, s[i], true);
            }
        }
        word.open = end();
    }

    void special(Word &word, char c, bool quoted)
    {
        const char next = i + 1 < s.size() ? s[i + 1] : '\0';
        word.runs = word.runs || c == '`' || (c == '$' && next == '(');
        word.expands =
            word.expands || c == '`' ||
            (c == '$' && (next == '{' || next == '(' || next == '\'' ||
                          wordFault(QByteArrayView(&next, 1)).isEmpty() ||
                          QByteArrayView("@*#?$!").contains(next))) ||
            (c == '~' && !quoted &&
             (word.text.isEmpty() || word.text.endsWith('=') || word.text.endsWith(':')));
        word.text += c;
    }
};

void assign(const Script::Word &word, bool exported, int line, Reading &reading)
{
    const qsizetype equals = word.text.indexOf('=');
    const QByteArray name = word.text.first(std::max<qsizetype>(0, equals));
    if (!exported) {
        reading.remark(
            line,
            u"%1 is set but not exported, so that the application does not see it (unless under set -a)."_s
                .arg(shownName(name)));
        return;
    }
    if (word.runs)
        reading.remark(line, u"%1: a command would be run here."_s.arg(shownName(name)));
    else if (word.expands)
        reading.remark(line, u"%1: “$” or “~” is expanded."_s.arg(shownName(name)));
    if (word.text.endsWith('\r'))
        reading.remark(line,
                       u"%1: the carriage return of the line end becomes part of the value."_s.arg(
                           shownName(name)));
    reading.set(name, QByteArrayView(word.text).sliced(equals + 1), line, !word.expands);
}

bool isAssignment(const Script::Word &word)
{
    const qsizetype equals = word.text.indexOf('=');
    return equals > 0 && identifierFault(QByteArrayView(word.text).first(equals)).isEmpty();
}

// What POSIX's grammar has no place for: dash takes nothing from such a file, bash what stands
// before.
QString syntaxError(char operation, bool commandStart, bool afterAssignment)
{
    if (commandStart && (operation == ';' || operation == '&' || operation == '|'))
        return u"“%1” with no command before it is a syntax error."_s.arg(QLatin1Char(operation));
    if (afterAssignment && (operation == '(' || operation == ')'))
        return u"a bare parenthesis is a syntax error."_s;
    return {};
}

Reading readScript(QByteArrayView text, bool all)
{
    Reading reading = Reading::of(text);
    const auto refuse = [&](int line, const QString &why) {
        reading.variables.clear();
        reading.refusal = u"Line %1: %2"_s.arg(line).arg(why);
        return reading;
    };
    if (text.contains('\0')) {
        reading.refusal = u"It contains a zero byte."_s;
        return reading;
    }
    Script script{text};
    bool commandStart = true, exported = false, afterAssignment = false;
    QByteArray command;
    int line = 1;
    qsizetype counted = 0;
    for (script.skipBlanks(); !script.end(); script.skipBlanks()) {
        line += static_cast<int>(std::count(text.begin() + counted, text.begin() + script.i, '\n'));
        counted = script.i;
        if (Script::isOperator(text[script.i])) {
            const bool empty = commandStart && !afterAssignment;
            if (const QString why = syntaxError(text[script.i], empty, afterAssignment);
                !why.isEmpty())
                return refuse(line, why);
            commandStart = true;
            afterAssignment = false;
            exported = false;
            command.clear();
            ++script.i;
            continue;
        }
        const Script::Word word = script.word();
        if (word.open)
            return refuse(line, u"the quote is never closed."_s);
        afterAssignment = isAssignment(word);
        if (commandStart && word.text == "export")
            exported = true;
        else if ((commandStart || exported) && isAssignment(word))
            assign(word, exported || all, line, reading);
        else if (commandStart && word.text == "set")
            command = word.text;
        else if (command == "set" && (word.text == "-a" || word.text == "+a"))
            all = word.text == "-a";
        else if (commandStart)
            reading.remark(line, u"This is a command; the shell would run it."_s);
        commandStart = commandStart && isAssignment(word);
    }
    return reading;
}

} // namespace

Reading readShell(QByteArrayView text)
{
    return readScript(text, false);
}

Reading readShellAndSystemd(QByteArrayView text)
{
    Reading both = readSystemd(text);
    const Reading shell = readScript(text, true);
    if (both.refusal.isEmpty() && !shell.refusal.isEmpty())
        both.refusal = u"A shell does not read it. "_s + shell.refusal;
    if (!both.refusal.isEmpty()) {
        both.variables.clear();
        return both;
    }
    const auto differs = [&](ReadVariable &one) {
        if (one.certain)
            both.remark(0,
                        u"%1: systemd and a shell read it differently."_s.arg(shownName(one.name)));
        one.certain = false;
    };
    for (ReadVariable &one : both.variables) {
        const ReadVariable *other = shell.find(one.name);
        if (!other || !other->certain || other->value != one.value)
            differs(one);
    }
    for (const ReadVariable &one : shell.variables) {
        if (!both.find(one.name)) {
            both.variables.append(one);
            differs(both.variables.last());
        }
    }
    return both;
}

} // namespace EnvFile
