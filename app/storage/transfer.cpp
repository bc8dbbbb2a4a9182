#include "storage/transfer.h"

#include "storage/blobclient.h"

#include <QPointer>
#include <algorithm>
#include <numeric>
#include <utility>

namespace Storage {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Core::Result;

Transfer::Transfer(Http::Transport &transport, const Core::Clock &clock, BlobPlace place,
                   TokenSource tokens, QObject *parent)
    : QObject(parent)
    , m_transport(transport)
    , m_clock(clock)
    , m_place(std::move(place))
    , m_tokens(std::move(tokens))
    , m_work(new QObject(this))
{
}

void Transfer::pass(qint64 total, qint64 pieceSize, qint64 from)
{
    m_total = total;
    m_pieceSize = pieceSize;
    m_next = m_done = from;
    report();
    if (m_done == m_total)
        allPassed();
    else
        pump();
}

void Transfer::pump()
{
    while (work() && m_next < m_total && m_underWay.size() < atOnce) {
        const Piece piece{m_next / m_pieceSize, m_next, std::min(m_pieceSize, m_total - m_next)};
        m_next += piece.bytes;
        m_underWay.insert(piece.index, 0);
        passPiece(piece);
    }
}

void Transfer::piecePassed(const Piece &piece)
{
    m_underWay.remove(piece.index);
    m_done += piece.bytes;
    report();
    if (m_done == m_total)
        allPassed();
    else
        pump();
}

void Transfer::report()
{
    const qint64 partly = std::accumulate(m_underWay.cbegin(), m_underWay.cend(), qint64(0));
    // A piece that is sent again would let the bar run backwards.
    m_reported = std::clamp(m_done + partly, m_reported, std::max(m_reported, m_total));
    emit progressed(m_reported, m_total);
}

Http::Request Transfer::request(const QByteArray &verb, const QByteArray &query) const
{
    QUrl url = blobUrl(m_place.endpoint.account, m_place.container, m_place.blob);
    if (!query.isEmpty())
        url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return blobRequest(verb, url, m_place.endpoint, {}, m_clock.now());
}

void Transfer::send(Http::Request asked, const Piece &piece, const Answered &answered,
                    const Lost &lost)
{
    asked.deadline = 15min; // a piece over a slow line; a silent one is ended by the idle time-out
    asked.onProgress = [this, guard = QPointer<QObject>(work()), piece](qint64 bytes) {
        if (!guard || !m_underWay.contains(piece.index))
            return;
        m_underWay[piece.index] = std::min(bytes, piece.bytes);
        report();
    };
    attempt(asked, answered, lost, true);
}

void Transfer::attempt(const Http::Request &asked, const Answered &answered, const Lost &lost,
                       bool again)
{
    const auto heard = [=, this](const Result<Http::Response> &response) {
        if (!m_work)
            return;
        if (!response)
            fail(lost ? lost(response.error()) : response.error());
        else if (response->status == 401 && again)
            attempt(asked, answered, lost, false); // nothing was done: the token was refused
        else
            answered(*response);
    };
    m_tokens(work(), [=, this](const Result<Identity::AccessToken> &token) {
        if (!m_work)
            return; // over, but its end has not been dealt with yet
        if (!token)
            return fail(token.error());
        Http::Request sent = asked;
        sent.bearer = token->value;
        m_transport.send(std::move(sent), work(), heard);
    });
}

void Transfer::fail(const Core::Error &error)
{
    if (!m_work)
        return;
    // Not at once: what calls may be one of its callbacks.
    std::exchange(m_work, nullptr)->deleteLater();
    emit failed(error);
}

void Transfer::succeed()
{
    std::exchange(m_work, nullptr)->deleteLater();
    emit finished();
}

} // namespace Storage
