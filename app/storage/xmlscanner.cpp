#include "storage/xmlscanner.h"

#include <cstring>

namespace Storage {

using namespace Qt::StringLiterals;

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::string_view trimmedRight(std::string_view text)
{
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

bool isBlank(std::string_view text)
{
    for (const char c : text) {
        if (!isSpace(c))
            return false;
    }
    return true;
}

void appendUtf8(std::string &out, unsigned long code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

bool appendNumeric(std::string &out, std::string_view digits)
{
    const int base = !digits.empty() && digits[0] == 'x' ? 16 : 10;
    if (base == 16)
        digits.remove_prefix(1);
    if (digits.empty() || digits.size() > 8)
        return false;
    unsigned long code = 0;
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
        if (digit >= base)
            return false;
        code = code * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return false;
    appendUtf8(out, code);
    return true;
}

// Appends \a raw with its entities replaced; false for an entity that XML does not know by itself.
bool appendDecoded(std::string &out, std::string_view raw)
{
    while (!raw.empty()) {
        const size_t ampersand = raw.find('&');
        out.append(raw.substr(0, ampersand));
        if (ampersand == std::string_view::npos)
            return true;
        raw.remove_prefix(ampersand + 1);
        const size_t end = raw.substr(0, 12).find(';');
        if (end == std::string_view::npos)
            return false;
        const std::string_view name = raw.substr(0, end);
        raw.remove_prefix(end + 1);
        if (name == "amp")
            out += '&';
        else if (name == "lt")
            out += '<';
        else if (name == "gt")
            out += '>';
        else if (name == "quot")
            out += '"';
        else if (name == "apos")
            out += '\'';
        else if (name.empty() || name[0] != '#' || !appendNumeric(out, name.substr(1)))
            return false;
    }
    return true;
}

} // namespace

bool XmlScanner::fail(const QString &what)
{
    if (m_error.isEmpty())
        m_error = u"%1 (near byte %2)"_s.arg(what).arg(m_consumed);
    return false;
}

bool XmlScanner::feed(QByteArrayView bytes)
{
    if (!m_error.isEmpty())
        return false;
    const std::string_view piece(bytes.data(), static_cast<size_t>(bytes.size()));
    const bool readable = isText(piece);
    m_pending.append(piece);
    if (!m_started) {
        if (m_pending.size() < 3 && std::string_view("\xEF\xBB\xBF").substr(0, m_pending.size()) == m_pending)
            return true;
        if (m_pending.compare(0, 3, "\xEF\xBB\xBF") == 0)
            m_pending.erase(0, 3);
        if (m_pending.size() >= 2 && (m_pending.compare(0, 2, "\xFF\xFE") == 0 || m_pending.compare(0, 2, "\xFE\xFF") == 0))
            return fail(u"the document is not encoded in UTF-8"_s);
        m_started = true;
    }
    return (readable || fail(u"the document has bytes that are no text"_s)) && scan();
}

// Well-formed UTF-8 (Unicode 15, table 3-7) without control characters; a character may be split between pieces.
bool XmlScanner::isText(std::string_view bytes)
{
    for (const char one : bytes) {
        const auto c = static_cast<unsigned char>(one);
        if (m_following > 0) {
            if (c < m_least || c > m_most)
                return false;
            --m_following;
            m_least = 0x80;
            m_most = 0xBF;
        } else if (c < 0x80) {
            if (c < 0x20 && !isSpace(one))
                return false;
        } else {
            if (c < 0xC2 || c > 0xF4)
                return false;
            m_following = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
            m_least = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
            m_most = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        }
    }
    return true;
}

bool XmlScanner::finish()
{
    if (!m_error.isEmpty())
        return false;
    if (!isBlank(m_pending) || !m_nameStart.empty() || !m_rootSeen)
        return fail(u"the document ends too early"_s);
    return true;
}

bool XmlScanner::scan()
{
    std::string_view rest = m_pending;
    const size_t whole = rest.size();
    bool ok = true;
    while (ok && !rest.empty()) {
        const void *found = std::memchr(rest.data(), '<', rest.size());
        if (!found) {
            // Text goes on in the next piece; it is kept until "<" so that entities are never split.
            if (rest.size() > maxToken)
                ok = fail(u"a text is too long"_s);
            break;
        }
        const size_t length = static_cast<size_t>(static_cast<const char *>(found) - rest.data());
        const std::string_view markup = rest.substr(length);
        const size_t end = markupEnd(markup);
        if (end == 0) {
            if (m_error.isEmpty() && rest.size() > maxToken)
                fail(u"a tag or text is too long"_s);
            ok = m_error.isEmpty();
            break;
        }
        ok = (length == 0 || text(rest.substr(0, length))) && tag(markup.substr(0, end));
        rest.remove_prefix(length + end);
        m_consumed += length + end;
    }
    m_pending.erase(0, whole - rest.size());
    return ok;
}

size_t XmlScanner::markupEnd(std::string_view rest)
{
    const auto past = [&](std::string_view closing) {
        const size_t at = rest.find(closing, 1);
        return at == std::string_view::npos ? 0 : at + closing.size();
    };
    if (rest.size() < 2)
        return 0;
    if (rest[1] == '?')
        return past("?>");
    if (rest[1] == '!') {
        constexpr std::string_view comment = "<!--";
        constexpr std::string_view cdata = "<![CDATA[";
        if (rest.substr(0, comment.size()) == comment.substr(0, rest.size()))
            return rest.size() < comment.size() ? 0 : past("-->");
        if (rest.substr(0, cdata.size()) == cdata.substr(0, rest.size()))
            return rest.size() < cdata.size() ? 0 : past("]]>");
        fail(u"the document has a DOCTYPE or another declaration, which is refused"_s);
        return 0;
    }
    // ">" may stand inside a quoted attribute value.
    char quote = 0;
    for (size_t i = 1; i < rest.size(); ++i) {
        if (i > maxTag) {
            fail(u"a tag is too long"_s);
            return 0;
        }
        const char c = rest[i];
        if (quote != 0)
            quote = c == quote ? char(0) : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
        else if (c == '<') {
            fail(u"a tag is not closed"_s);
            return 0;
        }
    }
    return 0;
}

bool XmlScanner::tag(std::string_view markup)
{
    if (markup[1] == '?')
        return declaration(markup.substr(2, markup.size() - 4));
    if (markup[1] == '!') {
        if (markup[2] == '-')
            return true;
        if (m_nameStart.empty())
            return fail(u"there is text outside the document's element"_s);
        m_text.append(markup.substr(9, markup.size() - 12));
        return true;
    }
    if (markup[1] == '/')
        return close(trimmedRight(markup.substr(2, markup.size() - 3)));
    return open(markup.substr(1, markup.size() - 2));
}

bool XmlScanner::declaration(std::string_view inside)
{
    if (inside.substr(0, 4) != "xml ")
        return true;
    std::string encoding = attribute(inside.substr(3), "encoding");
    for (char &c : encoding)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return encoding.empty() || encoding == "utf-8" || encoding == "us-ascii" ? true : fail(u"the document is not encoded in UTF-8"_s);
}

bool XmlScanner::open(std::string_view inside)
{
    const bool empty = !inside.empty() && inside.back() == '/';
    if (empty)
        inside.remove_suffix(1);
    size_t length = 0;
    while (length < inside.size() && !isSpace(inside[length]))
        ++length;
    const std::string_view name = inside.substr(0, length);
    if (name.empty() || name[0] == '=' || name[0] == '"')
        return fail(u"a tag has no name"_s);
    if (m_nameStart.empty() && m_rootSeen)
        return fail(u"there is more than one document"_s);
    if (m_nameStart.size() >= maxDepth)
        return fail(u"elements are nested too deeply"_s);
    m_rootSeen = true;
    m_nameStart.push_back(m_names.size());
    m_names.append(name);
    m_text.clear();
    startElement(name, inside.substr(length));
    return m_error.isEmpty() && (!empty || close(name));
}

bool XmlScanner::close(std::string_view name)
{
    if (m_nameStart.empty())
        return fail(u"an element ends that was never begun"_s);
    const size_t start = m_nameStart.back();
    if (std::string_view(m_names).substr(start) != name)
        return fail(u"elements end in the wrong order"_s);
    endElement(name, m_text);
    m_names.resize(start);
    m_nameStart.pop_back();
    m_text.clear();
    return m_error.isEmpty();
}

bool XmlScanner::text(std::string_view raw)
{
    if (m_nameStart.empty())
        return isBlank(raw) || fail(u"there is text outside the document's element"_s);
    if (m_text.size() + raw.size() > maxToken)
        return fail(u"a text is too long"_s);
    return appendDecoded(m_text, raw) || fail(u"the document uses an entity that is not known"_s);
}

std::string XmlScanner::attribute(std::string_view attributes, std::string_view name)
{
    size_t at = 0;
    while (at < attributes.size()) {
        while (at < attributes.size() && isSpace(attributes[at]))
            ++at;
        const size_t equals = attributes.find('=', at);
        if (equals == std::string_view::npos)
            break;
        const std::string_view key = trimmedRight(attributes.substr(at, equals - at));
        size_t open = equals + 1;
        while (open < attributes.size() && isSpace(attributes[open]))
            ++open;
        if (open >= attributes.size() || (attributes[open] != '"' && attributes[open] != '\''))
            break;
        const size_t end = attributes.find(attributes[open], open + 1);
        if (end == std::string_view::npos)
            break;
        if (key == name) {
            std::string value;
            const std::string_view raw = attributes.substr(open + 1, end - open - 1);
            return appendDecoded(value, raw) ? value : std::string(raw);
        }
        at = end + 1;
    }
    return {};
}

} // namespace Storage
