#pragma once

#include "http/transport.h"

#include <QList>
#include <QPointer>
#include <deque>
#include <functional>

namespace Test {

/// Plays prepared answers in order and remembers what was asked. A request without a prepared answer (and without a
/// handler) is an Error of kind Network whose message says so.
class FakeTransport final : public Http::Transport
{
public:
    using Answer = Core::Result<Http::Response>;

    void send(Http::Request request, QObject *context, Core::Done<Http::Response> done) override;

    void reply(Answer answer) { m_answers.push_back(std::move(answer)); }
    void reply(int status, QByteArray body = {}, Http::Headers headers = {});
    /// Answers whatever \c reply() did not prepare.
    void setHandler(std::function<Answer(const Http::Request &)> handler) { m_handler = std::move(handler); }
    /// Keeps requests open until release(); to test cancelling and sharing.
    void hold() { m_held = true; }
    void release();

    const QList<Http::Request> &requests() const { return m_requests; }
    int pending() const { return static_cast<int>(m_waiting.size()); } ///< held requests whose context lives

private:
    struct Waiting {
        Http::Request request;
        QPointer<QObject> context;
        Core::Done<Http::Response> done;
    };
    void answer(const Waiting &waiting);

    std::deque<Answer> m_answers;
    std::function<Answer(const Http::Request &)> m_handler;
    QList<Http::Request> m_requests;
    std::deque<Waiting> m_waiting;
    bool m_held = false;
};

} // namespace Test
