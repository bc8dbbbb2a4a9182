#include "envfile/encoding.h"
#include "envfile/names.h"
#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

enum class State {
    BeforeName,
    Name,
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape
};

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || isLineEnd(c);
}

QByteArray trimmedEnd(QByteArray text, qsizetype keep)
{
    while (text.size() > keep && isBlank(text.back()))
        text.chop(1);
    return text;
}

/// systemd, src/basic/env-file.c, parse_env_file_internal(), as of 252.
class EnvironmentFile
{
public:
    explicit EnvironmentFile(Reading &reading)
        : m_reading(reading)
    {
    }

    void read(QByteArrayView text)
    {
        for (const char c : text) {
            step(c);
            if (c == '\n')
                ++m_line;
        }
        if (m_state == State::Double || m_state == State::Single || m_state == State::DoubleEscape)
            m_reading.remark(m_start,
                             u"The quote is never closed and swallows everything behind it."_s);
        if (m_state >= State::BeforeValue && m_state <= State::DoubleEscape)
            push();
    }

private:
    void step(char c)
    {
        switch (m_state) {
        case State::BeforeName: return beforeName(c);
        case State::Name: return name(c);
        case State::BeforeValue: return beforeValue(c);
        case State::Value: return value(c);
        case State::ValueEscape: return valueEscape(c);
        case State::Single: return c == '\'' ? quoteClosed() : add(c);
        case State::Double: return doubleQuoted(c);
        case State::DoubleEscape: return doubleEscape(c);
        case State::Comment: return comment(c);
        case State::CommentEscape: return commentEscape(c);
        }
    }
    void beforeName(char c)
    {
        if (c == '#' || c == ';') {
            m_state = State::Comment;
        } else if (!isBlank(c)) {
            m_state = State::Name;
            m_start = m_line;
            m_name = QByteArray(1, c);
        }
    }
    void name(char c)
    {
        if (isLineEnd(c)) {
            m_reading.remark(m_line, u"There is no “=”; systemd ignores the line."_s);
            m_state = State::BeforeName;
        } else if (c == '=') {
            m_state = State::BeforeValue;
            m_value.clear();
            m_kept = 0;
        } else {
            m_name += c;
        }
    }
    void beforeValue(char c)
    {
        if (isLineEnd(c))
            push();
        else if (c == '\'')
            m_state = State::Single;
        else if (c == '"')
            m_state = State::Double;
        else if (c == '\\')
            m_state = State::ValueEscape;
        else if (!isBlank(c))
            bare(c);
    }
    void bare(char c)
    {
        if (m_quoted)
            m_reading.remark(
                m_line, u"What follows a closed quote is taken as it stands, quotes included."_s);
        m_state = State::Value;
        m_value += c;
    }
    void value(char c)
    {
        if (isLineEnd(c)) {
            push();
        } else if (c == '\\') {
            m_state = State::ValueEscape;
            m_kept = m_value.size();
        } else {
            m_value += c;
        }
    }
    void valueEscape(char c)
    {
        m_state = State::Value;
        if (isLineEnd(c))
            m_reading.remark(m_line, u"A backslash at the end joins the next line."_s);
        else
            add(c);
        m_kept = m_value.size();
    }
    void doubleQuoted(char c)
    {
        if (c == '"')
            quoteClosed();
        else if (c == '\\')
            m_state = State::DoubleEscape;
        else
            add(c);
    }
    void doubleEscape(char c)
    {
        m_state = State::Double;
        if (!QByteArrayView("\"\\`$").contains(c) && c != '\n')
            m_value += '\\';
        if (c != '\n')
            m_value += c;
    }
    void comment(char c)
    {
        if (c == '\\')
            m_state = State::CommentEscape;
        else if (isLineEnd(c))
            m_state = State::BeforeName;
    }
    void commentEscape(char c)
    {
        if (isLineEnd(c))
            m_reading.remark(
                m_line,
                u"A comment that ends in a backslash swallows the next line (before systemd 254)."_s);
        m_state = State::Comment;
    }
    void add(char c) { m_value += c; }
    void quoteClosed()
    {
        m_state = State::BeforeValue;
        m_quoted = true;
        m_kept = m_value.size();
    }
    void push()
    {
        const QByteArray name = trimmedEnd(m_name, 0);
        const QByteArray value = m_state == State::Value ? trimmedEnd(m_value, m_kept) : m_value;
        m_state = State::BeforeName;
        m_quoted = false;
        if (!identifierFault(name).isEmpty())
            m_reading.remark(
                m_start,
                u"“%1” is no name; systemd ignores the assignment and writes it, value included, to the journal."_s
                    .arg(shownName(name)));
        else
            m_reading.set(name, value, m_start);
        Core::wipe(m_value);
    }

    Reading &m_reading;
    State m_state = State::BeforeName;
    QByteArray m_name, m_value;
    qsizetype m_kept = 0; ///< white space before this belongs to the value
    bool m_quoted = false;
    int m_line = 1, m_start = 1;
};

QString refusalOf(QByteArrayView text)
{
    if (text.contains('\0'))
        return u"It contains a zero byte, and systemd refuses the whole file."_s;
    if (!text.isValidUtf8() || hasNoncharacter(QString::fromUtf8(text)))
        return u"It is not valid UTF-8 in systemd's eyes, which refuses the whole file and writes the assignment to the journal."_s;
    return {};
}

// src/basic/env-util.c, replace_env(): $$ is one $, $NAME and ${NAME} are replaced.
QByteArray expanded(const QByteArray &value, bool *certain)
{
    QByteArray out;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const char next = i + 1 < value.size() ? value[i + 1] : '\0';
        if (value[i] == '$' && next == '$')
            ++i;
        else if (value[i] == '$' &&
                 (next == '{' || identifierFault(QByteArrayView(&next, 1)).isEmpty()))
            *certain = false;
        out += value[i];
    }
    return out;
}

} // namespace

Reading readSystemd(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    reading.refusal = refusalOf(text);
    if (reading.refusal.isEmpty())
        EnvironmentFile(reading).read(text);
    return reading;
}

Reading readEnvironmentD(QByteArrayView text)
{
    const Reading raw = readSystemd(text);
    Reading reading = raw;
    reading.variables.clear();
    reading.budget = Budget(text.size());
    for (const ReadVariable &one : raw.variables) {
        bool certain = true;
        const QByteArray value = expanded(one.value.reveal().toByteArray(), &certain);
        if (!certain)
            reading.remark(
                0, u"%1: $NAME is expanded; only $$ protects it."_s.arg(shownName(one.name)));
        if (std::any_of(value.begin(), value.end(), isControl)) {
            reading.remark(0, u"%1: a control character arrives as a backslash escape."_s.arg(
                                  shownName(one.name)));
            certain = false;
        }
        if (value.isEmpty())
            reading.remark(0, u"%1 is empty and therefore not set."_s.arg(shownName(one.name)));
        else
            reading.set(one.name, value, 0, certain);
    }
    return reading;
}

} // namespace EnvFile
