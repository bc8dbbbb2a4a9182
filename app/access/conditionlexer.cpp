#include "access/conditionlexer.h"

namespace Access {

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;
using Kind = ConditionToken::Kind;

namespace {

Error malformed(const QString &what, qsizetype position)
{
    return {Error::Kind::InvalidInput, u"%1 (character %2)"_s.arg(what).arg(position)};
}

bool isWordCharacter(QChar character)
{
    return character.isLetterOrNumber() || u"_.:-+"_s.contains(character);
}

class Lexer
{
public:
    explicit Lexer(const QString &text) : m_text(text) {}

    Result<QList<ConditionToken>> run()
    {
        while (skipBlanks(), m_at < m_text.size()) {
            if (const Result<void> read = next(); !read)
                return read.error();
        }
        m_tokens.append({Kind::End, {}, {}, m_at + 1});
        return m_tokens;
    }

private:
    void skipBlanks()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }

    void take(Kind kind, qsizetype length)
    {
        m_tokens.append({kind, m_text.mid(m_at, length), {}, m_at + 1});
        m_at += length;
    }

    Result<void> next()
    {
        const QChar character = m_text[m_at];
        switch (character.unicode()) {
        case '(': take(Kind::OpenParenthesis, 1); return {};
        case ')': take(Kind::CloseParenthesis, 1); return {};
        case '{': take(Kind::OpenBrace, 1); return {};
        case '}': take(Kind::CloseBrace, 1); return {};
        case ',': take(Kind::Comma, 1); return {};
        case '!': take(Kind::Not, 1); return {};
        case '@': return attribute();
        case '\'': return string();
        default: break;
        }
        const QStringView rest = QStringView(m_text).mid(m_at);
        if (rest.startsWith(u"&&"_s)) {
            take(Kind::And, 2);
            return {};
        }
        if (rest.startsWith(u"||"_s)) {
            take(Kind::Or, 2);
            return {};
        }
        if (isWordCharacter(character)) {
            word();
            return {};
        }
        return malformed(u"“%1” means nothing in a condition"_s.arg(character), m_at + 1);
    }

    void word()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isWordCharacter(m_text[end]))
            ++end;
        const QStringView text = QStringView(m_text).mid(m_at, end - m_at);
        const auto is = [&](QLatin1String keyword) { return text.compare(keyword, Qt::CaseInsensitive) == 0; };
        take(is("AND"_L1) ? Kind::And : is("OR"_L1) ? Kind::Or : is("NOT"_L1) ? Kind::Not : Kind::Word, end - m_at);
    }

    // A backslash keeps the next character from ending the string; what it means is the operator's business.
    Result<void> string()
    {
        for (qsizetype end = m_at + 1; end < m_text.size(); ++end) {
            if (m_text[end] == u'\\') {
                if (end + 1 < m_text.size() && m_text[end + 1] == u'\'')
                    return malformed(u"the documents do not say how a quote inside a string is written"_s, end + 1);
                ++end;
            } else if (m_text[end] == u'\'') {
                m_tokens.append({Kind::String, m_text.mid(m_at + 1, end - m_at - 1), {}, m_at + 1});
                m_at = end + 1;
                return {};
            }
        }
        return malformed(u"a string does not end"_s, m_at + 1);
    }

    Result<void> attribute()
    {
        const qsizetype open = m_text.indexOf(u'[', m_at);
        const qsizetype close = open < 0 ? -1 : m_text.indexOf(u']', open);
        const QString source = open < 0 ? QString() : m_text.mid(m_at + 1, open - m_at - 1);
        for (const QString &known : {u"Resource"_s, u"Request"_s, u"Environment"_s, u"Principal"_s}) {
            if (source.compare(known, Qt::CaseInsensitive) != 0)
                continue;
            const QString name = close < 0 ? QString() : m_text.mid(open + 1, close - open - 1).trimmed();
            if (name.isEmpty())
                return malformed(u"an attribute has no name in brackets"_s, m_at + 1);
            m_tokens.append({Kind::Attribute, known, name, m_at + 1});
            m_at = close + 1;
            return {};
        }
        return malformed(u"an attribute starts with @Resource[, @Request[, @Environment[ or @Principal["_s, m_at + 1);
    }

    const QString &m_text;
    qsizetype m_at = 0;
    QList<ConditionToken> m_tokens;
};

} // namespace

Result<QList<ConditionToken>> tokensOf(const QString &condition)
{
    return Lexer(condition).run();
}

} // namespace Access
