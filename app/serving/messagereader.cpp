#include "serving/messagereader.h"

#include <algorithm>
#include <cstring>

namespace Serving {

namespace {

constexpr qsizetype s_longestLine = 4096; ///< of a chunk's size, or in the trailer

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c && std::strchr("!#$%&'*+-.^_`|~", c));
    });
}

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// What a field value or a chunk extension may hold: no control character but the tab.
bool isFieldText(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    });
}

/// A name or address with an optional port. Empty is allowed by RFC 9112, section 3.2.
bool isHost(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c && std::strchr("-._~%!$&'()*+;=:[]", c));
    });
}

/// A line that ends in LF alone is read differently by different servers.
bool hasBareLineFeed(QByteArrayView bytes)
{
    for (qsizetype at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r')
            return true;
    }
    return false;
}

bool listContains(const QByteArray &list, QByteArrayView word)
{
    for (const QByteArray &one : list.split(',')) {
        if (one.trimmed().compare(word, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace

void MessageReader::reset(bool bodyExpected)
{
    const QByteArray rest = m_buffer;
    *this = MessageReader(m_kind, m_limits);
    m_buffer = rest;
    m_bodyExpected = bodyExpected;
}

bool MessageReader::expectsContinue() const
{
    return m_state == State::Body &&
           Http::header(m_headers, "Expect").compare("100-continue", Qt::CaseInsensitive) == 0;
}

bool MessageReader::staysOpen() const
{
    const bool old =
        m_kind == Kind::Request ? m_start.value(2) == "HTTP/1.0" : m_start.value(0) == "HTTP/1.0";
    const QByteArray connection = values("Connection").join(',');
    if (m_framing == Framing::UntilClose || listContains(connection, "close"))
        return false;
    return !old || listContains(connection, "keep-alive");
}

QList<QByteArray> MessageReader::values(QByteArrayView name) const
{
    QList<QByteArray> found;
    for (const auto &[field, value] : m_headers) {
        if (field.compare(name, Qt::CaseInsensitive) == 0)
            found.append(value);
    }
    return found;
}

MessageReader::State MessageReader::fail(int status)
{
    m_failure = status;
    return m_state = State::Failed;
}

MessageReader::State MessageReader::feed(const QByteArray &bytes)
{
    m_buffer += bytes;
    if (m_state == State::Head)
        parseHead();
    return m_state == State::Body ? continueBody() : m_state;
}

MessageReader::State MessageReader::end()
{
    if (m_state == State::Body && m_framing == Framing::UntilClose)
        return m_state = State::Done;
    return m_state == State::Done ? m_state : fail(400);
}

MessageReader::State MessageReader::parseHead()
{
    while (m_buffer.startsWith("\r\n"))
        m_buffer.remove(0, 2);
    const qsizetype head = m_buffer.indexOf("\r\n\r\n");
    if (head > m_limits.head || (head < 0 && m_buffer.size() > m_limits.head))
        return fail(431);
    if (hasBareLineFeed(head < 0 ? QByteArrayView(m_buffer) : QByteArrayView(m_buffer).first(head)))
        return fail(400);
    if (head < 0)
        return m_state;
    QList<QByteArray> lines;
    for (QByteArray line : m_buffer.first(head).split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        if (!isFieldText(line))
            return fail(400);
        lines.append(line);
    }
    m_buffer.remove(0, head + 4);
    if (!parseStartLine(lines.takeFirst()) || !parseFields(lines) || !hasOneHost())
        return fail(400);
    if (m_kind == Kind::Response && status() >= 100 && status() < 200) {
        reset(m_bodyExpected); // an interim answer, the real one follows
        return parseHead();
    }
    return beginBody();
}

bool MessageReader::parseStartLine(const QByteArray &line)
{
    if (m_kind == Kind::Request) {
        m_start = line.split(' ');
        // Only the origin form: we are no proxy. A fragment never belongs in a request.
        return m_start.size() == 3 && isToken(m_start[0]) && m_start[1].startsWith('/') &&
               std::all_of(m_start[1].begin(), m_start[1].end(),
                           [](char c) { return c > 0x20 && c < 0x7F && c != '#'; }) &&
               (m_start[2] == "HTTP/1.1" || m_start[2] == "HTTP/1.0");
    }
    const qsizetype first = line.indexOf(' ');
    const qsizetype second = line.indexOf(' ', first + 1);
    m_start = {line.left(first),
               second < 0 ? line.mid(first + 1) : line.mid(first + 1, second - first - 1),
               second < 0 ? QByteArray() : line.mid(second + 1)};
    return (m_start[0] == "HTTP/1.1" || m_start[0] == "HTTP/1.0") && m_start[1].size() == 3 &&
           status() >= 100 && status() <= 599;
}

bool MessageReader::parseFields(const QList<QByteArray> &lines)
{
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0 || !isToken(QByteArrayView(line).first(colon)))
            return false;
        m_headers.append({line.first(colon), line.mid(colon + 1).trimmed()});
    }
    return true;
}

bool MessageReader::hasOneHost() const
{
    if (m_kind == Kind::Response)
        return true;
    const QList<QByteArray> hosts = values("Host");
    if (hosts.isEmpty())
        return m_start[2] == "HTTP/1.0";
    return hosts.size() == 1 && isHost(hosts.first());
}

// Two lengths, or one that can be read in two ways, are how requests get smuggled. So a field
// counts when it is there, whatever its value.
MessageReader::State MessageReader::beginBody()
{
    const QList<QByteArray> codings = values("Transfer-Encoding");
    const QList<QByteArray> lengths = values("Content-Length");
    const bool bodiless =
        m_kind == Kind::Response && (!m_bodyExpected || status() == 204 || status() == 304);
    m_state = State::Body;
    if (bodiless) {
        m_framing = Framing::None;
    } else if (!codings.isEmpty()) {
        const QByteArray version = m_kind == Kind::Request ? m_start[2] : m_start[0];
        if (codings.size() != 1 || codings.first().compare("chunked", Qt::CaseInsensitive) != 0 ||
            !lengths.isEmpty() || version != "HTTP/1.1")
            return fail(400);
        m_framing = Framing::Chunks;
    } else if (!lengths.isEmpty()) {
        const QByteArray length = lengths.first();
        bool number = false;
        m_left = length.toLongLong(&number);
        const bool digits =
            std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!number || !digits || lengths.size() != 1)
            return fail(400);
        if (m_left > m_limits.body)
            return fail(413);
        m_framing = Framing::Length;
    } else {
        m_framing = m_kind == Kind::Response ? Framing::UntilClose : Framing::None;
    }
    return m_state;
}

MessageReader::State MessageReader::continueBody()
{
    switch (m_framing) {
    case Framing::None: return m_state = State::Done;
    case Framing::Chunks: return continueChunks();
    case Framing::UntilClose:
        m_body += std::exchange(m_buffer, {});
        return m_body.size() > m_limits.body ? fail(413) : m_state;
    case Framing::Length: break;
    }
    const qsizetype part = std::min<qint64>(m_left, m_buffer.size());
    if (m_body.isEmpty() && part == m_buffer.size())
        m_body = std::exchange(m_buffer, {});
    else {
        m_body += QByteArrayView(m_buffer).first(part);
        m_buffer.remove(0, part);
    }
    m_left -= part;
    return m_left == 0 ? (m_state = State::Done) : m_state;
}

MessageReader::State MessageReader::continueChunks()
{
    qsizetype at =
        0; // bytes before it are used up; removing them one by one would cost quadratic time
    const auto stop = [&](State state) {
        m_buffer.remove(0, at);
        return m_state = state;
    };
    while (true) {
        if (m_inChunk) {
            const qsizetype part = std::min<qint64>(m_left, m_buffer.size() - at);
            m_body += QByteArrayView(m_buffer).sliced(at, part);
            at += part;
            m_left -= part;
            if (m_left > 0 || m_buffer.size() - at < 2)
                return stop(State::Body);
            if (m_buffer[at] != '\r' || m_buffer[at + 1] != '\n')
                return fail(400);
            at += 2;
            m_inChunk = false;
        }
        const qsizetype lineEnd = m_buffer.indexOf("\r\n", at);
        if (lineEnd < 0)
            return m_buffer.size() - at > s_longestLine ? fail(400) : stop(State::Body);
        const QByteArray line = m_buffer.mid(at, lineEnd - at);
        at = lineEnd + 2;
        if (line.size() > s_longestLine || !isFieldText(line))
            return fail(400);
        if (m_inTrailer) {
            if (line.isEmpty())
                return stop(State::Done);
            const qsizetype colon = line.indexOf(':');
            if (colon <= 0 || !isToken(QByteArrayView(line).first(colon)))
                return fail(400);
            m_extras += line.size();
            if (m_extras > m_limits.head)
                return fail(431);
            continue;
        }
        // Hexadecimal digits only: a number parser would take signs, blanks and "0x" too.
        const qsizetype digits = std::find_if_not(line.begin(), line.end(), isHex) - line.begin();
        m_extras += line.size() - digits;
        if (m_extras > m_limits.head)
            return fail(431);
        bool number = false;
        m_left = line.first(digits).toLongLong(&number, 16);
        if (!number || (digits < line.size() && line[digits] != ';'))
            return fail(400);
        if (m_body.size() + m_left > m_limits.body)
            return fail(413);
        m_inTrailer = m_left == 0;
        m_inChunk = m_left > 0;
    }
}

} // namespace Serving
