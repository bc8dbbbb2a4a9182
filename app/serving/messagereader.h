#pragma once

#include "http/message.h"

#include <QByteArray>
#include <QList>

namespace Serving {

/// The largest message that is read; a larger one fails with 431 or 413.
struct MessageLimits
{
    qsizetype head = 64 * 1024;
    qint64 body = qint64(256) << 20;
};

/// Takes one HTTP/1.1 message out of a stream of bytes, whole, within limits. Bytes beyond its end
/// stay in the buffer for the next one. Source: RFC 9112.
class MessageReader final
{
public:
    enum class Kind { Request, Response };
    enum class State { Head, Body, Done, Failed };

    explicit MessageReader(Kind kind, MessageLimits limits = {})
        : m_kind(kind)
        , m_limits(limits)
    {
    }

    /// Continues with \a bytes and whatever was left over.
    State feed(const QByteArray &bytes);
    /// The other end closed: completes a response without length.
    State end();
    /// Ready for the next message; the bytes left over are kept, and read by the next feed().
    void reset(bool bodyExpected = true);

    State state() const { return m_state; }
    int failure() const { return m_failure; } ///< the status that fits, e.g. 400 or 413
    QByteArray verb() const { return m_start.value(0); }
    QByteArray target() const { return m_start.value(1); }
    int status() const { return m_start.value(1).toInt(); }
    QByteArray reason() const { return m_start.value(2); }
    const Http::Headers &headers() const { return m_headers; }
    const QByteArray &body() const { return m_body; }
    bool expectsContinue() const;
    bool staysOpen() const; ///< whether the connection serves another message
    bool hasBytes() const { return !m_buffer.isEmpty(); }

private:
    State fail(int status);
    QList<QByteArray> values(QByteArrayView name) const; ///< of all fields called \a name
    bool hasOneHost() const;
    State parseHead();
    bool parseStartLine(const QByteArray &line);
    bool parseFields(const QList<QByteArray> &lines);
    State beginBody();
    State continueBody();
    State continueChunks();

    enum class Framing { None, Length, Chunks, UntilClose };

    Kind m_kind;
    MessageLimits m_limits;
    State m_state = State::Head;
    Framing m_framing = Framing::None;
    bool m_bodyExpected = true;
    int m_failure = 400;
    QByteArray m_buffer;
    QList<QByteArray> m_start;
    Http::Headers m_headers;
    QByteArray m_body;
    qint64 m_left = 0; ///< of the body or the chunk
    qsizetype m_extras = 0; ///< bytes of chunk extensions and trailer so far
    bool m_inChunk = false;
    bool m_inTrailer = false;
};

} // namespace Serving
