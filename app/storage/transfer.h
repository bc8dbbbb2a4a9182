#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/transport.h"
#include "identity/accesstoken.h"
#include "storage/listrun.h"

#include <QHash>
#include <QObject>
#include <functional>

namespace Storage {

/// Where a blob is, and how to get there.
struct BlobPlace
{
    Endpoint endpoint;
    QString container, blob;
};

/// Yields a token that lasts some minutes more; asked before each piece, as a transfer may outlast
/// a token.
using TokenSource = std::function<void(QObject *context, Core::Done<Identity::AccessToken> done)>;

/// A blob's bytes on their way, in pieces, a few of them at a time, so that memory stays bounded
/// and a lost connection costs one piece. Connect, then start(); deleting it cancels.
class Transfer : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 smallestPiece = 4 << 20; ///< bytes
    static constexpr int atOnce = 3;

    virtual void start() = 0;
    /// Whether the request that changes data is, or was, under way: then cancelling may come too
    /// late.
    virtual bool mayHaveChanged() const { return false; }

signals:
    void progressed(qint64 done, qint64 total); ///< bytes
    void finished();
    void failed(const Core::Error &error); ///< what was written meanwhile is gone

protected:
    struct Piece
    {
        qint64 index = 0, offset = 0, bytes = 0;
    };
    Transfer(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
             TokenSource tokens, QObject *parent);

    /// Goes through \a total bytes from \a from on; allPassed() follows the last.
    void pass(qint64 total, qint64 pieceSize, qint64 from = 0);
    virtual void passPiece(const Piece &piece) = 0;
    virtual void allPassed() = 0;
    void piecePassed(const Piece &piece);
    using Answered = std::function<void(const Http::Response &)>;
    using Lost = std::function<Core::Error(Core::Error)>;
    /// Has \a request sent with a token and its progress counted for \a piece. \a lost makes of an
    /// answer that did not come what is to be said. After a 401 it is sent once more, with what the
    /// source gives then.
    void send(Http::Request request, const Piece &piece, const Answered &answered,
              const Lost &lost = {});
    void fail(const Core::Error &error);
    void succeed();
    QObject *work() { return m_work; } ///< the context of what is under way; none once it is over
    Http::Request request(const QByteArray &verb, const QByteArray &query = {}) const;
    const BlobPlace &place() const { return m_place; }

private:
    void attempt(const Http::Request &asked, const Answered &answered, const Lost &lost,
                 bool again);
    void pump();
    void report();

    Http::Transport &m_transport;
    const Core::Clock &m_clock;
    BlobPlace m_place;
    TokenSource m_tokens;
    QObject *m_work;                  ///< a child, so that it never outlives this
    QHash<qint64, qint64> m_underWay; ///< by a piece's index: bytes of it that have passed
    qint64 m_total = 0, m_pieceSize = smallestPiece, m_next = 0, m_done = 0, m_reported = 0;
};

} // namespace Storage
