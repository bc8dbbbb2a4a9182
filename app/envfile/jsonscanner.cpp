#include "envfile/jsonscanner.h"

#include "envfile/reading.h"

#include <QSet>

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

constexpr int deepest = 64;

} // namespace

JsonScanner::JsonScanner(QByteArrayView text)
    : m_text(startsWithMark(text) ? text.sliced(3) : text)
{
    if (!m_text.isValidUtf8())
        fail(u"the text is not valid UTF-8; give such bytes as {\"base64\": \"…\"}"_s);
}

bool JsonScanner::object(const std::function<bool(const QByteArray &)> &member)
{
    if (!take('{'))
        return fail(u"an object was expected"_s);
    if (++m_depth > deepest)
        return fail(u"too many levels"_s);
    QSet<QByteArray> names;
    for (bool first = true; peek() != '}'; first = false) {
        QByteArray name;
        if (!first && !take(','))
            return fail(u"“,” or “}” was expected"_s);
        if (!string(&name))
            return false;
        if (names.contains(name))
            return fail(u"a name stands twice"_s);
        names.insert(name);
        if (!take(':'))
            return fail(u"“:” was expected"_s);
        if (!member(name))
            return fail(u"this value is not understood"_s);
    }
    --m_depth;
    return take('}');
}

bool JsonScanner::array(const std::function<bool()> &element)
{
    if (!take('['))
        return fail(u"a list was expected"_s);
    if (++m_depth > deepest)
        return fail(u"too many levels"_s);
    for (bool first = true; peek() != ']'; first = false) {
        if (!first && !take(','))
            return fail(u"“,” or “]” was expected"_s);
        if (!element())
            return fail(u"this value is not understood"_s);
    }
    --m_depth;
    return take(']');
}

bool JsonScanner::string(QByteArray *value)
{
    if (!take('"'))
        return fail(u"a text was expected"_s);
    while (m_fault.isEmpty() && m_at < m_text.size()) {
        const char c = m_text[m_at++];
        if (c == '"')
            return true;
        if (static_cast<unsigned char>(c) < 0x20)
            return fail(u"a control character must be escaped"_s);
        if (c != '\\')
            *value += c;
        else if (!escape(value))
            return false;
    }
    return fail(u"a text is not closed"_s);
}

bool JsonScanner::escape(QByteArray *value)
{
    static const QByteArray letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    const char c = m_at < m_text.size() ? m_text[m_at++] : '\0';
    if (const qsizetype letter = c ? letters.indexOf(c) : -1; letter >= 0) {
        *value += meant[letter];
        return true;
    }
    char16_t unit = 0, low = 0;
    if (c != 'u' || !hex(&unit))
        return fail(u"an unknown escape"_s);
    if (QChar::isLowSurrogate(unit))
        return fail(u"half of a surrogate pair"_s);
    if (!QChar::isHighSurrogate(unit)) {
        *value += QString(QChar(unit)).toUtf8();
        return true;
    }
    const bool pair = m_text.sliced(m_at).startsWith(QByteArrayView("\\u"));
    m_at += pair ? 2 : 0;
    if (!pair || !hex(&low) || !QChar::isLowSurrogate(low))
        return fail(u"half of a surrogate pair"_s);
    *value += QString::fromUcs4(
                  std::initializer_list<char32_t>{QChar::surrogateToUcs4(unit, low)}.begin(), 1)
                  .toUtf8();
    return true;
}

bool JsonScanner::hex(char16_t *unit)
{
    if (m_at + 4 > m_text.size())
        return false;
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = m_text[m_at++];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return false;
        value = value * 16 + digit;
    }
    *unit = static_cast<char16_t>(value);
    return true;
}

bool JsonScanner::boolean(bool *value)
{
    *value = peek() == 't';
    const QByteArrayView word = *value ? "true" : "false";
    if (!m_fault.isEmpty() || !m_text.sliced(m_at).startsWith(word))
        return fail(u"true or false was expected"_s);
    m_at += word.size();
    return true;
}

bool JsonScanner::scalar()
{
    const QByteArrayView rest = m_text.sliced(m_at);
    for (const QByteArrayView word : {QByteArrayView("true"), QByteArrayView("false"), QByteArrayView("null")}) {
        if (rest.startsWith(word)) {
            m_at += word.size();
            return true;
        }
    }
    return number() || fail(u"this is no JSON"_s);
}

// -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?
bool JsonScanner::number()
{
    qsizetype at = m_at;
    const auto character = [&](qsizetype i) { return i < m_text.size() ? m_text[i] : '\0'; };
    const auto digitsFrom = [&](qsizetype i) {
        while (character(i) >= '0' && character(i) <= '9')
            ++i;
        return i;
    };
    at += character(at) == '-' ? 1 : 0;
    const qsizetype whole = character(at) == '0' ? at + 1 : digitsFrom(at);
    if (whole == at)
        return false;
    at = whole;
    if (character(at) == '.' && digitsFrom(at + 1) > at + 1)
        at = digitsFrom(at + 1);
    if (character(at) == 'e' || character(at) == 'E') {
        const qsizetype sign = character(at + 1) == '+' || character(at + 1) == '-' ? 1 : 0;
        if (const qsizetype end = digitsFrom(at + 1 + sign); end > at + 1 + sign)
            at = end;
    }
    m_at = at;
    return true;
}

bool JsonScanner::skip()
{
    QByteArray ignored;
    switch (peek()) {
    case '{': return object([this](const QByteArray &) { return skip(); });
    case '[': return array([this] { return skip(); });
    case '"': return string(&ignored);
    default: return m_fault.isEmpty() && scalar();
    }
}

char JsonScanner::peek()
{
    skipSpace();
    return m_at < m_text.size() ? m_text[m_at] : '\0';
}

bool JsonScanner::atEnd()
{
    skipSpace();
    return m_fault.isEmpty() && m_at == m_text.size();
}

void JsonScanner::skipSpace()
{
    while (m_at < m_text.size() && QByteArrayView(" \t\r\n").contains(m_text[m_at]))
        ++m_at;
}

bool JsonScanner::take(char c)
{
    if (!m_fault.isEmpty() || peek() != c)
        return false;
    ++m_at;
    return true;
}

bool JsonScanner::fail(const QString &why)
{
    if (m_fault.isEmpty())
        m_fault =
            u"The JSON is not as expected in line %1 (byte %2): %3."_s.arg(lineAt(m_text, m_at))
                .arg(m_at)
                .arg(why);
    return false;
}

Core::Error JsonScanner::fault() const
{
    return {.kind = Core::Error::Kind::InvalidInput,
            .message = m_fault,
            .code = u"BadJson"_s,
            .nextStep = u"Mend the document and try again."_s};
}

} // namespace EnvFile
